"""Of two people who take one step, neither writes over words the other has not seen: told by what steps declare."""

from collections import defaultdict

import pytest
from pydantic import BaseModel

from entrypoints.web import litestar_app
from foundation.refused import Stale
from lifecycle.transition import TRANSITIONS, Transition
from monitoring.recommendations import transitions
from tests.builders.recommendations import a_recommendation

# Why a step that may be taken again writes over what stands there, though its form does not say what it was opened with.
UNSEEN = {
    "call.deadline_extended": "only to a later moment; the history keeps each with its reason",
    "publication.withdrawn": "whoever makes it a draft again takes the old words away; the history keeps them",
    "finding.responded": "whoever returns it to its author takes the old answer away; the history keeps it",
    "report.returned": "a day, chosen anew each time the report has been sent again",
    "account.closed": "nothing typed is written over: the person's work is given away",
    **dict.fromkeys(
        ("call.handed_over", "finding.handed_over", "recommendation.handed_over", "visit.handed_over"),
        "a person is chosen, and not who has it already; the history keeps each with its reason",
    ),
    "bank_account.verified": "once: an obstacle says that it is verified already",
}


def over_words(steps: list[Transition]) -> set[str]:
    """Steps that write typed words over the row, can come round again, and do not carry what was seen. Reasons stand in
    the history whatever becomes of the row."""
    ways = defaultdict(set)
    for step in steps:
        for source in step.sources:
            ways[source].add(step.target or source)
    found = set()
    for step in steps:
        typed = set(step.form.model_fields) - {step.reason} if step.form else set()
        written = set(step.writes) - set(step.facts) - {f"{step.stamp}_by", f"{step.stamp}_at"}
        if typed and written and not typed & {"revision", "seen"} and comes_round(step, ways):
            found.add(step.event)
    return found


def comes_round(step: Transition, ways) -> bool:
    reached, ahead = set(), {step.target} if step.target is not None else set(step.sources)
    while ahead:
        reached |= ahead
        ahead = {there for state in ahead for there in ways[state]} - reached
    return not step.sources or bool(reached & step.sources)


def test_a_step_that_can_come_round_does_not_write_over_words_unseen():
    litestar_app(manage_pool=False)
    assert len(TRANSITIONS) > 8
    assert {event for steps in TRANSITIONS.values() for event in over_words(steps)} == UNSEEN.keys()


def test_such_a_step_is_found(monkeypatch):
    monkeypatch.setattr("lifecycle.transition.TRANSITIONS", {})

    class Words(BaseModel):
        text: str

    def nobody(person, row):
        return False

    there = Transition("thing", "there", "thing.there", {"a"}, "b", nobody, form=Words, writes=("text",))
    back = Transition("thing", "back", "thing.back", {"b"}, "a", nobody)
    assert over_words([there]) == set()
    assert over_words([there, back]) == {"thing.there"}


async def test_words_of_a_recommendation_issued_again_meanwhile_are_not_written_over(cast):
    one = await a_recommendation(cast, state="disputed")
    opened = one.revision
    await transitions.reissue(one, cast.manager, text="It was right.", text_en="Other words.", revision=opened)
    await transitions.dispute(one, cast.signatory, text="No.")
    with pytest.raises(Stale):
        await transitions.reissue(one, cast.manager, text="Mine.", text_en="My words.", revision=opened)
    assert one.text_en == "Other words."
