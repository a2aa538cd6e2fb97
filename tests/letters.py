"""Letters that follow events, as people get them."""

from uuid import UUID

from foundation.database import rows
from lifecycle.notices import handle_events


class Letters:
    """Asked again and again: each time what came since the last."""

    def __init__(self) -> None:
        self.seen: set[UUID] = set()

    async def __call__(self) -> dict[str, list[tuple[str, str]]]:
        """Subject and body of each letter by whom it went to, after all that waits was followed up."""
        await handle_events()
        told: dict[str, list[tuple[str, str]]] = {}
        for each in await rows("SELECT id, to_address::text AS address, subject, body FROM mail ORDER BY created, id"):
            if each["id"] not in self.seen:
                self.seen.add(each["id"])
                told.setdefault(each["address"].partition("@")[0], []).append((each["subject"], each["body"]))
        return told
