"""What follows an event: once, in order, again after a failure, and never half."""

import pytest

from accounts.person import SYSTEM
from foundation.database import execute, rows, value
from foundation.mail import post
from lifecycle import notices
from lifecycle.record import record, sentences

sentences({"test.happened": "It happened", "test.ignored": "Nobody cares"})


@pytest.fixture
def followed(monkeypatch):
    """`followed("test.happened", hear)` makes these the only letters there are."""
    letters = {}
    monkeypatch.setattr(notices, "NOTICES", letters)

    def follow(event, letter):
        letters.setdefault(event, []).append(letter)

    return follow


async def jobs():
    return [tuple(r) for r in await rows("SELECT state, attempts, last_error FROM event_job ORDER BY seq")]


async def test_a_notice_gets_the_event_with_its_payload_once(db, followed):
    heard = []

    async def hear(event):
        heard.append((event.name, event.payload, event.actor_name))

    followed("test.happened", hear)

    await record("test.happened", SYSTEM, amount="5.00")
    assert await notices.handle_events() == 1
    assert await notices.handle_events() == 0
    assert heard == [("test.happened", {"amount": "5.00"}, "system")]
    assert await jobs() == [("done", 0, None)]


async def test_an_event_nobody_follows_is_done_at_once(db, followed):
    await record("test.ignored", SYSTEM)
    assert await notices.handle_events() == 0
    assert await jobs() == [("done", 0, None)]


async def test_a_failing_notice_leaves_nothing_but_its_count_and_others_go_on(db, followed):
    heard = []

    async def fail_for_one(event):
        await post("a@example.org", "Subject", "Body", "en")
        if event.payload["n"] == 1:
            raise ValueError("no")
        heard.append(event.payload["n"])

    followed("test.happened", fail_for_one)

    await record("test.happened", SYSTEM, n=1)
    await record("test.happened", SYSTEM, n=2)
    before = await value("SELECT clock_timestamp()")
    assert await notices.handle_events() == 2
    assert heard == [2]
    assert await jobs() == [("waiting", 1, "ValueError"), ("done", 0, None)]
    assert await value("SELECT count(*) FROM mail") == 1
    assert await value("SELECT next_at > $1::timestamptz + interval '5 s' FROM event_job ORDER BY seq LIMIT 1", before)


async def test_after_its_last_try_an_event_counts_as_failed(db, followed):
    async def fail(event):
        raise ValueError("no")

    followed("test.happened", fail)

    await record("test.happened", SYSTEM)
    for _turn in range(notices.TRIES):
        await execute("UPDATE event_job SET next_at = clock_timestamp()")
        assert await notices.handle_events() == 1
    assert await notices.handle_events() == 0
    assert await value("SELECT count(*) FROM event_job WHERE event_job_is_failed(state)") == 1


async def test_two_workers_never_follow_up_the_same_event(committing, followed):
    import asyncio

    heard = []

    async def hear(event):
        await asyncio.sleep(0.01)
        heard.append(event.payload["n"])

    followed("test.happened", hear)

    for n in range(12):
        await record("test.happened", SYSTEM, n=n)
    await asyncio.gather(*(notices.handle_events() for _worker in range(4)))
    assert sorted(heard) == list(range(12))
