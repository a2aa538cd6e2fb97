"""Brings the schema up to date, one runner at a time, and lets a migration be plain SQL."""

from __future__ import annotations

import contextlib
import io

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards

from foundation.database import APP_ROLE, DB, script, transaction

LOCK = 7_011_984  # any fixed number: whoever holds it migrates

NO_RIGHT_TO_MAKE_ROLE = (
    "The database user may not create the role “subgrants_app”. "
    "Grant it CREATEROLE, or create that role yourself and let the user work as it: "
    "CREATE ROLE subgrants_app NOLOGIN; GRANT subgrants_app TO the user WITH SET TRUE;"
)
NO_RIGHT_TO_TAKE_ROLE = (
    "The database user may not work as the role “subgrants_app”. "
    "Let an administrator run: GRANT subgrants_app TO the user WITH SET TRUE;"
)


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
    """Run every migration not yet run, in one transaction, holding an advisory lock."""
    if DB.pool:
        raise RuntimeError("migrate before the pool opens: it works as the owner of the tables")
    await _make_role(dsn)
    DB.config = {"dsn": dsn}
    async with transaction() as tx:
        await tx.connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            result = await run_forwards("all")
        if not result.success:
            raise RuntimeError(f"migration failed: {result.message or said.getvalue()}")
        await script(GRANTS)


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
REVOKE INSERT, UPDATE, DELETE ON migration FROM {APP_ROLE};
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT table_name, rights FROM table_right LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM {APP_ROLE}', r.table_name);
    IF r.rights <> '' THEN EXECUTE format('GRANT %s ON %I TO {APP_ROLE}', r.rights, r.table_name); END IF;
  END LOOP;
  FOR r IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
      WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql' AND p.proconfig IS NULL
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', r.name);
  END LOOP;
END $$;
"""
