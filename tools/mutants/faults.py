"""Faults a tired person writes: each takes one place of a module's functions and makes it wrong."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
SQL = re.compile(r"\b(SELECT|UPDATE|WHERE|FROM|AND|OR|IN)\b")
ASKED = [
    (re.compile(r" < "), " <= "), (re.compile(r" <= "), " < "), (re.compile(r" > "), " >= "),
    (re.compile(r" >= "), " > "), (re.compile(r" = "), " <> "), (re.compile(r" AND "), " OR "),
    (re.compile(r" OR "), " AND "),
    (re.compile(r"\bNOT (?!NULL)"), ""), (re.compile(r"IS NULL"), "IS NOT NULL"),
    (re.compile(r"IS NOT NULL"), "IS NULL"), (re.compile(r" DESC\b"), ""),
]  # fmt: skip
# nobody else is there in a test that is rolled back: locks are tried by two at once, see tests/house/test_at_once.py
LOCKS = re.compile(r"SELECT 1 FROM \w+ WHERE .* FOR (UPDATE|NO KEY UPDATE|SHARE)$")
SIDE = 70  # letters of the name on each side of the arrow


@dataclass(frozen=True)
class Fault:
    """`name` has no line number, so that what is written about a fault outlives changes above it. `function` is how the
    code is found: by its name, of a lambda by its line."""

    name: str
    function: str
    module: ast.Module


def faults_of(path: Path) -> list[Fault]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    found = []
    for (function, called), at, replacement in _places(tree):
        before, after = _short(_at(tree, at)), _short(replacement)
        if before == after:
            continue
        name = f"{path} {called}: {before} → {after}"
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        found.append(Fault(name, function, _with(tree, at, replacement)))
    return found


LAMBDA = "<lambda> "
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
Called = tuple[str, str]  # the function as its code is found, and as people call it
Way = tuple[tuple[str, int | None], ...]  # from the module to a node: field and index, again and again


def _places(tree: ast.Module) -> Iterator[tuple[Called, Way, ast.AST]]:
    lines = Counter(node.lineno for node in ast.walk(tree) if isinstance(node, ast.Lambda))
    for way, node, (function, called) in _walk(tree, (), ("", "")):
        line = function.removeprefix(LAMBDA)
        if function and not (function.startswith(LAMBDA) and lines[int(line)] > 1):
            for replacement in _wrong(node):
                yield (function, called), way, replacement


def _walk(node: ast.AST, way: Way, inside: Called) -> Iterator[tuple[Way, ast.AST, Called]]:
    yield way, node, inside
    for name, content in ast.iter_fields(node):
        # what a function is called with by default and annotations are set once and not when it runs
        if name in ("annotation", "returns", "args", "type_comment") and not isinstance(node, ast.Call):
            continue
        for n, child in enumerate(content) if isinstance(content, list) else [(None, content)]:
            if isinstance(child, ast.AST):
                yield from _walk(child, (*way, (name, n)), _called(node, child, inside, name))


def _called(node: ast.AST, child: ast.AST, inside: Called, field: str) -> Called:
    """Which function `child` stands in, and what it is called where somebody reads of it."""
    function, called = inside
    if field == "decorator_list" and isinstance(node, FUNCTION) and function.rpartition(".")[2] == node.name:
        function, called = "", node.name  # what stands above a function runs once, and not within it
    if isinstance(child, FUNCTION) and isinstance(node, ast.Module | ast.ClassDef):
        own = f"{node.name}.{child.name}" if isinstance(node, ast.ClassDef) else child.name
        return own, own
    if isinstance(node, ast.Module) and isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
        return "", child.targets[0].id
    if isinstance(child, ast.Lambda) and not function:
        return f"{LAMBDA}{child.lineno}", f"{called} lambda".strip()
    return function, called


def _wrong(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield _changed(node, ops=[COMPARED[type(op)]()])
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                yield _changed(node, ops=[*ops[:n], COMPARED[type(op)](), *ops[n + 1 :]])
        case ast.BoolOp(values=values):
            for n in range(len(values)):
                rest = [*values[:n], *values[n + 1 :]]
                yield rest[0] if len(rest) == 1 else _changed(node, values=rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in COUNTED and not _is_text(node):
            yield _changed(node, op=COUNTED[type(op)]())
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call | ast.Await
        ):
            yield _changed(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Constant(value=bool(truth)):
            yield ast.Constant(not truth)
        case ast.Constant(value=int(number)):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str(text)) if SQL.search(text) and not LOCKS.match(text):
            for pattern, instead in ASKED:
                for found in pattern.finditer(text):
                    yield ast.Constant(text[: found.start()] + instead + text[found.end() :])
        case ast.Expr(value=ast.Await(value=ast.Call(args=[ast.Constant(value=str(text)), *_]))) if LOCKS.match(text):
            return
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")) as above))):
            yield ast.Expr(above)  # a function that asks for its class cannot be one that does not
        case ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())) | ast.Raise():
            yield ast.Pass()
        case ast.List(elts=elements) if len(elements) > 3:
            for n in range(len(elements) - 1):
                yield _changed(node, elts=[*elements[:n], elements[n + 1], elements[n], *elements[n + 2 :]])


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or isinstance(getattr(side, "value", None), str)
        for side in (node.left, node.right)
    )


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, content in fields.items():
        setattr(other, name, content)
    return other


def _at(tree: ast.AST, way: Way) -> ast.AST:
    for name, n in way:
        content = getattr(tree, name)
        tree = content if n is None else content[n]
    return tree


def _with(tree: ast.Module, way: Way, replacement: ast.AST) -> ast.Module:
    """The module with one node in the place of another; nothing of the first tree is touched."""

    def put(node: ast.AST, way: Way) -> ast.AST:
        if not way:
            return ast.copy_location(copy.copy(replacement), node)
        (name, n), rest = way[0], way[1:]
        content = getattr(node, name)
        if n is None:
            return _changed(node, **{name: put(content, rest)})
        return _changed(node, **{name: [*content[:n], put(content[n], rest), *content[n + 1 :]]})

    made = put(tree, way)
    assert isinstance(made, ast.Module)
    return ast.fix_missing_locations(made)


def _short(node: ast.AST) -> str:
    try:
        text = " ".join(ast.unparse(node).split())
    except Exception:  # a part of an f-string alone is no expression
        text = ast.dump(node)
    return text
