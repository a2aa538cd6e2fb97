"""How tests wait: for a condition and never for a time, so that a busy machine makes them slow and not wrong."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from foundation.database import value

# Only what hangs for ever gets to its end; whatever works is awaited no longer than it takes.
PATIENCE = 240.0


async def until(holds: Callable[[], Awaitable[bool]], what: object = "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not await holds():
        assert time.monotonic() < deadline, f"still not so: {what or holds}"
        await asyncio.sleep(0.05)


def until_now(holds: Callable[[], bool], what: Callable[[], object] | None = None) -> None:
    """The same for tests without a loop."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"still not so: {what() if what else holds}"
        time.sleep(0.05)


async def until_somebody_waits() -> None:
    """Another connection of this database stands in front of a lock."""

    async def waits() -> bool:
        return await value("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")

    await until(waits, "nobody waits for a lock")
