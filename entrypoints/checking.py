"""`subgrants check`: is this installation fit for use, and if not, what to do."""

import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from entrypoints.reaching import GEORGIAN, NOT_GEORGIAN
from foundation.clock import APART, ahead
from foundation.database import DB, keep_time
from foundation.kept import differing_rows
from foundation.migrating import not_carried_out, numbered, refuse_unfit
from foundation.settings import DEVELOPMENT_SECRET, settings
from monitoring.indicators.summary import differing, differing_cells

LEAST_FREE = 0.10  # of the disk that uploads go to

Finding = tuple[bool, str]


async def check_everything(dsn: str, *, machine: bool = True) -> int:
    """Print a line for each question; the number of those that need somebody's attention is the exit code."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await DB.open(dsn, size=1, role=None)
        findings = [await ask(connection) for ask in ABOUT_DATABASE]
    finally:
        await DB.close()
        await connection.close()
    findings += [ask() for ask in ABOUT_MACHINE if machine]
    for good, sentence in findings:
        print(f"{'ok ' if good else 'NO '} {sentence}")
    return min(sum(not good for good, _ in findings), 100)


async def _georgian(connection: asyncpg.Connection) -> Finding:
    good = await connection.fetchval(GEORGIAN)
    return good, "The database reads and sorts Georgian." if good else NOT_GEORGIAN


async def _migrations(connection: asyncpg.Connection) -> Finding:
    if not await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL"):
        return False, "The database has no tables yet: run `subgrants migrate`."
    if not await connection.fetchval("SELECT to_regclass('schema_file') IS NOT NULL"):
        return False, "The database is of an earlier program: run `subgrants migrate`."
    try:
        await refuse_unfit()
    except SystemExit as unfit:
        return False, str(unfit)
    waiting = await not_carried_out()
    if waiting:
        return False, f"Not carried out yet: {', '.join(waiting)}. Run `subgrants migrate`."
    return (
        True,
        f"All {len(numbered())} migrations have been run, and what they leave to repeatable files is up to date.",
    )


async def _results(connection: asyncpg.Connection) -> Finding:
    """What pages of results add up is what the accepted values come to."""
    if not await connection.fetchval("SELECT to_regclass('result_sum') IS NOT NULL"):
        return True, "There are no results yet."
    wrong = await differing() + await differing_cells() + await differing_rows()
    waiting = await connection.fetchval("SELECT count(*) FROM result_unsummed")
    if wrong:
        which = ", ".join(wrong[:10]) + (" …" if len(wrong) > 10 else "")
        return False, f"What is kept of {which} is not what it comes to: run `subgrants results rebuild`."
    if waiting:
        return True, f"Results are what the values come to; grants that wait for the worker to sum them up: {waiting}."
    return True, "Results are what the accepted values come to."


async def _example(connection: asyncpg.Connection) -> Finding:
    has_accounts = await connection.fetchval("SELECT to_regclass('account') IS NOT NULL")
    if (
        settings().production
        and has_accounts
        and await connection.fetchval("SELECT EXISTS (SELECT 1 FROM account WHERE example)")
    ):
        return (
            False,
            "This production database holds example accounts; their sign-ins are refused. Start from an empty one.",
        )
    return True, "Example accounts and production are kept apart."


async def _clock(_connection: asyncpg.Connection) -> Finding:
    """Letters, logs and certificates go by the machine's own."""
    await keep_time()
    apart = ahead()
    if abs(apart) <= APART:
        return True, "The clocks of this machine and of the database agree."
    return False, (
        f"The clock of this machine is {abs(apart).total_seconds():.0f} seconds"
        f" {'before' if apart > timedelta(0) else 'behind'} the database's. Deadlines go by the database's: set both by"
        " a time server."
    )


def _folder() -> Finding:
    folder = settings().data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return False, f"Files cannot be written to {folder}: {error.strerror}."
    return True, f"Files can be written to {folder}."


def _disk() -> Finding:
    folder = settings().data_dir
    usage = shutil.disk_usage(folder if folder.exists() else folder.parent)
    share = usage.free / usage.total
    return share > LEAST_FREE, f"{share:.0%} of the disk under {folder} is free."


def _secret() -> Finding:
    if settings().secret == DEVELOPMENT_SECRET:
        return True, "SUBGRANTS_SECRET is the one for development; production refuses it."
    return True, "SUBGRANTS_SECRET is set."


def _mail() -> Finding:
    if settings().smtp_url:
        return True, "SUBGRANTS_SMTP_URL is set: e-mail is sent."
    return not settings().production, "SUBGRANTS_SMTP_URL is not set: e-mail waits in the outbox and is not sent."


ABOUT_DATABASE: list[Callable[[asyncpg.Connection], Awaitable[Finding]]] = [
    _georgian, _migrations, _results, _example, _clock,
]  # fmt: skip
ABOUT_MACHINE: list[Callable[[], Finding]] = [_folder, _disk, _secret, _mail]
