"""Loads the example in one transaction, once; puts it back as it was."""

from __future__ import annotations

from contextlib import asynccontextmanager

import asyncpg

from entrypoints.example.cycle import running_programme
from entrypoints.example.history import past_programme
from entrypoints.example.marks import Marks
from entrypoints.example.people import PASSWORD as PASSWORD
from entrypoints.example.people import cast
from entrypoints.example.rarer import rarer_cases
from foundation.database import APP_ROLE, DB, execute, transaction, value
from foundation.migrating import migrate
from foundation.refused import Refused
from monitoring.indicators.summary import sum_up_what_waits

ATTEMPTS = 10
LOCK = 7_011_985


async def load(dsn: str) -> bool:
    """True when it was loaded now, False when it already stood. Refuses a database with a programme of its own."""
    async with _owner(dsn), transaction():
        await execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await execute("SET LOCAL statement_timeout = '120s'")
        if await value("SELECT EXISTS (SELECT 1 FROM programme WHERE NOT example)"):
            raise Refused("This database holds a programme of its own; the example is not loaded into it.")
        if await value("SELECT EXISTS (SELECT 1 FROM programme WHERE example_loaded_at IS NOT NULL)"):
            return False
        await execute("SELECT set_config('subgrants.importing', 'on', true)")
        marks = Marks()
        people = await cast(marks)
        await past_programme(people, marks)
        await running_programme(people, marks)
        await rarer_cases(people, marks)
        await sum_up_what_waits()
        await marks.write()
        await _numbers_go_on()
        await execute("UPDATE programme SET example_loaded_at = clock_timestamp()")
    return True


async def _numbers_go_on() -> None:
    """What people number next begins where the example ends: A-2026-0125 after A-2026-0124."""
    for series, column in (
        ("call", "reference"),
        ("application", "number"),
        ("award", "reference"),
        ("visit", "reference"),
        ("recommendation", "reference"),
    ):
        await execute(
            f"""INSERT INTO counter SELECT $1::text || '-' || split_part({column}, '-', 2), max(split_part({column}, '-', 3)::int)
            FROM {series} WHERE {column} ~ '^[A-Z]-[0-9]{{4}}-[0-9]+$' GROUP BY 1
            ON CONFLICT (name) DO UPDATE SET last = excluded.last""",
            series,
        )


async def reset(dsn: str) -> None:
    """Throw the example away and load it anew; refuses when the programme is not an example."""
    connection = await asyncpg.connect(dsn)
    try:
        known = await connection.fetchval("SELECT to_regclass('programme') IS NOT NULL")
        if known and await connection.fetchval("SELECT EXISTS (SELECT 1 FROM programme WHERE NOT example)"):
            raise Refused("This database holds a programme of its own; it is not thrown away.")
        await _throw_away(connection)
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    finally:
        await connection.close()
    await migrate(dsn)
    await load(dsn)


async def _throw_away(connection: asyncpg.Connection) -> None:
    """Under a running service: who asks meanwhile holds one table and waits for another, so that one of both gives way."""
    for left in reversed(range(ATTEMPTS)):
        try:
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            return
        except asyncpg.DeadlockDetectedError:
            if not left:
                raise


@asynccontextmanager
async def _owner(dsn: str):
    """As the owner of the tables, who may bring in history; the service's own role may not."""
    if DB.pool:
        raise RuntimeError("the example is loaded before the pool opens")
    kept, DB.config = DB.config, {"dsn": dsn}
    try:
        yield
    finally:
        DB.config = kept
