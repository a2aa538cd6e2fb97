"""A Move is one arrow of a lifecycle: from where, to where, and who may make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from piccolo.table import Table

from foundation.database import update
from foundation.language import gettext as _
from foundation.language import label
from foundation.refused import NotAllowed, Refused
from lifecycle.record import Actor, record

Payload = dict[str, Any] | Callable[[Any], dict[str, Any]] | None
# Every Move made, by the entity's table name: the house tests compare them with the database's own list.
MOVES: dict[str, list[Move]] = {}


@dataclass(frozen=True)
class Move:
    """`who` is a pure predicate over person and row. `entity` is the table name; `reasoned` moves need a reason."""

    entity: str
    event: str
    sources: frozenset[StrEnum]
    target: StrEnum
    who: Callable[[Any, Any], bool] = field(repr=False)
    reasoned: bool = False

    def __init__(self, entity, event, sources, target, who, reasoned=False):
        for name, given in (
            ("entity", entity),
            ("event", event),
            ("sources", frozenset(sources)),
            ("target", target),
            ("who", who),
            ("reasoned", reasoned),
        ):
            object.__setattr__(self, name, given)
        MOVES.setdefault(entity, []).append(self)

    def open_to(self, person: Any, row: Any) -> bool:
        return row.state in self.sources and bool(self.who(person, row))

    def require(self, person: Any, row: Any, reason: str | None = None) -> None:
        if not self.who(person, row):
            raise NotAllowed(_("You may not do this here."))
        if row.state not in self.sources:
            state = type(self.target)(row.state)
            raise Refused(_("This is no longer possible: the state is now “{state}”.", state=label(state)))
        if self.reasoned and not (reason or "").strip():
            raise Refused(_("Write the reason; the people concerned will read it."))

    async def make(self, person: Actor, row: Table, reason: str | None = None, payload: Payload = None, **facts):
        """Write the new state with its facts and the event, together. The row is already locked. A payload that tells
        what the database made of the facts is a function of the row as it was written."""
        self.require(person, row, reason)
        before = row.state
        await update(row, state=str(self.target), **facts)
        told = {"from": before, "to": str(self.target), **((payload(row) if callable(payload) else payload) or {})}
        if reason:
            told["reason"] = reason.strip()
        await record(self.event, person, row, **told)
