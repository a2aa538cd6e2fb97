"""When the schema is changed or made anew under a running service: what connections remember of it is out of date."""

from __future__ import annotations

from time import monotonic
from typing import Any

import asyncpg

from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused

MIGRATION_LOCK = 7_011_984  # held while the schema is being changed
BUSY = N_("The service is busy. Wait a moment, then try again; nothing you saved is lost.")
# A plan or a type that is remembered and is another one now: a fresh connection knows better.
OUT_OF_DATE = frozenset({"XX000", "0A000"})
# A table, column, function, schema or type that is not there, or is not this role's yet.
NOT_THERE = frozenset({"42P01", "42703", "42883", "3F000", "42704", "42501"})
IN_THE_MAKING = """
SELECT to_regclass('public.migration') IS NULL OR to_regclass('public.programme') IS NULL
  OR EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1),
  coalesce(to_regclass('public.programme')::oid::bigint, 0)
"""
LATELY = 15.0  # seconds: longer than a statement may take that met the schema before


class InTheMaking(Refused):
    """Answered with 503: in a moment the tables are there again."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_(BUSY))


class Making:
    """Whether the schema is being made, or was made anew so lately that a statement may have met what was before."""

    def __init__(self) -> None:
        self.schema: int | None = None
        self.until = 0.0

    async def goes_on(self, dsn: str) -> bool:
        """Asked on a connection of its own: the one that failed may be in a transaction that is spoilt."""
        connection: Any = await asyncpg.connect(dsn, timeout=3)
        try:
            now, schema = await connection.fetchrow(IN_THE_MAKING, MIGRATION_LOCK)
        finally:
            await connection.close()
        if now or self.schema not in (None, schema):
            self.until = monotonic() + LATELY
        self.schema = schema
        return now or monotonic() < self.until
