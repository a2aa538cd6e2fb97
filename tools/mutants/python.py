"""`python -m tools.mutants.python PART [TRIAL]`: every fault of the modules that have this in their names, planted into
the running tests one at a time.

The tests run once as they are, to learn which of them come through which function, step and list. Then each fault is
put in the place of that function's code, or of that fact, and only those tests run, in the same process, until one
fails. docs/decisions says why.
"""

from __future__ import annotations

import ast
import csv
import gc
import importlib
import inspect
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tools.mutants.declared import put, wrongs_of
from tools.mutants.faults import LAMBDA, SIDE, faults_of
from tools.mutants.modules import TRIALS, Trial
from tools.mutants.trial import Whatever

ROOT = Path(__file__).parent.parent.parent
ACCEPTED = Path(__file__).with_name("accepted_python.csv")
# Their methods tell which step or list a test came through.
DECLARED = {str(ROOT / "lifecycle/transition.py"), str(ROOT / "web/lists/listing.py")}
DONE = ("write", "rows", "file")  # the step was taken and not only offered, the list shown
ASKED = ("who →", "not from", "from every", "no obstacle")  # of a step: told by tests that do not take it
SECONDS = 10.0  # of processor, so that a busy machine asks no fewer: tests are asked, and this many at least
LEAST = 25
QUICK = 0.5
FEW = 8  # of what needs no test, so many are asked whether that is still so
LONG = 10.0  # of processor, and five times what it takes without a fault: a test that needs more goes on for ever
Key = tuple[str, str] | int  # a function of a file, or a thing that is declared


@dataclass(frozen=True)
class Planted:
    name: str
    reached: tuple[Key, ...]
    plant: Callable[[], Callable[[], object]]  # puts it in its place, and gives what takes it out again


class Endless(BaseException):
    """A fault that keeps a loop from ending is noticed; nothing on the way takes this for an error of its own."""


