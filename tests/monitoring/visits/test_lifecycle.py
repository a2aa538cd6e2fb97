"""Every state, move and person of a visit and of a finding."""

from itertools import product
from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from foundation.refused import NotAllowed
from grants.awards.tables import Award
from monitoring.visits import lifecycle, transitions
from monitoring.visits.lifecycle import FindingState, State

# move → (from which states, who of the cast: own curator leads)
VISIT = {
    "confirmation": ({"planned"}, {"curator"}),
    "start": ({"planned", "confirmed"}, {"curator"}),
    "loss": ({"received"}, {"manager"}),
    "review-request": ({"complete"}, {"curator"}),
    "approval": ({"in_review"}, {"manager"}),
    "return": ({"in_review"}, {"manager"}),
    "cancellation": ({"planned", "confirmed"}, {"curator"}),
    "schedule": ({"planned", "confirmed"}, {"curator", "manager"}),
    "handover": (
        {"planned", "confirmed", "in_field", "received", "complete", "in_review"},
        {"manager", "admin"},
    ),
}
FINDING = {
    "sharing": ({"draft"}, {"curator"}),
    "response": ({"shared"}, {"editor", "signatory"}),
    "settlement": ({"responded"}, {"manager"}),
    "closure": ({"final"}, {"manager"}),
    "return": ({"responded"}, {"manager"}),
    "withdrawal": ({"draft", "shared", "responded"}, {"curator"}),
    "handover": ({"draft", "shared", "responded"}, {"manager", "admin"}),
}

MOVES = {step.noun: step for step in transitions.STEPS}
FINDING_MOVES = {step.noun: step for step in transitions.FINDING_STEPS}


def test_the_tables_are_whole():
    assert (set(VISIT), set(FINDING)) == (set(MOVES), set(FINDING_MOVES))


@pytest.fixture
def visit(cast):
    return SimpleNamespace(state="", lead_id=cast.curator.id, municipality_id=cast.vani.id, earlier_owners=[])


@pytest.fixture
def finding(cast):
    return SimpleNamespace(
        state="", author_id=cast.curator.id, lead_id=cast.curator.id, municipality_id=cast.vani.id,
        organisation_id=cast.vani_youth.id, earlier_owners=[], earlier_leads=[],
    )  # fmt: skip


@pytest.mark.parametrize("noun", VISIT)
async def test_who_moves_a_visit_and_when(cast, visit, noun):
    sources, people = VISIT[noun]
    told = set()
    for state, (name, person) in product(State, cast.people.items()):
        visit.state = state
        if MOVES[noun].open_to(person, visit):
            told.add((str(state), name))
    assert told == set(product(sources, people))


@pytest.mark.parametrize("noun", FINDING)
async def test_who_moves_a_finding_and_when(cast, finding, noun):
    sources, people = FINDING[noun]
    told = set()
    for state, (name, person) in product(FindingState, cast.people.items()):
        finding.state = state
        if FINDING_MOVES[noun].open_to(person, finding):
            told.add((str(state), name))
    assert told == set(product(sources, people))


async def test_only_the_system_receives_completes_and_hears_silence(cast, visit, finding):
    for move, row in ((transitions.receiving, visit), (transitions.completing, visit), (transitions.lapsing, finding)):
        row.state = next(iter(move.sources))
        assert move.open_to(SYSTEM, row)
        assert [name for name, person in cast.people.items() if move.open_to(person, row)] == []


async def test_another_curator_of_the_place_reviews_but_never_the_lead(cast, visit):
    visit.state, visit.lead_id = State.IN_REVIEW, cast.manager.id
    assert transitions.approve.open_to(cast.curator, visit)
    assert not transitions.approve.open_to(cast.manager, visit)
    assert not transitions.approve.open_to(cast.curator2, visit)


@pytest.fixture
def managed(visit, cast):
    """One that a manager makes, who plans for nobody else."""
    visit.lead_id = cast.manager.id
    return visit


async def test_nobody_judges_what_they_made_themselves(cast, managed, finding):
    """The manager who made the visit, or made it before it changed hands, neither completes it with a loss, nor
    approves it or judges its findings."""
    managed.state = State.RECEIVED
    assert not transitions.complete_with_loss.open_to(cast.manager, managed)
    finding.state, finding.author_id, finding.lead_id = FindingState.FINAL, cast.curator2.id, cast.curator2.id
    assert {name for name, each in cast.people.items() if transitions.close.open_to(each, finding)} == {
        "manager",
        "curator",
    }
    for part in ("author_id", "lead_id", "earlier_owners", "earlier_leads"):
        who = [cast.manager.id] if part.startswith("earlier") else cast.manager.id
        assert not transitions.close.open_to(cast.manager, SimpleNamespace(**{**vars(finding), part: who}))
    managed.state, managed.lead_id, managed.earlier_owners = State.IN_REVIEW, cast.curator2.id, [cast.manager.id]
    assert not transitions.approve.open_to(cast.manager, managed)
    assert transitions.approve.open_to(cast.curator, managed)


TOLD_BY_LEAD = {"planned", "confirmed", "in_field", "received", "complete"}


async def test_only_its_lead_writes_and_only_until_it_is_handed_in(cast, visit):
    for state, (name, person) in product(State, cast.people.items()):
        visit.state = state
        assert lifecycle.may_write(person, visit) == (name == "curator" and state in TOLD_BY_LEAD)


async def test_photos_are_shown_by_lead_and_reviewers_once_something_is_seen(cast, visit, managed):
    for state, (name, person) in product(State, cast.people.items()):
        managed.state = state
        seen = state not in ("planned", "confirmed", "cancelled")
        assert lifecycle.may_show_photos(person, managed) == (name == "curator" and seen), "the role, never the id"


async def test_who_plans(cast):
    award = Award(municipality_id=cast.vani.id, organisation_id=cast.vani_youth.id)
    plan = {name for name, each in cast.people.items() if lifecycle.may_plan(each, award)}
    assert plan == {"manager", "curator"}
    assert lifecycle.allowed(1, lambda *_: True, cast.curator) == 1
    with pytest.raises(NotAllowed):
        lifecycle.allowed(1, lambda *_: False, cast.curator)
