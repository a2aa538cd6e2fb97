"""Brings the schema up to date, one runner at a time: numbered migrations once, repeatable files when they changed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
from pathlib import Path

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards

from foundation.database import APP_ROLE, DB, execute, rows, script, transaction, value
from foundation.renewing import MIGRATION_LOCK

MIGRATIONS = Path(__file__).parent.parent / "migrations"

NO_RIGHT_TO_MAKE_ROLE = (
    "The database user may not create the role “subgrants_app”. "
    "Grant it CREATEROLE, or create that role yourself and let the user work as it: "
    "CREATE ROLE subgrants_app NOLOGIN; GRANT subgrants_app TO the user WITH SET TRUE;"
)
NO_RIGHT_TO_TAKE_ROLE = (
    "The database user may not work as the role “subgrants_app”. "
    "Let an administrator run: GRANT subgrants_app TO the user WITH SET TRUE;"
)

NEWER = "The database is newer than this program: install the newer version."
CHANGED = (
    "{names} changed after being run here. A migration that was run is never edited: "
    "take back the change, and write what should be different as a new migration."
)

# What the database has carried out: a numbered migration once, a repeatable file with what it last made.
KEPT = """
CREATE TABLE IF NOT EXISTS schema_file (
  name text PRIMARY KEY, sha256 text NOT NULL, makes text[] NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT clock_timestamp());
"""
# Our functions, triggers and views; `made` are those that the running transaction has written.
OBJECTS = """
SELECT kind || name AS object, xmin = pg_current_xact_id()::xid AS made FROM (
  SELECT 'FUNCTION ' AS kind, p.oid::regprocedure::text AS name, p.xmin FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL SELECT 'TRIGGER ', format('%I ON %I', t.tgname, c.relname), t.xmin
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'VIEW ', quote_ident(c.relname), r.xmin FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
    WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace) AS ours
