"""Every state, move and person of a visit and of a finding."""

from itertools import product
from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from monitoring.visits import transitions
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
}
FINDING = {
    "sharing": ({"draft"}, {"curator"}),
    "response": ({"shared"}, {"editor", "signatory"}),
    "settlement": ({"responded"}, {"manager"}),
    "closure": ({"final"}, {"manager"}),
    "withdrawal": ({"draft", "shared", "responded"}, {"curator"}),
}

MOVES = {step.noun: step for step in transitions.STEPS}
FINDING_MOVES = {step.noun: step for step in transitions.FINDING_STEPS}


def test_the_tables_are_whole():
    assert (set(VISIT), set(FINDING)) == (set(MOVES), set(FINDING_MOVES))


@pytest.fixture
def visit(cast):
    return SimpleNamespace(state="", lead_id=cast.curator.id, municipality_id=cast.vani.id)


@pytest.fixture
def finding(cast):
    return SimpleNamespace(
        state="", author_id=cast.curator.id, lead_id=cast.curator.id, municipality_id=cast.vani.id,
        organisation_id=cast.vani_youth.id,
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