class Plant:
    """The pytest plugin of one trial."""

    def __init__(self, modules: list[str]):
        self.files = {str(ROOT / path): path for path in modules}
        self.came: dict[Key, dict[Any, None]] = defaultdict(dict)
        self.done: set[tuple[Key, Any]] = set()
        self.seconds: dict[Any, float] = {}
        self.breadth: dict[Any, int] = {}
        self.noticing: Counter[tuple[tuple[Key, ...], Any]] = Counter()
        self.survivors: list[str] = []
        self.told: dict[str, str] = {}
        self.tried: dict[str, list[str]] = {}
        self.failed: str | None = None
        self.sound = True
        self.learning = True
        self.profile: Callable[[FrameType, str, object], object] | None = None
        with ACCEPTED.open(encoding="utf-8") as file:
            self.accepted = [each["fault"] for each in csv.DictReader(file)]

    def pytest_configure(self) -> None:
        """A failure is enough: nobody reads the smallest example of it."""
        from hypothesis import Phase, settings

        settings.register_profile("faults", phases=(Phase.explicit, Phase.generate), database=None, derandomize=True)
        settings.load_profile("faults")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not {"committing", "chromium", "new_site"} & set(item.fixturenames)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.next: Any = Whatever(session)
        began = time.monotonic()
        threading.setprofile(self._in_a_thread)  # files are written in one of their own
        passing = [item for item in session.items if self._learn(item)]
        threading.setprofile(None)
        self.learning = False
        _say(f"{len(passing)} of {len(session.items)} tests pass in {time.monotonic() - began:.0f} s")
        self.living = self._living()
        for path in self.files.values():
            self._try(path)
        noticing = {item for _key, item in self.noticing}
        wrong = [item.nodeid for item in noticing if not self._passes(item)]
        self.sound = not wrong
        for each in wrong:
            _say(f"does not pass any more although every fault was taken out again: {each}")
        runtestprotocol(session.items[0], nextitem=None, log=False)  # takes everything down
        return True

    def _try(self, path: str) -> None:
        began = time.monotonic()
        names = self.tried[path] = []
        for fault in [*self._in_functions(path), *self._in_declarations(path)]:
            names.append(fault.name)
            tests = list(dict.fromkeys(item for key in fault.reached for item in self.came[key]))
            house: list[Any] = []
            if isinstance(fault.reached[0], int):  # tests of the house read every declaration without using it
                house = [item for item, took in self.seconds.items() if "tests/house/" in item.nodeid and took < QUICK]
                tests += [each for each in self.seconds if "tests/house/" in each.nodeid and each not in tests]
            asked = any(f": {words}" in fault.name for words in ASKED)
            word = _word(fault.reached[0])
            # those that noticed something here already, then those that read every declaration, those that took the
            # step (or did not, where it is asked who may), those that speak of it, those that come through little
            # else, then the quickest
            tests.sort(
                key=lambda item, asked=asked, house=house, word=word: (
                    -self.noticing[fault.reached, item],
                    item not in house,
                    any((key, item) in self.done for key in fault.reached) == asked,
                    word not in _source(item),
                    self.breadth[item],
                    self.seconds[item],
                )
            )
            formal = any(fault.name == each or fnmatchcase(fault.name, each) for each in self.accepted)
            if not self._noticed(fault, tests[:FEW] if formal else self._enough(tests)):
                self.survivors.append(fault.name)
                _say(f"survives ({len(tests)} tests come through): {_told(fault.name)}")
        self.told[path] = f"{time.monotonic() - began:.0f} s"
        _say(f"{len(names)} faults of {path} in {self.told[path]}")

    def _learn(self, item: Any) -> bool:
        """Whether it passes, and through which functions, steps and lists it comes."""
        came: set[Key] = set()
        done: set[Key] = set()

        def profile(frame: FrameType, event: str, _arg: object) -> None:
            if event != "call":
                return
            code = frame.f_code
            if code.co_filename in self.files:
                came.add(_key(code))
            if code.co_filename in DECLARED and code.co_varnames[:1] == ("self",):
                came.add(id(frame.f_locals["self"]))
                if code.co_name in DONE:
                    done.add(id(frame.f_locals["self"]))

        began = time.process_time()
        self.profile = profile
        sys.setprofile(profile)
        try:
            passed = self._passes(item)
        finally:
            sys.setprofile(None)
            self.profile = None
        if passed:
            self.seconds[item] = time.process_time() - began
            self.breadth[item] = len(came)
            for key in came:
                self.came[key][item] = None
            self.done |= {(key, item) for key in done}
        else:
            _say(f"{item.nodeid} does not pass as it is: {self.failed}")
        return passed

    def _in_a_thread(self, frame: FrameType, event: str, arg: object) -> None:
        """A thread lives on for the tests after the one that began it."""
        if not self.learning:
            sys.setprofile(None)
        elif self.profile:
            self.profile(frame, event, arg)

    def _enough(self, tests: list[Any]) -> list[Any]:
        chosen, seconds = [], 0.0
        for item in tests:
            seconds += self.seconds[item]
            if len(chosen) >= LEAST and seconds > SECONDS:
                break
            chosen.append(item)
        return chosen

    def _living(self) -> dict[tuple[Key, int], list[FunctionType]]:
        """By their place: code that has run often is no longer equal to what it was compiled as."""
        found: dict[tuple[Key, int], list[FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in self.files:
                found[_key(each.__code__), each.__code__.co_firstlineno].append(each)
        return found

    def _in_functions(self, path: str) -> Iterator[Planted]:
        file = str(ROOT / path)
        source = compile(ast.parse(Path(file).read_text(encoding="utf-8")), file, "exec")
        lines = {name: code.co_firstlineno for name, code in _functions(source).items()}
        for fault in faults_of(Path(path)):
            living = self.living[(file, fault.function), lines[fault.function]]

            def plant(fault: Any = fault, living: list[FunctionType] = living) -> Callable[[], object]:
                wrong = _functions(compile(fault.module, file, "exec"))[fault.function]
                kept = [(each, each.__code__) for each in living]
                for each in living:
                    each.__code__ = wrong
                return lambda: [setattr(each, "__code__", code) for each, code in kept]

            key = (file, fault.function)
            assert living or not self.came[key], f"nothing to plant a fault in: {fault.name}"
            yield Planted(fault.name, (key,), plant)

    def _in_declarations(self, path: str) -> Iterator[Planted]:
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        for wrong in wrongs_of(Path(path), module):

            def plant(wrong: Any = wrong) -> Callable[[], object]:
                was = put(wrong.thing, wrong.fact, wrong.instead)
                return lambda: put(wrong.thing, wrong.fact, was)

            of = wrong.of if isinstance(wrong.of, list) else [wrong.of]
            yield Planted(wrong.name, tuple(map(id, of)), plant)

    def _noticed(self, fault: Planted, tests: list[Any]) -> bool:
        with _planted(fault):
            for item in tests:
                with _ending_after(LONG + 5 * self.seconds[item]):
                    passed = self._passes(item)
                if not passed:
                    self.noticing[fault.reached, item] += 1
                    return True
        return False

    def _passes(self, item: Any) -> bool:
        item._initrequest()
        failed = [report for report in runtestprotocol(item, nextitem=self.next, log=False) if report.failed]
        self.failed = str(failed[0].longrepr)[-300:] if failed else None
        return not failed


@contextmanager
def _planted(fault: Planted) -> Iterator[None]:
    take_out = fault.plant()
    try:
        yield
    finally:
        take_out()


@contextmanager
def _ending_after(seconds: float) -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _word(key: Key) -> str:
    """What a test says that is about this function; of what is declared nothing."""
    name = "" if isinstance(key, int) else key[1].rpartition(".")[2].strip("_")
    return "" if name.startswith(LAMBDA.strip()) else name


@cache
def _source(item: Any) -> str:
    return inspect.getsource(item.function)


def _key(code: CodeType) -> tuple[str, str]:
    name = code.co_qualname.partition(".<locals>")[0]
    return code.co_filename, f"{LAMBDA}{code.co_firstlineno}" if name.rpartition(".")[2] == LAMBDA.strip() else name


def _functions(module: CodeType) -> dict[str, CodeType]:
    """Functions of the module and methods of its classes; what is made inside them belongs to them."""
    found = {}
    for each in module.co_consts:
        if isinstance(each, CodeType):
            found[_key(each)[1]] = each
            methods = [one for one in each.co_consts if isinstance(one, CodeType)]
            found |= {_key(one)[1]: one for one in methods if "<locals>" not in one.co_qualname}
    return found


def _told(name: str) -> str:
    """Of a long one what is changed, with some words on each side of it."""
    before, _, after = name.partition(" → ")
    place, _, before = before.partition(": ")
    if len(name) < 4 * SIDE:
        return name
    same = len([*takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))])
    start = max(same - SIDE, 0)
    return f"{place}: …{before[start : same + SIDE]}… → …{after[start : same + SIDE]}…"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def trial(name: str, modules: list[str], tests: tuple[str, ...]) -> int:
    plant = Plant(modules)
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--no-summary", *tests]
    pytest.main(arguments, plugins=[plant])
    if not plant.seconds or not plant.sound:
        print(f"{name}: no test passes as it is, or a fault stayed behind.")
        return 2
    return max(_judged(path, names, plant) for path, names in plant.tried.items())


def _judged(path: str, names: list[str], plant: Plant) -> int:
    accepted = [each for each in plant.accepted if each.startswith(f"{path} ")]
    survivors = [name for name in plant.survivors if name.startswith(f"{path} ")]
    left = [name for name in survivors if not any(name == each or fnmatchcase(name, each) for each in accepted)]
    idle = [each for each in accepted if not any(name == each or fnmatchcase(name, each) for name in survivors)]
    for name in left:
        print(f"no test notices: {name}")
    for each in idle:
        print(f"listed as needing no test, yet nothing of this name goes unnoticed: {each}")
    print(
        f"{path}: {len(names)} faults, {len(names) - len(survivors)} noticed,"
        f" {len(survivors) - len(left)} need no test, {len(left)} left, {plant.told[path]}"
    )
    return 1 if left or idle or not names else 0


def chosen(part: str, only: str = "") -> list[tuple[Trial, list[str]]]:
    trials = [each for each in TRIALS if only in ("", each.name)]
    found = [(each, [path for path in each.modules if part in path]) for each in trials]
    return [(trial, modules) for trial, modules in found if modules]


if __name__ == "__main__":
    sys.exit(max((trial(each.name, modules, each.tests) for each, modules in chosen(*sys.argv[1:3])), default=2))
