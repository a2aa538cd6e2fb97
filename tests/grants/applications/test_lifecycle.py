"""The lifecycle is a table: every state, every move, every person of the cast."""

import pytest

from foundation.database import all_of, rows, value
from grants.applications import transitions
from grants.applications.lifecycle import State
from grants.applications.queries import visible_to
from grants.applications.tables import Application
from grants.awards.approvals import approve
from grants.reviews.committee import transitions as committee  # noqa: F401  its steps of an application
from lifecycle.transition import TRANSITIONS
from tests.builders.applications import an_application


async def test_the_moves_are_those_of_the_database(db):
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = 'application'")}
    made = {(str(s), str(m.target)) for m in TRANSITIONS["application"] for s in m.sources}
    assert made == arrows


@pytest.mark.parametrize("state", [str(state) for state in State])
async def test_an_application_can_stand_in_every_state(cast, state):
    application = await an_application(cast, state=state)
    assert application.state == state
    if application.body:
        stored = await value(
            "SELECT body_sha256 = sha256(convert_to(body::text, 'UTF8')) FROM application WHERE id = $1", application.id
        )
        assert stored


# move → who of the cast may make it for Vani Youth's application, checked by `curator`
WHO = {
    "handed_over": {"editor", "signatory"},
    "handed_back": {"editor", "signatory"},
    "submitted": {"signatory"},
    "taken_back": {"signatory"},
    "withdrawn": {"signatory"},
    "check_begun": {"curator"},
    "clarification_asked": {"curator"},
    "clarified": {"signatory", "system"},
    "corrected": {"signatory", "system"},
    "found_ineligible": {"manager"},
    "readmitted": {"manager", "director"},
    "review_started": {"manager"},
    "scored": {"system"},
    "review_reopened": {"chair"},
    "recommended": {"chair"},
    "reserved": {"chair"},
    "rejected": {"chair"},
    "correction_asked": {"chair"},
    "moved_up": {"manager"},
    "reserve_released": {"system"},
    "approved": {"director"},
    "recommendation_declined": {"director"},
    "expired": {"system"},
    "closed_by_cancellation": {"system"},
}


async def test_each_move_is_open_to_its_people_in_its_states_and_to_nobody_else(cast):
    from accounts.person import NOBODY, SYSTEM

    application = await an_application(cast, state="admin_check")
    people = {**cast.people, "system": SYSTEM, "anonymous": NOBODY}
    moves = {each.event.removeprefix("application."): each for each in TRANSITIONS["application"]}
    assert moves.keys() == WHO.keys()
    for name, allowed in WHO.items():
        move = moves[name]
        for state in State:
            application.state = str(state)
            open_to = {who for who, person in people.items() if move.open_to(person, application)}
            assert open_to == (allowed if state in move.sources else set()), (name, state)


async def test_staff_never_hold_two_roles_on_one_application(cast):
    application = await an_application(cast, state="admin_check")
    application.checked_by = cast.manager.id
    assert not transitions.start_review.open_to(cast.manager, application)
    application.checked_by, application.ineligible_proposed_by = None, cast.director.id
    application.state = "recommended"
    assert not approve.open_to(cast.director, application)


async def test_a_manager_does_not_readmit_what_they_turned_away(cast):
    application = await an_application(cast, state="ineligible")
    assert application.ineligible_confirmed_by == cast.manager.id
    assert not transitions.readmit.open_to(cast.manager, application)
    assert transitions.readmit.open_to(cast.director, application)


SEES_SUBMITTED = {"editor", "signatory", "curator", "manager", "finance", "director", "chair", "auditor", "admin"}


@pytest.mark.parametrize("state", [str(state) for state in State])
async def test_who_sees_an_application(cast, state):
    await an_application(cast, state=state)
    seen_by = set()
    for name, person in cast.people.items():
        condition, args = visible_to(person)
        if await all_of(Application, f"SELECT a.* FROM application a WHERE {condition}", *args):
            seen_by.add(name)
    drafts = State.in_set("unsent") | {State.EXPIRED, State.CLOSED_BY_CANCELLATION}
    assert seen_by == ({"editor", "signatory"} if state in drafts else SEES_SUBMITTED)
