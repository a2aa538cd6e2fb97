"""Reviews and minutes as tables: every state, move and person; and the arithmetic of the ranking."""

from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts.person import NOBODY, SYSTEM
from grants.reviews import lifecycle
from grants.reviews.committee.transitions import sign
from grants.reviews.lifecycle import State, may_read
from grants.reviews.ranking import Place, average, skips_a_rank, weighted
from grants.reviews.suggestion import Need, Reviewer, loads, suggested
from grants.reviews.transitions import begun, conflicted, declared_clear, lock_review, reopen, replace
from tests.builders.applications import an_application
from tests.builders.reviews import a_review

WHO = {
    declared_clear: ("invited", {"reviewer"}),
    conflicted: ("invited clear drafting locked reopened", {"reviewer"}),
    begun: ("clear reopened", {"reviewer"}),
    lock_review: ("drafting", {"reviewer"}),
    reopen: ("locked", {"chair"}),
    replace: ("invited clear conflicted drafting locked reopened", {"manager"}),
}


@pytest.mark.parametrize("move", WHO, ids=lambda move: move.event)
async def test_who_may_move_a_review(cast, move):
    sources, people = WHO[move]
    everybody = {**cast.people, "system": SYSTEM, "nobody": NOBODY}
    for state in State:
        application = await an_application(cast, state="in_review")
        review = await a_review(cast, application, state)
        able = {name for name, person in everybody.items() if move.open_to(person, review)}
        assert able == (people if state in sources.split() else set()), state
        assert may_read(cast.reviewer, review) == (state in ("clear", "drafting", "locked", "reopened"))
        assert not may_read(cast.reviewer2, review)


def test_only_a_chair_signs(cast):
    minutes = SimpleNamespace(state="open", call_id=None)
    assert {name for name, person in cast.people.items() if sign.open_to(person, minutes)} == {"chair"}
    assert not sign.open_to(cast.chair, SimpleNamespace(state="signed", call_id=None))


# arithmetic --------------------------------------------------------------------------------------------------------


def a_place(number, totals, outcome=None):
    decision = SimpleNamespace(outcome=outcome, amount=Decimal(1000)) if outcome else None
    given = [Decimal(total) for total in totals]
    return Place(SimpleNamespace(number=number), given, average(given), decision=decision)


@pytest.mark.parametrize(
    "mine, outcome, other, their_outcome, skips",
    [
        (70, "approve", 90, "reject", True),
        (70, "approve", 90, "reserve", True),
        (70, "correction", 90, "reject", True),
        (70, "approve", 90, "approve", False),
        (70, "approve", 90, "correction", False),
        (70, "approve", 90, None, False),
        (70, "approve", 70, "reject", False),
        (90, "reject", 70, "approve", True),
        (90, "reserve", 70, "correction", True),
        (90, "reject", 70, "reject", False),
        (90, "reject", 70, None, False),
        (70, "reject", 90, "approve", False),
    ],
)
def test_when_a_rank_is_skipped(mine, outcome, other, their_outcome, skips):
    from grants.reviews.lifecycle import Outcome

    place = a_place("A-1", [mine])
    assert skips_a_rank(place, Outcome(outcome), [place, a_place("A-2", [other], outcome=their_outcome)]) is skips


def test_totals_weigh_each_criterion_against_its_own_maximum():
    criteria = [SimpleNamespace(id=n, max_points=most, weight=Decimal(w)) for n, most, w in [(1, 20, 40), (2, 10, 60)]]
    assert weighted({1: Decimal(10), 2: Decimal(10)}, criteria) == Decimal("80.000")
    assert weighted({1: Decimal(20), 2: Decimal(0)}, criteria) == Decimal("40.000")
    assert weighted({1: Decimal(20)}, criteria) is None
    assert weighted({1: Decimal(20), 2: None}, criteria) is None
    assert weighted({}, []) is None


def test_the_average_is_rounded_half_up():
    assert average([Decimal("70.125"), Decimal("70.125")]) == Decimal("70.13")
    assert average([]) is None


# suggestion --------------------------------------------------------------------------------------------------------


def test_those_with_fewest_reviews_come_first_and_never_for_their_own():
    vani, guria, applications = uuid4(), uuid4(), [uuid4() for _n in range(3)]
    anna, beka, goga = (
        Reviewer(uuid4(), "Anna", 2),
        Reviewer(uuid4(), "Beka", 0, frozenset({vani})),
        Reviewer(uuid4(), "Goga", 1),
    )
    needs = [
        Need(applications[0], vani, 2),
        Need(applications[1], guria, 2),
        Need(applications[2], guria, 1, frozenset({beka.id})),
    ]
    found = suggested(needs, [anna, beka, goga])
    assert [[p.name for p in found[a]] for a in applications] == [["Goga", "Anna"], ["Beka", "Goga"], ["Anna"]]
    assert loads(found) == {goga.id: 2, anna.id: 2, beka.id: 1}


def test_no_more_are_suggested_than_there_are():
    need = Need(uuid4(), uuid4(), 3)
    assert suggested([need], [Reviewer(uuid4(), "Anna")])[need.application_id][0].name == "Anna"
    assert suggested([Need(need.application_id, need.organisation_id, -1)], [Reviewer(uuid4(), "A")]) == {
        need.application_id: []
    }


async def test_nobody_arranges_or_reopens_their_own_review(cast):
    def able(judges, **parts):
        review = SimpleNamespace(
            **(dict(reviewer_id=cast.reviewer.id, assigned_by=cast.curator.id, call_id=None) | parts)
        )
        return {who for who, person in cast.people.items() if judges(person, review)}

    assert able(lifecycle.its_manager) == {"manager"}
    assert able(lifecycle.its_manager, reviewer_id=cast.manager.id) == set()
    assert able(lifecycle.its_chair) == {"chair"}
    assert able(lifecycle.its_chair, reviewer_id=cast.chair.id) == able(lifecycle.its_chair, assigned_by=cast.chair.id)
    assert able(lifecycle.its_chair, assigned_by=cast.chair.id) == set()
    assert able(lifecycle.its_reviewer) == {"reviewer"}
    # who no longer holds the role reviews nothing, though the review still names them
    assert able(lifecycle.its_reviewer, reviewer_id=cast.nobody_special.id) == set()


async def test_who_follows_all_reviews(cast):
    following = {who for who, person in cast.people.items() if lifecycle.looks_over_reviews(person)}
    assert following == {"manager", "director", "chair", "auditor"}
    assert not lifecycle.looks_over_reviews(None) and not lifecycle.looks_over_reviews(NOBODY)
