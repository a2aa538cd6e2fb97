"""record() writes what happened; history_of() tells it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from piccolo.table import Table

from foundation.database import before_commit, execute, rows
from foundation.language import gettext
from foundation.logs import request_id


class Actor(Protocol):
    """Whoever acts: a person signed in, or the system itself."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def name(self) -> str: ...

    @property
    def role_name(self) -> str: ...


# Event name → English sentence marked with N_; rooms add theirs, and a house test wants one for each event.
SENTENCES: dict[str, str] = {}


def sentences(words: dict[str, str]) -> None:
    SENTENCES.update(words)


async def record(event: str, actor: Actor, row: Table | None = None, **payload: Any) -> None:
    """Append an event to the current transaction. It is written as the very last thing before the commit, because
    writing takes the head of the chain, which everybody needs; so no one waits for a row while holding it."""
    if event not in SENTENCES:
        raise KeyError(f"event {event} has no sentence")
    facts = (
        actor.id,
        actor.name,
        actor.role_name,
        event,
        row._meta.tablename if row is not None else "",
        row.id if row is not None else None,
        request_id.get() or uuid4(),
        json.dumps(payload, ensure_ascii=False, sort_keys=True, default=str),
        os.urandom(16),
    )

    async def write() -> None:
        await execute(WRITE_SQL, *facts)

    await before_commit(write)


# jsonb has a normal form of its own, and it is that form the commitment is made of
WRITE_SQL = """
WITH written AS (
  INSERT INTO event (actor, actor_name, actor_role, name, object_type, object_id, request_id, payload_commit)
  VALUES ($1, $2, $3, $4, $5, $6, $7, sha256($9::bytea || convert_to(($8::text::jsonb)::text, 'UTF8'))) RETURNING seq),
payload AS (INSERT INTO event_payload (seq, salt, body) SELECT seq, $9::bytea, $8::text::jsonb FROM written)
INSERT INTO event_job (seq) SELECT seq FROM written
"""


@dataclass(frozen=True)
class Event:
    """One line of a history, ready to be shown."""

    seq: int
    at: datetime
    name: str
    actor_name: str
    actor_role: str
    object_type: str
    object_id: UUID | None
    payload: dict[str, Any]

    @property
    def sentence(self) -> str:
        return gettext(SENTENCES.get(self.name, self.name))

    @property
    def reason(self) -> str | None:
        return self.payload.get("reason")


async def history_of(*subjects: Table, only: Iterable[str] | None = None, newest_first: bool = False) -> list[Event]:
    """Events of these rows in order; `only` keeps the named ones, for those who may not read all."""
    found = await rows(
        "SELECT e.seq, e.at, e.name, e.actor_name, e.actor_role, e.object_type, e.object_id, p.body"
        " FROM event e LEFT JOIN event_payload p USING (seq)"
        " WHERE e.object_id = ANY($1::uuid[]) AND ($2::text[] IS NULL OR e.name = ANY($2)) ORDER BY e.seq",
        [subject.id for subject in subjects],
        list(only) if only is not None else None,
    )
    told = [
        Event(
            r["seq"],
            r["at"],
            r["name"],
            r["actor_name"],
            r["actor_role"],
            r["object_type"],
            r["object_id"],
            json.loads(r["body"]) if r["body"] else {},
        )
        for r in found
    ]
    return told[::-1] if newest_first else told
