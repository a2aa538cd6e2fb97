"""Everything that can be done with a whole call, one verb each; its parts are in parts.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.person import SYSTEM, Person
from accounts.tables import Programme
from foundation.clock import now, today
from foundation.database import execute, get, insert, lock, one_of, rows, transaction, update, value
from foundation.language import gettext as _
from foundation.language import moment
from foundation.refused import NotAllowed, Refused
from grants.calls import queries
from grants.calls.checklist import Gap, gaps_of, how_many
from grants.calls.forms import Invited, NewCall, Terms, Texts
from grants.calls.lifecycle import (
    CANCEL,
    CLOSE,
    COMPLETE,
    OPEN,
    REOPEN,
    RESUME,
    RETURN,
    SCHEDULE,
    SUBMIT,
    SUSPEND,
    may_clone,
    may_extend,
    may_write,
)
from grants.calls.tables import Call
from lifecycle.record import record

# Later rooms close what hangs on a cancelled call, and say whether a decided one is finished, in the same transaction.
ON_CANCELLED: list[Callable[[Call, Person, str], Awaitable[None]]] = []
UNFINISHED: list[Callable[[Call], Awaitable[bool]]] = []


class Incomplete(Refused):
    """The call cannot be handed on; `gaps` says all that is missing."""

    def __init__(self, gaps: list[Gap]):
        super().__init__(how_many(gaps))
        self.gaps = gaps


# writing ---------------------------------------------------------------------------------------------------------


async def create(person: Person, given: NewCall) -> Call:
    """A draft for the municipalities named, or else those its author looks after."""
    if not person.is_curator:
        raise NotAllowed(_("Only curators write calls."))
    async with transaction():
        programme = await one_of(Programme, "SELECT * FROM programme LIMIT 1")
        if programme is None:
            raise Refused(_("There is no programme yet. An administrator sets it up first."))
        call = await insert(
            Call,
            programme_id=programme.id,
            reference=await _next_reference(),
            title_ka=given.title_ka,
            title_en=given.title_en,
            created_by=person.id,
            **_columns(given),
        )
        await _set_municipalities(call, given.municipalities or list(person.municipalities))
        await record("call.created", person, call, reference=call.reference)
    return call


async def change_texts(call: Call, person: Person, given: Texts) -> None:
    async with transaction():
        await _to_write(call, person, given.revision)
        await update(call, **given.over(call).model_dump())
        await record("call.changed", person, call, what="texts")


async def change_terms(call: Call, person: Person, given: Terms) -> None:
    async with transaction():
        await _to_write(call, person, given.revision)
        given = given.over(Terms.of(call, [place.id for place in await queries.municipalities_of(call)]))
        await update(call, **_columns(given))
        await _set_municipalities(call, given.municipalities)
        await record("call.changed", person, call, what="terms", terms=_columns(given))


async def invite(call: Call, person: Person, given: Invited) -> None:
    """These organisations and no others may apply, where the call is for invited ones."""
    async with transaction():
        await _to_write(call, person)
        invited = await rows("SELECT organisation_id FROM call_invitation WHERE call_id = $1", call.id)
        organisation_ids = given.over({"organisations": [each["organisation_id"] for each in invited]}).organisations
        await execute("DELETE FROM call_invitation WHERE call_id = $1", call.id)
        await execute(
            "INSERT INTO call_invitation SELECT $1, id FROM organisation WHERE id = ANY($2::uuid[]) AND kind = 'cso'",
            call.id,
            organisation_ids,
        )
        await record("call.changed", person, call, what="invitations", organisations=organisation_ids)


async def clone(call: Call, person: Person) -> Call:
    """A new draft with the same texts, terms and parts; it opens in two weeks for as long as the old one did."""
    if not may_clone(person, call):
        raise NotAllowed(_("Only curators write calls."))
    async with transaction():
        opens = (now() + timedelta(days=14)).replace(minute=0, second=0, microsecond=0)
        copied = {name: getattr(call, name) for name in COPIED}
        made = await insert(
            Call,
            reference=await _next_reference(),
            created_by=person.id,
            opens_at=opens,
            deadline=opens + (call.deadline - call.opens_at),
            **copied,
        )
        await _copy_parts(call, made)
        await record("call.cloned", person, made, of=call.reference, reference=made.reference)
    return made


# moving on -------------------------------------------------------------------------------------------------------


async def send_for_approval(call: Call, person: Person) -> None:
    async with transaction():
        await lock(call)
        SUBMIT.require(person, call)
        await _refuse_gaps(call)
        await SUBMIT.make(person, call, submitted_by=person.id)


async def send_back(call: Call, person: Person, reason: str) -> None:
    async with transaction():
        await lock(call)
        await RETURN.make(person, call, reason)


async def schedule(call: Call, person: Person) -> None:
    """The second person's yes; the clock opens the call at its opening time."""
    async with transaction():
        # all calls of a programme draw on one budget: whoever approves looks at it alone
        await execute("SELECT 1 FROM programme WHERE id = $1 FOR NO KEY UPDATE", call.programme_id)
        await lock(call)
        SCHEDULE.require(person, call)
        await _refuse_gaps(call)
        await SCHEDULE.make(person, call, approved_by=person.id)


async def extend_deadline(call: Call, person: Person, deadline: datetime, reason: str) -> None:
    """A corrigendum: only later, only while the call is open; the event keeps both dates and the reason."""
    async with transaction():
        await lock(call)
        if not may_extend(person, call):
            raise NotAllowed(_("Only an open call is extended, by a programme manager who did not write it."))
        if now() >= call.deadline:
            raise Refused(_("The deadline has passed; it can no longer be extended."))
        before = call.deadline
        if deadline <= before:
            raise Refused(_("The new deadline must be after the present one, {moment}.", moment=moment(before)))
        await update(call, deadline=deadline)
        await record("call.deadline_extended", person, call, before=before, after=deadline, reason=reason)


