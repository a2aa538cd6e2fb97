"""Letters that follow what happens to an application, and what the clock does."""

from __future__ import annotations

from typing import Any

from accounts import letters
from accounts.person import Role
from accounts.queries import Recipient, curators_of, holders_of, recipients, signatories_of, workers_of
from accounts.tables import Organisation
from foundation.database import get, rows
from foundation.language import N_, day, in_tbilisi, moment, pick_text
from foundation.money import money
from grants.applications import actions, queries
from grants.applications.checking import actions as checking
from grants.applications.tables import Application
from grants.calls.tables import Call
from lifecycle.record import Event


async def clock() -> None:
    await actions.expire_drafts()
    await checking.time_out()


async def ask_the_signatory(event: Event) -> None:
    application = await _application(event)
    await _write(
        await signatories_of(application.organisation_id), event, application,
        N_("Waiting for your signature: {title}"),
        N_(
            "The application {number} to the call “{call}” is ready and waits for you. Check it and send it before"
            " {deadline}.\n\n{link}"
        ),
        path="/check",
    )  # fmt: skip


async def confirm_receipt(event: Event) -> None:
    """The receipt to everybody who works on it; the curators learn that something came."""
    application = await _application(event)
    fingerprint = application.body_sha256.hex() if application.body_sha256 else event.payload.get("sha256", "")
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("Received: application {number}"),
        N_(
            "Your application “{title}” to the call “{call}” has been received.\n\nNumber: {number}\n"
            "Received: {received}\nAsked: {asked}\nFingerprint (SHA-256): {fingerprint}\n\nThe receipt as PDF: {link}"
        ),
        path="/receipt", fingerprint=fingerprint, received=lambda: moment(event.at),
        asked=lambda: money(application.requested, application.currency),
    )  # fmt: skip
    await _write(
        await _curators(application), event, application,
        N_("A new application: {title}"),
        N_("{organisation} has sent the application {number} to the call “{call}”. The check begins after {deadline}."
           "\n\n{link}"),
        key="curators",
    )  # fmt: skip


async def tell_it_was_taken_back(event: Event) -> None:
    application = await _application(event)
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("Taken back: application {number}"),
        N_("The application “{title}” is a draft again. It counts only if submitted again before {deadline}."
           "\n\n{link}"),
    )  # fmt: skip


async def tell_it_was_not_sent(event: Event) -> None:
    application = await _application(event)
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("Not sent in time: application {number}"),
        N_("The call “{call}” closed on {deadline} before this application was sent. What you wrote is kept to read and"
           " copy.\n\n{link}"),
    )  # fmt: skip


async def tell_it_was_withdrawn(event: Event) -> None:
    application = await _application(event)
    people = [*await workers_of(application.organisation_id), *await _curators(application)]
    await _write(
        people, event, application,
        N_("Withdrawn: application {number}"),
        N_("{organisation} has withdrawn the application “{title}” from the call “{call}”.\n\n{link}"),
    )  # fmt: skip


async def tell_the_call_was_cancelled(event: Event) -> None:
    application = await _application(event)
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("The call was cancelled: application {number}"),
        N_("The call “{call}” was cancelled, and the application {number} is closed with it.\n\n{reason}\n\n{link}"),
        reason=event.reason,
    )  # fmt: skip


async def pass_on_the_question(event: Event) -> None:
    application = await _application(event)
    asked = await queries.open_question(application)
    if asked is None:  # answered before this letter went out
        return
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("A question about application {number}"),
        N_("There is a question about your application “{title}”. Answer by {due} on the page below; after that the"
           " review of the application continues without an answer.\n\n{question}\n\n{link}"),
        path="/reply", question=asked.question, due=lambda: day(asked.due_on),
    )  # fmt: skip


async def pass_on_the_answer(event: Event) -> None:
    application = await _application(event)
    asked = (await queries.clarifications_of(application))[-1:]
    people = await recipients(*(each.asked_by for each in asked))
    if event.payload.get("timed_out"):
        await _write(
            [*people, *await workers_of(application.organisation_id)], event, application,
            N_("No answer in time: application {number}"),
            N_("The day for an answer about “{title}” has passed. The review of the application continues without one."
               "\n\n{link}"),
        )  # fmt: skip
        return
    await _write(
        people, event, application,
        N_("Answered: application {number}"),
        N_("{organisation} has answered the question about “{title}”.\n\n{link}"),
    )  # fmt: skip


