"""One PostgreSQL for the run, one database copied from a migrated template for each worker, each test rolled back."""

import asyncio
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

os.environ.setdefault("SUBGRANTS_ENVIRONMENT", "test")
if "PYTEST_XDIST_WORKER" in os.environ or "SUBGRANTS_DATA_DIR" not in os.environ:
    os.environ["SUBGRANTS_DATA_DIR"] = tempfile.mkdtemp(prefix="sg-test-")  # each process has its own

import asyncpg
import httpx
import pytest

from foundation.database import DB, SESSION_SETTINGS
from foundation.migrating import migrate
from foundation.postgres import Cluster
from tests.patience import PATIENCE

pytest_plugins = ["tests.ledger", "tests.cast", "tests.browser"]
# Whoever takes a part of these goes the same long way first, and they are the longest of all: in so many parts.
WALKS, PARTS = ("test_every_page.py", "test_every_form.py"), 8


def pytest_collection_modifyitems(config, items):
    """Drills are run by who asks for them: `make drills`, or a file by its name."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.markexpr:
        items[:] = [item for item in items if not item.get_closest_marker("drill")]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The tests of a file stay with one worker, so that what they share is made once. The marks of `--dist loadgroup`
    would do, but this pytest no longer lets xdist write them into the names of tests."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return f"walk {crc32(nodeid.encode()) % PARTS}" if file.endswith(WALKS) else file

    return ByFile(config, log)


@pytest.fixture(scope="session")
def dsn(worker_id, tmp_path_factory):
    """The address of this worker's own migrated database."""
    name = f"test_{worker_id}_{os.getpid()}"
    given = os.environ.get("SUBGRANTS_TEST_DATABASE_URL")
    if given:
        yield from _database(given, name)
        return
    folder = Path(tempfile.mkdtemp(prefix="sgpg-"))
    with Cluster(folder, durable=False) as running:
        yield from _database(running.dsn if hasattr(running, "dsn") else running, name)


EMPTY = "_empty"  # of each worker's database: what it was copied from, migrated and with nothing in it


def _database(server: str, name: str):
    empty = name + EMPTY
    asyncio.run(_sql(server, f'CREATE DATABASE "{empty}"'))
    asyncio.run(migrate(_named(server, empty)))
    asyncio.run(_sql(server, f'CREATE DATABASE "{name}" TEMPLATE "{empty}"'))
    try:
        yield _named(server, name)
    finally:
        asyncio.run(_sql(server, *(f'DROP DATABASE IF EXISTS "{each}" WITH (FORCE)' for each in (name, empty))))


def _named(server: str, name: str) -> str:
    """The same server, another database: the path part of the address is replaced."""
    head, _, tail = server.partition("?")
    scheme, _, rest = head.partition("://")
    place, _, _ = rest.partition("/")
    return f"{scheme}://{place}/{name}" + (f"?{tail}" if tail else "")


async def _sql(server: str, *statements: str):
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session", autouse=True)
def rooms():
    """Every room is open, as in a running service: letters follow events, tranches and reports follow an award."""
    from entrypoints.rooms import open_house

    return open_house()


@pytest.fixture(scope="session", autouse=True)
def whole_rows():
    """A row of a table is read whole: what may be done with it is asked of facts nobody here can foresee."""
    from foundation import database

    read, known = database.row_of, set()

    def of_all_columns(table, record):
        of = table, tuple(record.keys())
        if of not in known:
            # some have two columns as their key, and none of this name in the database
            lacking = {each._meta.name for each in table._meta.columns} - {*of[1], "id"}
            assert not lacking, f"a row of {table.__name__} is read without {sorted(lacking)}"
            known.add(of)
        return read(table, record)

    database.row_of = of_all_columns
    yield
    database.row_of = read


@pytest.fixture(scope="session")
def worker_id(request):
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
async def pool(dsn):
    # a test may think for as long as the machine makes it, between two statements and before it gets a connection
    SESSION_SETTINGS["idle_in_transaction_session_timeout"] = "0"
    DB.acquire_timeout = PATIENCE
    await DB.open(dsn, size=6)
    yield DB
    await DB.close()


