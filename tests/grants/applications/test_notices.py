"""Letters after events, tasks on the page of today, and the receipt on paper."""

import io
from datetime import timedelta

import pypdf

from foundation.clock import TBILISI, now, today
from foundation.database import execute, rows
from foundation.language import speaking
from grants.applications import transitions
from grants.applications.checking import actions as checking
from grants.applications.forms import Asked, Check, Checked
from grants.applications.queries import application_of, call_of
from grants.applications.receipt import receipt_pdf
from grants.calls.transitions import extend_deadline
from lifecycle.notices import handle_events
from lifecycle.tasks import tasks_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call


async def letters() -> dict[str, list[str]]:
    """Who got which subject, after everything waiting was followed up."""
    await handle_events()
    got: dict[str, list[str]] = {}
    for each in await rows("SELECT to_address, subject FROM mail ORDER BY created, to_address"):
        got.setdefault(each["to_address"].split("@")[0], []).append(each["subject"])
    return got


async def test_a_question_and_its_answer_reach_the_right_people(cast):
    await execute("UPDATE account SET language = 'en'")
    application = await an_application(cast, state="admin_check")
    asked = Asked(question="How many?", due_on=today() + timedelta(days=3))
    await transitions.ask_clarification(application, cast.curator, asked)
    assert set(await letters()) == {"editor", "signatory"}
    await checking.answer(application, cast.signatory, "Eighty.", {})
    got = await letters()
    assert got["curator"] == [f"Answered: application {application.number}"]
    body = (await rows("SELECT body FROM mail WHERE to_address = 'editor@example.org'"))[0]["body"]
    assert "How many?" in body and f"/en/applications/{application.number}/reply" in body


async def test_letters_come_in_the_readers_language(cast):
    await execute("UPDATE account SET language = 'en' WHERE email = 'editor@example.org'")
    application = await an_application(cast, state="submitted")
    await transitions.withdraw(application, cast.signatory)
    got = await letters()
    assert got["editor"] == [f"Withdrawn: application {application.number}"]
    assert got["signatory"] == [f"განაცხადი გამოხმობილია: {application.number}"]
    assert set(got) == {"editor", "signatory", "curator"}


async def test_tasks_follow_the_application(cast):
    async def task(person):
        with speaking("en"):
            return [(each.verb, each.group) for each in await tasks_of(person) if "/applications/" in each.href]

    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "submitted")
    assert await task(cast.curator) == [("Begin the eligibility check", "waiting")]
    assert await task(cast.curator2) == await task(cast.manager) == await task(cast.signatory) == []
    await transitions.begin_check(application, cast.curator)
    assert await task(cast.curator) == [("Check whether the application is eligible", "waiting")]
    await transitions.ask_clarification(
        application, cast.curator, Asked(question="?", due_on=today() + timedelta(days=1))
    )
    assert await task(cast.signatory) == [("Answer the question about the application", "waiting")]
    assert await task(cast.curator) == []
    await checking.answer(application, cast.signatory, "So.", {})
    passing = {each.id: Checked(passed=True) for each in call.eligibility}
    await checking.judge(application, cast.curator, Check(criteria=passing))
    assert await task(cast.manager) == [("Pass the application to the reviewers", "waiting")]
    await checking.propose_ineligible(application, cast.curator, call.eligibility[0].id, "Late.")
    assert await task(cast.manager) == [("Decide on the proposal “not eligible”", "waiting")]
    assert await task(cast.curator) == []


async def test_drafts_wait_until_their_call_closes(cast):
    soon = await a_call(cast, deadline=now() + timedelta(days=2))
    await an_application(cast, soon, "draft")
    await an_application(cast, await a_call(cast, state="closed"), "draft")
    with speaking("en"):
        tasks = [each for each in await tasks_of(cast.editor) if "/applications/" in each.href]
    [task] = tasks
    assert (task.verb, task.due) == ("Finish and send the application", soon.deadline.astimezone(TBILISI).date())


async def test_the_receipt_renders_in_georgian(cast):
    application = await an_application(cast, state="submitted")
    seen = await application_of(cast.signatory, application.number)
    with speaking("ka"):
        made = await receipt_pdf(seen, await call_of(seen), example=True)
    reader = pypdf.PdfReader(io.BytesIO(made))
    text = reader.pages[0].extract_text()
    assert application.number in text and "ვანის ახალგაზრდები" in text
    assert application.body_sha256.hex()[:16] in text.replace("\n", "")


async def test_whoever_still_writes_hears_of_more_time(cast):
    await execute("UPDATE account SET language = 'en'")
    call = await a_call(cast)
    await an_application(cast, call, "draft")
    await an_application(cast, call, "submitted", organisation=cast.guria_women)
    with speaking("en"):
        await extend_deadline(call, cast.manager, call.deadline + timedelta(days=5), "Snow.")
    await handle_events()
    found = await rows("SELECT to_address::text AS to, subject, body FROM mail ORDER BY to_address")
    assert [each["to"] for each in found] == ["editor@example.org", "signatory@example.org"]
    assert "More time for your application" in found[0]["subject"] and "Snow." in found[0]["body"]
