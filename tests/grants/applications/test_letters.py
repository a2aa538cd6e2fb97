"""Every letter about an application: who gets it, what it says, where it leads."""

from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import execute, insert, rows
from grants.applications import notices
from grants.applications.tables import Clarification
from grants.calls import transitions as of_call
from grants.calls.queries import call_of
from lifecycle.record import record
from lifecycle.timed import TIMED
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.importing import importing
from tests.letters import Letters

OWN, CURATORS = {"editor", "signatory"}, {"curator"}
REASON = "The register says otherwise"


@pytest.fixture(autouse=True)
async def english(cast):
    await execute("UPDATE account SET language = 'en'")


@pytest.fixture
def written():
    return Letters()


LETTERS = [
    ("handed_over", {"signatory"}, "Waiting for your signature: Youth centre", "/check", []),
    ("taken_back", OWN, "Taken back: application {number}", "", ["submitted again before"]),
    ("expired", OWN, "Not sent in time: application {number}", "", ["Small grants", "closed on"]),
    ("withdrawn", OWN | CURATORS, "Withdrawn: application {number}", "", ["Vani Youth has withdrawn"]),
    ("closed_by_cancellation", OWN, "The call was cancelled: application {number}", "", [REASON]),
    ("ineligibility_proposed", {"manager"}, "Proposed as not eligible: application {number}", "/ineligibility", [REASON]),
    ("proposal_dropped", CURATORS, "The review of the application continues: {number}", "", [REASON]),
    ("found_ineligible", OWN, "Not eligible: application {number}", "", [REASON, "you can complain"]),
    ("readmitted", OWN | CURATORS, "Checked again: application {number}", "", [REASON]),
    ("review_started", OWN, "Eligible: application {number}", "", ["Independent reviewers"]),
]  # fmt: skip


async def test_who_hears_of_what_becomes_of_an_application_and_what(cast, written):
    application = await an_application(cast, title_en="Youth centre", state="admin_check")
    for event, people, subject, path, words in LETTERS:
        await record(f"application.{event}", cast.manager, application, reason=REASON)
        told = await written()
        assert set(told) == people, event
        for (said, body), *more in told.values():
            assert said == subject.format(number=application.number) and more == [], event
            assert f"/en/applications/{application.number}{path}\n" in body, event
            assert [word for word in words if word not in body] == [], event


async def test_who_proposed_it_is_not_asked_to_decide(cast, written):
    application = await an_application(cast, state="admin_check")
    async with importing():
        await execute("UPDATE application SET ineligible_proposed_by = $1", cast.manager.id)
    await record("application.ineligibility_proposed", cast.manager, application, reason=REASON)
    assert await written() == {}


async def test_a_receipt_says_what_came_and_the_curators_hear_of_it(cast, written):
    application = await an_application(cast, state="submitted")
    await record("application.submitted", cast.signatory, application, sha256="ab12")
    told = await written()
    assert set(told) == OWN | CURATORS
    for who in OWN:
        ((subject, body),) = told[who]
        assert subject == f"Received: application {application.number}"
        assert application.body_sha256.hex() in body and "€4,000" in body and "/receipt\n" in body
    ((subject, body),) = told["curator"]
    assert subject == f"A new application: {application.title_en}" and "Vani Youth has sent" in body


async def test_a_receipt_of_what_was_taken_back_meanwhile_has_the_sum_of_what_came(cast, written):
    application = await an_application(cast, state="draft")
    await record("application.submitted", cast.signatory, application, sha256="ab12")
    assert "ab12" in (await written())["editor"][0][1]


async def test_a_question_is_passed_on_while_it_is_open_and_its_answer_to_who_asked(cast, written):
    application = await an_application(cast, state="admin_check")
    for asker, question in ((cast.curator2, "How many?"), (cast.curator, "Since when?")):
        async with importing():
            await insert(
                Clarification, application_id=application.id, kind="clarification", question=question,
                section_ids=[], asked_by=asker.id, due_on=today(),
            )  # fmt: skip
            await record("application.clarification_asked", cast.curator, application)
        told = await written()
        assert set(told) == OWN and question in told["editor"][0][1] and "/reply\n" in told["editor"][0][1]
        async with importing():
            await execute("UPDATE clarification SET reply = 'So.', replied_at = now(), replied_by = $1", cast.editor.id)
    await record("application.clarification_asked", cast.curator, application)
    assert await written() == {}, "nothing is asked any more"
    await record("application.clarified", cast.signatory, application)
    told = await written()
    assert set(told) == {"curator"} and told["curator"][0][0] == f"Answered: application {application.number}"
    await record("application.clarified", cast.signatory, application, timed_out=True)
    told = await written()
    assert set(told) == {"curator"} | OWN and {len(each) for each in told.values()} == {1}
    assert told["editor"][0][0] == f"No answer in time: application {application.number}"


async def test_whoever_still_writes_hears_that_the_call_stands_still_goes_on_and_has_more_time(cast, written):
    call, other = await a_call(cast), await a_call(cast)
    await an_application(cast, call, "draft")
    await an_application(cast, call, "submitted", organisation=cast.guria_women)
    await an_application(cast, other, "draft", organisation=cast.guria_women)
    await of_call.suspend(call, cast.manager, REASON)
    told = await written()
    assert set(told) == OWN and "The call is suspended" in told["editor"][0][0] and REASON in told["editor"][0][1]
    await of_call.resume(call, cast.manager)
    told = await written()
    assert set(told) == OWN and "The call has resumed" in told["editor"][0][0]
    later = (await call_of(cast.manager, call.reference)).deadline + timedelta(days=5)
    await of_call.extend_deadline(call, cast.manager, later, REASON)
    told = await written()
    assert set(told) == OWN and "More time" in told["editor"][0][0] and REASON in told["editor"][0][1]


@pytest.mark.parametrize(
    ("ka", "en", "called"),
    [("სათაური", None, "სათაური"), (None, "Our title", "Our title"), (None, None, "Small grants of all")],
)
async def test_what_has_no_title_yet_is_called_by_its_call(ka, en, called, cast, written):
    call = await a_call(cast, title_en="Small grants of all")
    application = await an_application(cast, call, "draft", title_ka=ka, title_en=en)
    await record("application.handed_over", cast.editor, application)
    assert (await written())["signatory"][0][0] == f"Waiting for your signature: {called}"


async def test_of_what_lies_in_no_municipality_no_curator_hears(cast, written):
    application = await an_application(cast, state="submitted", municipality_id=None)
    await record("application.withdrawn", cast.signatory, application)
    assert set(await written()) == OWN


async def test_the_clock_lets_drafts_and_questions_run_out(cast):
    assert notices.clock in {timed.verb for timed in TIMED}
    late = await an_application(cast, await a_call(cast, "closed"), "draft")
    asked = await an_application(cast, state="admin_check", organisation=cast.guria_women)
    async with importing():
        await execute("UPDATE application SET state = 'clarification' WHERE id = $1", asked.id)
        await insert(
            Clarification, application_id=asked.id, kind="clarification", question="?", section_ids=[],
            asked_by=cast.curator2.id, due_on=today() - timedelta(days=1),
        )  # fmt: skip
    await notices.clock()
    states = {each["id"]: each["state"] for each in await rows("SELECT id, state FROM application")}
    assert states == {late.id: "expired", asked.id: "admin_check"}