@contextmanager
def connected(pool=None, config=None):
    """The service asks another database meanwhile: that of this pool, or of the one that is opened inside."""
    kept = DB.pool, DB.config
    DB.pool, DB.config = pool, config or kept[1]
    try:
        yield
    finally:
        DB.pool, DB.config = kept


@pytest.fixture(scope="session")
async def peopled(dsn, pool, worker_id):
    """A second database in which the cast stands already, with a pool of its own: ((pool, its configuration), cast).

    Two thousand tests begin with the same seventy statements; here they are asked once."""
    from tests.cast import make_cast

    name = f"peopled_{worker_id}_{os.getpid()}"
    await _sql(dsn, f'CREATE DATABASE "{name}" TEMPLATE "test_{worker_id}_{os.getpid()}{EMPTY}"')
    with connected():
        await DB.open(_named(dsn, name), size=6)
        cast, own = await make_cast(), (DB.pool, DB.config)
    yield own, cast
    await own[0].close()
    await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def db(pool, request):
    """Everything of the test happens in one transaction that is rolled back; inner ones are savepoints.

    Actions, queries and pages all join it. Tests of parallel work use `committing` instead."""
    from monitoring.results import privacy

    privacy._kept = None  # of the test before, whose counts are gone while its marks come again
    # that of the session has been made before this
    own = request.node.funcargs["peopled"][0] if "peopled" in request.fixturenames else (DB.pool, DB.config)
    with connected(*own):
        outer = DB.transaction()
        await outer.__aenter__()
        DB.outer = outer
        try:
            yield DB
        finally:
            DB.outer = None
            await outer.rollback()
            await outer.__aexit__(None, None, None)


@pytest.fixture
async def committing(dsn, worker_id):
    """For tests of parallel work: a database of its own, with a pool, thrown away afterwards."""
    name = f"own_{os.getpid()}_{os.urandom(4).hex()}"
    await _sql(dsn, f'CREATE DATABASE "{name}" TEMPLATE "test_{worker_id}_{os.getpid()}{EMPTY}"')
    try:
        with connected():
            await DB.open(_named(dsn, name), size=12)
            yield DB
            await DB.close()
    finally:
        await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def application_asgi(pool):
    from entrypoints.web import litestar_app
    from tests.ledger import LEDGER

    # no lifespan: the pool is the tests' own, and there is nothing else to start
    return LEDGER.watch(litestar_app(manage_pool=False))


@pytest.fixture
async def client(db, application_asgi):
    """A browser that is not signed in. `client.sign_in(person)` makes it theirs without typing a password."""
    from entrypoints.site import refresh_site

    await refresh_site(force=True)
    async with Browser(application_asgi) as browser:
        yield browser


class Browser(httpx.AsyncClient):
    """An HTTP client that behaves as our pages do: same origin, the session's token in every form."""

    def __init__(self, app):
        super().__init__(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://127.0.0.1:8000",
            headers={"origin": "http://127.0.0.1:8000"},
        )
        self.token = ""

    async def send(self, request, **more):
        answer = await super().send(request, **more)
        assert not (answer.is_redirect and answer.content), f"{request.url} redirects and says {answer.content!r}"
        return answer

    async def sign_in(self, person):
        from accounts.sessions import cookie_name, csrf_token, open_session
        from tests.ledger import LEDGER

        with LEDGER.aside():
            session = await open_session(person)
        self.cookies.set(cookie_name(), session, domain="127.0.0.1")
        self.token = csrf_token(session)
        self.headers["x-csrf-token"] = self.token
        return self

    async def sign_out(self):
        self.cookies.clear()
        self.token = ""
        self.headers.pop("x-csrf-token", None)
        return self

    async def send_form(self, url, data=None, files=None, **more):
        """POST a form as a page would; values may be lists."""
        data = {"csrf_token": self.token, **(data or {})}
        return await self.post(url, data=data, files=files, **more)
