"""The check: criteria, questions and answers, turning away by two people, into review; and what the clock does."""

from datetime import timedelta

import pytest

from foundation.clock import clock_at, now, today
from foundation.database import get
from foundation.language import speaking
from foundation.refused import Missing, NotAllowed, Refused
from grants.applications import queries, transitions
from grants.applications.checking import actions
from grants.applications.forms import Asked, Check, Checked
from grants.applications.lifecycle import State
from grants.applications.tables import Application
from lifecycle.record import history_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import minutes_say
from tests.builders.uploads import a_pdf
from uploads.receiving import receive_bytes


def all_pass(application, **but):
    judged = {each.id: Checked(passed=True, note="Seen.") for each in application.call.eligibility}
    odd = {application.call.eligibility[int(n[1:])].id: Checked(passed=said) for n, said in but.items()}
    return Check(criteria=judged | odd)


def question(application, **over) -> Asked:
    given = {
        "question": "How many?",
        "section_ids": [application.call.sections[1].id],
        "due_on": today() + timedelta(days=5),
    }
    return Asked(**{**given, **over})


async def asked_one(cast, **over):
    application = await an_application(cast, state="admin_check")
    await transitions.ask_clarification(application, cast.curator, question(application, **over))
    return application


async def test_the_check_begins_when_the_call_has_closed(cast):
    early = await an_application(cast, state="submitted")
    with pytest.raises(Refused):
        await transitions.begin_check(early, cast.curator)
    application = await an_application(cast, await a_call(cast, "closed"), "submitted")
    await transitions.begin_check(application, cast.curator)
    assert (application.state, application.checked_by) == (State.ADMIN_CHECK, cast.curator.id)


async def test_only_the_curator_of_the_municipality_checks(cast):
    application = await an_application(cast, await a_call(cast, "closed"), "submitted")
    for person in (cast.curator2, cast.manager, cast.signatory):
        with pytest.raises(NotAllowed):
            await transitions.begin_check(application, person)


async def test_criteria_are_judged_and_judged_again(cast):
    application = await an_application(cast, state="admin_check")
    await actions.judge(application, cast.curator, all_pass(application, n1=False))
    assert [each["passed"] for each in await queries.criteria_of(application)] == [True, False, True]
    await actions.judge(application, cast.curator, all_pass(application))
    await actions.judge(application, cast.curator, all_pass(application))
    assert [each["passed"] for each in await queries.criteria_of(application)] == [True, True, True]
    assert [each.name for each in await history_of(application)] == ["application.criterion_checked"] * 2
    other = await a_call(cast)
    with pytest.raises(Missing):
        await actions.judge(application, cast.curator, Check(criteria={other.eligibility[0].id: Checked(passed=True)}))
    with pytest.raises(NotAllowed):
        await actions.judge(application, cast.manager, Check())


async def test_review_starts_when_everything_passes(cast):
    application = await an_application(cast, state="admin_check")
    with pytest.raises(Refused):
        await transitions.start_review(application, cast.manager)
    await actions.judge(application, cast.curator, all_pass(application))
    with pytest.raises(NotAllowed):
        await transitions.start_review(application, cast.curator)
    await transitions.start_review(application, cast.manager)
    assert application.state == State.IN_REVIEW


async def test_no_review_starts_while_it_is_proposed_to_turn_it_away(cast):
    application = await an_application(cast, state="admin_check")
    await actions.judge(application, cast.curator, all_pass(application))
    await actions.propose_ineligible(application, cast.curator, application.call.eligibility[0].id, "Not registered.")
    with speaking("en"), pytest.raises(Refused, match="Decide on the proposal first"):
        await transitions.start_review(application, cast.manager)


async def test_an_answer_stands_beside_what_was_sent(cast):
    application = await asked_one(cast)
    sections = application.call.sections
    number, text = str(sections[1].questions[0].id), str(sections[0].questions[0].id)
    frozen = application.body
    received = await receive_bytes(a_pdf(), "list.pdf")
    await actions.answer(application, cast.signatory, " Eighty. ", {number: "80", text: "not asked about"}, [received])
    fresh = await get(Application, application.id)
    assert (fresh.state, fresh.body) == (State.ADMIN_CHECK, frozen)
    [asked] = await queries.clarifications_of(application)
    assert asked.reply == "Eighty."
    assert [(each["question_id"], each["before"], each["after"]) for each in asked.changes] == [(number, "120", "80")]
    assert [each["filename"] for each in asked.files] == ["list.pdf"]


