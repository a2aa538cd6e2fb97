"""The ledger of routes: each route and method is brought to success by a test that then looks at what it did.

What counts, and why it can be told without reading the tests:

* success is an answer of 2xx or 3xx; being sent to sign in is none, unless the route is open to everybody;
* who only reads a page may be anybody, also the walk, which judges every page it opens;
* whatever else, a form, an operation, a read of the API, a file, counts only in a test of its own: the tests of the house
  ask every route in one sweep and know nothing of what each one does;
* what changes something counts only when the same test looks afterwards: it asks the database, or it opens another page.

At the end of a run of the whole suite a route without an entry turns the run red. A run of a part stays silent.
SUBGRANTS_LEDGER=1 prints what is left after any run, for whoever writes the missing test. `unproved.txt` holds the routes
that had none when the ledger was begun: nothing is added to it, and a name that has its test is struck out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SWEEPS = ("tests/house/",)
READS = ("GET", "HEAD")
LANGUAGES = ("/ka/", "/en/")
Entry = tuple[str, str]


class Ledger:
    """Of one process: `waiting` are changes that this test made and did not look at yet."""

    def __init__(self) -> None:
        self.done: set[Entry] = set()
        self.unseen: set[Entry] = set()
        self.waiting: set[Entry] = set()
        self.test = ""
        self.inside = 0

    def begin(self, test: str) -> None:
        self.unseen |= self.waiting
        self.waiting, self.test = set(), test

    def answered(self, method: str, path: str, status: int, location: str = "") -> None:
        if method in READS and status < 400:
            self.looked()
        if not 200 <= status < 400:
            return
        route = route_of(method, path)
        if route is None or (sent_to_sign_in(location) and not is_open(method, route)):
            return
        entry = method, route
        if method == "GET" and is_page(route):
            self.done.add(entry)
        elif self.test.startswith(SWEEPS):
            return
        elif method in READS:
            self.done.add(entry)
        else:
            self.waiting.add(entry)

    def looked(self) -> None:
        """The test looks at what came of its changes; what a request itself asks of the database is no look."""
        if not self.inside:
            self.done |= self.waiting
            self.waiting = set()

    def watch(self, app: Any) -> Any:
        """The same application, with what it answers written down."""

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            said: dict[str, Any] = {}

            async def sending(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = {name.lower(): text for name, text in message["headers"]}
                    said.update(status=message["status"], location=headers.get(b"location", b"").decode())
                await send(message)

            with self.aside():
                await app(scope, receive, sending)
            if said:
                self.answered(scope["method"], scope["path"], said["status"], said["location"])

        return watched

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done inside, to prepare the next step of a test, is no look at the last one."""
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    def watch_window(self, context: Any) -> None:
        """A real browser's window: the same, of every answer it gets."""

        def answered(response: Any) -> None:
            path = urlsplit(response.url).path
            self.answered(response.request.method, path, response.status, response.headers.get("location", ""))

        context.on("response", answered)


LEDGER = Ledger()


def sent_to_sign_in(location: str) -> bool:
    return location.partition("?")[0].endswith("/sign-in")


def is_page(route: str) -> bool:
    return not route.startswith("/api/") and not route.endswith((".csv", ".xlsx", ".pdf", ".json", ".geojson", ".zip"))


@cache
def known_routes() -> dict[str, list[tuple[re.Pattern[str], str, bool]]]:
    """By method; a route with fewer parameters is the one meant where two fit."""
    from tests.house.routes import every_route

    found: dict[str, list[tuple[re.Pattern[str], str, bool]]] = {}
    for route in sorted(every_route(), key=lambda route: route.path.count("{")):
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route.path)) + "/?")
        found.setdefault(route.method, []).append((pattern, route.path, route.public))
    return found


def route_of(method: str, path: str) -> str | None:
    if path.startswith(LANGUAGES):
        path = path[3:]
    elif not path.startswith(("/api/", "/uploads/")):
        return None  # without its language a page only leads to the one with it
    return next((route for pattern, route, _ in known_routes().get(method, ()) if pattern.fullmatch(path)), None)


def is_open(method: str, route: str) -> bool:
    return any(public for _, path, public in known_routes()[method] if path == route)


def missing(done: set[Entry]) -> list[str]:
    every = {(method, route) for method, routes in known_routes().items() for _, route, _ in routes}
    return [f"{method} {route}" for method, route in sorted(every - done, key=lambda entry: entry[::-1])]


# the plugin ---------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    from foundation.database import Database

    fetch = Database.fetch

    async def looking(database: Database, sql: str, *args: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            LEDGER.looked()
        return await fetch(database, sql, *args)

    Database.fetch = looking  # type: ignore[method-assign]


def pytest_runtest_logstart(nodeid: str) -> None:
    LEDGER.begin(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    LEDGER.begin("")
    if hasattr(config, "workeroutput"):
        config.workeroutput["ledger"] = [sorted(LEDGER.done), sorted(LEDGER.unseen)]
        return
    if not (is_whole(config, session) or os.environ.get("SUBGRANTS_LEDGER")):
        return
    owed = set(UNPROVED.read_text(encoding="utf-8").splitlines())
    left = missing(LEDGER.done)
    config.stash[LEFT] = [name for name in left if name not in owed]
    config.stash[PROVED] = sorted(owed - set(left))
    if config.stash[LEFT] and is_whole(config, session) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


UNPROVED = Path(__file__).with_name("unproved.txt")
LEFT = pytest.StashKey[list[str]]()
PROVED = pytest.StashKey[list[str]]()


def is_whole(config: pytest.Config, session: pytest.Session) -> bool:
    """Every test there is was asked for, and the run came to its end."""
    chosen = (
        config.option.keyword,
        config.option.markexpr,
        config.getoption("deselect"),
        config.getoption("lf", False),
    )
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not any(chosen)
        and not config.getoption("ignore")
        and not config.option.collectonly
        and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        and not (session.shouldstop or session.shouldfail)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What each process of the run has written down."""
    done, unseen = getattr(node, "workeroutput", {}).get("ledger", ((), ()))
    LEDGER.done |= {(method, route) for method, route in done}
    LEDGER.unseen |= {(method, route) for method, route in unseen}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left, proved = config.stash.get(LEFT, []), config.stash.get(PROVED, [])
    if proved:
        terminalreporter.section("routes with a test, to be struck out of tests/unproved.txt")
        terminalreporter.write_line("\n".join(proved))
    if not left:
        return
    terminalreporter.section("routes no test brings to success, looking at what they do")
    unlooked = {f"{method} {route}" for method, route in LEDGER.unseen}
    for name in left:
        terminalreporter.write_line(f"{name}{'   (done, but nobody looks afterwards)' if name in unlooked else ''}")
    terminalreporter.write_line(f"{len(left)} routes")
