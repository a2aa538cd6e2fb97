"""Reach the database a command works on: the one the settings name, or the embedded one, started if need be."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from foundation.postgres import Cluster, DatabaseUnavailable
from foundation.postgres_binaries import SERVER_MAJOR
from foundation.settings import settings

GEORGIAN = "SELECT 'ა' ~ '^[[:alpha:]]$' AND 'ა' < 'ჰ'"
NOT_GEORGIAN = (
    "The database does not know Georgian letters. Make it anew, in UTF-8 and with a locale that knows them: CREATE "
    "DATABASE subgrants TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' "
    "LOCALE 'C.UTF-8';"
)


def embedded() -> Cluster:
    return Cluster(settings().data_dir / "postgres")


@contextmanager
def reachable_database() -> Iterator[str]:
    """Its address; within the block every process started from here finds the same one in its settings."""
    named = settings().database_url
    if named:
        asyncio.run(_refuse_unfit_server(named))
        yield named
        return
    with embedded() as cluster:
        os.environ["SUBGRANTS_DATABASE_URL"] = cluster.dsn
        settings.cache_clear()
        try:
            yield cluster.dsn
        finally:
            del os.environ["SUBGRANTS_DATABASE_URL"]
            settings.cache_clear()


@contextmanager
def migrated_database() -> Iterator[str]:
    """The same, refused while it has no tables at all."""
    with reachable_database() as dsn:
        asyncio.run(_refuse_missing_tables(dsn))
        yield dsn


@contextmanager
def prepared_database() -> Iterator[str]:
    """The same, with every table up to date."""
    from foundation.migrating import migrate

    with reachable_database() as dsn:
        asyncio.run(migrate(dsn))
        yield dsn


def psql(dsn: str) -> str:
    """The program of the server's own version where the server is ours."""
    cluster = embedded()
    ours = (cluster.home / "password").exists() and cluster.dsn == dsn
    return str(cluster.binaries / "psql") if ours else "psql"


def psql_environment(dsn: str) -> dict[str, str]:
    parts = urlsplit(dsn)
    found = {
        "PGHOST": parse_qs(parts.query).get("host", [parts.hostname or ""])[0],
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    return {name: content for name, content in found.items() if content}


async def _refuse_unfit_server(dsn: str) -> None:
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (ValueError, asyncpg.ClientConfigurationError):
        # The reason is left out: it may quote the password.
        raise DatabaseUnavailable(
            "SUBGRANTS_DATABASE_URL cannot be read: write it as postgresql://user:password@host/database."
        ) from None
    try:
        version = connection.get_server_version()
        if version.major < SERVER_MAJOR:
            raise DatabaseUnavailable(
                f"SUBGRANTS_DATABASE_URL names a PostgreSQL {version.major}; {SERVER_MAJOR} or newer is needed."
            )
        encoding = await connection.fetchval("SHOW server_encoding")
        # Regular expressions and trigram search know letters only through the database's own character type.
        if encoding != "UTF8" or not await connection.fetchval(GEORGIAN):
            raise DatabaseUnavailable(NOT_GEORGIAN)
    finally:
        await connection.close()


async def _refuse_missing_tables(dsn: str) -> None:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if not await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL"):
            raise DatabaseUnavailable("The database has no tables yet: run `subgrants migrate`.")
    finally:
        await connection.close()
