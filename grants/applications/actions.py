"""An application begins and is declared; what the clock does with drafts. Its steps are in transitions.py."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from accounts.person import SYSTEM, Person
from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import get, insert, lock, one_of, refusals, rows, transaction, update, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.applications import queries
from grants.applications.lifecycle import State, its_signatory
from grants.applications.tables import Application
from grants.applications.transitions import closing_with_call, expiry, held_call, refuse_closed
from grants.calls.actions import ON_CANCELLED
from grants.calls.tables import Call
from lifecycle.record import record

refusals(
    {
        "application_checked_by_no_competitor": N_(
            "A person connected with an applicant of this call checks none of its applications."
        ),
        "application_in_time": N_("The call is not open: its deadline has passed, or it has not opened yet."),
        "application_within_limits": N_("The amount you ask for is outside the limits of the call."),
        "application_adds_up": N_("The amount you ask for is not what the budget adds up to. Save the budget again."),
        "application_invited": N_("This call is for invited organisations only."),
        "application_signed": N_("A signatory of the organisation signs the declaration before sending."),
        "application_frozen": N_("The application has been sent; it can no longer be changed."),
        "application_part_stays": N_("A part of an application does not move to another application."),
        "application_eligible": N_("Not every eligibility criterion has passed yet."),
        "application_after_reviews": N_("There are not enough finished reviews for this decision."),
        "application_after_minutes": N_("The committee's minutes are not signed yet."),
        "application_ineligible": N_("Rejecting an application takes two people: one proposes, another confirms."),
        "application_one_live": N_("Your organisation already has an application to this call."),
        "application_dates": N_("The project cannot end before it begins."),
    }
)


async def start(call: Call, organisation_id: UUID, person: Person, language: str) -> Application:
    """The organisation's draft for this call; whoever clicks second gets the first one's."""
    if not person.edits_for(organisation_id):
        raise NotAllowed(_("You may not do this here."))
    refuse_closed(call)
    if call.invited_only and organisation_id not in call.invited_ids:
        raise Refused(_("This call is for invited organisations only."))
    if already := await _its_live_one(call, organisation_id):
        return already
    try:
        async with transaction():
            return await _begun(call, organisation_id, person, language)
    except asyncpg.UniqueViolationError:
        return await _its_live_one(call, organisation_id) or await start(call, organisation_id, person, language)


async def declare(application: Application, person: Person, declared: bool) -> None:
    """The signatory's own tick, also while the draft waits for their signature."""
    async with transaction():
        await lock(application)
        if not its_signatory(person, application):
            raise NotAllowed(_("Only a signatory of the organisation confirms the declaration."))
        if application.state not in State.in_set("unsent"):
            raise Refused(_("The application has been sent; it can no longer be changed."))
        await update(application, declared=declared)
        await record("application.edited", person, application, part="declaration", declared=declared)


async def expire_drafts() -> int:
    """Drafts of calls that have closed are kept to read, but can no longer be sent."""
    due = await rows(EXPIRED_SQL)
    for found in due:
        async with transaction():
            application = await lock(await queries.by_id(found["id"]))
            if expiry.open_to(SYSTEM, application):
                await expiry.write(SYSTEM, application)
    return len(due)


async def close_with_call(call: Call, _person: Person, reason: str) -> None:
    """A cancelled call takes with it every application that is not final; part of the cancellation itself."""
    for found in await rows(LIVE_SQL, call.id, [str(state) for state in closing_with_call.sources]):
        application = await lock(await queries.by_id(found["id"]))
        if closing_with_call.open_to(SYSTEM, application):
            await closing_with_call.write(SYSTEM, application, reason)


async def _its_live_one(call: Call, organisation_id: UUID) -> Application | None:
    return await one_of(
        Application,
        "SELECT * FROM application WHERE call_id = $1 AND organisation_id = $2"
        " AND NOT application_dropped(state)",
        call.id, organisation_id,
    )  # fmt: skip


async def _begun(call: Call, organisation_id: UUID, person: Person, language: str) -> Application:
    refuse_closed(await held_call(call.id))
    organisation = await get(Organisation, organisation_id)
    assert organisation is not None
    year = today().year
    number = await value("SELECT next_number($1)", f"application-{year}")
    place = organisation.municipality_id
    application = await insert(
        Application, number=f"A-{year}-{number:04}", call_id=call.id, organisation_id=organisation_id,
        currency=call.currency, language=language, created_by=person.id,
        municipality_id=place if place in call.municipality_ids else None,
    )  # fmt: skip
    await record("application.started", person, application, call=call.reference)
    return application


EXPIRED_SQL = """
SELECT a.id FROM application a JOIN call c ON c.id = a.call_id
WHERE application_unsent(a.state) AND call_after_deadline(c.state)
ORDER BY a.id LIMIT 500
"""
LIVE_SQL = "SELECT id FROM application WHERE call_id = $1 AND state = ANY($2::text[]) ORDER BY id"

ON_CANCELLED.append(close_with_call)
