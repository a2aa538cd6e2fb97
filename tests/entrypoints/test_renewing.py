"""The schema is thrown away and made anew, or migrated, under a running service: nobody meets a 500, then or after."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from entrypoints.example.loading import _throw_away
from foundation.database import DB, rows, transaction, value
from foundation.renewing import InTheMaking, Making
from tests.patience import PATIENCE
from tools.site import cli, surroundings

ROOT = Path(__file__).parent.parent.parent
PAGES = ("/en/", "/en/calls", "/en/results", "/en/grants", "/api/v1/results", "/health/ready", "/en/sign-in")


async def command(site, *words) -> int:
    process = await asyncio.create_subprocess_exec(
        *cli(*words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=sys.stderr,
        env=surroundings(site.dsn, site.data_dir),
    )  # fmt: skip
    return await process.wait()


async def test_a_reset_and_a_migration_break_no_running_service(new_site):
    site = new_site("renewed", worker=True)
    async with httpx.AsyncClient(base_url=site.address, timeout=PATIENCE) as client:

        async def ask_all(seen: set[int]) -> None:
            for path in PAGES:
                answer = await client.get(path)
                seen.add(answer.status_code)
                if answer.status_code not in (200, 404, 503):
                    log = (site.data_dir / "processes.log").read_text("utf-8", "replace")
                    pytest.fail(f"{answer.status_code} {path}\n{log[-3000:]}")

        await ask_all(set())
        for words in (("example", "reset"), ("migrate",)):
            running, seen = asyncio.ensure_future(command(site, *words)), set()
            while not running.done():
                await ask_all(seen)
                await asyncio.sleep(0.2)
            assert running.result() == 0
        for _ in range(3):
            after: set[int] = set()
            await ask_all(after)
        assert after == {200}
    log = (site.data_dir / "processes.log").read_text("utf-8", "replace")
    assert "unexpected error" not in log and "database error" not in log
    assert "42P01" not in log


@pytest.mark.parametrize("kept", ["SELECT * FROM thing", "SELECT thing FROM thing"])
async def test_a_plan_that_is_out_of_date_is_made_anew(committing, kept):
    """As the owner, for the service may change no table."""
    owner = await asyncpg.connect(committing.config["dsn"])
    try:
        await owner.execute("CREATE TABLE thing (a int); GRANT SELECT ON thing TO PUBLIC; INSERT INTO thing VALUES (1)")
        for _ in range(6):
            await rows(kept)
        await owner.execute("DROP TABLE thing; CREATE TABLE thing (b text, a int); GRANT SELECT ON thing TO PUBLIC")
        assert await rows(kept) == []
    finally:
        await owner.close()


async def test_while_the_schema_is_made_whoever_asks_is_asked_to_wait(committing):
    owner = await asyncpg.connect(committing.config["dsn"])
    try:
        await owner.execute("ALTER TABLE programme RENAME TO programme_before")
        with pytest.raises(InTheMaking):
            await value("SELECT count(*) FROM programme")
        with pytest.raises(InTheMaking):
            async with transaction():
                await value("SELECT count(*) FROM programme")
        await owner.execute("ALTER TABLE programme_before RENAME TO programme")
        assert await value("SELECT count(*) FROM programme") == 0
        DB.making = Making()  # long after
        with pytest.raises(asyncpg.UndefinedTableError):  # a mistake of ours stays one
            await value("SELECT count(*) FROM no_such_table")
    finally:
        await owner.close()
    assert DB.pool


async def test_what_met_the_schema_before_waits_too_though_the_new_one_is_there_already(committing):
    owner = await asyncpg.connect(committing.config["dsn"])
    try:
        await owner.execute("ALTER TABLE programme RENAME TO before; CREATE TABLE programme (LIKE before)")
        for _ in range(2):  # the first to ask learns of it for all
            with pytest.raises(InTheMaking):
                await value("SELECT count(*) FROM gone_with_the_schema_before")
    finally:
        await owner.close()


async def test_a_reset_that_meets_somebody_crosswise_tries_once_more(committing):
    """One holds a table the reset waits for, and asks for those the reset holds already."""
    reset, other = [await asyncpg.connect(committing.config["dsn"]) for _ in range(2)]
    try:
        await other.execute("SET deadlock_timeout = '1min'")  # so that the reset is the one that gives way
        last = await reset.fetchval("SELECT relname FROM pg_class WHERE relkind = 'r' ORDER BY oid DESC LIMIT 1")
        await other.execute(f'BEGIN; SELECT count(*) FROM "{last}"')
        throwing = asyncio.ensure_future(_throw_away(reset))
        waits = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted)"
        while not await other.fetchval(waits, reset.get_server_pid()):  # noqa: ASYNC110  # no event tells of it
            await asyncio.sleep(0.05)
        held = await other.fetchval(
            "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.pid = $1 AND c.relkind = 'r'"
            " AND l.granted AND l.mode = 'AccessExclusiveLock' AND c.relnamespace = 'public'::regnamespace LIMIT 1",
            reset.get_server_pid(),
        )
        await other.execute(f'SELECT count(*) FROM "{held}"; COMMIT')
        await throwing
        assert await reset.fetchval("SELECT to_regclass('public.programme') IS NULL")
    finally:
        await reset.close()
        await other.close()
