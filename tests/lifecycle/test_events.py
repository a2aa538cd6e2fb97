"""The event chain: gapless, append-only, and a changed event is found by its number."""

import asyncio

import asyncpg
import pytest

from accounts.person import SYSTEM
from foundation.database import DB, execute, rows, transaction, value
from lifecycle.record import history_of, record, sentences
from lifecycle.verify import verify
from tests.importing import importing

sentences({"test.happened": "Something happened"})


async def test_an_event_is_a_link_with_a_job_and_a_payload(cast):
    await record("test.happened", cast.curator, cast.vani_youth, reason="because", amount="12.50")
    (told,) = await history_of(cast.vani_youth)
    assert (told.name, told.actor_name, told.actor_role) == ("test.happened", cast.curator.name, "curator")
    assert told.reason == "because" and told.payload["amount"] == "12.50"
    assert await value("SELECT count(*) FROM event_job WHERE seq = $1 AND state = 'waiting'", told.seq) == 1
    assert await verify() == []


async def test_an_event_of_a_rolled_back_transaction_never_was(cast):
    with pytest.raises(RuntimeError):
        async with transaction():
            await record("test.happened", SYSTEM, cast.vani_youth)
            raise RuntimeError
    assert await history_of(cast.vani_youth) == []


@pytest.mark.parametrize("sql", ["UPDATE event SET name = 'x'", "DELETE FROM event", "TRUNCATE event CASCADE"])
async def test_events_cannot_be_changed_by_the_service_or_the_owner(cast, sql):
    await record("test.happened", SYSTEM, cast.vani_youth)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute(sql)
    with pytest.raises(asyncpg.RestrictViolationError):
        async with importing():
            await execute(sql)


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("UPDATE event SET actor_name = 'somebody else' WHERE seq = 2", "content"),
        ("UPDATE event SET at = at - interval '1 day' WHERE seq = 2", "content"),
        (
            "DELETE FROM event_payload WHERE seq = 2; DELETE FROM event_job WHERE seq = 2; DELETE FROM event WHERE seq = 2",
            "gap",
        ),
        ('UPDATE event_payload SET body = \'{"amount": "99"}\' WHERE seq = 2', "payload"),
        (
            "DELETE FROM event_payload WHERE seq = 3; DELETE FROM event_job WHERE seq = 3; DELETE FROM event WHERE seq = 3",
            "head",
        ),
    ],
)
async def test_tampering_by_the_owner_is_found(committing, tampering, why):
    for _ in range(3):
        await record("test.happened", SYSTEM)
    connection = await asyncpg.connect(DB.config["dsn"])
    try:
        await connection.execute("ALTER TABLE event DISABLE TRIGGER USER")
        await connection.execute(tampering)
    finally:
        await connection.close()
    assert why in {what for _, what in await verify()}


async def test_fifty_at_once_make_one_gapless_chain(committing):
    async def act():
        async with transaction():
            await record("test.happened", SYSTEM)
            await record("test.happened", SYSTEM)

    await asyncio.gather(*(act() for _ in range(25)))
    numbers = [r["seq"] for r in await rows("SELECT seq FROM event ORDER BY seq")]
    assert numbers == list(range(1, 51)) and await verify() == []


async def test_an_erased_payload_leaves_the_chain_whole(cast):
    await record("test.happened", SYSTEM, cast.vani_youth, name="private")
    await execute("DELETE FROM event_payload WHERE seq = (SELECT max(seq) FROM event)")
    assert await verify() == []
    assert (await history_of(cast.vani_youth))[-1].payload == {}


async def test_the_service_cannot_backdate_an_event(cast):
    await execute("SELECT set_config('subgrants.importing', 'on', true)")
    await execute(
        "INSERT INTO event (at, actor_name, actor_role, name, object_type, request_id, payload_commit)"
        " VALUES ('2020-01-01', 'x', 'x', 'x', 'x', gen_random_uuid(), sha256('x'::bytea))"
    )
    assert (await value("SELECT max(at) FROM event")).year > 2020
