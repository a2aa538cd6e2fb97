"""A pytest plugin: every test once as it is, to learn what it meets; then each mutant against the tests that met it."""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
import time
from collections import defaultdict
from itertools import zip_longest
from typing import Any

import asyncpg
import pytest
from _pytest.runner import runtestprotocol

from foundation.database import APP_ROLE, DB, Database
from tools.mutants.catalogue import Mutant, every_mutant

WRITES = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)')
# tests that look at what a guard leaves behind, where it refuses nothing
LOOKS = {
    "has_table_privilege": "rights",
    "p.proname = 'touch'": "calls touch",
    "result_unsummed": "calls sum_up_again",
    "result_mark": "calls mark_result",
    "FROM result_mark": "calls result_marked",
}
# without a refusal of its own to go by, a guard is tried against this many tests that write to its table
MOST = 15


class Whatever:
    """Stands for the next test: all but what lives as long as the session is taken down before it."""

    def __init__(self, session: pytest.Session):
        self.session = session

    def listchain(self) -> list[Any]:
        return [self.session]


class Trial:
    def __init__(self, wanted: str = ""):
        self.wanted = wanted
        self.mutant: Mutant | None = None
        self.item: Any = None
        self.mutated: Any = None
        self.broken: str | None = None
        self.met: dict[str, list[Any]] = defaultdict(list)
        self.wrote: dict[str, list[Any]] = defaultdict(list)
        self.survivors: list[Mutant] = []
        self.tried = 0

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Only what is rolled back: a test with a database of its own would not meet the mutant."""
        items[:] = [item for item in items if "db" in item.fixturenames and "committing" not in item.fixturenames]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._listen()
        self.next: Any = Whatever(session)
        items = session.items
        started = time.monotonic()
        passing = [item for item in items if self._passes(item)]
        _say(f"{len(passing)} of {len(items)} tests pass in {time.monotonic() - started:.0f} s")
        for found in (*self.met.values(), *self.wrote.values()):
            found[:] = [item for item in dict.fromkeys(found) if item in passing]
        mutants = [each for each in asyncio.run(catalogue()) if self.wanted in each.name]
        for mutant in mutants:
            self._try(mutant)
        self.mutant = None
        runtestprotocol(items[0], nextitem=None, log=False)  # takes everything down
        self.tried = len(mutants)
        _say(f"{len(mutants)} guards taken away, {time.monotonic() - started:.0f} s in all")
        return True

    def _try(self, mutant: Mutant) -> None:
        tests = list(dict.fromkeys(item for name in mutant.seen for item in self.met.get(name, ())))
        if mutant.table:
            others = [item for item in self.wrote.get(mutant.table, ()) if item not in tests]
            word = mutant.name.split()[-1].rpartition(".")[2]
            others.sort(key=lambda item: word not in inspect.getsource(item.function))  # those that speak of it first
            past = [item for item in others if "test_past_" in item.nodeid]  # these look hardest
            tests += others[:MOST] + past[:MOST] + _from_each_file([item for item in others if item not in past])[:MOST]
        self.mutant = mutant
        for item in tests:
            if not self._passes(item):
                if self.broken:
                    _say(f"?? {mutant.name}: {self.broken}")
                    break
                return
        self.survivors.append(mutant)
        _say(f"survives {mutant.name} ({len(tests)} tests)")

    def _passes(self, item: Any) -> bool:
        self.item, self.mutated, self.broken = item, None, None
        item._initrequest()
        failed = [report for report in runtestprotocol(item, nextitem=self.next, log=False) if report.failed]
        if failed and self.mutant is None:
            _say(f"{item.nodeid} does not pass as it is: {str(failed[0].longrepr)[-600:]}")
        return not failed

    def _listen(self) -> None:
        fetch = Database.fetch
        trial = self

        async def listening(database: Database, sql: str, *args: Any):
            if trial.mutant and database.outer is not None and database.outer is not trial.mutated:
                trial.mutated = database.outer
                await trial._take_away(database.outer.connection)
            if trial.mutant is None:
                trial._note(sql)
            try:
                return await fetch(database, sql, *args)
            except asyncpg.InsufficientPrivilegeError as error:
                trial.met[f"denied {str(error).rpartition(' ')[2]}"].append(trial.item)
                raise
            except asyncpg.PostgresError as error:
                if trial.mutant is None and error.constraint_name:
                    trial.met[error.constraint_name].append(trial.item)
                raise

        Database.fetch = listening  # type: ignore[assignment, method-assign]

    def _note(self, sql: str) -> None:
        for table in WRITES.findall(sql):
            self.wrote[table].append(self.item)
        for asked, name in LOOKS.items():
            if asked in sql:
                self.met[name].append(self.item)

    async def _take_away(self, connection: asyncpg.Connection) -> None:
        assert self.mutant
        try:
            await connection.execute("SELECT set_config('role', 'none', false)")
            await connection.execute(self.mutant.sql)
            await connection.execute(f"SET ROLE {APP_ROLE}")
        except asyncpg.PostgresError as error:
            self.broken = str(error)
            raise


def _from_each_file(items: list[Any]) -> list[Any]:
    """The first of every file, then the second of every file, and so on."""
    files: dict[Any, list[Any]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    return [item for turn in zip_longest(*files.values()) for item in turn if item is not None]


async def catalogue() -> list[Mutant]:
    connection = await asyncpg.connect(DB.config["dsn"])
    try:
        return await every_mutant(connection)
    finally:
        await connection.close()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