async def suspend(call: Call, person: Person, reason: str) -> None:
    """Nobody can send anything while it stands still; the database keeps since when."""
    async with transaction():
        await lock(call)
        if SUSPEND.open_to(person, call) and now() >= call.deadline:
            raise Refused(_("The deadline has passed; the call can no longer be suspended."))
        await SUSPEND.make(person, call, reason, suspended_at=now(), suspend_reason=reason)


async def resume(call: Call, person: Person) -> None:
    """The time it stood still is added to the deadline by the database."""
    async with transaction():
        await lock(call)
        before = call.deadline
        await RESUME.make(person, call, payload={"before": before}, suspended_at=None)


async def cancel(call: Call, person: Person, reason: str) -> None:
    """Everything that hangs on the call and is not final closes with it."""
    async with transaction():
        await lock(call)
        await CANCEL.make(person, call, reason, cancel_reason=reason)
        for follow in ON_CANCELLED:
            await follow(call, person, reason)


async def reopen_evaluation(call: Call, person: Person, reason: str) -> None:
    """After an upheld complaint or a withdrawn approval; the committee meets again, with new minutes."""
    async with transaction():
        await lock(call)
        await REOPEN.make(person, call, reason, decided_at=None)


# the clock's -----------------------------------------------------------------------------------------------------


async def open_due_calls() -> int:
    due = "SELECT id FROM call WHERE state = 'scheduled' AND opens_at <= clock_timestamp()"
    return await _each(due, OPEN, "opened_at")


async def close_due_calls() -> int:
    due = "SELECT id FROM call WHERE state = 'open' AND deadline <= clock_timestamp()"
    return await _each(due, CLOSE, "closed_at")


async def complete_due_calls() -> int:
    """Decided calls whose time for complaints is over and where nothing is left open."""
    done = 0
    for due in await rows(
        "SELECT id FROM call WHERE state = 'decided'"
        " AND decided_at + make_interval(days => complaint_days) <= clock_timestamp()"
    ):
        async with transaction():
            call = await _held(due["id"])
            unfinished = [await ask(call) for ask in UNFINISHED]
            if COMPLETE.open_to(SYSTEM, call) and not any(unfinished):
                await COMPLETE.make(SYSTEM, call)
                done += 1
    return done


async def _each(due: str, move, fact: str) -> int:
    done = 0
    for found in await rows(due):
        async with transaction():
            call = await _held(found["id"])
            # another worker, or an extended deadline, may have been first
            if move.open_to(SYSTEM, call) and await value(f"SELECT EXISTS ({due} AND id = $1)", call.id):
                await move.make(SYSTEM, call, **{fact: now()})
                done += 1
    return done


# -----------------------------------------------------------------------------------------------------------------

COPIED = (
    "programme_id", "title_ka", "title_en", "summary_ka", "summary_en", "text_ka", "text_en", "eligibility_ka",
    "eligibility_en", "currency", "envelope", "min_award", "max_award", "invited_only", "min_reviews", "wide_spread",
    "complaint_days",
)  # fmt: skip


async def _held(call_id: UUID) -> Call:
    call = await get(Call, call_id)
    assert call is not None, "calls are never deleted"
    return await lock(call)


async def _to_write(call: Call, person: Person, revision: int | None = None) -> None:
    await lock(call, revision)
    if not may_write(person, call):
        raise NotAllowed(_("Only its curators change a call, and only while it is a draft."))


async def _refuse_gaps(call: Call) -> None:
    gaps = gaps_of(await queries.whole(call))
    if gaps:
        raise Incomplete(gaps)


async def _next_reference() -> str:
    year = today().year
    return f"C-{year}-{await value('SELECT next_number($1)', f'call-{year}'):02d}"


def _columns(given: Terms) -> dict:
    names = ("currency", "envelope", "min_award", "max_award", "opens_at", "deadline", "invited_only", "min_reviews")
    return {name: getattr(given, name) for name in (*names, "wide_spread", "decision_due", "complaint_days")}


async def _set_municipalities(call: Call, ids: list[UUID]) -> None:
    await execute("DELETE FROM call_municipality WHERE call_id = $1", call.id)
    await execute(
        "INSERT INTO call_municipality SELECT $1, id FROM municipality WHERE id = ANY($2::uuid[])", call.id, ids
    )
    call.municipality_ids = ids


async def _copy_parts(call: Call, made: Call) -> None:
    pair = "title_ka, title_en"
    for table, columns in (
        ("call_municipality", "municipality_id"),
        ("call_invitation", "organisation_id"),
        ("criterion", f"position, {pair}, help_ka, help_en, max_points, weight"),
        ("required_document", f"position, {pair}, help_ka, help_en, required"),
        ("eligibility_criterion", f"position, {pair}"),
        ("section", f"position, {pair}, help_ka, help_en"),
    ):
        await execute(
            f"INSERT INTO {table} (call_id, {columns}) SELECT $2, {columns} FROM {table} WHERE call_id = $1",
            call.id,
            made.id,
        )
    columns = "kind, label_ka, label_en, help_ka, help_en, required, word_guide, options"
    await execute(
        f"INSERT INTO question (call_id, section_id, position, {columns})"
        " SELECT $2, n.id, q.position, " + ", ".join(f"q.{name}" for name in columns.split(", ")) + " FROM question q"
        " JOIN section s ON s.id = q.section_id JOIN section n ON n.call_id = $2 AND n.position = s.position"
        " WHERE q.call_id = $1",
        call.id,
        made.id,
    )
