"""Every step of a call: approved by a second person, opened and closed by the clock, suspended, cancelled, decided."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person, Role
from accounts.queries import Recipient, holders_of
from foundation.clock import now
from foundation.database import execute, get, lock, rows, transaction, value
from foundation.language import N_, moment
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.calls import actions, queries
from grants.calls.checklist import Gap, gaps_of, how_many
from grants.calls.forms import Extension, Reason
from grants.calls.lifecycle import State, its_curator, its_director, its_manager, may_hand_over, the_clock, writer_of
from grants.calls.tables import Call
from lifecycle.owned import handed_over
from lifecycle.transition import Told, Transition

Steps = AsyncIterator[Told]
step = partial(Transition, "call")
with_reason = partial(step, form=Reason, reason="reason", look="2")


class Incomplete(Refused):
    """The call cannot be handed on; `gaps` says all that is missing."""

    def __init__(self, gaps: list[Gap]):
        super().__init__(how_many(gaps))
        self.gaps = gaps


def after_deadline(person: Person, call: Call) -> str | None:
    return _("The deadline has passed; the call can no longer be suspended.") if now() >= call.deadline else None


# two people let it out ---------------------------------------------------------------------------------------------


async def whole(call: Call, person: Person, fact: str) -> Steps:
    if gaps := gaps_of(await queries.whole(call)):
        raise Incomplete(gaps)
    yield {fact: person.id}


@step(
    "approval-request", "call.sent_for_approval", {State.DRAFT}, State.IN_APPROVAL, its_curator,
    writes=("submitted_by",), button=N_("Send for approval"), icon="send",
    history=N_("Call sent for approval"), done=N_("The call was sent to the programme manager for approval."),
)  # fmt: skip
def send_for_approval(call: Call, person: Person) -> Steps:
    return whole(call, person, "submitted_by")


send_back = with_reason(
    "return", "call.returned", {State.IN_APPROVAL}, State.DRAFT, its_manager,
    button=N_("Send back"), title=N_("Send back to the author"), icon="undo-2",
    labels={"reason": N_("What should be changed?")},
    history=N_("Call returned to its author"), done=N_("The call went back to its author."),
)  # fmt: skip


async def lock_with_programme(call: Call, revision: int | None = None) -> None:
    """All calls of a programme draw on one budget: whoever approves looks at it alone."""
    await execute("SELECT 1 FROM programme WHERE id = $1 FOR NO KEY UPDATE", call.programme_id)
    await lock(call, revision)


@step(
    "approval", "call.scheduled", {State.IN_APPROVAL}, State.SCHEDULED, its_manager, lock_row=lock_with_programme,
    writes=("approved_by",), button=N_("Approve the call"), icon="check",
    history=N_("Call approved and scheduled"), done=N_("Approved. The call opens automatically at its opening time."),
)  # fmt: skip
def schedule(call: Call, person: Person) -> Steps:
    """The second person's yes; the clock opens the call at its opening time."""
    return whole(call, person, "approved_by")


# while it runs -----------------------------------------------------------------------------------------------------


@with_reason(
    "deadline", "call.deadline_extended", {State.OPEN}, None, its_manager, form=Extension, writes=("deadline",),
    button=N_("Extend the deadline"), icon="clock",
    history=N_("Deadline extended"), done=N_("The deadline was extended."),
)  # fmt: skip
async def extend_deadline(call: Call, person: Person, deadline: datetime, reason: str) -> Steps:
    """A corrigendum: only later, only while the call is open; the event keeps both dates and the reason."""
    if now() >= call.deadline:
        raise Refused(_("The deadline has passed; it can no longer be extended."))
    before = call.deadline
    if deadline <= before:
        raise Refused(_("The new deadline must be after the present one, {moment}.", moment=moment(before)))
    yield {"deadline": deadline}, {"before": before, "after": deadline}


@with_reason(
    "suspension", "call.suspended", {State.OPEN}, State.SUSPENDED, its_manager, obstacle=after_deadline,
    writes=("suspended_at", "suspend_reason"), button=N_("Suspend this call"), icon="ban",
    hint=N_(
        "No one can submit an application until you resume the call. Everyone can read the reason; those who are"
        " writing get an email."
    ),
    history=N_("Call suspended"), done=N_("The call is suspended."),
)  # fmt: skip
async def suspend(call: Call, person: Person, reason: str) -> Steps:
    """Nobody can send anything while it stands still; the database keeps since when."""
    yield {"suspended_at": now(), "suspend_reason": reason}