async def test_only_the_signatory_answers(cast):
    application = await asked_one(cast)
    with pytest.raises(NotAllowed):
        await actions.answer(application, cast.editor, "Eighty.", {})
    await actions.add_files(application, cast.editor, [await receive_bytes(a_pdf(), "a.pdf")])
    with pytest.raises(NotAllowed):
        await actions.add_files(application, cast.curator, [])


async def test_questions_name_sections_of_the_call(cast):
    application = await an_application(cast, state="admin_check")
    foreign = (await a_call(cast)).sections[0].id
    with pytest.raises(Missing):
        await transitions.ask_clarification(application, cast.curator, question(application, section_ids=[foreign]))


async def test_a_question_times_out_after_its_day(cast):
    application = await asked_one(cast, due_on=today() + timedelta(days=1))
    with clock_at(now() + timedelta(days=1)):
        assert await actions.time_out() == 0, "the day itself still counts"
    with clock_at(now() + timedelta(days=2)):
        assert await actions.time_out() == 1
        assert await actions.time_out() == 0
    fresh = await get(Application, application.id)
    assert fresh.state == State.ADMIN_CHECK
    told = (await history_of(application))[-1]
    assert (told.actor_role, told.payload["timed_out"]) == ("system", True)
    assert (await queries.clarifications_of(application))[0].replied_at is None


async def test_a_correction_is_answered_the_same_way(cast):
    application = await an_application(cast, state="scored")
    await minutes_say(cast, application, "correction")
    await transitions.ask_correction(application, cast.chair, question(application))
    assert application.state == State.CORRECTION
    await actions.answer(application, cast.signatory, "Corrected.", {})
    assert application.state == State.CORRECTED


async def test_turning_away_takes_two_people(cast):
    application = await an_application(cast, state="admin_check")
    criterion = application.call.eligibility[0].id
    with pytest.raises(Refused):
        await transitions.confirm_ineligible(application, cast.manager, "Not registered.")
    await actions.propose_ineligible(application, cast.curator, criterion, "Not in the register.")
    assert application.state == State.ADMIN_CHECK
    with pytest.raises(NotAllowed):
        await transitions.confirm_ineligible(application, cast.curator, "Not registered.")
    with pytest.raises(Refused):
        await transitions.start_review(application, cast.manager)
    await transitions.confirm_ineligible(application, cast.manager, "You are not registered.")
    assert (application.state, application.ineligible_confirmed_by) == (State.INELIGIBLE, cast.manager.id)
    told = (await history_of(application))[-1]
    assert (told.name, told.reason) == ("application.found_ineligible", "You are not registered.")


async def test_a_proposal_may_be_dropped(cast):
    application = await an_application(cast, state="in_review")
    criterion = application.call.eligibility[0].id
    await actions.propose_ineligible(application, cast.curator, criterion, "Discovered late.")
    await actions.drop_proposal(application, cast.manager, "The paper is there.")
    assert (application.state, application.ineligible_proposed_by) == (State.IN_REVIEW, None)


async def test_an_upheld_complaint_leads_back_to_the_check(cast):
    application = await an_application(cast, state="ineligible")
    with pytest.raises(NotAllowed):
        await transitions.readmit(application, cast.manager, "We were wrong.")
    await transitions.readmit(application, cast.director, "We were wrong.")
    assert (application.state, application.ineligible_confirmed_by) == (State.ADMIN_CHECK, None)


async def test_what_an_editor_writes_as_an_answer_waits_for_the_signatory(cast, client):
    application = await an_application(cast, state="admin_check")
    await transitions.ask_clarification(application, cast.curator, question(application))
    at = f"/en/applications/{application.number}"
    await client.sign_in(cast.editor)
    kept = await client.send_form(f"{at}/reply", {"reply": "Our words", "then": "save"})
    assert kept.status_code == 303
    await client.sign_in(cast.curator)
    assert "Our words" not in (await client.get(at)).text
    await client.sign_in(cast.signatory)
    assert "Our words" in (await client.get(f"{at}/reply")).text
    assert (await client.send_form(f"{at}/reply", {"reply": "Our words", "then": "send"})).status_code == 303
    await client.sign_in(cast.curator)
    assert "Our words" in (await client.get(at)).text
