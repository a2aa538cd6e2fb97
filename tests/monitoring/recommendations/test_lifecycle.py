"""The lifecycle of a recommendation is its table: every state, move and person."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from accounts.person import NOBODY, SYSTEM
from monitoring.recommendations import lifecycle
from monitoring.recommendations.lifecycle import State
from monitoring.recommendations.transitions import STEPS, extend, tell_progress

LIVING = {str(state) for state in State.in_set("live")}
GOING = {str(state) for state in State.in_set("running")}
MOVES = {step.noun: step for step in STEPS}
# move → (states it starts from, who may make it when it is addressed to Vani Youth)
TABLE = {
    "issue": ({"draft"}, {"curator"}),
    "acceptance": ({"issued", "disputed"}, {"editor", "signatory"}),
    "dispute": ({"issued"}, {"editor", "signatory"}),
    "reissue": ({"disputed"}, {"manager"}),
    "start": ({"accepted", "partly", "reopened"}, {"editor", "signatory"}),
    "completion": ({"in_progress"}, {"editor", "signatory"}),
    "verification": ({"reported_done"}, {"curator", "manager"}),
    "partial-verification": ({"reported_done"}, {"curator", "manager"}),
    "reopening": ({"reported_done"}, {"curator", "manager"}),
    "replacement": (LIVING | {"draft"}, {"curator", "manager"}),
    "withdrawal": (LIVING | {"draft"}, {"manager"}),
    "handover": (set(), set()),  # what an organisation owns is its people's
    "accepted-risk": (LIVING | {"draft"}, {"manager"}),
    "progress": (GOING, {"editor", "signatory"}),
    "evidence": (GOING, {"editor", "signatory"}),
    "extension": (GOING, {"editor", "signatory"}),
    "extension-approval": (GOING, {"curator", "manager"}),
    "extension-refusal": (GOING, {"curator", "manager"}),
}


def a_row(cast, state, **over):
    facts = dict(
        state=state, addressee="cso", organisation_id=cast.vani_youth.id, municipality_id=cast.vani.id,
        owner_id=cast.signatory.id, reported_by=cast.signatory.id, due_current=date(2026, 5, 1), earlier_owners=[],
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


async def test_for_a_municipality_its_curator_acts_and_another_verifies(cast):
    row = a_row(cast, State.IN_PROGRESS, addressee="municipality", organisation_id=None, owner_id=cast.curator.id)
    done = {name for name, person in cast.people.items() if MOVES["completion"].open_to(person, row)}
    assert done == {"curator"}
    row = a_row(
        cast, State.REPORTED_DONE, addressee="municipality", organisation_id=None, owner_id=cast.curator.id,
        reported_by=cast.curator.id,
    )  # fmt: skip
    assert {name for name, person in cast.people.items() if MOVES["verification"].open_to(person, row)} == {"manager"}


async def test_who_reported_it_does_not_verify_it(cast):
    row = a_row(cast, State.REPORTED_DONE, addressee="municipality", organisation_id=None, owner_id=None,
                reported_by=cast.manager.id)  # fmt: skip
    assert not MOVES["verification"].open_to(cast.manager, row)


async def test_staff_own_theirs_by_name(cast):
    row = a_row(cast, State.ISSUED, addressee="staff", organisation_id=None, owner_id=cast.finance.id)
    assert {name for name, person in cast.people.items() if MOVES["acceptance"].open_to(person, row)} == {"finance"}


async def test_the_owner_follows_up_and_somebody_else_gives_time(cast):
    row = a_row(cast, State.IN_PROGRESS)
    assert {n for n, p in cast.people.items() if tell_progress.open_to(p, row)} == {"editor", "signatory"}
    assert {n for n, p in cast.people.items() if extend.open_to(p, row)} == {"curator", "manager"}
    assert not extend.open_to(cast.curator, a_row(cast, State.IN_PROGRESS, owner_id=cast.curator.id))
    assert not tell_progress.open_to(cast.editor, a_row(cast, State.REPORTED_DONE))


def test_the_table_is_whole():
    assert set(TABLE) == set(MOVES)


def test_more_time_needs_a_day_to_begin_with(cast):
    assert not MOVES["extension"].open_to(cast.editor, a_row(cast, State.IN_PROGRESS, due_current=None))


async def test_nobody_judges_or_extends_what_is_theirs(cast):
    """By name, by organisation, or because they said it was done."""

    def able(judges, people=cast.people, **parts):
        row = a_row(cast, State.REPORTED_DONE, **parts)
        return {who for who, person in people.items() if judges(person, row)}

    assert able(lifecycle.its_verifier) == able(lifecycle.its_extender) == {"curator", "manager"}
    for who, other in (("manager", "curator"), ("curator", "manager")):
        theirs = {"owner_id": cast.people[who].id}
        assert able(lifecycle.its_verifier, **theirs) == able(lifecycle.its_extender, **theirs) == {other}
        assert able(lifecycle.its_verifier, reported_by=cast.people[who].id) == {other}
    assert able(lifecycle.its_head) == {"manager"} and able(lifecycle.its_head, owner_id=cast.manager.id) == set()
    torn = {"torn": replace(cast.curator, roles=(*cast.curator.roles, *cast.editor.roles))}
    assert able(lifecycle.its_verifier, torn) == set()
    assert able(lifecycle.its_verifier, torn, addressee="municipality") == {"torn"}


async def test_what_is_nobodys_by_name_is_not_everybodys(cast):
    row = a_row(cast, State.ISSUED, addressee="staff", organisation_id=None, owner_id=None)
    assert not any(lifecycle.its_owner(each, row) for each in (*cast.people.values(), NOBODY, SYSTEM))
    row = a_row(cast, State.ISSUED, organisation_id=None)
    assert not any(lifecycle.its_owner(each, row) for each in (*cast.people.values(), NOBODY))


async def test_only_its_curator_writes_a_draft(cast):
    writing = {
        (str(state), name) for state in State for name, person in cast.people.items()
        if lifecycle.may_edit(person, a_row(cast, state))
    }  # fmt: skip
    assert writing == {("draft", "curator")}
    assert {name for name, each in cast.people.items() if lifecycle.may_draft(each, cast.vani.id)} == {"curator"}


async def test_what_one_of_the_staff_owns_is_given_to_another(cast):
    row = a_row(cast, State.ISSUED, addressee="staff", organisation_id=None, owner_id=cast.finance.id)
    gives = {name for name, person in cast.people.items() if MOVES["handover"].open_to(person, row)}
    assert gives == {"manager", "admin"}
    done = a_row(
        cast, State.REPORTED_DONE, addressee="staff", owner_id=cast.finance.id, earlier_owners=[cast.manager.id]
    )
    assert not MOVES["verification"].open_to(cast.manager, done), "who owned it before never verifies it"
    assert MOVES["verification"].open_to(cast.curator, done)
