"""What has failed: work after an event, and letters no server took. Addresses are shown, texts are not."""

from __future__ import annotations

from foundation.database import Row, execute, row, rows
from foundation.mail import TRIES as LETTER_TRIES
from lifecycle.notices import Job

# So often a server's no is an accident of the moment.
WORTH_TELLING = 3


async def counted() -> Row:
    """How many there are of either, since when."""
    found = await row(COUNTED, WORTH_TELLING)
    assert found is not None
    return found


async def failed_jobs() -> list[Row]:
    return await rows(
        "SELECT j.seq, j.attempts, j.last_error, event_job_is_failed(j.state) AS over, e.name, e.at FROM event_job j"
        f" JOIN event e USING (seq) WHERE {JOB} ORDER BY j.seq LIMIT 200",
        WORTH_TELLING,
    )


async def failed_letters() -> list[Row]:
    return await rows(
        "SELECT m.id, m.to_address::text AS to_address, m.subject, m.created, m.attempts, m.last_error,"
        f" m.attempts >= $2 AS over FROM mail m WHERE {LETTER} ORDER BY m.created LIMIT 200",
        WORTH_TELLING, LETTER_TRIES,
    )  # fmt: skip


async def try_all_again() -> None:
    """Each from its first try; what succeeds is gone from the list."""
    await execute(
        f"UPDATE event_job j SET state = $2, attempts = 0, next_at = clock_timestamp() WHERE {JOB}",
        WORTH_TELLING, Job.WAITING,
    )  # fmt: skip
    await execute(f"UPDATE mail m SET attempts = 0, next_at = clock_timestamp() WHERE {LETTER}", WORTH_TELLING)


JOB = "(event_job_is_failed(j.state) OR event_job_is_waiting(j.state) AND j.attempts >= $1)"
LETTER = "m.sent_at IS NULL AND m.attempts >= $1"
COUNTED = f"""
SELECT (SELECT count(*) FROM event_job j WHERE {JOB}) + (SELECT count(*) FROM mail m WHERE {LETTER}) AS n,
  least((SELECT min(e.at) FROM event_job j JOIN event e USING (seq) WHERE {JOB}),
    (SELECT min(m.created) FROM mail m WHERE {LETTER})) AS since
"""