"""


def numbered() -> dict[str, str]:
    """The hash of what each numbered migration does, in the order they are run."""
    return {path.stem: _hash(_sql_of(path.stem)) for path in sorted(MIGRATIONS.glob("m[0-9]*.py"))}


def repeatable() -> dict[str, str]:
    """The SQL of each repeatable file, in the order they are carried out: by name."""
    return {f"repeatable/{path.name}": path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("repeatable/*.sql"))}


def expected() -> dict[str, str]:
    """Every file the schema is made of, with its hash."""
    return numbered() | {name: _hash(sql) for name, sql in repeatable().items()}


async def not_carried_out() -> list[str]:
    """The files that this database has not run, or not as they are here; those it has run and nobody here knows."""
    run = {each["name"]: each["sha256"] for each in await rows("SELECT name, sha256 FROM schema_file")}
    here = expected()
    return sorted(name for name in run.keys() | here.keys() if run.get(name) != here.get(name))


def _sql_of(migration: str) -> str:
    return importlib.import_module(f"migrations.{migration}").SQL


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sql_migration(migration_id: str, description: str, sql: str) -> MigrationManager:
    """One migration of plain SQL, run forwards only: going back means restoring the backup made before."""
    manager = MigrationManager(migration_id=migration_id, app_name="service", description=description)

    async def forwards():
        await script(sql)

    async def backwards():
        raise RuntimeError(f"{migration_id} cannot be undone; restore the backup made before it")

    manager.add_raw(forwards)
    manager.add_raw_backwards(backwards)
    return manager


async def migrate(dsn: str) -> None:
    """Run what was not yet run or has changed, in one transaction, holding an advisory lock."""
    if DB.pool:
        raise RuntimeError("migrate before the pool opens: it works as the owner of the tables")
    await _make_role(dsn)
    DB.config = {"dsn": dsn}
    async with transaction() as tx:
        await tx.connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
        await script(KEPT)
        fresh = await _run_numbered()
        await _run_repeatable(every=fresh)
        await script(GRANTS)


async def refuse_unfit() -> None:
    """A migration that was run and is another one now, or is not known here at all, stops everything."""
    ours = numbered()
    run = {
        each["name"]: each["sha256"] for each in await rows("SELECT name, sha256 FROM schema_file WHERE name ~ '^m'")
    }
    if run.keys() - ours.keys():
        raise SystemExit(NEWER)
    changed = [name for name, sha256 in run.items() if ours[name] != sha256]
    if changed:
        raise SystemExit(CHANGED.format(names=", ".join(sorted(changed))))


async def _run_numbered() -> bool:
    """Whether there was anything to run."""
    await refuse_unfit()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = await run_forwards("all")
    if not result.success:
        raise RuntimeError(f"migration failed: {result.message or said.getvalue()}")
    new = await rows(
        "INSERT INTO schema_file (name, sha256) SELECT * FROM unnest($1::text[], $2::text[])"
        " ON CONFLICT DO NOTHING RETURNING name",
        list(numbered()), list(numbered().values()),
    )  # fmt: skip
    return bool(new)


async def _run_repeatable(every: bool) -> None:
    """Carry out the files that changed, or all after a numbered migration, whose tables they may stand on; then drop
    what was once made by one and is made by none any more."""
    files = repeatable()
    known = {each["name"]: each for each in await rows("SELECT * FROM schema_file WHERE name LIKE 'repeatable/%'")}
    # the first time, all that is there was made by the migrations of an earlier program
    before = {each for row in known.values() for each in row["makes"]} if known else await _objects(made=False)
    seen: set[str] = set()
    for name, sql in files.items():
        if every or name not in known or known[name]["sha256"] != _hash(sql):
            await script(sql)
            made = await _objects(made=True)
            await execute(
                "INSERT INTO schema_file (name, sha256, makes) VALUES ($1, $2, $3)"
                " ON CONFLICT (name) DO UPDATE SET sha256 = $2, makes = $3, at = clock_timestamp()",
                name, _hash(sql), sorted(made - seen),
            )  # fmt: skip
            seen |= made
    await execute("DELETE FROM schema_file WHERE name LIKE 'repeatable/%' AND name <> ALL($1)", list(files))
    gone = before - set(await value("SELECT array_agg(each) FROM schema_file, unnest(makes) each") or [])
    for each in sorted(gone, key=lambda each: ("TRIGGER", "VIEW", "FUNCTION").index(each.split()[0])):
        await script(f"DROP {each.replace(' ', ' IF EXISTS ', 1)}")


async def _objects(made: bool) -> set[str]:
    return {each["object"] for each in await rows(OBJECTS) if each["made"] or not made}


async def _make_role(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
            try:
                await connection.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
            except asyncpg.UniqueViolationError:
                pass  # another runner was quicker
            except asyncpg.DuplicateObjectError:
                pass
            except asyncpg.InsufficientPrivilegeError as error:
                raise SystemExit(NO_RIGHT_TO_MAKE_ROLE) from error
        # True for a superuser as well, and where an administrator has given the role already.
        if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'SET')", APP_ROLE):
            try:
                await connection.execute(f"GRANT {APP_ROLE} TO CURRENT_USER WITH SET TRUE")
            except asyncpg.InsufficientPrivilegeError as error:
                raise SystemExit(NO_RIGHT_TO_TAKE_ROLE) from error
    finally:
        await connection.close()


# Given anew after every migration, so that a new table is never forgotten. Nothing is deleted unless its room says in
# `table_right` that it may be; there it also says what the service may not change. Rules look up their tables in the
# real schema only: a temporary table of the same name deceives none of them.
GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
REVOKE DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM {APP_ROLE};
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE ON migration, schema_file FROM {APP_ROLE};
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT table_name, rights FROM table_right LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM {APP_ROLE}', r.table_name);
    IF r.rights = '' THEN EXECUTE format('REVOKE ALL ON %I FROM {APP_ROLE}', r.table_name);
    ELSE EXECUTE format('GRANT %s ON %I TO {APP_ROLE}', r.rights, r.table_name); END IF;
  END LOOP;
  FOR r IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
      WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql' AND p.proconfig IS NULL
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', r.name);
  END LOOP;
END $$;
"""
