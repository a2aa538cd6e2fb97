"""The one door to PostgreSQL: pool, transactions that always give their connection back, rows, locks, refusals."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.table import Table

from foundation.clock import follow, ticking
from foundation.language import gettext as _
from foundation.refused import Missing, Stale
from foundation.renewing import NOT_THERE, OUT_OF_DATE, InTheMaking, Making

os.environ.setdefault("PICCOLO_CONF", "entrypoints.piccolo_conf")

log = logging.getLogger("sql")
T = TypeVar("T", bound=Table)

APP_ROLE = "subgrants_app"
# Every session has limits of its own, so one bad query cannot hold the service.
SESSION_SETTINGS = {
    "application_name": "subgrants",
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}


class Columns(Protocol):
    """A row of an answer or an object of its table: both answer `each["title"]`."""

    def __getitem__(self, name: str, /) -> Any: ...


class Row(Protocol):
    """One row of an answer: `row["title"]`. Not an object of its table, so it has no attributes."""

    def __getitem__(self, name: str | int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def get(self, name: str, default: Any = None, /) -> Any: ...

    def keys(self) -> Iterator[str]: ...

    def items(self) -> Iterator[tuple[str, Any]]: ...


class PoolTimeout(Exception):
    """No connection became free in time: answered with 503 and Retry-After."""


class Connection(asyncpg.Connection):
    """Given back without one more statement that wipes the session: ours keep nothing in it. Settings are made with
    SET LOCAL, advisory locks end with their transaction, and asyncpg rolls an open one back by itself."""

    def get_reset_query(self) -> str:
        return ""


class Transaction(PostgresTransaction):
    """Mends Piccolo's: a failing commit gives the connection back, an inner transaction is a savepoint,
    and a transaction belongs to the task that opened it."""

    __slots__ = ("_kept", "_savepoint", "pending", "task")

    def __init__(self, engine: Database, allow_nested: bool = True):
        current = engine.current_transaction.get()
        if current is not None and current.task is not asyncio.current_task():
            engine.current_transaction.set(None)
        super().__init__(engine, allow_nested)
        if self._parent is None and engine.outer is not None:
            self._parent = engine.outer
        self._savepoint = None
        self.pending: list[Callable[[], Awaitable[None]]] = []

    @property
    def root(self) -> Transaction:
        """The transaction that will really commit; in tests the one below the one that is rolled back."""
        return self if self._parent is None or self._parent is self.engine.outer else self._parent.root

    async def __aenter__(self):
        if self._parent is not None:
            self._savepoint = await self._parent.savepoint()
            if self._parent is self.engine.outer:
                self.task, self.connection = asyncio.current_task(), self._parent.connection
                self.transaction = self._parent.transaction
                self.context = self.engine.current_transaction.set(self)
                return self
            self._kept = len(self.root.pending)
            return self._parent
        self.task = asyncio.current_task()
        self.connection = await self.engine.acquire()
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException:
            await self.engine.release(self.connection)
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type, exception, traceback):
        if self._parent is not None:
            await self._leave_inner(exception)
            return False
        try:
            if exception is None:
                if not self._committed and not self._rolled_back:
                    await self._carry_out_pending()
                    await self.commit()
            elif not self._rolled_back:
                await self._roll_back_quietly()
        finally:
            await self._give_back()
        return False

    async def _carry_out_pending(self) -> None:
        while self.pending:
            await self.pending.pop(0)()

    async def _leave_inner(self, exception) -> None:
        outermost = self._parent is self.engine.outer
        try:
            if exception is None:
                if outermost:
                    await self._carry_out_pending()
                await self._savepoint.release()
                return
            if not outermost:
                del self.root.pending[self._kept :]  # what was rolled back did not happen
            await self._undo_savepoint()
        finally:
            if outermost:
                self.engine.current_transaction.set(None)

    async def _undo_savepoint(self) -> None:
        try:
            await self._savepoint.rollback_to()
        except Exception as error:  # the first error is the one worth raising
            log.warning("savepoint rollback failed: %s", type(error).__name__)

    async def _roll_back_quietly(self) -> None:
        try:
            await self.rollback()
        except Exception as error:  # the first error is the one worth raising
            log.warning("rollback failed: %s", type(error).__name__)

    async def _give_back(self) -> None:
        try:
            self.engine.current_transaction.reset(self.context)
        except ValueError:  # closed from another context, as test fixtures do
            self.engine.current_transaction.set(None)
        try:
            await asyncio.shield(self.engine.release(self.connection))
        except Exception as error:
            log.warning("release failed: %s", type(error).__name__)


class Database(PostgresEngine):
    """Piccolo's engine with an acquire time-out, honest transactions and a query hook."""

    acquire_timeout = 2.0
    slow_ms = 200.0
    outer: Transaction | None = None  # tests run everything inside one transaction that is rolled back
    statements = 0  # counted for the tests that guard queries per page

    def __init__(self):
        super().__init__(config={}, extensions=())
        self.making = Making()

    # Piccolo asks the server for its version on import; ours may not be running yet.
    async def check_version(self):
        pass

    async def prep_database(self):
        pass

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(self, allow_nested)

    async def open(self, dsn: str, size: int = 10, role: str | None = APP_ROLE) -> None:
        """Open the pool. The service works as `subgrants_app`, which owns nothing and may not alter the schema."""
        self.config = {"dsn": dsn}
        settings = SESSION_SETTINGS | ({"role": role} if role else {})
        self.pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            server_settings=settings,
            command_timeout=30,
            connection_class=Connection,
        )
        self.making = Making()
        await self.making.goes_on(dsn)
        await keep_time()

    async def close(self) -> None:
        if self.pool:
            await self.pool.close()
            self.pool = None

    async def acquire(self):
        if not self.pool:
            return await self.get_new_connection()
        try:
            return await self.pool.acquire(timeout=self.acquire_timeout)
        except TimeoutError:
            raise PoolTimeout(f"no database connection within {self.acquire_timeout} s") from None

    async def release(self, connection) -> None:
        if self.pool:
            await self.pool.release(connection)
        else:
            await connection.close()

    def _current(self) -> Transaction | None:
        current = self.current_transaction.get()
        if current is not None and current.task is asyncio.current_task():
            return current
        return self.outer

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        started = time.perf_counter()
        Database.statements += 1
        try:
            try:
                return await self._fetched(sql, *args)
            except asyncpg.PostgresError as error:
                if not await self._renewed(error):
                    raise
            return await self._fetched(sql, *args)
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            if elapsed > self.slow_ms:
                log.warning("slow query %.0f ms: %s", elapsed, " ".join(sql.split())[:300])

    async def _fetched(self, sql: str, *args: Any) -> list[Row]:
        current = self._current()
        if current is not None:
            return await current.connection.fetch(sql, *args)
        connection = await self.acquire()
        try:
            return await connection.fetch(sql, *args)
        finally:
            await self.release(connection)

    async def _renewed(self, error: asyncpg.PostgresError) -> bool:
        """Whether it is worth asking once more: after the schema was changed all connections are made anew. Inside a
        transaction there is nothing to go on with; whoever asks again begins another."""
        if self.pool is None or self.outer is not None or error.sqlstate not in OUT_OF_DATE | NOT_THERE:
            return False
        if error.sqlstate in NOT_THERE and not await self.making.goes_on(self.config["dsn"]):
            return False
        await self.pool.expire_connections()
        if error.sqlstate in NOT_THERE or self._current() is not None:
            raise InTheMaking from error
        log.warning("connections are made anew: %s", error)
        return True

    async def run_querystring(self, querystring, in_pool: bool = True):
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return [dict(record) for record in await self.fetch(sql, *args)]

    async def run_ddl(self, ddl: str, in_pool: bool = True):
        return await self.fetch(ddl)


