"""What an organisation and the clock do with applications; refusals as much as successes."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.person import SYSTEM
from foundation.clock import clock_at, now
from foundation.database import Database, all_of, get, rows, value
from foundation.merging import Conflict, written
from foundation.refused import NotAllowed, Refused
from grants.applications import actions, budget, transitions
from grants.applications.drafting import actions as drafting
from grants.applications.lifecycle import State
from grants.applications.tables import Answer, Application, Attachment, BudgetLine
from grants.calls.queries import call_of
from grants.calls.transitions import cancel, resume, suspend
from lifecycle.record import history_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import a_pdf
from tests.cast import make_cast
from uploads.receiving import receive_bytes

ROW = {"category": "people", "item": "კოორდინატორი", "quantity": "6", "unit_cost": "500", "own_share": ""}


async def ready(cast, **over) -> Application:
    """A draft that lacks nothing: declared, with both documents."""
    application = await an_application(cast, state="draft", declared=True, **over)
    for document in application.call.documents:
        received = await receive_bytes(a_pdf(), "document.pdf")
        await drafting.attach(application, cast.editor, received, document.id)
    return application


async def started(cast, call, person=None, organisation=None):
    call = await call_of(SYSTEM, call.reference)
    return await actions.start(call, (organisation or cast.vani_youth).id, person or cast.editor, "ka")


async def test_a_second_click_leads_to_the_first_draft(cast):
    call = await a_call(cast)
    first = await started(cast, call)
    assert (first.state, first.municipality_id, first.language) == ("draft", cast.vani.id, "ka")
    assert (await started(cast, call, cast.signatory)).id == first.id
    assert [each.name for each in await history_of(first)] == ["application.started"]


async def test_after_withdrawing_an_organisation_may_begin_anew(cast):
    application = await an_application(cast, state="submitted")
    await transitions.withdraw(application, cast.signatory, "We have found other money.")
    assert (await started(cast, application.call)).id != application.id
    told = (await history_of(application))[-1]
    assert (told.name, told.reason) == ("application.withdrawn", "We have found other money.")


@pytest.mark.parametrize("state", ["scheduled", "closed", "decided"])
async def test_nobody_begins_where_the_call_is_not_open(cast, state):
    with pytest.raises(Refused):
        await started(cast, await a_call(cast, state))


async def test_only_its_own_people_begin_for_an_organisation(cast):
    call = await a_call(cast)
    with pytest.raises(NotAllowed):
        await started(cast, call, cast.other_signatory)
    invited = await a_call(cast, invited=[cast.guria_women], invited_only=True)
    with pytest.raises(Refused):
        await started(cast, invited)
    assert await started(cast, invited, cast.other_editor, cast.guria_women)


async def test_a_draft_keeps_whatever_is_typed(cast):
    application = await an_application(cast, state="draft", complete=False)
    section = application.call.sections[1]
    typed = {section.questions[0].id: "about a hundred, yes", section.questions[1].id: "perhaps"}
    await drafting.save_section(application, cast.editor, section.id, typed)
    assert await drafting.answers_of(application, section.id) == typed
    await drafting.save_about(application, cast.editor, {"starts_on": "in spring"}, ())
    assert drafting.about_as_stored(application)["starts_on"] == "in spring"
    rows_typed = budget.with_ids(budget.without_empty([{**ROW, "quantity": "six"}, ROW]))
    errors = await drafting.save_budget(application, cast.editor, rows_typed)
    assert set(errors) == {"lines.0.quantity"}
    assert await drafting.budget_as_stored(application) == rows_typed
    assert application.requested == 3000, "the row that is whole counts"
    with pytest.raises(transitions.Unfinished) as caught:
        await transitions.submit(application, cast.signatory)
    wrong = {problem.field for part in caught.value.parts for problem in part.problems}
    assert {str(section.questions[0].id), str(section.questions[1].id), "lines.0.quantity", "starts_on"} <= wrong


async def test_what_was_typed_wrong_leaves_when_it_is_put_right(cast):
    application = await an_application(cast, state="draft", complete=False)
    await drafting.save_budget(application, cast.editor, [{**ROW, "unit_cost": "much"}])
    await drafting.save_budget(application, cast.editor, [ROW])
    await drafting.save_about(application, cast.editor, {"ends_on": "soon"}, ())
    await drafting.save_about(application, cast.editor, {"ends_on": now().date().isoformat()}, ())
    assert (await get(Application, application.id)).typed == {}


async def test_an_end_before_the_beginning_is_kept_and_hinders(cast):
    application = await an_application(cast, state="draft")
    before = application.starts_on - timedelta(days=1)
    await drafting.save_about(application, cast.editor, {"ends_on": before.isoformat()}, ())
    assert drafting.about_as_stored(application)["ends_on"] == before.isoformat()
    with pytest.raises(transitions.Unfinished) as caught:
        await transitions.submit(application, cast.signatory)
    assert "ends_on" in {problem.field for part in caught.value.parts for problem in part.problems}


async def test_nobody_overwrites_what_they_have_not_seen(cast):
    application = await an_application(cast, state="draft")
    section = application.call.sections[0]
    question = section.questions[0].id
    stored = await drafting.answers_of(application, section.id)
    seen = written({str(key): text for key, text in stored.items()})
    await drafting.save_section(application, cast.editor, section.id, {question: "mine"}, seen)
    with pytest.raises(Conflict) as caught:
        await drafting.save_section(application, cast.signatory, section.id, {question: "theirs"}, seen)
    assert caught.value.theirs[str(question)] == "mine"
    assert (await drafting.answers_of(application, section.id))[question] == "mine"


async def test_saving_the_same_again_is_no_change(cast):
    application = await an_application(cast, state="draft")
    section = application.call.sections[0]
    stored = await drafting.answers_of(application, section.id)
    await drafting.save_section(application, cast.editor, section.id, stored)
    assert await history_of(application) == []


async def test_answers_to_questions_of_other_calls_are_not_taken(cast):
    application, other = await an_application(cast, state="draft"), await a_call(cast)
    foreign = other.sections[0].questions[0].id
    section = application.call.sections[0]
    await drafting.save_section(application, cast.editor, section.id, {foreign: "x"})
    assert await all_of(Answer, "SELECT * FROM answer WHERE question_id = $1", foreign) == []
    with pytest.raises(Refused):
        await drafting.save_section(application, cast.editor, other.sections[0].id, {foreign: "x"})


async def test_others_write_nothing(cast):
    application = await an_application(cast, state="draft")
    for person in (cast.curator, cast.other_signatory, cast.admin):
        with pytest.raises(NotAllowed):
            await drafting.save_budget(application, person, [ROW])
        with pytest.raises(NotAllowed):
            await actions.declare(application, person, True)


async def test_submitting_freezes_and_hashes_what_was_written(cast):
    application = await ready(cast)
    await transitions.submit(application, cast.signatory)
    assert (application.state, application.submitted_by) == (State.SUBMITTED, cast.signatory.id)
    assert application.requested == Decimal(4000)
    body = application.body
    assert [section["questions"][0]["value"] for section in body["sections"]] != []
    assert [line["item"] for line in body["budget"]] == ["კოორდინატორი", "პროექტორი"]
    assert [len(document["files"]) for document in body["documents"]] == [1, 1]
    assert body["declaration"]["signed_by"] == cast.signatory.name and len(body["declaration"]["text_ka"]) == 5
    told = (await history_of(application))[-1]
    assert (told.name, told.payload["sha256"]) == ("application.submitted", application.body_sha256.hex())


async def test_only_the_signatory_sends(cast):
    application = await ready(cast)
    with pytest.raises(NotAllowed):
        await transitions.submit(application, cast.editor)
    await transitions.hand_over(application, cast.editor)
    with pytest.raises(Refused):
        await drafting.save_budget(application, cast.editor, [ROW])
    await transitions.submit(application, cast.signatory)
    assert application.state == State.SUBMITTED


async def test_an_unfinished_draft_is_not_handed_over(cast):
    application = await an_application(cast, state="draft")
    with pytest.raises(transitions.Unfinished) as caught:
        await transitions.hand_over(application, cast.editor)
    assert [part.key for part in caught.value.parts] == ["documents"]


async def test_a_late_draft_is_refused(cast):
    application = await ready(cast)
    with clock_at(application.call.deadline + timedelta(seconds=1)):
        with pytest.raises(Refused, match=r"\d"):
            await transitions.submit(application, cast.signatory)
    assert application.state == State.DRAFT


async def test_taking_back_opens_the_draft_and_unsigns_it(cast):
    application = await ready(cast)
    await transitions.submit(application, cast.signatory)
    await transitions.take_back(application, cast.signatory)
    fresh = await get(Application, application.id)
    assert (fresh.state, fresh.body, fresh.submitted_at, fresh.declared) == ("draft", None, None, False)
    await drafting.save_budget(application, cast.editor, [ROW])
    assert len(await all_of(BudgetLine, "SELECT * FROM budget_line WHERE application_id = $1", application.id)) == 1


async def test_files_come_and_go_while_it_is_a_draft(cast):
    application = await an_application(cast, state="draft")
    received = await receive_bytes(a_pdf(), "letter.pdf")
    made = await drafting.attach(application, cast.editor, received)
    await drafting.detach(application, cast.editor, made)
    assert await all_of(Attachment, "SELECT * FROM attachment WHERE application_id = $1", application.id) == []
    foreign = (await a_call(cast)).documents[0].id
    with pytest.raises(Refused):
        await drafting.attach(application, cast.editor, await receive_bytes(a_pdf(), "a.pdf"), foreign)


async def test_drafts_of_closed_calls_expire(cast):
    kept = await an_application(cast, state="draft")
    call = await a_call(cast, "closed")
    late = await an_application(cast, call, "draft")
    waiting = await an_application(cast, call, "awaiting_signoff", organisation=cast.guria_women)
    await actions.expire_drafts()
    states = {found["id"]: found["state"] for found in await rows("SELECT id, state FROM application")}
    assert states == {kept.id: "draft", late.id: "expired", waiting.id: "expired"}
    await actions.expire_drafts()
    assert len(await history_of(late)) == 1


async def test_a_cancelled_call_closes_its_live_applications(cast):
    call = await a_call(cast, "closed")
    live = await an_application(cast, call, "admin_check")
    final = await an_application(cast, call, "withdrawn", organisation=cast.guria_women)
    await cancel(await call_of(SYSTEM, call.reference), cast.director, "The donor stopped the programme.")
    assert (await get(Application, live.id)).state == State.CLOSED_BY_CANCELLATION
    assert (await get(Application, final.id)).state == State.WITHDRAWN
    assert (await history_of(live))[-1].reason == "The donor stopped the programme."


async def test_twenty_submissions_at_once_are_one(committing):
    cast = await make_cast()
    application = await ready(cast)

    async def send():
        try:
            await transitions.submit(await get(Application, application.id), cast.signatory)
            return "sent"
        except Refused:
            return "refused"

    answers = await asyncio.gather(*(send() for _ in range(20)))
    assert sorted(answers) == ["refused"] * 19 + ["sent"]
    assert await value("SELECT count(*) FROM event WHERE name = 'application.submitted'") == 1


async def test_twenty_clicks_at_once_begin_one_draft(committing):
    cast = await make_cast()
    call = await a_call(cast)
    begun = await asyncio.gather(*(started(cast, call) for _ in range(20)))
    assert len({each.id for each in begun}) == 1
    assert await value("SELECT count(*) FROM application") == 1


async def test_submitting_costs_few_statements(cast):
    application = await ready(cast)
    before = Database.statements
    await transitions.submit(application, cast.signatory)
    assert Database.statements - before <= 12


async def test_nothing_is_sent_while_the_call_is_suspended(cast):
    application = await ready(cast)
    await suspend(application.call, cast.manager, "The annex was wrong.")
    with pytest.raises(Refused, match="შეჩერებულია"):
        await transitions.submit(application, cast.signatory)
    await resume(application.call, cast.manager)
    await transitions.submit(application, cast.signatory)
    assert application.state == State.SUBMITTED