async def ask_a_manager(event: Event) -> None:
    application = await _application(event)
    people = [each for each in await holders_of(Role.MANAGER) if each.id != application.ineligible_proposed_by]
    await _write(
        people, event, application,
        N_("Proposed as not eligible: application {number}"),
        N_("The curator proposes to reject the application of {organisation} as not eligible. The reason:"
           "\n\n{reason}\n\n{link}"),
        path="/ineligibility", reason=event.reason,
    )  # fmt: skip


async def tell_the_curators(event: Event) -> None:
    application = await _application(event)
    await _write(
        await _curators(application), event, application,
        N_("The review of the application continues: {number}"),
        N_("The proposal “not eligible” was not confirmed, with this reason:\n\n{reason}\n\n{link}"),
        reason=event.reason,
    )  # fmt: skip


async def tell_it_is_not_eligible(event: Event) -> None:
    application = await _application(event)
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("Not eligible: application {number}"),
        N_("Your application “{title}” to the call “{call}” does not meet a condition of the call:\n\n{reason}\n\n"
           "If you disagree, you can complain to the programme. Write to: {contact}\n\n{link}"),
        reason=event.reason, contact=await letters.where_to_write(),
    )  # fmt: skip


async def tell_it_is_checked_again(event: Event) -> None:
    application = await _application(event)
    people = [*await workers_of(application.organisation_id), *await _curators(application)]
    await _write(
        people, event, application,
        N_("Checked again: application {number}"),
        N_("A complaint was upheld, and the application “{title}” is checked again:\n\n{reason}\n\n{link}"),
        reason=event.reason,
    )  # fmt: skip


async def tell_it_is_eligible(event: Event) -> None:
    application = await _application(event)
    await _write(
        await workers_of(application.organisation_id), event, application,
        N_("Eligible: application {number}"),
        N_("Your application “{title}” meets the conditions of the call. Independent reviewers read it now.\n\n{link}"),
    )  # fmt: skip


async def tell_that_it_stands_still(event: Event) -> None:
    await _tell_writers(
        event,
        N_("The call is suspended: your application {number}"),
        N_(
            "The call “{call}” is suspended for now, with this reason:\n\n{reason}\n\nYour draft is kept. Nothing can"
            " be submitted until the call resumes; the time it was suspended is then added to the deadline.\n\n{link}"
        ),
    )


async def tell_that_it_goes_on(event: Event) -> None:
    await _tell_writers(
        event,
        N_("The call has resumed: your application {number}"),
        N_("The call “{call}” has resumed. Its new deadline is {deadline}.\n\n{link}"),
    )


async def tell_whoever_is_still_writing(event: Event) -> None:
    await _tell_writers(
        event,
        N_("More time for your application {number}"),
        N_("The deadline of the call “{call}” was extended to {deadline}, with this reason:\n\n{reason}\n\n{link}"),
    )


async def _tell_writers(event: Event, subject: str, body: str) -> None:
    """Everybody whose draft to the call is not sent yet."""
    for found in await rows(
        "SELECT id FROM application WHERE call_id = $1 AND application_unsent(state) ORDER BY id",
        event.object_id,
    ):
        application = await get(Application, found["id"])
        assert application is not None
        people = await workers_of(application.organisation_id)
        await _write(people, event, application, subject, body, reason=event.reason)


async def _application(event: Event) -> Application:
    assert event.object_id is not None
    return await queries.by_id(event.object_id)


async def _curators(application: Application) -> list[Recipient]:
    return await curators_of(application.municipality_id) if application.municipality_id else []


async def _write(
    people: list[Recipient], event: Event, application: Application, subject: str, body: str, /, *,
    path: str = "", key: str = "", **values: Any,
) -> None:  # fmt: skip
    call, organisation = await get(Call, application.call_id), await get(Organisation, application.organisation_id)
    assert call is not None
    assert organisation is not None
    titled = application if application.title_ka or application.title_en else call
    await letters.write(
        people, f"{event.seq}{key}", subject, body, link=f"/applications/{application.number}{path}",
        number=application.number, title=lambda: pick_text(titled, "title"), call=lambda: pick_text(call, "title"),
        organisation=lambda: pick_text(organisation, "name"), deadline=lambda: in_tbilisi(call.deadline), **values,
    )  # fmt: skip
