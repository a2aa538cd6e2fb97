"""Faults in what is declared and not done: the steps of a lifecycle and the lists, each with one of its facts wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from lifecycle.transition import Transition
from web.lists.listing import Column, Filter, Listing, everything

OR = re.compile(r" OR ")
GONE = object()


@dataclass(frozen=True)
class Wrong:
    """`thing` gets `instead` as its `fact`; `of` is what a test must come through to meet it."""

    name: str
    thing: object
    fact: str
    instead: object
    of: object


def wrongs_of(path: Path, module: ModuleType) -> Iterator[Wrong]:
    shared: dict[int, list[Transition]] = {}  # what a step forgets is often written once for several of them
    for name in _declared(path):
        thing = getattr(module, name, None)
        found: Iterator[Wrong] = iter(())
        if isinstance(thing, Transition):
            found = _of_step(thing)
            if thing.facts:
                shared.setdefault(id(thing.facts), []).append(thing)
        elif isinstance(thing, Listing):
            found = _of_list(thing)
        for wrong in found:
            yield replace(wrong, name=f"{path} {name}: {wrong.name}")
    for steps in shared.values():
        for fact in steps[0].facts:
            events = "/".join(step.event.partition(".")[2] for step in steps)
            yield Wrong(f"{path} {events}: {fact} stays", steps[0].facts, fact, GONE, steps)


def _declared(path: Path) -> list[str]:
    """The names this module gives, in its order: what it imports belongs to others."""
    names: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=targets):
                names += [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.append(name)
    return names


def _of_step(step: Transition) -> Iterator[Wrong]:
    def wrong(what: str, fact: str, instead: object) -> Wrong:
        return Wrong(what, step, fact, instead, step)

    yield wrong("who → anybody", "who", _anybody)
    if step.sources:
        everything = type(next(iter(step.sources)))
        for source in everything:
            if source in step.sources and len(step.sources) > 1:
                yield wrong(f"not from {source}", "sources", step.sources - {source})  # type: ignore[operator]
        if set(everything) != set(step.sources):
            yield wrong("from every state", "sources", frozenset(everything))
    if step.target is not None:
        others = [state for state in type(step.target) if state != step.target and state not in step.sources]
        yield wrong("to no state", "target", None)
        for other in others[:1]:
            yield wrong(f"to {other}", "target", other)
    if step.obstacle is not None:
        yield wrong("no obstacle", "obstacle", None)
    if step.reason:
        yield wrong("no reason", "reason", "")
    if step.stamp:
        yield wrong("no stamp", "stamp", "")
    if step.facts:
        yield wrong("its facts stay", "facts", {})


def _of_list(listing: Listing[Any]) -> Iterator[Wrong]:
    def wrong(what: str, fact: str, instead: object, thing: object = listing, of: object = None) -> Wrong:
        return Wrong(what, thing, fact, instead, thing if of is None else of)

    if listing.visible_to is not everything:
        yield wrong("visible_to → all", "visible_to", everything)
    if listing.who is not Listing.who:
        yield wrong("who → anybody", "who", _anybody)
    if listing.taken is not None:
        yield wrong("taken without a trace", "taken", None)
    if listing.where != "true":
        yield wrong("where → true", "where", "true")
    other = listing.order.removeprefix("-") if listing.order.startswith("-") else f"-{listing.order}"
    yield wrong(f"order → {other}", "order", other)
    for n, part in enumerate(parts := OR.split(listing.search)):
        if part.count("(") == part.count(")") and len(parts) > 1:
            yield wrong(f"search without {part.strip()}", "search", " OR ".join([*parts[:n], *parts[n + 1 :]]))
    for filter in listing.filters:
        yield from _of_filter(listing, filter, wrong)
    for column in listing.columns:
        yield from _of_column(listing, column, wrong)


def _of_filter(listing: Listing[Any], filter: Filter[Any], wrong: Callable[..., Wrong]) -> Iterator[Wrong]:
    name = f"filter {filter.name}"
    if filter.sql:
        kind = "date" if filter.kind == "date" else "text"
        yield wrong(f"{name} → everything", "sql", f"?::{kind} IS NOT NULL", filter)
        for pattern, instead in ((" >= ", " > "), (" <= ", " < "), (" > ", " >= "), (" < ", " <= ")):
            if pattern in filter.sql:
                yield wrong(f"{name}:{pattern}→{instead}", "sql", filter.sql.replace(pattern, instead), filter)
    for word, (label, sql) in filter.each.items():
        if sql != "true":
            yield wrong(f"{name} {word} → everything", "each", {**filter.each, word: (label, "true")}, filter)
    if filter.otherwise:
        yield wrong(f"{name} otherwise → everything", "otherwise", "", filter, listing)
    if filter.title and filter.shown_to is not Filter.shown_to:
        yield wrong(f"{name} shown to anybody", "shown_to", _anybody, filter, listing)


def _of_column(listing: Listing[Any], column: Column, wrong: Callable[..., Wrong]) -> Iterator[Wrong]:
    name = f"column {column.name}"
    if column.read_by is not None:
        yield wrong(f"{name} read by anybody", "read_by", None, column)
    if listing.downloads and column.file and (column.title or column.titles):
        yield wrong(f"{name} in no file", "file", False, column)
        if column.value is not None:
            yield wrong(f"{name} as it is", "value", None, column)
        if column.of is not None and column.value is None:  # else the file tells what that says
            yield wrong(f"{name} without its words", "of", None, column)


def _anybody(*_asked: object) -> bool:
    return True


def put(thing: object, fact: str, instead: object) -> object:
    """What was there. A list is frozen once it is made, for everybody but us."""
    if isinstance(thing, dict):
        was = thing.get(fact)
        if instead is GONE:
            del thing[fact]
        else:
            thing[fact] = instead
        return was
    was = getattr(thing, fact)
    object.__setattr__(thing, fact, instead)
    return was
