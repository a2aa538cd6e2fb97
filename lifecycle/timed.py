"""What happens because time passes: verbs of the system person, named in a room's front and run by the worker."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from foundation.extension import ExtensionPoint

log = logging.getLogger("timed")

Verb = Callable[[], Awaitable[object]]


@dataclass
class Timed:
    """`verb` is an async function without arguments. It finds its rows, then locks and checks each, so that two
    workers, or one that starts again, do nothing twice."""

    verb: Verb
    seconds: float
    due: float = 0.0


TIMED: ExtensionPoint[Timed] = ExtensionPoint()


async def run_timed() -> None:
    """Whatever is due now; one that fails is logged, and the others go on."""
    for timed in TIMED:
        if time.monotonic() < timed.due:
            continue
        timed.due = time.monotonic() + timed.seconds
        try:
            await timed.verb()
        except Exception:
            log.exception("timed work failed", extra={"verb": f"{timed.verb.__module__}.{timed.verb.__qualname__}"})
