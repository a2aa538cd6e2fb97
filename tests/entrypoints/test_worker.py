"""The worker as a process of its own: does what waits, goes on after a failure, stops when it is told."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.entry.actions import ask_for_reset
from entrypoints import worker
from foundation.database import DB, value
from lifecycle import notices, timed
from tests import patience
from tests.accounts.signing import give_passwords
from tests.cast import make_cast

ROOT = Path(__file__).resolve().parent.parent.parent


async def until(sql: str, wanted: object) -> None:
    async def holds() -> bool:
        return await value(sql) == wanted

    await patience.until(holds, f"{wanted!r}: {sql}")


@pytest.fixture
async def working(committing):
    await make_cast()
    await give_passwords()
    process = subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "worker"],
        cwd=ROOT, env=os.environ | {"SUBGRANTS_DATABASE_URL": DB.config["dsn"]}, stderr=subprocess.PIPE,
    )  # fmt: skip
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


async def test_it_follows_up_what_happened_and_stops_cleanly(working):
    await ask_for_reset("curator@example.org", "203.0.113.7")
    await until("SELECT to_address FROM mail", "curator@example.org")
    await until("SELECT state FROM event_job ORDER BY seq DESC LIMIT 1", "done")
    working.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(working.wait, patience.PATIENCE) == 0


async def test_one_part_that_fails_does_not_keep_the_others_from_their_work(db, monkeypatch):
    done = []

    async def breaks():
        raise OSError("gone")

    async def works():
        done.append("timed")

    monkeypatch.setattr(worker, "handle_events", breaks)
    monkeypatch.setattr(worker, "run_timed", works)
    assert await worker.turn() is False
    assert done == ["timed"]


def test_every_room_it_knows_is_open():
    assert "account.reset_asked" in notices.NOTICES
    assert {timed_.verb.__name__ for timed_ in timed.TIMED} >= {"sweep"}
