"""What the committee writes: minutes, and the decisions in them. They take effect when the minutes are signed
(transitions.py), so that nothing an applicant sees is ever only half decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.person import SYSTEM, Person
from foundation.clock import today
from foundation.database import delete, insert, lock, transaction, update, value
from foundation.language import gettext as _
from foundation.money import money
from foundation.refused import NotAllowed, Refused
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.lifecycle import the_chair
from grants.applications.tables import Application
from grants.applications.transitions import refuse_unknown_sections
from grants.calls.actions import UNFINISHED
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_chair as chairs
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.forms import Decided, Minutes
from grants.reviews.forms import decided as decided_in
from grants.reviews.lifecycle import FUNDED, MinutesState, Outcome
from grants.reviews.ranking import Place, skips_a_rank
from grants.reviews.tables import Decision, MeetingMinutes
from lifecycle.record import record

# What still needs the committee, or somebody before it.
UNDECIDED = ApplicationState.in_set("undecided")
# Awards tell how much of what was approved came back: declined offers, agreements withdrawn.
FREED: list[Any] = []


# minutes -----------------------------------------------------------------------------------------------------------


async def open_minutes(call: Call, person: Person) -> MeetingMinutes:
    """One meeting at a time."""
    async with transaction():
        await to_decide(call, person)
        return await _open_minutes(call, person)


async def change_minutes(call: Call, minutes: MeetingMinutes, person: Person, given: Minutes) -> None:
    async with transaction():
        await to_decide(call, person)
        await lock(minutes, given.revision)
        _refuse_signed(minutes)
        given = given.over(minutes)
        await update(minutes, **given.model_dump())
        await record("minutes.changed", person, minutes, held_on=given.held_on)


# decisions ---------------------------------------------------------------------------------------------------------


async def decide(call: Call, application: Application, person: Person, given: Decided) -> Decision:
    """Written into the open minutes, where it may still be changed until they are signed."""
    async with transaction():
        await to_decide(call, person)
        await lock(application)
        _refuse_undecidable(application, person)
        given = given.over(decided_in(await _written_on(call, application)))
        if application.state == ApplicationState.CORRECTED and given.outcome not in (Outcome.APPROVE, Outcome.REJECT):
            raise Refused(_("A corrected application is approved or rejected."))
        places = await queries.ranking_of(call, SYSTEM)
        place = next(each for each in places if each.application.id == application.id)
        _refuse_amount(call, application, given)
        await refuse_unknown_sections(application, given.section_ids)
        if given.funded:
            await refuse_overspending(call, places, place, given.amount or Decimal(0))
        if skips_a_rank(place, given.outcome, places) and len(given.exception_note) < 3:
            raise Refused(_("A rank is skipped by this decision. Write the exception note that says why."))
        minutes = await queries.open_minutes(call) or await _open_minutes(call, person)
        decision = await _write(minutes, application, person, given, place)
        await record(
            "decision.made",
            person,
            minutes,
            application=application.number,
            outcome=str(given.outcome),
            amount=str(given.amount) if given.amount else None,
            rank=place.rank,
        )
        return decision


async def undo(call: Call, application: Application, person: Person) -> None:
    async with transaction():
        await to_decide(call, person)
        minutes = await queries.open_minutes(call)
        own = await _written_on(call, application)
        if own is None or minutes is None:
            raise Refused(_("The open minutes do not decide on this application."))
        await delete(own)
        await record("decision.removed", person, minutes, application=application.number)


async def _written_on(call: Call, application: Application) -> Decision | None:
    """What the open minutes say of it so far."""
    minutes = await queries.open_minutes(call)
    decisions = await queries.decisions_in(minutes) if minutes else []
    return next((each for each in decisions if each.application_id == application.id), None)


async def anything_open(call: Call) -> bool:
    """A decided call is not finished while an application still waits for the director, or on the reserve list."""
    counts = await queries.states_in(call)
    return bool(counts.get(ApplicationState.RECOMMENDED) or counts.get(ApplicationState.RESERVE))


UNFINISHED.append(anything_open)


# -------------------------------------------------------------------------------------------------------------------


async def to_decide(call: Call, person: Person) -> None:
    await lock(call)
    if not chairs(person, call):
        raise NotAllowed(_("The committee's chair does this, who neither wrote nor approved the call."))
    if call.state != CallState.EVALUATING:
        raise Refused(_("The committee decides while the call is being evaluated."))


async def _open_minutes(call: Call, person: Person) -> MeetingMinutes:
    if await queries.open_minutes(call):
        raise Refused(_("There are open minutes already; sign them first."))
    number = await value("SELECT coalesce(max(number), 0) + 1 FROM meeting_minutes WHERE call_id = $1", call.id)
    made = await insert(MeetingMinutes, call_id=call.id, number=number, held_on=today(), opened_by=person.id)
    await record("minutes.opened", person, made, number=number)
    return made


async def _write(
    minutes: MeetingMinutes, application: Application, person: Person, given: Decided, place: Place
) -> Decision:
    for earlier in await queries.decisions_in(minutes):
        if earlier.application_id == application.id:
            await delete(earlier)
    return await insert(
        Decision,
        minutes_id=minutes.id,
        call_id=application.call_id,
        application_id=application.id,
        outcome=str(given.outcome),
        rank=place.rank,
        amount=given.amount,
        reason=given.reason,
        exception_note=given.exception_note or None,
        correction=given.correction or None,
        section_ids=given.section_ids,
        correct_by=given.correct_by,
        decided_by=person.id,
    )


def _refuse_signed(minutes: MeetingMinutes) -> None:
    if minutes.state == MinutesState.SIGNED:
        raise Refused(_("Signed minutes cannot be changed."))


def _refuse_undecidable(application: Application, person: Person) -> None:
    if not the_chair(person, application):
        raise NotAllowed(_("You may not do this here."))
    if application.state not in ApplicationState.in_set("for_committee"):
        raise Refused(_("The committee decides on applications whose reviews are all locked."))


def _refuse_amount(call: Call, application: Application, given: Decided) -> None:
    if given.amount is None:
        return
    if given.amount > application.requested:
        asked = money(application.requested, call.currency)
        raise Refused(_("The organisation asked for {asked}; more cannot be given.", asked=asked))
    if not call.min_award <= given.amount <= call.max_award:
        raise Refused(
            _(
                "Grants of this call are {least} to {most}.",
                least=money(call.min_award, call.currency),
                most=money(call.max_award, call.currency),
            )
        )


async def refuse_overspending(call: Call, places: list[Place], place: Place, amount: Decimal) -> None:
    """Everything the committee gives, or has promised after a correction, fits into the envelope."""
    given = sum((each.decision.amount for each in places if each is not place and _is_funded(each)), Decimal(0))
    freed = sum([await ask(call) for ask in FREED], Decimal(0))
    left = call.envelope - given + freed
    if amount > left:
        raise Refused(_("Only {left} of the envelope is left.", left=money(max(left, Decimal(0)), call.currency)))


def _is_funded(place: Place) -> bool:
    """By what it has come to, where it was decided; by the decision, where that is not signed yet."""
    state = place.application.state
    if state in (ApplicationState.RECOMMENDED, ApplicationState.APPROVED):
        return place.decision is not None
    if state in (ApplicationState.REJECTED, ApplicationState.RESERVE):
        return False
    return place.outcome in FUNDED
