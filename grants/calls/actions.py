"""Writing a whole call, and copying an earlier one; its parts are in parts.py, its steps in transitions.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from accounts.person import Person
from accounts.tables import Programme
from foundation.clock import now, today
from foundation.database import execute, insert, lock, one_of, rows, transaction, update, value
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.calls import queries
from grants.calls.forms import Invited, NewCall, Terms, Texts
from grants.calls.lifecycle import may_clone, refuse_unless_draft
from grants.calls.tables import Call
from lifecycle.record import record

# Later rooms close what hangs on a cancelled call, and say whether a decided one is finished, in the same transaction.
ON_CANCELLED: list[Callable[[Call, Person, str], Awaitable[None]]] = []
UNFINISHED: list[Callable[[Call], Awaitable[bool]]] = []


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
        given = given.over(Terms.stored_in(call, [place.id for place in await queries.municipalities_of(call)]))
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


COPIED = (
    "programme_id", "title_ka", "title_en", "summary_ka", "summary_en", "text_ka", "text_en", "eligibility_ka",
    "eligibility_en", "currency", "envelope", "min_award", "max_award", "invited_only", "min_reviews", "wide_spread",
    "complaint_days",
)  # fmt: skip


async def _to_write(call: Call, person: Person, revision: int | None = None) -> None:
    await lock(call, revision)
    refuse_unless_draft(person, call)


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
