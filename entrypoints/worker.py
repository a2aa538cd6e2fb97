"""The worker: follows up events, does what is due, sends mail; one turn a second until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable

from entrypoints.rooms import open_house
from foundation.database import DB, keep_time
from foundation.logs import set_up as set_up_logs
from foundation.mail import send_waiting
from foundation.renewing import InTheMaking
from lifecycle.notices import handle_events
from lifecycle.timed import run_timed

log = logging.getLogger("worker")

PAUSE = 1.0
# While the database is away there is no hurry.
PAUSE_AFTER_FAILURE = 5.0


async def main() -> None:
    """Until SIGTERM or SIGINT; what has begun is finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    open_house()
    await DB.open(os.environ["SUBGRANTS_DATABASE_URL"], size=3)
    set_up_logs()
    log.info("worker started")
    try:
        while not stop.is_set():
            whole = await turn()
            await _pause(stop, PAUSE if whole else PAUSE_AFTER_FAILURE)
    finally:
        await DB.close()
        log.info("worker stopped")


async def turn() -> bool:
    """One round of everything; false when something as a whole could not be done."""
    return all([await _done(work) for work in (keep_time, handle_events, run_timed, send_waiting)])


async def _done(work: Callable[[], Awaitable[object]]) -> bool:
    try:
        await work()
    except InTheMaking:
        log.warning("the schema is being changed", extra={"work": work.__name__})
        return False
    except Exception:
        log.exception("worker could not go on", extra={"work": work.__name__})
        return False
    return True


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        pass
