"""The faults `make mutants` plants: each changes exactly what it says, and the modules and tests it names are there."""

import ast
import csv
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

from accounts.person import Person
from tools.mutants.declared import put, wrongs_of
from tools.mutants.faults import faults_of
from tools.mutants.guards import ACCEPTED as ACCEPTED_GUARDS
from tools.mutants.modules import TRIALS
from tools.mutants.python import ACCEPTED, chosen
from tools.mutants.trial import catalogue

ROOT = Path(__file__).parent.parent.parent
MODULE = '''
"""A module."""
LIMIT = 3
SHOWN = Column("a", value=lambda row: row.a > 1)


@decorated(1, button=lambda row: row.b == 5)
async def may(person: str = "x", row=None) -> bool:
    """Who may."""
    if person and not row:
        raise ValueError
    await check(row)
    return row.a < 2 or row.b in (row.c - 1, True)


class Thing(Row):
    def __init__(self):
        super().__init__(self)

    def asked(self):
        return rows("SELECT a FROM b WHERE a = $1 AND b IS NULL"), [1.5, "b", "c", "d"]
'''


def planted(tmp_path) -> dict[str, str]:
    path = tmp_path / "module.py"
    path.write_text(MODULE, encoding="utf-8")
    return {fault.name.partition(": ")[2]: ast.unparse(fault.module) for fault in faults_of(path)}


def test_every_operator_plants_its_fault_and_nothing_else(tmp_path):
    whole = ast.unparse(ast.parse(MODULE)).splitlines()
    found = planted(tmp_path)
    assert set(found) == {
        "person and (not row) → not row", "person and (not row) → person", "not row → row", "raise ValueError → pass",
        "await check(row) → pass", "row.a < 2 → row.a <= 2", "2 → 3", "1 → 2", "True → False",
        "row.c - 1 → row.c + 1", "row.b in (row.c - 1, True) → row.b not in (row.c - 1, True)",
        "row.a < 2 or row.b in (row.c - 1, True) → row.a < 2",
        "row.a < 2 or row.b in (row.c - 1, True) → row.b in (row.c - 1, True)",
        "'SELECT a FROM b WHERE a = $1 AND b IS NULL' → 'SELECT a FROM b WHERE a <> $1 AND b IS NULL'",
        "'SELECT a FROM b WHERE a = $1 AND b IS NULL' → 'SELECT a FROM b WHERE a = $1 OR b IS NULL'",
        "'SELECT a FROM b WHERE a = $1 AND b IS NULL' → 'SELECT a FROM b WHERE a = $1 AND b IS NOT NULL'",
        "[1.5, 'b', 'c', 'd'] → ['b', 1.5, 'c', 'd']", "[1.5, 'b', 'c', 'd'] → [1.5, 'c', 'b', 'd']",
        "[1.5, 'b', 'c', 'd'] → [1.5, 'b', 'd', 'c']", "row.a > 1 → row.a >= 1", "row.b == 5 → row.b != 5", "5 → 6",
        "super().__init__(self) → super()",
    }  # fmt: skip
    for name, module in found.items():
        lines = module.splitlines()
        assert len(lines) == len(whole) and sum(a != b for a, b in zip(whole, lines, strict=True)) == 1, name


def wrong(path: str):
    module = import_module(path.removesuffix(".py").replace("/", "."))
    return {each.name.removeprefix(f"{path} "): each for each in wrongs_of(Path(path), module)}


def test_what_a_step_declares_is_made_wrong_and_right_again():
    found = wrong("grants/disbursements/transitions.py")
    told = {name.partition(": ")[2] for name in found if name.startswith("return_payment: ")}
    assert told == {
        "who → anybody", "not from certified", "not from approved", "from every state", "to no state", "to planned",
        "no reason", "its facts stay",
    }  # fmt: skip
    anew = next(each for name, each in found.items() if name.endswith("/retried: exchange_rate stays"))
    was = put(anew.thing, anew.fact, anew.instead)
    assert "exchange_rate" not in anew.of[0].facts
    put(anew.thing, anew.fact, was)
    assert anew.of[0].facts["exchange_rate"] is None


def test_what_a_list_declares_is_made_wrong_and_right_again():
    found = wrong("monitoring/reports/listing.py")
    assert {
        "REPORTS: visible_to → all",
        "REPORTS: filter overdue yes → everything",
        "REPORTS: column due in no file",
    } < set(found)
    open_to_all = found["REPORTS: who → anybody"]
    was = put(open_to_all.thing, open_to_all.fact, open_to_all.instead)
    assert open_to_all.thing.who(Person(None, ""))
    put(open_to_all.thing, open_to_all.fact, was)
    assert not open_to_all.thing.who(Person(None, ""))


def test_the_modules_and_their_tests_are_there():
    modules = [path for trial in TRIALS for path in trial.modules]
    assert [path for path in modules if not (faults_of(ROOT / path) or wrong(path))] == []
    assert [test for trial in TRIALS for test in trial.tests if not (ROOT / test.partition("::")[0]).exists()] == []
    assert len(set(modules)) == len(modules)
    assert {path for _, paths in chosen("money") for path in paths} == {
        "foundation/money.py", "monitoring/results/money.py",
    }  # fmt: skip


def idle(file: Path, column: str, names: list[str]) -> list[str]:
    """Lines that speak of nothing there is: what they spoke of has another name now, or is gone."""
    patterns = [each[column] for each in csv.DictReader(file.open(encoding="utf-8"))]
    return [each for each in patterns if not any(name == each or fnmatchcase(name, each) for name in names)]


def test_what_needs_no_test_is_a_fault_there_is():
    modules = [path for trial in TRIALS for path in trial.modules]
    faults = [fault.name for path in modules for fault in faults_of(Path(path))]
    assert idle(ACCEPTED, "fault", [*faults, *(f"{path} {name}" for path in modules for name in wrong(path))]) == []


async def test_what_needs_no_test_is_a_guard_there_is(db):
    assert idle(ACCEPTED_GUARDS, "guard", [each.name for each in await catalogue()]) == []