DB = Database()


class Moment:
    """What `snapshot` holds in place of a transaction: nothing is ever written in it."""

    def __init__(self, connection: Any):
        self.connection, self.task = connection, asyncio.current_task()


@asynccontextmanager
async def snapshot(plans: str = "force_generic_plan") -> AsyncIterator[None]:
    """All that is read inside is as of the same moment, so that the numbers of one page agree with each other.

    Plans are kept as well: the statements of an overview are long, their tables are small or summed up already, and
    making a new plan for each page took longer than carrying it out. A search wants `force_custom_plan`: a plan made
    for any words whatever is a bad one for most."""
    if DB._current() is not None:
        yield
        return
    connection = await DB.acquire()
    try:
        await connection.execute(
            f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = {plans}"
        )
        token = DB.current_transaction.set(Moment(connection))  # type: ignore[arg-type]
        try:
            yield
        finally:
            DB.current_transaction.reset(token)
            if not connection.is_closed():
                await connection.execute("COMMIT")  # after an error this rolls back: there was nothing to keep
    finally:
        await asyncio.shield(DB.release(connection))


def inside_transaction() -> bool:
    """Whether what is read now may be something others do not see (yet)."""
    return isinstance(DB._current(), Transaction)


def transaction() -> Transaction:
    """`async with transaction():` an inner one is a savepoint."""
    return DB.transaction()


async def before_commit(work: Callable[[], Awaitable[None]]) -> None:
    """Carry this out as the last thing of the current transaction, in the order asked; at once when there is none."""
    current = DB.current_transaction.get()
    if isinstance(current, Transaction) and current.task is asyncio.current_task():
        current.root.pending.append(work)
    else:
        await work()


async def rows(sql: str, *args: Any) -> list[Row]:
    """Rows of plain SQL with $1, $2 … placeholders."""
    return await DB.fetch(sql, *args)


async def streamed(sql: str, *args: Any, at_once: int = 1000) -> AsyncIterator[list[Row]]:
    """Rows by a cursor, so many at a time: however many there are, few of them are in memory."""
    async with snapshot("force_custom_plan"):
        Database.statements += 1
        current = DB._current()
        assert current is not None, "snapshot holds a connection"
        cursor = await current.connection.cursor(sql, *args)
        while found := await cursor.fetch(at_once):
            yield found


