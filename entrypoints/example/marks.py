"""Keeps what the example invents, and what happened when, until both are written at the end."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.table import Table

from accounts.person import Person
from foundation.database import execute, rows, value


class Marks:
    def __init__(self) -> None:
        self.fields: dict[tuple[str, UUID], set[str]] = {}
        self.events: list[tuple[datetime, int, str, Person, Table, dict[str, Any]]] = []

    def invented(self, row: Table, *fields: str) -> None:
        """These facts of the row were made up by the loader."""
        self.fields.setdefault((row._meta.tablename, row.id), set()).update(fields)

    def happened(self, at: datetime, event: str, person: Person, row: Table, **payload: Any) -> None:
        self.events.append((at, len(self.events), event, person, row, payload))

    async def write(self) -> None:
        for (name, key), fields in self.fields.items():
            await execute("INSERT INTO invented VALUES ($1, $2, $3)", name, key, sorted(fields))
        now = await value("SELECT clock_timestamp()")
        ordered = sorted((event for event in self.events if event[0] <= now), key=lambda event: event[:2])
        if not ordered:
            return
        await _last_changed(ordered)
        bodies = [json.dumps(payload, ensure_ascii=False, default=str) for *_, payload in ordered]
        normal = [
            r["body"]
            for r in await rows(
                "SELECT b::jsonb::text AS body FROM unnest($1::text[]) WITH ORDINALITY AS t(b, n) ORDER BY n", bodies
            )
        ]
        salts = [os.urandom(16) for _ in ordered]
        first = await value("SELECT seq FROM event_head")
        # no jobs are made for these events: nobody gets letters about the past
        await execute(
            "INSERT INTO event (at, actor, actor_name, actor_role, name, object_type, object_id, request_id, payload_commit)"
            " SELECT at, actor, actor_name, actor_role, name, object_type, object_id, gen_random_uuid(), payload_commit"
            " FROM unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],"
            " $8::bytea[]) WITH ORDINALITY"
            " AS t(at, actor, actor_name, actor_role, name, object_type, object_id, payload_commit, n) ORDER BY n",
            [at for at, *_ in ordered],
            [person.id for _, _, _, person, _, _ in ordered],
            [person.name for _, _, _, person, _, _ in ordered],
            [person.role_name for _, _, _, person, _, _ in ordered],
            [name for _, _, name, *_ in ordered],
            [row._meta.tablename for _, _, _, _, row, _ in ordered],
            [row.id for _, _, _, _, row, _ in ordered],
            [hashlib.sha256(salt + body.encode()).digest() for salt, body in zip(salts, normal, strict=True)],
        )
        await execute(
            "INSERT INTO event_payload SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::jsonb[])",
            list(range(first + 1, first + 1 + len(ordered))),
            salts,
            normal,
        )


async def _last_changed(events: list[tuple[datetime, int, str, Person, Table, dict[str, Any]]]) -> None:
    """A row was last changed when the last thing happened to it, not when the example was loaded."""
    last: dict[str, dict[UUID, datetime]] = defaultdict(dict)
    for at, _, _, _, row, _ in events:
        last[row._meta.tablename][row.id] = at
    for name, moments in last.items():
        await execute(
            f'UPDATE "{name}" SET updated = t.at FROM unnest($1::uuid[], $2::timestamptz[]) AS t(id, at)'
            f' WHERE "{name}".id = t.id',
            list(moments),
            list(moments.values()),
        )
