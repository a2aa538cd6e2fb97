"""The committee's steps: minutes signed, a call decided or opened again, the reserve list moved up or ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import get, lock, rows, transaction, update
from foundation.language import N_, ngettext
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.applications.forms import Asked
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.lifecycle import its_manager, the_clock
from grants.applications.tables import Application
from grants.applications.transitions import ask_correction, recommend, reject, reserve
from grants.calls.forms import Reason
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_chair as chairs
from grants.calls.lifecycle import its_manager as manages
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.committee.actions import UNDECIDED, refuse_overspending, to_decide
from grants.reviews.committee.document import said_by
from grants.reviews.lifecycle import MinutesState, Outcome, a_chair
from grants.reviews.tables import Decision, MeetingMinutes
from lifecycle.transition import Told, Transition

Steps = AsyncIterator[Told]
of_call = partial(Transition, "call")
of_application = partial(Transition, "application")


async def lock_with_call(row: MeetingMinutes | Application, revision: int | None = None) -> None:
    await lock(await queries.call_by_id(row.call_id))
    await lock(row, revision)


# minutes -----------------------------------------------------------------------------------------------------------


@Transition(
    "meeting_minutes", "signature", "minutes.signed", {MinutesState.OPEN}, MinutesState.SIGNED, a_chair,
    lock_row=lock_with_call, writes=("body", "signed_by"), button=N_("Sign the minutes"), icon="file-pen-line",
    history=N_("Minutes signed"), done=N_("Signed. Every applicant in these minutes gets an email."),
)  # fmt: skip
async def sign(minutes: MeetingMinutes, person: Person) -> Steps:
    """Freezes the minutes with their hash, and makes every decision in them at once."""
    call = await queries.call_by_id(minutes.call_id)
    await to_decide(call, person)
    applications = await _still_undecided(minutes)
    await _rank_again(call, minutes)
    decisions = await queries.decisions_in(minutes)
    _refuse_empty(minutes, decisions)
    yield {"body": said_by(call, minutes, decisions), "signed_by": person.id}, {"decisions": len(decisions)}
    for decision in decisions:
        await _make(decision, applications[decision.application_id], person)


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


def _refuse_empty(minutes: MeetingMinutes, decisions: list[Decision]) -> None:
    if not decisions:
        raise Refused(_("These minutes decide on nothing yet."))
    if not (minutes.present or "").strip():
        raise Refused(_("Write who was present."))
    if not (minutes.text or "").strip():
        raise Refused(_("Write the text of the minutes."))
    if any(each.outcome == Outcome.RESERVE for each in decisions) and minutes.reserve_until is None:
        raise Refused(_("Say until when the reserve list holds."))


async def _make(decision: Decision, application: Application, person: Person) -> None:
    """What the minutes say about one application becomes so."""
    if decision.outcome == Outcome.CORRECTION:
        asked = Asked.model_construct(
            question=decision.correction, section_ids=decision.section_ids, due_on=decision.correct_by
        )
        await ask_correction(application, person, asked)
        return
    step = {Outcome.APPROVE: recommend, Outcome.RESERVE: reserve, Outcome.REJECT: reject}[Outcome(decision.outcome)]
    facts = {"rank": decision.rank, "amount": str(decision.amount) if decision.amount else None}
    await step.require(person, application)
    await step.write(person, application, decision.reason, payload=facts)


# the call ----------------------------------------------------------------------------------------------------------


@of_call(
    "decision", "call.decided", {CallState.EVALUATING}, CallState.DECIDED, chairs, writes=("decided_at",),
    button=N_("The call is decided"), icon="gavel", history=N_("Committee finished deciding"),
    done=N_("The call is decided."),
)  # fmt: skip
async def finish(call: Call, person: Person) -> Steps:
    """Every application is decided and the minutes are signed."""
    counts = await queries.states_in(call)
    if left := sum(counts.get(state, 0) for state in UNDECIDED):
        raise Refused(ngettext("{n} application is still undecided.", "{n} applications are still undecided.", left))
    minutes = await queries.minutes_of(call)
    if not minutes:
        raise Refused(_("There are no minutes of the committee yet."))
    if any(each.state != MinutesState.SIGNED for each in minutes):
        raise Refused(_("The minutes are not signed yet."))
    yield {"decided_at": now()}


# After an upheld complaint or a withdrawn approval the committee meets again, with new minutes.
reopen_evaluation = of_call(
    "evaluation-reopening", "call.evaluation_reopened", {CallState.DECIDED}, CallState.EVALUATING, manages,
    form=Reason, reason="reason", facts={"decided_at": None}, button=N_("Open the evaluation again"), look="2",
    hint=N_("After an upheld complaint, or when an approval was withdrawn. New minutes will be needed."),
    history=N_("Evaluation reopened"), done=N_("The evaluation is open again; new minutes will be needed."),
)  # fmt: skip


# the reserve list --------------------------------------------------------------------------------------------------


@of_application(
    "promotion", "application.moved_up", {ApplicationState.RESERVE}, ApplicationState.RECOMMENDED, its_manager,
    lock_row=lock_with_call, button=N_("Move up"), look="text", icon="arrow-up",
    history=N_("Moved up from the reserve list"), done=N_("Moved up. The director decides next."),
)  # fmt: skip
async def promote(application: Application, person: Person) -> Steps:
    """Money is free again: the best of the reserve list moves up."""
    call = await queries.call_by_id(application.call_id)
    if not manages(person, call):
        raise NotAllowed(_("You may not do this here."))
    places = await queries.ranking_of(call, SYSTEM)
    waiting = [each for each in places if each.application.state == ApplicationState.RESERVE]
    place = next(each for each in waiting if each.application.id == application.id)
    if any((each.average or 0) > (place.average or 0) for each in waiting):
        raise Refused(_("Another application on the reserve list has a higher score; it moves up first."))
    await refuse_overspending(call, places, place, place.decision.amount)
    yield {}, {"rank": place.rank}


release_reserve = of_application(
    "", "application.reserve_released", {ApplicationState.RESERVE}, ApplicationState.REJECTED, the_clock,
    history=N_("The reserve list ended"),
)  # fmt: skip


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


async def _held(application_id: UUID) -> Application:
    application = await get(Application, application_id)
    assert application is not None
    return await lock(application)


EXPIRED_SQL = """
SELECT a.id FROM application a WHERE application_is_reserve(a.state) AND (
  SELECT m.reserve_until FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
  WHERE d.application_id = a.id AND meeting_minutes_is_signed(m.state) ORDER BY m.number DESC LIMIT 1) < $1
ORDER BY a.id LIMIT 500
"""
