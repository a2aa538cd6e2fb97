"""The lifecycle of a report is its table: every state, move and person."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from monitoring.reports import lifecycle
from monitoring.reports.lifecycle import State, may_verify, may_write
from monitoring.reports.transitions import STEPS, agree, opening

MOVES = {step.noun: step for step in STEPS}

# move → (states it starts from, who may make it)
TABLE = {
    "submission": ({"open", "returned"}, {"signatory"}),
    "withdrawal": ({"submitted"}, {"signatory"}),
    "review": ({"submitted"}, {"curator"}),
    "return": ({"under_review"}, {"curator"}),
    "lapse": ({"returned"}, {"manager"}),
    "verification": ({"under_review"}, {"curator"}),
    "second-look": ({"verified"}, {"manager", "finance"}),
    "waiver": ({"scheduled", "open"}, {"manager"}),
    "correction": ({"accepted"}, {"director"}),
}


def a_row(cast, state, **over):
    facts = dict(
        state=state, organisation_id=cast.vani_youth.id, municipality_id=cast.vani.id, curator_id=cast.curator.id,
        submitted_by=cast.signatory.id, verified_by=cast.curator.id, manager_id=None, finance_id=None,
        award_state="active",
    )  # fmt: skip
    return SimpleNamespace(**(facts | over))


@pytest.mark.parametrize("noun", TABLE)
async def test_who_may_move_what_from_where(cast, noun):
    sources, people = TABLE[noun]
    open_to = {
        (str(state), name)
        for state in State
        for name, person in cast.people.items()
        if MOVES[noun].open_to(person, a_row(cast, state))
    }
    assert open_to == {(source, name) for source in sources for name in people}


async def test_only_the_clock_opens(cast):
    assert opening.open_to(SYSTEM, a_row(cast, State.SCHEDULED))
    assert not any(opening.open_to(person, a_row(cast, State.SCHEDULED)) for person in cast.people.values())


async def test_acceptance_takes_a_manager_and_finance_in_any_order(cast):
    def may(**over):
        row = a_row(cast, State.VERIFIED, **over)
        return {name for name, person in cast.people.items() if agree.open_to(person, row)}

    assert may() == {"manager", "finance"}
    assert may(finance_id=cast.finance.id) == {"manager"}
    assert may(manager_id=cast.manager.id) == {"finance"}


async def test_people_are_kept_apart_and_not_only_roles(cast):
    verified = a_row(cast, State.VERIFIED)
    assert {n for n, p in cast.people.items() if agree.open_to(p, verified)} == {"manager", "finance"}
    for fact in ("curator_id", "verified_by", "submitted_by"):
        assert not agree.open_to(cast.manager, a_row(cast, State.VERIFIED, **{fact: cast.manager.id}))
    # whoever submitted does not verify either, even when they look after the municipality
    assert not may_verify(cast.curator, a_row(cast, State.UNDER_REVIEW, submitted_by=cast.curator.id))


async def test_the_grantee_writes_while_it_is_theirs(cast):
    writing = {
        (str(state), name)
        for state in State
        for name, person in cast.people.items()
        if may_write(person, a_row(cast, state))
    }
    assert writing == {(state, name) for state in ("open", "returned") for name in ("editor", "signatory")}


def test_the_table_is_whole():
    assert set(TABLE) | {"acceptance"} == set(MOVES)


async def test_two_different_people_accept_and_neither_verified_it(cast):
    def able(judges, **parts):
        return {who for who, person in cast.people.items() if judges(person, a_row(cast, "verified", **parts))}

    nobody = dict(manager_id=None, finance_id=None)
    assert able(lifecycle.second_to_accept, **nobody) == set()
    assert able(lifecycle.second_to_accept, **nobody | {"finance_id": cast.finance.id}) == {"manager"}
    assert able(lifecycle.second_to_accept, **nobody | {"manager_id": cast.manager.id}) == {"finance"}
    for judges, who, parts in (
        (lifecycle.its_curator, "curator", ("submitted_by",)),
        (lifecycle.its_manager, "manager", ("finance_id", "verified_by")),
        (lifecycle.its_finance, "finance", ("manager_id", "verified_by")),
        (lifecycle.its_director, "director", ("manager_id", "finance_id", "verified_by")),
    ):
        assert able(judges, **nobody) == {who}
        for part in parts:
            assert able(judges, **nobody | {part: cast.people[who].id}) == set(), (who, part)


async def test_whoever_holds_both_offices_takes_the_place_that_is_free(cast):
    both = replace(cast.manager, roles=(*cast.manager.roles, *cast.finance.roles))
    assert lifecycle.agreeing_part(cast.manager, a_row(cast, "verified")) == "manager"
    assert lifecycle.agreeing_part(cast.finance, a_row(cast, "verified")) == "finance"
    assert lifecycle.agreeing_part(both, a_row(cast, "verified")) == "manager"
    assert lifecycle.agreeing_part(both, a_row(cast, "verified", manager_id=cast.director.id)) == "finance"
    # and never both of them
    assert lifecycle.agreed_already(both, a_row(cast, "verified", manager_id=both.id))
    assert lifecycle.agreed_already(cast.manager, a_row(cast, "verified", manager_id=cast.director.id))


async def test_a_curator_of_the_grantee_itself_does_not_verify(cast):
    torn = replace(cast.curator, roles=(*cast.curator.roles, *cast.editor.roles))
    assert may_verify(cast.curator, a_row(cast, State.UNDER_REVIEW))
    assert not may_verify(torn, a_row(cast, State.UNDER_REVIEW))
    assert {str(state) for state in State if may_verify(cast.curator, a_row(cast, state))} == {"under_review"}
