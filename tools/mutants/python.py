"""`python -m tools.mutants.python MODULE`: every fault of one module, planted into the running tests one at a time.

The tests run once as they are, to learn which of them come through which function. Then each fault is put in the place
of that function's code and only those tests run, in the same process, until one fails. docs/decisions says why.
"""

from __future__ import annotations

import ast
import csv
import gc
import inspect
import sys
import time
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tools.mutants.faults import SIDE, Fault, faults_of
from tools.mutants.trial import Whatever

ROOT = Path(__file__).parent.parent.parent
ACCEPTED = Path(__file__).with_name("accepted_python.csv")
# Modules whose faults cost money or fairness, and the tests that must notice.
MODULES: dict[str, tuple[str, ...]] = {
    "foundation/money.py": ("tests/foundation/test_money.py",),
    "monitoring/indicators/calculator.py": (
        "tests/monitoring/indicators/test_calculator.py", "tests/monitoring/indicators/test_summary.py",
    ),
    "monitoring/indicators/numbers.py": ("tests/monitoring/indicators", "tests/foundation/test_money.py"),
    **{
        f"{room}/lifecycle.py": (f"tests/{room}/test_lifecycle.py", f"tests/{room}/test_actions.py")
        for room in (
            "grants/calls", "grants/applications", "grants/reviews", "grants/awards", "grants/disbursements",
            "monitoring/visits", "monitoring/recommendations", "monitoring/reports",
        )
    },
    "grants/disbursements/obstacles.py": ("tests/grants/disbursements/test_actions.py",),
    "grants/disbursements/ledger/posting.py": (
        "tests/grants/disbursements/test_actions.py", "tests/grants/disbursements/test_invariants.py",
    ),
    "grants/disbursements/notices.py": ("tests/grants/disbursements/test_notices.py",),
    "grants/awards/queries.py": ("tests/grants/awards",),
    "monitoring/indicators/queries.py": ("tests/monitoring/indicators",),
}  # fmt: skip
# Of the tests that come through a function, the quickest first, so many are asked at most, or so many seconds of them.
MOST = 25
SECONDS = 15.0


class Plant:
    """The pytest plugin of one module's trial."""

    def __init__(self, path: str):
        self.path, self.file = path, str(ROOT / path)
        self.came: dict[str, list[Any]] = defaultdict(list)
        self.seconds: dict[Any, float] = {}
        self.survivors: list[tuple[Fault, int]] = []
        self.tried = 0
        self.failed: str | None = None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not {"committing", "chromium", "new_site"} & set(item.fixturenames)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.next: Any = Whatever(session)
        began = time.monotonic()
        passing = [item for item in session.items if self._learn(item)]
        _say(f"{len(passing)} of {len(session.items)} tests pass in {time.monotonic() - began:.0f} s")
        faults = faults_of(Path(self.path))
        source = compile(ast.parse((ROOT / self.path).read_text(encoding="utf-8")), self.file, "exec")
        lines = {name: code.co_firstlineno for name, code in _functions(source).items()}
        for fault in faults:
            tests = sorted(
                (item for item in dict.fromkeys(self.came[fault.function]) if item in self.seconds),
                key=lambda item: self.seconds[item],
            )
            self.tried += 1
            if not self._noticed(fault, lines[fault.function], self._enough(tests)):
                self.survivors.append((fault, len(tests)))
                _say(f"survives ({len(tests)} tests come through): {_told(fault.name)}")
        runtestprotocol(session.items[0], nextitem=None, log=False)  # takes everything down
        _say(f"{self.tried} faults of {self.path} in {time.monotonic() - began:.0f} s")
        return True

    def _learn(self, item: Any) -> bool:
        """Whether it passes, and through which functions of the module it comes."""
        came = set()

        def profile(frame: FrameType, event: str, _arg: Any) -> None:
            if event == "call" and frame.f_code.co_filename == self.file:
                came.add(frame.f_code.co_qualname.partition(".<locals>")[0])

        began = time.monotonic()
        sys.setprofile(profile)
        try:
            passed = self._passes(item)
        finally:
            sys.setprofile(None)
        if passed:
            self.seconds[item] = time.monotonic() - began
            for name in came:
                self.came[name].append(item)
        else:
            _say(f"{item.nodeid} does not pass as it is: {self.failed}")
        return passed

    def _enough(self, tests: list[Any]) -> list[Any]:
        chosen, seconds = [], 0.0
        for item in tests:
            seconds += self.seconds[item]
            if len(chosen) >= MOST and seconds > SECONDS:
                break
            chosen.append(item)
        return chosen

    def _noticed(self, fault: Fault, line: int, tests: list[Any]) -> bool:
        wrong = _functions(compile(fault.module, self.file, "exec"))[fault.function]
        # not by comparing code: code that has run often is no longer equal to what it was compiled as
        here = (self.file, fault.function, line)
        living = [each for each in _all_functions() if _place(each.__code__) == here]
        assert living or not tests, f"nothing to plant a fault in: {here}"
        kept = [(each, each.__code__) for each in living]
        for function in living:
            function.__code__ = wrong
        try:
            return any(not self._passes(item) for item in tests)
        finally:
            for function, code in kept:
                function.__code__ = code

    def _passes(self, item: Any) -> bool:
        item._initrequest()
        failed = [report for report in runtestprotocol(item, nextitem=self.next, log=False) if report.failed]
        self.failed = str(failed[0].longrepr)[-300:] if failed else None
        return not failed


def _functions(module: CodeType) -> dict[str, CodeType]:
    """Functions of the module and methods of its classes; what is made inside them belongs to them."""
    found = {}
    for each in module.co_consts:
        if isinstance(each, CodeType):
            found[each.co_qualname] = each
            found |= {one.co_qualname: one for one in each.co_consts if isinstance(one, CodeType)}
    return found


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _all_functions() -> list[FunctionType]:
    return [each for each in gc.get_objects() if isinstance(each, FunctionType)]


def _told(name: str) -> str:
    return name if len(name) < 4 * SIDE else name[: 4 * SIDE] + "…"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def trial(path: str) -> int:
    plant = Plant(path)
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--no-summary", *MODULES[path]]
    pytest.main(arguments, plugins=[plant])
    if not plant.tried or not plant.seconds:
        print(f"{path}: no fault was tried, or no test passes as it is.")
        return 2
    with ACCEPTED.open(encoding="utf-8") as file:
        accepted = [each["fault"] for each in csv.DictReader(file) if each["fault"].startswith(f"{path} ")]
    names = [fault.name for fault, _ in plant.survivors]
    left = [name for name in names if not any(name == each or fnmatchcase(name, each) for each in accepted)]
    idle = [each for each in accepted if not any(name == each or fnmatchcase(name, each) for name in names)]
    for name in left:
        print(f"no test notices: {name}")
    for each in idle:
        print(f"listed as needing no test, yet nothing of this name goes unnoticed: {each}")
    noticed = plant.tried - len(names)
    print(f"{path}: {plant.tried} faults, {noticed} noticed, {len(names) - len(left)} need no test, {len(left)} left")
    return 1 if left or idle else 0


if __name__ == "__main__":
    assert inspect.isfunction(trial)
    sys.exit(trial(sys.argv[1]))
