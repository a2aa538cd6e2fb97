"""What the committee does: decide in open minutes, sign them, finish the call. Decisions take effect when the minutes
are signed, so that nothing an applicant sees is ever only half decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import delete, get, insert, lock, rows, transaction, update, value
from foundation.language import gettext as _
from foundation.language import ngettext
from foundation.money import money
from foundation.refused import NotAllowed, Refused
from grants.applications.checking.actions import put_question
from grants.applications.forms import Asked
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.lifecycle import the_chair
from grants.applications.tables import Application
from grants.applications.transitions import (
    ask_correction,
    move_up,
    recommend,
    reject,
    release_reserve,
    reserve,
)
from grants.calls.actions import UNFINISHED
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_chair as chairs
from grants.calls.lifecycle import its_manager as manages
from grants.calls.tables import Call
from grants.calls.transitions import decided
from grants.reviews import queries
from grants.reviews.forms import Decided, Minutes
from grants.reviews.lifecycle import FUNDED, MinutesState, Outcome
from grants.reviews.ranking import Place, skips_a_rank
from grants.reviews.tables import Decision, MeetingMinutes
from grants.reviews.transitions import signed
from lifecycle.record import record

# What still needs the committee, or somebody before it.
UNDECIDED = ApplicationState.in_set("undecided")
# Awards tell how much of what was approved came back: declined offers, agreements withdrawn.
FREED: list[Any] = []


# minutes -----------------------------------------------------------------------------------------------------------


async def open_minutes(call: Call, person: Person) -> MeetingMinutes:
    """One meeting at a time."""
    async with transaction():
        await _to_decide(call, person)
        return await _open_minutes(call, person)


async def change_minutes(call: Call, minutes: MeetingMinutes, person: Person, given: Minutes) -> None:
    async with transaction():
        await _to_decide(call, person)
        await lock(minutes, given.revision)
        _refuse_signed(minutes)
        given = given.over(minutes)
        await update(minutes, **given.model_dump())
        await record("minutes.changed", person, minutes, held_on=given.held_on)


async def sign(call: Call, minutes: MeetingMinutes, person: Person) -> None:
    """Freezes the minutes with their hash, and makes every decision in them at once."""
    async with transaction():
        await _to_decide(call, person)
        await lock(minutes)
        await signed.require(person, minutes)
        applications = await _still_undecided(minutes)
        await _rank_again(call, minutes)
        decisions = await queries.decisions_in(minutes)
        _refuse_empty(minutes, decisions)
        body = said_by(call, minutes, decisions)
        await signed.write(person, minutes, payload={"decisions": len(decisions)}, body=body, signed_by=person.id)
        for decision in decisions:
            await _make(decision, applications[decision.application_id], person)


# decisions ---------------------------------------------------------------------------------------------------------


async def decide(call: Call, application: Application, person: Person, given: Decided) -> Decision:
    """Written into the open minutes, where it may still be changed until they are signed."""
    async with transaction():
        await _to_decide(call, person)
        await lock(application)
        _refuse_undecidable(application, person)
        if application.state == ApplicationState.CORRECTED and given.outcome not in (Outcome.APPROVE, Outcome.REJECT):
            raise Refused(_("A corrected application is approved or rejected."))
        places = await queries.ranking_of(call, SYSTEM)
        place = next(each for each in places if each.application.id == application.id)
        _refuse_amount(call, application, given)
        if given.funded:
            await _refuse_overspending(call, places, place, given.amount or Decimal(0))
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
        await _to_decide(call, person)
        minutes = await queries.open_minutes(call)
        decisions = await queries.decisions_in(minutes) if minutes else []
        own = [each for each in decisions if each.application_id == application.id]
        if not own or minutes is None:
            raise Refused(_("The open minutes do not decide on this application."))
        await delete(own[0])
        await record("decision.removed", person, minutes, application=application.number)


async def finish(call: Call, person: Person) -> None:
    """Every application is decided and the minutes are signed."""
    async with transaction():
        await lock(call)
        await decided.require(person, call)
        counts = await queries.states_in(call)
        left = sum(counts.get(state, 0) for state in UNDECIDED)
        if left:
            raise Refused(
                ngettext("{n} application is still undecided.", "{n} applications are still undecided.", left)
            )
        minutes = await queries.minutes_of(call)
        if not minutes:
            raise Refused(_("There are no minutes of the committee yet."))
        if any(each.state != MinutesState.SIGNED for each in minutes):
            raise Refused(_("The minutes are not signed yet."))
        await decided.write(person, call, decided_at=now())


# the reserve list --------------------------------------------------------------------------------------------------


async def promote(call: Call, application: Application, person: Person) -> None:
    """Money is free again: the best of the reserve list moves up."""
    async with transaction():
        await lock(call)
        await lock(application)
        await move_up.require(person, application)
        if not manages(person, call):
            raise NotAllowed(_("You may not do this here."))
        places = await queries.ranking_of(call, SYSTEM)
        waiting = [each for each in places if each.application.state == ApplicationState.RESERVE]
        place = next(each for each in waiting if each.application.id == application.id)
        if any((each.average or 0) > (place.average or 0) for each in waiting):
            raise Refused(_("Another application on the reserve list has a higher score; it moves up first."))
        await _refuse_overspending(call, places, place, place.decision.amount)
        await move_up.write(person, application, payload={"rank": place.rank})


async def release_reserves() -> int:
    """The reserve list held until a day that has passed."""
    done = 0
    for found in await rows(EXPIRED_SQL, today()):
        async with transaction():
            application = await _held(found["id"])
            if release_reserve.open_to(SYSTEM, application):
                await release_reserve.write(SYSTEM, application)
                done += 1
    return done


async def anything_open(call: Call) -> bool:
    """A decided call is not finished while an application still waits for the director, or on the reserve list."""
    counts = await queries.states_in(call)
    return bool(counts.get(ApplicationState.RECOMMENDED) or counts.get(ApplicationState.RESERVE))


UNFINISHED.append(anything_open)


# -------------------------------------------------------------------------------------------------------------------


async def _to_decide(call: Call, person: Person) -> None:
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


async def _held(application_id: UUID) -> Any:
    application = await get(Application, application_id)
    assert application is not None
    return await lock(application)


async def _rank_again(call: Call, minutes: MeetingMinutes) -> None:
    """Reviews may have come in since a decision was written."""
    ranks = {place.application.id: place.rank for place in await queries.ranking_of(call, SYSTEM)}
    for decision in await queries.decisions_in(minutes):
        if decision.rank != ranks.get(decision.application_id):
            await update(decision, rank=ranks.get(decision.application_id))


async def _still_undecided(minutes: MeetingMinutes) -> dict[UUID, Application]:
    """The applications these minutes decide on, held until the end; none has gone its own way meanwhile."""
    held = {}
    for decision in await queries.decisions_in(minutes):
        application = await _held(decision.application_id)
        if application.state not in ApplicationState.in_set("for_committee"):
            sentence = _(
                "Application {number} has changed since the decision. Take its decision out, then sign again.",
                number=application.number,
            )
            raise Refused(sentence)
        held[application.id] = application
    return held


async def _make(decision: Decision, application: Application, person: Person) -> None:
    """What the minutes say about one application becomes so."""
    if decision.outcome == Outcome.CORRECTION:
        asked = Asked.model_construct(
            question=decision.correction, section_ids=decision.section_ids, due_on=decision.correct_by
        )
        await ask_correction.require(person, application)
        await put_question(application, person, ask_correction, "correction", asked)
        return
    step = {Outcome.APPROVE: recommend, Outcome.RESERVE: reserve, Outcome.REJECT: reject}[Outcome(decision.outcome)]
    facts = {"rank": decision.rank, "amount": str(decision.amount) if decision.amount else None}
    await step.require(person, application)
    await step.write(person, application, decision.reason, payload=facts)


def said_by(call: Call, minutes: MeetingMinutes, decisions: list[Any]) -> dict[str, object]:
    """What the signature stands under."""
    return {
        "version": 1,
        "call": {"reference": call.reference, "title_ka": call.title_ka, "title_en": call.title_en},
        "currency": call.currency,
        "envelope": str(call.envelope),
        "number": minutes.number,
        "held_on": minutes.held_on.isoformat(),
        "present": minutes.present,
        "text": minutes.text,
        "reserve_until": minutes.reserve_until.isoformat() if minutes.reserve_until else None,
        "decisions": [
            {
                "application": each.number,
                "organisation_ka": each.organisation_name_ka,
                "organisation_en": each.organisation_name_en,
                "title_ka": each.title_ka,
                "title_en": each.title_en,
                "rank": each.rank,
                "average": str(each.average) if each.average is not None else None,
                "totals": [str(total) for total in each.totals],
                "requested": str(each.requested),
                "outcome": each.outcome,
                "amount": str(each.amount) if each.amount else None,
                "reason": each.reason,
                "exception_note": each.exception_note,
                "correction": each.correction,
                "correct_by": each.correct_by.isoformat() if each.correct_by else None,
            }
            for each in decisions
        ],
    }


def _refuse_signed(minutes: MeetingMinutes) -> None:
    if minutes.state == MinutesState.SIGNED:
        raise Refused(_("Signed minutes cannot be changed."))


def _refuse_empty(minutes: MeetingMinutes, decisions: list[Any]) -> None:
    if not decisions:
        raise Refused(_("These minutes decide on nothing yet."))
    if not (minutes.present or "").strip():
        raise Refused(_("Write who was present."))
    if not (minutes.text or "").strip():
        raise Refused(_("Write the text of the minutes."))
    if any(each.outcome == Outcome.RESERVE for each in decisions) and minutes.reserve_until is None:
        raise Refused(_("Say until when the reserve list holds."))


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


async def _refuse_overspending(call: Call, places: list[Place], place: Place, amount: Decimal) -> None:
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


EXPIRED_SQL = """
SELECT a.id FROM application a WHERE application_is_reserve(a.state) AND (
  SELECT m.reserve_until FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
  WHERE d.application_id = a.id AND meeting_minutes_is_signed(m.state) ORDER BY m.number DESC LIMIT 1) < $1
ORDER BY a.id LIMIT 500
"""
