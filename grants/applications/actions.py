"""What an organisation does with its application, and what the clock does: begin, write, sign, send, take back."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from accounts.person import SYSTEM, Person
from accounts.tables import Organisation
from foundation.clock import now, today
from foundation.database import get, insert, lock, one_of, refusals, rows, transaction, update, value
from foundation.language import N_, moment
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.applications import budget, declaration, progress, queries
from grants.applications.content import gather
from grants.applications.lifecycle import (
    CLOSE_WITH_CALL,
    EXPIRE,
    HAND_BACK,
    HAND_OVER,
    SUBMIT,
    TAKE_BACK,
    UNSENT,
    WITHDRAW,
    its_signatory,
)
from grants.applications.tables import Application
from grants.calls.actions import ON_CANCELLED
from grants.calls.lifecycle import State as CallState
from grants.calls.queries import COLUMNS as CALL_COLUMNS
from grants.calls.tables import Call
from lifecycle.record import record

refusals(
    {
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
        "application_ineligible": N_("Turning an application away takes two people: one proposes, another confirms."),
        "application_one_live": N_("Your organisation already has an application to this call."),
        "application_dates": N_("The project cannot end before it begins."),
    }
)


class Unfinished(Refused):
    """Something is missing; `parts` says what, and where."""

    status = 422

    def __init__(self, parts: list[progress.Part]):
        super().__init__(_("The application is not complete yet. Look at what is missing."))
        self.parts = parts


async def start(call: Call, organisation_id: UUID, person: Person, language: str) -> Application:
    """The organisation's draft for this call; whoever clicks second gets the first one's."""
    if not person.edits_for(organisation_id):
        raise NotAllowed(_("You may not do this here."))
    _refuse_closed(call)
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
        if application.state not in UNSENT:
            raise Refused(_("The application has been sent; it can no longer be changed."))
        await update(application, declared=declared)
        await record("application.edited", person, application, part="declaration", declared=declared)


async def hand_over(application: Application, person: Person) -> None:
    """The editor has finished: the draft waits for the signatory. All but the declaration must be there."""
    async with transaction():
        call = await _held_call(application.call_id)
        await lock(application)
        HAND_OVER.require(person, application)
        _refuse_closed(call)
        parts = progress.parts_of(application, call, await gather(application))
        _refuse_unfinished([part for part in parts if part.key != "declaration"])
        await HAND_OVER.make(person, application)


async def hand_back(application: Application, person: Person) -> None:
    async with transaction():
        await lock(application)
        await HAND_BACK.make(person, application, declared=False)


async def submit(application: Application, person: Person) -> None:
    """Hand in the finished application before its call closes; what it says is frozen and hashed. The time is the
    database's, and so is the last word on the deadline."""
    async with transaction():
        call = await _held_call(application.call_id)
        await lock(application)
        SUBMIT.require(person, application)
        _refuse_closed(call)
        content = await gather(application)
        _refuse_unfinished(progress.parts_of(application, call, content))
        _rows, lines, _errors = progress.budget_of(application, content)
        requested, own = budget.requested(lines), budget.own_contribution(lines)
        body = {
            **content,
            "requested": str(requested),
            "own_contribution": str(own),
            "declaration": declaration.signed_by(person),
        }
        await SUBMIT.make(
            person, application, payload=_its_hash, submitted_by=person.id, body=body, requested=requested,
            own_contribution=own, typed={},
        )  # fmt: skip


async def take_back(application: Application, person: Person) -> None:
    """Before the deadline a submission may become a draft again; it must be declared and sent anew."""
    async with transaction():
        call = await _held_call(application.call_id)
        await lock(application)
        TAKE_BACK.require(person, application)
        _refuse_closed(call)
        await TAKE_BACK.make(person, application, payload=_its_hash(application), declared=False)


async def withdraw(application: Application, person: Person, reason: str | None = None) -> None:
    async with transaction():
        await lock(application)
        await WITHDRAW.make(person, application, reason)


async def expire_drafts() -> int:
    """Drafts of calls that have closed are kept to read, but can no longer be sent."""
    due = await rows(EXPIRED_SQL)
    for found in due:
        async with transaction():
            application = await lock(await queries.by_id(found["id"]))
            if EXPIRE.open_to(SYSTEM, application):
                await EXPIRE.make(SYSTEM, application)
    return len(due)


async def close_with_call(call: Call, _person: Person, reason: str) -> None:
    """A cancelled call takes with it every application that is not final; part of the cancellation itself."""
    for found in await rows(LIVE_SQL, call.id, [str(state) for state in CLOSE_WITH_CALL.sources]):
        application = await lock(await queries.by_id(found["id"]))
        if CLOSE_WITH_CALL.open_to(SYSTEM, application):
            await CLOSE_WITH_CALL.make(SYSTEM, application, reason)


def _refuse_closed(call: Call) -> None:
    """A sentence for people; the database refuses by its own clock."""
    if call.state != CallState.OPEN or now() >= call.deadline:
        if now() >= call.deadline and call.state != CallState.SUSPENDED:
            raise Refused(_("The deadline of this call was {when}; it has passed.", when=moment(call.deadline)))
        if call.state == CallState.SUSPENDED:
            raise Refused(_("This call is suspended for now. Your draft is kept; send it when the call goes on."))
        raise Refused(_("This call is not open."))


def _refuse_unfinished(parts: list[progress.Part]) -> None:
    if lacking := progress.unfinished(parts):
        raise Unfinished(lacking)


async def _held_call(call_id: UUID) -> Call:
    """Nobody closes or extends the call meanwhile. The call first, then the application: as cancelling does."""
    sql = f"SELECT {CALL_COLUMNS} FROM call c WHERE c.id = $1 FOR SHARE OF c"
    call = await one_of(Call, sql, call_id)
    assert call is not None
    return call


async def _its_live_one(call: Call, organisation_id: UUID) -> Application | None:
    return await one_of(
        Application,
        "SELECT * FROM application WHERE call_id = $1 AND organisation_id = $2"
        " AND state NOT IN ('withdrawn', 'expired', 'closed_by_cancellation')",
        call.id, organisation_id,
    )  # fmt: skip


async def _begun(call: Call, organisation_id: UUID, person: Person, language: str) -> Application:
    _refuse_closed(await _held_call(call.id))
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


def _its_hash(application: Application) -> dict[str, str]:
    """As the database made it, over jsonb's own normal form."""
    return {"sha256": application.body_sha256.hex()}


EXPIRED_SQL = """
SELECT a.id FROM application a JOIN call c ON c.id = a.call_id
WHERE a.state IN ('draft', 'awaiting_signoff') AND c.state IN ('closed', 'evaluating', 'decided', 'completed')
ORDER BY a.id LIMIT 500
"""
LIVE_SQL = "SELECT id FROM application WHERE call_id = $1 AND state = ANY($2::text[]) ORDER BY id"

ON_CANCELLED.append(close_with_call)
