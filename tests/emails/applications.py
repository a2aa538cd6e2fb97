"""Emails about applications, and about the call they are written for."""

from datetime import timedelta

from foundation.clock import today
from foundation.database import insert, row
from grants.applications.tables import Clarification
from grants.calls import transitions as of_call
from grants.calls.queries import call_of
from lifecycle.record import record
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.emails.telling import REASON, WITH_REASON, Email, Facts, Told, day, deadline, euros, moment, named, recorded
from tests.importing import importing

OWN, PAGE = "editor signatory", "/applications/{number}"
QUESTION = "Who keeps the keys of the hall?"
CONTACT = "help@example.org, +995 32 2 00 00 00"


async def one(cast, state, **over):
    application = await an_application(cast, state=state, **over)
    facts = {
        "number": application.number, "title": named(application, "title"), "call": named(application.call, "title"),
        "organisation": named(cast.vani_youth, "name"), "deadline": deadline(application.call.deadline),
        "asked": euros(4000), "contact": CONTACT, "question": QUESTION,
    }  # fmt: skip
    if application.body_sha256:
        facts["fingerprint"] = application.body_sha256.hex()
    return application, facts


async def submitted(cast, event) -> Facts:
    application, facts = await one(cast, "submitted")
    await record(event, cast.signatory, application, sha256=facts["fingerprint"])
    at = await row("SELECT at FROM event WHERE name = $1", event)
    return facts | {"received": moment(at["at"])}


def asked(state, kind="clarification", answered=True, **tells):
    async def happen(cast, event) -> Facts:
        application, facts = await one(cast, state)
        due = today() + timedelta(days=3)
        reply = {"reply": "The librarian.", "replied_by": cast.editor.id, "replied_at": application.submitted_at}
        async with importing():
            await insert(
                Clarification, application_id=application.id, kind=kind, question=QUESTION, section_ids=[],
                asked_by=cast.curator.id, due_on=due, **(reply if answered else {}),
            )  # fmt: skip
        await record(event, cast.signatory, application, **tells)
        return facts | {"due": day(due)}

    return happen


def still_writing(step):
    async def happen(cast, event) -> Facts:
        application, facts = await one(cast, "draft")
        call = await call_of(cast.manager, application.call.reference)
        await an_application(cast, application.call, "submitted", organisation=cast.guria_women)
        await an_application(cast, await a_call(cast), "draft", organisation=cast.guria_women)
        await step(cast, call)
        changed = await call_of(cast.manager, call.reference)
        return facts | {"deadline": deadline(changed.deadline), "reason": REASON}

    return happen


async def suspend(cast, call):
    await of_call.suspend(call, cast.manager, REASON)


async def resume(cast, call):
    await of_call.suspend(call, cast.manager, REASON)
    await of_call.resume(await call_of(cast.manager, call.reference), cast.manager)


async def extend(cast, call):
    await of_call.extend_deadline(call, cast.manager, call.deadline + timedelta(days=5), REASON)


EMAILS = [
    Told("application.handed_over", recorded(one, "awaiting_signoff", by="editor"), [
        Email("signatory", "Waiting for your signature: {title}", "number call deadline", PAGE + "/check"),
    ]),
    Told("application.submitted", submitted, [
        Email(OWN, "Received: application {number}", "title call number received asked fingerprint", PAGE + "/receipt"),
        Email("curator", "A new application: {title}", "organisation number call deadline", PAGE),
    ]),
    Told("application.taken_back", recorded(one, "draft", by="signatory"), [
        Email(OWN, "Taken back: application {number}", "title deadline", PAGE),
    ]),
    Told("application.expired", recorded(one, "expired"), [
        Email(OWN, "Not sent in time: application {number}", "call deadline", PAGE),
    ]),
    Told("application.withdrawn", recorded(one, "withdrawn", by="signatory"), [
        Email(OWN + " curator", "Withdrawn: application {number}", "organisation title call", PAGE),
    ]),
    Told("application.closed_by_cancellation", recorded(one, "closed_by_cancellation", tells=WITH_REASON), [
        Email(OWN, "The call was cancelled: application {number}", "call number reason", PAGE),
    ]),
    Told("application.clarification_asked", asked("clarification", answered=False), [
        Email(OWN, "A question about application {number}", "title due question", PAGE + "/reply"),
    ]),
    Told("application.clarified", asked("admin_check"), [
        Email("curator", "Answered: application {number}", "organisation title", PAGE),
    ]),
    Told("application.clarified", asked("admin_check", timed_out=True), [
        Email(OWN + " curator", "No answer in time: application {number}", "title", PAGE),
    ], "in no time"),
    Told("application.corrected", asked("corrected", "correction"), [
        Email("curator", "Answered: application {number}", "organisation title", PAGE),
    ]),
    Told("application.ineligibility_proposed", recorded(one, "admin_check", by="curator", tells=WITH_REASON), [
        Email("manager", "Proposed as not eligible: application {number}", "organisation reason",
              PAGE + "/ineligibility"),
    ]),
    Told("application.proposal_dropped", recorded(one, "admin_check", tells=WITH_REASON), [
        Email("curator", "The review of the application continues: {number}", "reason", PAGE),
    ]),
    Told("application.found_ineligible", recorded(one, "ineligible", tells=WITH_REASON), [
        Email(OWN, "Not eligible: application {number}", "title call reason contact", PAGE),
    ]),
    Told("application.readmitted", recorded(one, "admin_check", tells=WITH_REASON), [
        Email(OWN + " curator", "Checked again: application {number}", "title reason", PAGE),
    ]),
    Told("application.review_started", recorded(one, "in_review"), [
        Email(OWN, "Eligible: application {number}", "title", PAGE),
    ]),
    Told("call.suspended", still_writing(suspend), [
        Email(OWN, "The call is suspended: your application {number}", "call reason", PAGE),
    ]),
    Told("call.resumed", still_writing(resume), [
        Email(OWN, "The call has resumed: your application {number}", "call deadline", PAGE),
    ]),
    Told("call.deadline_extended", still_writing(extend), [
        Email(OWN, "More time for your application {number}", "call deadline reason", PAGE),
    ]),
]  # fmt: skip
