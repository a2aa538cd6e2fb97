"""Released migrations stay as they are; functions, triggers and views are what their files say, in every database."""

import csv

import asyncpg
import pytest

from entrypoints.checking import _migrations
from foundation import migrating
from foundation.database import DB
from foundation.migrating import MIGRATIONS, migrate, not_carried_out, numbered, repeatable
from tests.conftest import EMPTY, _named, _sql

PROBE = "repeatable/zz_probe.sql"
FIRST = """
CREATE OR REPLACE FUNCTION probe(n int) RETURNS int LANGUAGE sql AS $$ SELECT n $$;
CREATE OR REPLACE FUNCTION probe_fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER probe BEFORE UPDATE ON award FOR EACH ROW EXECUTE FUNCTION probe_fires();
CREATE OR REPLACE VIEW probe_view AS SELECT probe(1) AS one;
"""
SECOND = "CREATE OR REPLACE FUNCTION probe(n bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT n + 1 $$;"


@pytest.fixture
async def own(dsn, worker_id):
    """A migrated database of the test's own, and a connection of its owner."""
    name = f"migrating_{worker_id}"
    template = dsn.partition("?")[0].rpartition("/")[2] + EMPTY
    await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    kept_pool, kept_config, DB.pool = DB.pool, DB.config, None
    connection = await asyncpg.connect(_named(dsn, name))
    DB.config = {"dsn": _named(dsn, name)}
    try:
        yield connection
    finally:
        DB.pool, DB.config = kept_pool, kept_config
        await connection.close()
        await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def files(monkeypatch, **more):
    """The program's files, and these beside them."""
    found = {**repeatable(), **{f"repeatable/{name}.sql": sql for name, sql in more.items()}}
    monkeypatch.setattr(migrating, "repeatable", lambda: found)


async def probes(connection):
    return {
        each["object"]
        for each in await connection.fetch(migrating.OBJECTS)
        if "probe" in each["object"].split(" ON ")[0]
    }


async def whole_schema(connection):
    return {
        (each["object"], each["definition"])
        for each in await connection.fetch(
            "SELECT oid::regprocedure::text AS object, pg_get_functiondef(oid) AS definition FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'"
            " UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT relname, pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
        )
    }


def test_released_migrations_stay_as_they_are():
    """Databases out there have run them. What should be different is a new migration; its hash is entered here once."""
    with (MIGRATIONS / "released.csv").open(encoding="utf-8") as file:
        released = {each["migration"]: each["sha256"] for each in csv.DictReader(file)}
    assert numbered() == released


def test_functions_triggers_and_views_are_repeatable():
    found = [
        path.name
        for path in MIGRATIONS.glob("m*.py")
        if any(word in path.read_text("utf-8") for word in ("FUNCTION", "TRIGGER", "CREATE VIEW"))
    ]
    assert found == []


async def test_a_file_is_carried_out_again_when_it_changed_and_only_then(own, dsn, monkeypatch):
    async def carried_out():
        return {each["name"]: each["at"] for each in await own.fetch("SELECT name, at FROM schema_file")}

    before = await carried_out()
    files(monkeypatch, zz_probe=FIRST)
    await migrate(DB.config["dsn"])
    assert await probes(own) == {
        "FUNCTION probe(integer)",
        "FUNCTION probe_fires()",
        "TRIGGER probe ON award",
        "VIEW probe_view",
    }
    assert {name: at for name, at in (await carried_out()).items() if name != PROBE} == before
    files(monkeypatch, zz_probe=FIRST.replace("SELECT n ", "SELECT n + 40 "))
    await migrate(DB.config["dsn"])
    assert await own.fetchval("SELECT probe(2)") == 42
    assert await own.fetchval("SELECT has_table_privilege('subgrants_app', 'probe_view', 'SELECT')")


async def test_what_no_file_makes_any_more_is_dropped(own, monkeypatch):
    files(monkeypatch, zz_probe=FIRST)
    await migrate(DB.config["dsn"])
    await own.execute("CREATE VIEW probe_of_the_operator AS SELECT 1 AS one")
    files(monkeypatch, zz_probe=SECOND)  # the same name for other arguments: no replacement
    await migrate(DB.config["dsn"])
    assert await probes(own) == {"FUNCTION probe(bigint)", "VIEW probe_of_the_operator"}
    files(monkeypatch)
    await migrate(DB.config["dsn"])
    assert await probes(own) == {"VIEW probe_of_the_operator"}
    assert await own.fetchval("SELECT count(*) FROM schema_file WHERE name = $1", PROBE) == 0


async def test_a_database_of_an_earlier_program_goes_on(own):
    """There all functions and triggers were made by numbered migrations, whose hash nobody kept."""
    expected = await whole_schema(own)
    await own.execute("DROP TABLE schema_file;" + FIRST)
    await own.execute("DROP TRIGGER award_state ON award; DROP FUNCTION event_verify()")
    await migrate(DB.config["dsn"])
    assert await whole_schema(own) == expected
    assert await not_carried_out() == []


async def test_a_changed_migration_stops_the_start(own, monkeypatch):
    ours = numbered()
    monkeypatch.setattr(migrating, "numbered", lambda: ours | {"m0003_calls_applications": "0" * 64})
    with pytest.raises(SystemExit, match="m0003_calls_applications changed after being run here"):
        await migrate(DB.config["dsn"])
    good, said = await _migrations(own)
    assert not good and "m0003_calls_applications changed" in said
    assert await not_carried_out() == ["m0003_calls_applications"]


async def test_an_older_program_leaves_a_newer_database_alone(own):
    await own.execute("INSERT INTO schema_file (name, sha256) VALUES ('m9999_later', '')")
    with pytest.raises(SystemExit, match="newer than this program"):
        await migrate(DB.config["dsn"])
    good, said = await _migrations(own)
    assert not good and "newer than this program" in said


async def test_the_service_is_ready_only_with_the_files_it_knows(client, monkeypatch):
    assert (await client.get("/health/ready")).json()["schema"] is True
    files(monkeypatch, zz_probe=FIRST)
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["schema"]) == (503, False)


async def test_check_says_what_waits_to_be_carried_out(own, monkeypatch):
    assert (await _migrations(own))[0]
    files(monkeypatch, zz_probe=FIRST)
    good, said = await _migrations(own)
    assert not good and PROBE in said and "subgrants migrate" in said
