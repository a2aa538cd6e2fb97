"""Parts of a record, many of a kind: what is read of them, and the steps that add one and take one away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from piccolo.table import Table
from pydantic import BaseModel

from foundation.database import Row, delete, get, insert, rows
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.transition import CARRIED, Body, Told
from web.forms import Strict


@dataclass(frozen=True)
class Part:
    """`owner` is the column that says whose they are; `read(row)` where they bring along more than their own columns,
    which `own` then types."""

    table: type[Table]
    form: type[BaseModel]
    owner: str
    own: Mapping[str, Any] = field(default_factory=dict)
    read: Callable[[Any], Awaitable[Sequence[Row]]] | None = None

    async def of(self, row: Any) -> Sequence[Row]:
        if self.read is not None:
            return await self.read(row)
        return await rows(f"SELECT * FROM {self.table._meta.tablename} WHERE {self.owner} = $1 ORDER BY id", row.id)


class Chosen(Strict):
    part_id: Annotated[UUID, CARRIED]


def adding(part: Part) -> Body:
    """What a step does whose form is the part as it is entered."""

    async def add(row: Any, person: Any, given: Any) -> AsyncIterator[Told]:
        await insert(part.table, **{part.owner: row.id}, **given.model_dump())
        yield {}

    return add


def taking_away(part: Part) -> Body:
    """With `form=Chosen`: the button beside a part names it."""

    async def take_away(row: Any, person: Any, part_id: UUID) -> AsyncIterator[Told]:
        found = await get(part.table, part_id)
        if found is None or getattr(found, part.owner) != row.id:
            raise Refused(_("This is not here any more."))
        await delete(found)
        yield {}

    return take_away
