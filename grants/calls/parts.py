"""Sections, questions, criteria, documents and eligibility criteria of a draft: added, changed, moved, removed."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from accounts.person import Person
from foundation.database import delete, execute, insert, lock, one_of, rows, transaction, update, value
from foundation.language import gettext as _
from foundation.refused import Missing, Refused
from grants.calls.forms import QuestionForm, Revised
from grants.calls.kinds import TABLES, Part
from grants.calls.lifecycle import refuse_unless_draft
from grants.calls.tables import Call
from lifecycle.record import record


async def add(call: Call, person: Person, part: Part, given: Revised) -> Any:
    """Last in its row."""
    async with transaction():
        await _to_write(call, person)
        values = await _values(call, part, given)
        among, args = _row(call, part, values)
        name = TABLES[part]._meta.tablename
        position = await value(f"SELECT coalesce(max(position), 0) + 1 FROM {name} WHERE {among}", *args)
        made: Any = await insert(TABLES[part], call_id=call.id, position=position, **values)
        await record("call.changed", person, call, what=str(part), added=made.id)
    return made


async def change(call: Call, person: Person, part: Part, row: Any, given: Revised) -> None:
    async with transaction():
        await _to_write(call, person)
        given = given.over(await part_of(call, part, row.id))
        await update(row, **await _values(call, part, given))
        await record("call.changed", person, call, what=str(part), changed=row.id)


async def move(call: Call, person: Person, part: Part, row: Any, direction: Literal["up", "down"]) -> None:
    """One place up or down in its row; at the end of it nothing happens."""
    async with transaction():
        await _to_write(call, person)
        name = TABLES[part]._meta.tablename
        among, args = _row(call, part, {"section_id": getattr(row, "section_id", None)})
        ids = [r["id"] for r in await rows(f"SELECT id FROM {name} WHERE {among} ORDER BY position, id", *args)]
        here = ids.index(row.id)
        there = here + (1 if direction == "down" else -1)
        if not 0 <= there < len(ids):
            return
        ids[here], ids[there] = ids[there], ids[here]
        await execute(
            f"UPDATE {name} t SET position = n FROM unnest($1::uuid[]) WITH ORDINALITY u(id, n) WHERE t.id = u.id", ids
        )
        await record("call.changed", person, call, what=str(part), moved=row.id, direction=direction)


async def remove(call: Call, person: Person, part: Part, row: Any) -> None:
    async with transaction():
        await _to_write(call, person)
        if part is Part.SECTIONS and await value("SELECT count(*) FROM question WHERE section_id = $1", row.id):
            raise Refused(_("Move or remove the questions of this section first."))
        await delete(row)
        await record("call.changed", person, call, what=str(part), removed=row.id)


async def part_of(call: Call, part: Part, key: UUID) -> Any:
    """404 when this call has no such part."""
    name = TABLES[part]._meta.tablename
    found = await one_of(TABLES[part], f"SELECT * FROM {name} WHERE id = $1 AND call_id = $2", key, call.id)
    if found is None:
        raise Missing(_("There is no such page, or you do not have access to it."))
    return found


async def _to_write(call: Call, person: Person) -> None:
    await lock(call)
    refuse_unless_draft(person, call)


async def _values(call: Call, part: Part, given: Revised) -> dict:
    values = given.model_dump(mode="python")
    if isinstance(given, QuestionForm):
        await part_of(call, Part.SECTIONS, given.section_id)  # a section of this call and of no other
        values["kind"] = str(given.kind)
    return values


def _row(call: Call, part: Part, values: dict) -> tuple[str, list]:
    """Questions are numbered within their section, everything else within the call."""
    if part is Part.QUESTIONS:
        return "call_id = $1 AND section_id = $2", [call.id, values["section_id"]]
    return "call_id = $1", [call.id]
