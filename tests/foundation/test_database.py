"""Transactions that give their connection back, savepoints that are savepoints, work done last before the commit."""

import asyncio

import asyncpg
import pytest

from foundation.database import DB, PoolTimeout, before_commit, execute, snapshot, transaction, value

ADD = "INSERT INTO counter VALUES ($1, 1)"


async def there(name):
    return bool(await value("SELECT count(*) FROM counter WHERE name = $1", name))


async def test_an_inner_transaction_is_a_savepoint(db):
    async with transaction():
        await execute(ADD, "outer")
        with pytest.raises(RuntimeError):
            async with transaction():
                await execute(ADD, "inner")
                raise RuntimeError
        assert await there("outer") and not await there("inner")


async def test_a_failing_commit_gives_the_connection_back(committing):
    await execute_as_owner("CREATE TABLE promise (a int REFERENCES promise_to DEFERRABLE INITIALLY DEFERRED)")
    for _ in range(DB.pool.get_max_size() + 3):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with transaction():
                await execute("INSERT INTO promise VALUES (1)")
    assert await value("SELECT 1") == 1
    assert DB.current_transaction.get() is None


async def execute_as_owner(sql):
    connection = await asyncpg.connect(DB.config["dsn"])
    try:
        await connection.execute("CREATE TABLE promise_to (a int PRIMARY KEY)")
        await connection.execute(sql)
        await connection.execute("GRANT ALL ON promise TO subgrants_app")
    finally:
        await connection.close()


async def test_an_exhausted_pool_says_so_in_time(committing, monkeypatch):
    held = [await DB.pool.acquire() for _ in range(DB.pool.get_max_size())]
    try:
        with monkeypatch.context() as short, pytest.raises(PoolTimeout):
            short.setattr(DB, "acquire_timeout", 0.2)
            await value("SELECT 1")
    finally:
        for connection in held:
            await DB.pool.release(connection)
    assert await value("SELECT 1") == 1


async def test_another_task_does_not_join_my_transaction(committing):
    async with transaction():
        await execute(ADD, "mine")
        assert not await asyncio.create_task(there("mine"))


async def test_last_things_are_done_last_and_not_after_a_rollback(db):
    done = []

    def work(name):
        async def carry_out():
            done.append(name)

        return carry_out

    async with transaction():
        await before_commit(work("first"))
        with pytest.raises(RuntimeError):
            async with transaction():
                await before_commit(work("rolled back"))
                raise RuntimeError
        async with transaction():
            await before_commit(work("second"))
        assert done == []
    assert done == ["first", "second"]


async def test_without_a_transaction_last_things_happen_at_once(committing):
    done = []

    async def carry_out():
        done.append(True)

    await before_commit(carry_out)
    assert done == [True]


async def test_a_connection_given_back_keeps_no_setting(committing):
    async with transaction():
        await execute("SET LOCAL statement_timeout = '1s'")
        await execute("SELECT set_config('subgrants.importing', 'on', true)")
        held = await value("SELECT pg_backend_pid()")
    assert await value("SELECT pg_backend_pid()") == held
    assert await value("SHOW statement_timeout") == "10s"
    assert not await value("SELECT current_setting('subgrants.importing', true)")


async def test_a_connection_whose_reader_broke_off_is_not_left_in_a_transaction(committing):
    with pytest.raises(RuntimeError):
        async with snapshot():
            await value("SELECT 1")
            raise RuntimeError
    assert await value("SHOW transaction_read_only") == "off"
    assert await value("SHOW plan_cache_mode") == "auto"
    await execute(ADD, "afterwards")
    assert await there("afterwards")


async def test_what_is_read_of_one_moment_agrees(committing):
    async with snapshot():
        before = await value("SELECT count(*) FROM counter")
        await asyncio.create_task(execute(ADD, "meanwhile"))
        assert await value("SELECT count(*) FROM counter") == before
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await execute(ADD, "inside")
    assert await there("meanwhile") and not await there("inside")


async def test_inside_a_transaction_a_moment_is_that_transaction(committing):
    async with transaction():
        await execute(ADD, "mine")
        async with snapshot():
            assert await there("mine")