@step(
    "resumption", "call.resumed", {State.SUSPENDED}, State.OPEN, its_manager,
    button=N_("Resume the call"), icon="arrow-right",
    history=N_("Call open again"), done=N_("The call has resumed; its deadline is later now."),
)  # fmt: skip
async def resume(call: Call, person: Person) -> Steps:
    """The time it stood still is added to the deadline by the database, which then forgets since when and why."""
    yield {}, {"before": call.deadline}


@with_reason(
    "cancellation", "call.cancelled",
    {
        State.DRAFT, State.IN_APPROVAL, State.SCHEDULED, State.OPEN, State.SUSPENDED, State.CLOSED, State.EVALUATING,
    },
    State.CANCELLED, its_director, writes=("cancel_reason",), button=N_("Cancel this call"), look="bad", icon="ban",
    hint=N_("Every application that is not decided finally is closed with it. Everybody can read the reason."),
    history=N_("Call cancelled"), done=N_("The call was cancelled."),
)  # fmt: skip
async def cancel(call: Call, person: Person, reason: str) -> Steps:
    """Everything that hangs on the call and is not final closes with it."""
    yield {"cancel_reason": reason}
    for follow in actions.ON_CANCELLED:
        await follow(call, person, reason)


# before it opens ---------------------------------------------------------------------------------------------------

recall = with_reason(
    "recall", "call.recalled", {State.SCHEDULED}, State.DRAFT, its_manager, facts={"approved_by": None},
    button=N_("Take the call back"), title=N_("Make it a draft again"), icon="undo-2",
    hint=N_("It has not opened yet: its author corrects it, and it is approved again."),
    labels={"reason": N_("What should be changed?")},
    history=N_("Call taken back before it opened"), done=N_("The call is a draft again; we have told its author."),
)  # fmt: skip


async def could_write(call: Any) -> list[Recipient]:
    return [each for each in await holders_of(Role.CURATOR) if each.id != writer_of(call)]


hand_over = handed_over(
    "call", "call.handed_over", State.in_set("unapproved"), "owner_id", may_hand_over, could_write, holder=writer_of,
    button=N_("Give the call to another curator"), history=N_("Call given to another curator"),
)  # fmt: skip


# that a call is evaluated and decided are steps the room of reviews declares: it knows when that may be
STEPS = (send_for_approval, schedule, send_back, recall, extend_deadline, suspend, resume, hand_over, cancel)


# the clock's -------------------------------------------------------------------------------------------------------

opening = step(
    "", "call.opened", {State.SCHEDULED}, State.OPEN, the_clock, writes=("opened_at",), history=N_("Call opened")
)
closing = step(
    "", "call.closed", {State.OPEN}, State.CLOSED, the_clock, writes=("closed_at",),
    history=N_("Call closed at its deadline"),
)  # fmt: skip
completion = step(
    "", "call.completed", {State.DECIDED}, State.COMPLETED, the_clock, history=N_("Call completed")
)  # fmt: skip


async def open_due_calls() -> int:
    due = "SELECT id FROM call WHERE call_is_scheduled(state) AND opens_at <= clock_timestamp()"
    return await _each(due, opening, "opened_at")


async def close_due_calls() -> int:
    due = "SELECT id FROM call WHERE call_is_open(state) AND deadline <= clock_timestamp()"
    return await _each(due, closing, "closed_at")


async def complete_due_calls() -> int:
    """Decided calls whose time for complaints is over and where nothing is left open."""
    done = 0
    for due in await rows(
        "SELECT id FROM call WHERE call_is_decided(state)"
        " AND decided_at + make_interval(days => complaint_days) <= clock_timestamp()"
    ):
        async with transaction():
            call = await _held(due["id"])
            unfinished = [await ask(call) for ask in actions.UNFINISHED]
            if completion.open_to(SYSTEM, call) and not any(unfinished):
                await completion.write(SYSTEM, call)
                done += 1
    return done


async def _each(due: str, moving: Transition, fact: str) -> int:
    done = 0
    for found in await rows(due):
        async with transaction():
            call = await _held(found["id"])
            # another worker, or an extended deadline, may have been first
            if await value(f"SELECT EXISTS ({due} AND id = $1)", call.id):
                await moving.write(SYSTEM, call, None, None, **{fact: now()})
                done += 1
    return done


async def _held(call_id: UUID) -> Call:
    call = await get(Call, call_id)
    assert call is not None, "calls are never deleted"
    return await lock(call)