async def row(sql: str, *args: Any) -> Row | None:
    found = await DB.fetch(sql, *args)
    return found[0] if found else None


async def keep_time() -> None:
    """Set our clock by the database's: asked and answered in one moment, taken in its middle."""
    begun = ticking()
    said = await value("SELECT clock_timestamp()")
    follow(said, (begun + ticking()) / 2)


async def value(sql: str, *args: Any) -> Any:
    found = await DB.fetch(sql, *args)
    return found[0][0] if found else None


async def execute(sql: str, *args: Any) -> None:
    await DB.fetch(sql, *args)


async def script(sql: str) -> None:
    """Several statements at once, without arguments; only inside a transaction."""
    current = DB._current()
    assert current is not None, "a script runs inside a transaction"
    await current.connection.execute(sql)


async def insert(table: type[T], **values: Any) -> T:
    """Add a row; what is not given gets the database's default. Dicts and lists become JSON for jsonb columns."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${i}" for i in range(1, len(values) + 1))
    sql = f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES ({marks}) RETURNING *'
    return row_of(table, (await DB.fetch(sql, *_ready(table, values)))[0])


async def update(row: T, **values: Any) -> T:
    """Write columns of one row and refresh it; the database bumps `revision` and `updated` by itself."""
    table = type(row)
    sets = ", ".join(f'"{name}" = ${i}' for i, name in enumerate(values, 2))
    sql = f'UPDATE "{table._meta.tablename}" SET {sets} WHERE id = $1 RETURNING *'
    found = await DB.fetch(sql, row.id, *_ready(table, values))
    if not found:
        raise Missing(_("This record no longer exists."))
    return _refresh(row, found[0])


async def delete(row: Table) -> None:
    await DB.fetch(f'DELETE FROM "{row._meta.tablename}" WHERE id = $1', row.id)


async def get(table: type[T], key: UUID | str) -> T | None:
    """One row by its id, without asking who may see it: for actions, never for pages."""
    found = await DB.fetch(f'SELECT * FROM "{table._meta.tablename}" WHERE id = $1', key)
    return row_of(table, found[0]) if found else None


async def all_of(table: type[T], sql: str, *args: Any) -> list[T]:
    """Row objects from SQL that selects whole rows of the table."""
    return [row_of(table, record) for record in await DB.fetch(sql, *args)]


async def one_of(table: type[T], sql: str, *args: Any) -> T | None:
    found = await DB.fetch(sql, *args)
    return row_of(table, found[0]) if found else None


async def lock(row: T, revision: int | None = None) -> T:
    """Hold the row until the transaction ends and read it afresh; `revision` is what the person saw."""
    sql = f'SELECT * FROM "{row._meta.tablename}" WHERE id = $1 FOR NO KEY UPDATE'
    found = await DB.fetch(sql, row.id)
    if not found:
        raise Missing(_("This record no longer exists."))
    if revision is not None and revision != found[0]["revision"]:
        sentence = _("Somebody else changed this in the meantime. Look at the new version, then try again.")
        raise Stale(sentence, found[0]["revision"])
    return _refresh(row, found[0])


def row_of(table: type[T], record) -> T:
    """A table row from a record; other columns of the record are set as plain attributes."""
    made = table.__new__(table)  # Piccolo's own constructor costs more than the query
    made._exists_in_db = True
    return _refresh(made, record)


def _refresh(row: T, record) -> T:
    json_names = _json_columns(type(row))
    for name, content in record.items():
        setattr(row, name, json.loads(content) if name in json_names and isinstance(content, str) else content)
    return row


def _ready(table: type[Table], values: dict[str, Any]) -> list[Any]:
    json_names = _json_columns(table)
    return [
        json.dumps(content, ensure_ascii=False, default=str) if name in json_names and content is not None else content
        for name, content in values.items()
    ]


_json_cache: dict[type[Table], frozenset[str]] = {}


def _json_columns(table: type[Table]) -> frozenset[str]:
    names = _json_cache.get(table)
    if names is None:
        names = frozenset(c._meta.name for c in table._meta.columns if c.column_type in ("JSON", "JSONB"))
        _json_cache[table] = names
    return names


# What the database refuses, in words: constraint name → English sentence (translated when shown).
REFUSALS: dict[str, str] = {}


def refusals(sentences: dict[str, str]) -> None:
    """Rooms name the sentence for each constraint of theirs, marked with N_ for translation."""
    REFUSALS.update(sentences)


def sentence_for(error: asyncpg.PostgresError) -> str | None:
    """The sentence for a constraint the database enforced, in the current language."""
    name = getattr(error, "constraint_name", None)
    return _(REFUSALS[name]) if name in REFUSALS else None


def like(text: str) -> str:
    """A search text as a LIKE pattern that takes %, _ and backslash literally."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text.strip()) + "%"
