"""The lifecycle of a call as a table: every state, move and person."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts.person import NOBODY, SYSTEM, Held, Person, Role
from foundation.language import speaking
from foundation.refused import Refused
from grants.calls import lifecycle
from grants.calls.lifecycle import State
from grants.calls.queries import call_of
from grants.calls.transitions import (
    cancel,
    closing,
    completion,
    extend_deadline,
    opening,
    resume,
    schedule,
    send_back,
    send_for_approval,
    suspend,
)
from grants.reviews.committee.transitions import finish, reopen_evaluation
from grants.reviews.transitions import start_evaluation
from tests.builders.calls import a_call

# move → (states it leaves from, who may make it)
WHO = {
    send_for_approval: ("draft", {"curator"}),
    send_back: ("in_approval", {"manager"}),
    schedule: ("in_approval", {"manager"}),
    opening: ("scheduled", {"system"}),
    suspend: ("open", {"manager"}),
    resume: ("suspended", {"manager"}),
    closing: ("open", {"system"}),
    start_evaluation: ("closed", {"manager"}),
    finish: ("evaluating", {"chair"}),
    reopen_evaluation: ("decided", {"manager"}),
    completion: ("decided", {"system"}),
    extend_deadline: ("open", {"manager"}),
    cancel: ("draft in_approval scheduled open suspended closed evaluating", {"director"}),
}


@pytest.mark.parametrize("move", WHO, ids=lambda move: move.event)
async def test_who_may_move_a_call(cast, move):
    sources, people = WHO[move]
    everybody = {**cast.people, "system": SYSTEM, "nobody": NOBODY}
    for state in State:
        call = await a_call(cast, state=state, municipalities=["vani"], parts=False)
        able = {name for name, person in everybody.items() if move.open_to(person, call)}
        assert able == (people if state in sources.split() else set()), state


async def test_drafts_are_seen_by_their_curator_and_the_programme_only(cast):
    for state, opened, seen_by in [
        ("draft", None, {"curator", "manager", "finance", "director", "chair", "auditor", "admin"}),
        ("cancelled", None, {"curator", "manager", "finance", "director", "chair", "auditor", "admin"}),
        ("open", 0, {"nobody", *cast.people}),
    ]:
        over = {"opened_at": None} if opened is None else {}
        call = await a_call(cast, state=state, municipalities=["vani"], parts=False, **over)
        everybody = {**cast.people, "nobody": NOBODY}
        assert {name for name, person in everybody.items() if await call_of(person, call.reference)} == seen_by, state


def written_by(somebody, **parts):
    facts = dict(id=None, created_by=somebody.id, submitted_by=None, approved_by=None, municipality_ids=None, owner_id=None,
                 earlier_owners=[])  # fmt: skip
    return SimpleNamespace(**(facts | parts))


async def test_a_call_is_its_writers_and_of_those_who_look_after_its_municipalities(cast):
    def curators(call):
        return {who for who, person in cast.people.items() if lifecycle.its_curator(person, call)}

    assert curators(written_by(cast.curator2)) == {"curator2"}
    assert curators(written_by(cast.curator2, municipality_ids=[cast.vani.id])) == {"curator", "curator2"}
    assert curators(written_by(cast.manager, municipality_ids=[])) == set()


@pytest.mark.parametrize("state", [str(state) for state in State])
def test_a_call_is_written_by_its_curators_while_it_is_a_draft(state):
    for person, sentence in ((person_of(Role.CURATOR), None), (person_of(Role.MANAGER), "You may not do this here.")):
        call = written_by(person, state=State(state))
        assert lifecycle.may_write(person, call) is (sentence is None and state == "draft")
        if sentence is None and state == "draft":
            lifecycle.refuse_unless_draft(person, call)
            continue
        with speaking("en"), pytest.raises(Refused, match=sentence or "only while it is a draft"):
            lifecycle.refuse_unless_draft(person, call)


def person_of(kind):
    return Person(uuid4(), "x", (Held(kind),))


async def test_nobody_judges_a_call_they_had_a_part_in(cast):
    for judges, who, parts in (
        (lifecycle.its_manager, "manager", ("created_by", "submitted_by")),
        (lifecycle.its_director, "director", ("created_by", "submitted_by", "approved_by")),
        (lifecycle.its_chair, "chair", ("created_by", "submitted_by", "approved_by")),
    ):
        person = cast.people[who]
        assert {name for name, each in cast.people.items() if judges(each, written_by(cast.curator))} == {who}
        for part in parts:
            assert not judges(person, written_by(cast.curator, **{part: person.id})), part
        assert not judges(person, written_by(cast.curator, owner_id=person.id)), "who writes it today"
        assert not judges(person, written_by(cast.curator, earlier_owners=[person.id])), "who wrote it before"
