"""The faults `make mutants` plants: each changes exactly what it says, and the modules and tests it names are there."""

import ast
from pathlib import Path

from tools.mutants.faults import faults_of
from tools.mutants.python import MODULES

ROOT = Path(__file__).parent.parent.parent
MODULE = '''
"""A module."""
LIMIT = 3


@decorated(1)
async def may(person: str = "x", row=None) -> bool:
    """Who may."""
    if person and not row:
        raise ValueError
    await check(row)
    return row.a < 2 or row.b in (row.c - 1, True)


class Thing:
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
        "[1.5, 'b', 'c', 'd'] → [1.5, 'b', 'd', 'c']",
    }  # fmt: skip
    for name, module in found.items():
        lines = module.splitlines()
        assert len(lines) == len(whole) and sum(a != b for a, b in zip(whole, lines, strict=True)) == 1, name


def test_the_modules_and_their_tests_are_there():
    assert [path for path in MODULES if not faults_of(ROOT / path)] == []
    assert [test for tests in MODULES.values() for test in tests if not (ROOT / test).exists()] == []
