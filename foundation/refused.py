"""How an action says no: a sentence the person can act on."""


class Refused(Exception):
    """Carries a translated sentence; pages answer 409 with it, the API likewise. `on_page` is for a refusal that is
    about what stands in the fields of the form, whatever a program is told."""

    status = 409
    on_page: int | None = None

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def errors(self) -> dict[str, str]:
        """What a form says when it comes back: field → sentence, '' for the whole of it."""
        return {"": self.sentence}


class NotAllowed(Refused):
    """The person may see the row but not do this to it."""

    status = 403


class Stale(Refused):
    """Somebody else changed the row since the person read it; `now` is its revision at present."""

    def __init__(self, sentence: str, now: int | None = None):
        super().__init__(sentence)
        self.now = now


class Missing(Refused):
    """There is no such row, or this person may not know that there is."""

    status = 404
