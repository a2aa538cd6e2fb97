"""Finds states of a lifecycle that are written into SQL by hand; SQL asks the functions made of the enums instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "entrypoints", "foundation", "grants", "lifecycle", "monitoring", "uploads", "web", "tools")

WRITER = ROOT / "tools/state_sets.py"  # the one place that writes them, from the enums

STATE = r"(?:\w+\.)?\w*state\b\)?(?:::\w+)?"
VALUE = r"'(?P<value>[a-z_]+)'"
FILLED = "\N{REPLACEMENT CHARACTER}"  # where an f-string puts something in
# a state beside a value, on either side; coalesce(r.state, 'x') too
BESIDE = re.compile(
    rf"{STATE}(?:\s*,\s*'\w*'\))?\s*(?:=|<>|!=|IS (?:NOT )?DISTINCT FROM|LIKE)\s*{VALUE}"
    rf"|{VALUE.replace('value', 'other')}\s*(?:=|<>|!=)\s*{STATE}"
    rf"|coalesce\({STATE}\s*,\s*{VALUE.replace('value', 'fallback')}",
    re.I,
)
# any list at all, what an f-string puts there included; a SELECT is no list
LISTED = re.compile(
    rf"{STATE}(?:\s*,\s*'\w*'\))?\s+(?:NOT\s+)?IN\s*(?!\(?\s*SELECT)(?:\(|{FILLED})"
    rf"|{STATE}\s*(?:=|<>)\s*(?:ANY|ALL)\s*\(\s*(?:ARRAY|'\{{|\(?\s*VALUES|{FILLED})"
    rf"|\bCASE\s+{STATE}\s+WHEN\b",
    re.I,
)
# an f-string that puts quotes around what it fills in
QUOTED = re.compile(rf"{STATE}\s*(?:=|<>|!=)\s*'{FILLED}'", re.I)
INSERTED = re.compile(r"INSERT INTO\s+\w+\s*\([^)]*\bstate\b[^)]*\)(?P<rest>.*)", re.I | re.S)
# a list of states kept for an f-string: ('paid', 'confirmed')
KEPT = re.compile(r"\s*\(?\s*'[a-z_]+'(?:\s*,\s*'[a-z_]+')*\s*\)?\s*")


@dataclass(frozen=True)
class Found:
    place: str
    line: int
    sql: str


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of a module that is no docstring, with a mark where an f-string puts something in."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))  # a docstring
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            told = [part.value if isinstance(part, ast.Constant) else FILLED for part in node.values]
            yield node.lineno, "".join(str(each) for each in told)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def states_in(sql: str, known: frozenset[str]) -> list[str]:
    """The places of this text that write a known state into SQL."""
    found = [each[0] for each in BESIDE.finditer(sql) if {each["value"], each["other"], each["fallback"]} & known]
    found += [each[0] for each in LISTED.finditer(sql)] + [each[0] for each in QUOTED.finditer(sql)]
    for each in INSERTED.finditer(sql):
        found += [f"INSERT … '{value}'" for value in re.findall(r"'([a-z_]+)'", each["rest"]) if value in known]
    if KEPT.fullmatch(sql) and (values := re.findall(r"'([a-z_]+)'", sql)) and known.issuperset(values):
        found.append(sql)
    return found


def modules(rooms: Iterable[str] = ROOMS) -> Iterator[Path]:
    for room in rooms:
        yield from sorted(path for path in (ROOT / room).rglob("*.py") if path != WRITER)


def written_by_hand(known: frozenset[str]) -> list[Found]:
    return [
        Found(str(path.relative_to(ROOT)), line, each)
        for path in modules()
        for line, text in texts(ast.parse(path.read_text("utf-8")))
        for each in states_in(text, known)
    ]
