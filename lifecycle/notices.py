"""What follows an event: functions named in a room's front, called by the worker after commit, again when they fail."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable

from foundation.apart import apart, collecting
from foundation.database import execute, row, transaction
from foundation.language import N_
from lifecycle.record import Event
from lifecycle.states import Status

log = logging.getLogger("notices")

# Each notice, and each letter of it, fails by itself; they are called again together after a failure. So a letter
# carries a key, with which nobody gets it twice, and writing is an action that checks first.
Notice = Callable[[Event], Awaitable[None]]
NOTICES: dict[str, list[Notice]] = {}


class Job(Status, entity="event_job", divided=("open", "over")):
    """What is still to be done about an event."""

    WAITING = "waiting", N_("waiting"), "warn", "open"
    DONE = "done", N_("done"), "good", "over"
    FAILED = "failed", N_("failed"), "bad", "over"


# 10 s, 20 s, 40 s … so that the twelfth try comes about eleven hours after the first
TRIES, FIRST_PAUSE = 12, 10


async def handle_events(most: int = 100) -> int:
    """Follow up waiting events in order, each in a transaction of its own; how many there were."""
    await _done_where_nothing_follows()
    for count in range(most):
        if not await _handle_next():
            return count
    return most


async def _done_where_nothing_follows() -> None:
    await execute(
        "UPDATE event_job j SET state = $2 FROM event e WHERE e.seq = j.seq AND event_job_is_waiting(j.state)"
        " AND NOT e.name = ANY($1::text[])",
        list(NOTICES),
        Job.DONE,
    )


async def _handle_next() -> bool:
    async with transaction():
        claimed = await row(CLAIM, list(NOTICES))
        if claimed is None:
            return False
        event = _happened(claimed)
        with collecting() as failed:
            for notice in NOTICES[event.name]:
                async with apart():
                    await notice(event)
        if failed:
            for error in failed:
                log.error("notice failed", extra={"notice": event.name, "seq": event.seq}, exc_info=error)
            await _count_failure(event.seq, claimed["attempts"] + 1, failed[0])
        else:
            await execute("UPDATE event_job SET state = $2, last_error = NULL WHERE seq = $1", event.seq, Job.DONE)
        return True


async def _count_failure(seq: int, attempts: int, error: Exception) -> None:
    await execute(
        "UPDATE event_job SET attempts = $2, last_error = $3,"
        " next_at = clock_timestamp() + make_interval(secs => $5),"
        " state = $4 WHERE seq = $1",
        # The kind of error is enough to find it in the log; its text may carry what people wrote.
        seq, attempts, type(error).__name__, Job.FAILED if attempts >= TRIES else Job.WAITING,
        float(FIRST_PAUSE * 2 ** (attempts - 1)),
    )  # fmt: skip


def _happened(claimed) -> Event:
    return Event(
        claimed["seq"], claimed["at"], claimed["name"], claimed["actor_name"], claimed["actor_role"],
        claimed["object_type"], claimed["object_id"], json.loads(claimed["body"]) if claimed["body"] else {},
    )  # fmt: skip


CLAIM = """
SELECT j.attempts, e.seq, e.at, e.name, e.actor_name, e.actor_role, e.object_type, e.object_id, p.body
FROM event_job j JOIN event e USING (seq) LEFT JOIN event_payload p USING (seq)
WHERE event_job_is_waiting(j.state) AND j.next_at <= clock_timestamp() AND e.name = ANY($1::text[])
ORDER BY j.seq LIMIT 1 FOR NO KEY UPDATE OF j SKIP LOCKED
"""
