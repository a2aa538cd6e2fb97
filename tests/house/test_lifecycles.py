"""Moves, the database's arrows, labels and sentences agree."""

from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

from accounts.person import NOBODY, Role
from entrypoints.web import litestar_app
from foundation.database import rows
from foundation.language import LABELS, catalogue
from lifecycle.record import SENTENCES
from lifecycle.transition import TRANSITIONS
from tests.house.routes import every_route

litestar_app(manage_pool=False)  # imports every room
# entity, step; a step without a target leaves the state as it is
STEPS = [(entity, step) for entity, made in TRANSITIONS.items() for step in made]
UNREACHED = Path(__file__).parent / "unreached.txt"


def unreached() -> set[tuple[str, str, str]]:
    """Arrows of the target lifecycles that nobody can take yet, each with its reason."""
    lines = [line for line in UNREACHED.read_text().splitlines() if line.strip() and not line.startswith("#")]
    for line in lines:
        assert len(line.split(None, 3)) == 4, f"no reason: {line}"
    return {tuple(line.split()[:3]) for line in lines}


async def test_moves_are_the_arrows_the_database_knows(db):
    arrows = {(r["entity"], r["source"], r["target"]) for r in await rows("SELECT * FROM transition")}
    made = {
        (entity, str(source), str(move.target))
        for entity, move in STEPS
        for source in move.sources
        if move.target is not None and str(source) != str(move.target)
    }
    assert made - arrows == set(), "moves the database would refuse"
    assert arrows - made == unreached(), "arrows without a move"


def test_every_event_has_a_sentence_in_both_languages():
    events = {move.event for _entity, move in STEPS}
    assert events - set(SENTENCES) == set()
    assert {
        sentence
        for name, sentence in SENTENCES.items()
        if sentence not in catalogue("ka") and not name.startswith("test.")
    } == set()


def test_every_state_has_a_label_in_both_languages():
    for kind, words in LABELS.items():
        if issubclass(kind, StrEnum):
            assert set(words) == set(kind), kind
        assert {word for word in words.values() if word not in catalogue("ka")} == set(), kind
    states = {type(source) for _entity, move in STEPS for source in move.sources}
    assert states - set(LABELS) == set()


# the noun of a step that is taken at the address of another, as its row's state or the form decides
SHARED = {"correction-reply": "reply", "conflict": "declaration"}


def test_every_step_of_people_is_taken_on_a_page_and_by_an_operation():
    posts = {route.path for route in every_route() if route.method == "POST"}
    nouns = {(entity, SHARED.get(step.noun, step.noun)) for entity, step in STEPS if step.noun}
    api = {noun for entity, noun in nouns if any(p.startswith("/api/") and p.endswith(f"/{noun}") for p in posts)}
    pages = {noun for _, noun in nouns if any(not p.startswith("/api/") and p.endswith(f"/{noun}") for p in posts)}
    assert {noun for _, noun in nouns} - pages == set()
    assert {(entity, noun) for entity, noun in nouns if noun not in api} == {
        ("account", "invitation"), ("account", "closing"), ("account", "opening"), ("role_offer", "invitation"),
    }  # fmt: skip  # accounts are kept by people alone


def test_a_step_says_what_it_is_in_the_history_and_who_may_take_it():
    assert [step.event for _, step in STEPS if not step.history or not callable(step.who)] == []


class OfSomebody:
    """A row whose every fact is of somebody who is not asked."""

    kind = Role.CURATOR  # of a role that is offered

    def __getattr__(self, fact: str) -> UUID | list[UUID]:
        return [uuid4()] if fact.endswith("_ids") or fact.startswith("earlier_") else uuid4()


def test_nobody_takes_a_step_before_they_have_signed_in():
    assert [step.event for _, step in STEPS if step.who(NOBODY, OfSomebody())] == []


# steps that tell their reason under another name than `reason`
NAMED = {
    "application.clarification_asked": "question", "application.correction_asked": "question",
    "review.conflicted": "declaration", "recommendation.disputed": "text", "recommendation.extension_refused": "text",
    "recommendation.partly_done": "text", "recommendation.reopened": "text", "recommendation.reissued": "text",
    "recommendation.withdrawn": "text", "recommendation.risk_accepted": "text",
}  # fmt: skip


def test_a_reason_that_is_asked_for_is_told_in_the_history():
    told = {step.event: step.reason for _, step in STEPS if step.reason}
    asked = {step.event: "reason" for _, step in STEPS if step.form and "reason" in step.form.model_fields}
    assert told == asked | NAMED
