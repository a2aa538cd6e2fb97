"""From single values to one of each sub-grant: cells first, then time, then places. Decimal only, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from monitoring.indicators.terms import (
    CARRY_OF,
    TOTAL,
    ZERO,
    Attention,
    Definition,
    Kind,
    Leaf,
    Pair,
    Rule,
    Series,
    Twice,
    Verdict,
)


@dataclass(frozen=True)
class Point:
    """A sub-grant in a municipality in a period, cells added."""

    award: Hashable
    municipality: Hashable
    period: Any
    reported: Pair | None
    verified: Pair | None
    best: Pair | None
    leaves: tuple[Leaf, ...]
    people: frozenset[str] | None = None
    judged: bool = False

    def pair(self, series: Series) -> Pair | None:
        return {Series.REPORTED: self.reported, Series.VERIFIED: self.verified, Series.BEST: self.best}[series]

    @property
    def place(self) -> tuple[Hashable, Hashable]:
        return self.award, self.municipality


def in_order(leaf: Leaf) -> tuple:
    return leaf.period, str(leaf.award), str(leaf.municipality), leaf.dimension, leaf.cell


def refuse_twice(leaves: Sequence[Leaf]) -> None:
    seen = set()
    for leaf in leaves:
        one = (leaf.award, leaf.municipality, leaf.period, leaf.cell, leaf.dimension if leaf.cell != TOTAL else "")
        if one in seen:
            raise Twice(f"two values for {one}")
        seen.add(one)


def _pair(kind: Kind, value: Decimal | None, of: Decimal | None) -> Pair | None:
    if value is None:
        return None
    if kind in CARRY_OF:
        if of is None:
            return None
        return (value * of, of) if kind is Kind.MEAN else (value, of)
    return value, ZERO


def _value(kind: Kind, pair: Pair | None) -> Decimal | None:
    if pair is None:
        return None
    if kind in CARRY_OF:
        return pair[0] / pair[1] if pair[1] else None
    return pair[0]


def _add(pairs: Iterable[Pair | None]) -> Pair | None:
    there = [pair for pair in pairs if pair is not None]
    if len(there) < 2:  # nearly always
        return there[0] if there else None
    return sum((top for top, _ in there), ZERO), sum((bottom for _, bottom in there), ZERO)


def points_of(definition: Definition, leaves: Sequence[Leaf]) -> tuple[list[Point], list[Attention]]:
    """Cells added first. A reported total is taken as it is; without one, the cells of a dimension make it, and
    dimensions, which count the same people, are not added to each other."""
    groups: dict[tuple, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        groups[leaf.award, leaf.municipality, leaf.period].append(leaf)
    points, attention = [], []
    for (award, municipality, period), group in groups.items():
        whole = [leaf for leaf in group if leaf.cell == TOTAL]
        if not whole:
            by_dimension: dict[str, list[Leaf]] = defaultdict(list)
            for leaf in group:
                if leaf.dimension not in definition.tags:
                    by_dimension[leaf.dimension].append(leaf)
            sums = {name: _add(_reported(definition, leaf) for leaf in cells) for name, cells in by_dimension.items()}
            if not by_dimension:
                continue
            known = {name: pair for name, pair in sums.items() if pair is not None}
            if len(set(known.values())) > 1:
                attention.append(Attention("dimensions_differ", award, municipality, period))
            # everybody counted in any dimension is in the total, so the largest is the least it can be
            fullest = max(known or sums, key=lambda name: (known.get(name, (ZERO, ZERO)), name))
            whole = by_dimension[fullest]
        checked = [_checked(definition, leaf) for leaf in whole]
        points.append(
            Point(
                award, municipality, period, _add(_reported(definition, leaf) for leaf in whole),
                None if None in checked else _add(checked),
                _add(_best(definition, leaf) for leaf in whole), tuple(group), _registered(whole),
                all(leaf.judged for leaf in whole),
            )
        )  # fmt: skip
    return points, attention


def _registered(leaves: Sequence[Leaf]) -> frozenset[str] | None:
    known = [leaf.people for leaf in leaves if leaf.people is not None]
    return frozenset[str]().union(*known) if len(known) == len(leaves) else None


def _reported(definition: Definition, leaf: Leaf) -> Pair | None:
    return _pair(definition.kind, leaf.reported, leaf.of)


def _checked(definition: Definition, leaf: Leaf) -> Pair | None:
    return _pair(definition.kind, leaf.verified, leaf.of if leaf.verified_of is None else leaf.verified_of)


def _best(definition: Definition, leaf: Leaf) -> Pair | None:
    checked = _checked(definition, leaf)
    if checked is not None or leaf.verdict in (Verdict.CONTRADICTED, Verdict.NOT_VERIFIABLE):
        return checked
    return _reported(definition, leaf)


def takes_last(definition: Definition) -> bool:
    """Levels are never summed over time: where no other rule is declared, the latest one counts."""
    level = definition.kind in (Kind.STOCK, Kind.RUNNING_TOTAL)
    return definition.time is Rule.LAST or definition.kind is Kind.ORDINAL or (level and definition.time is Rule.SUM)


def that_count(definition: Definition, points: Sequence[Point]) -> list[Point]:
    """The points that count, chosen by what was reported: verified belongs to the leaf that counts."""
    there = [point for point in points if point.reported is not None]
    if definition.kind is Kind.UNIQUE:
        return there
    if definition.peak:
        by_period: dict[object, list[Point]] = defaultdict(list)
        for point in there:
            by_period[point.period].append(point)

        def size(period: object) -> tuple:
            return placed(definition, by_period[period], Series.REPORTED)[0] or ZERO, period

        return by_period[max(by_period, key=size)] if by_period else []
    chosen = []
    for series in grouped(there, lambda point: point.place).values():
        if takes_last(definition):
            chosen.append(max(series, key=lambda point: point.period))
        elif definition.time is Rule.MAX:
            chosen.append(max(series, key=lambda p: (_value(definition.kind, p.reported) or ZERO, p.period)))
        else:
            chosen += series
    return chosen


def grouped(points: Iterable[Point], key: Callable[[Point], Any]) -> dict[Any, list[Point]]:
    groups: dict[object, list[Point]] = defaultdict(list)
    for point in points:
        groups[key(point)].append(point)
    return groups


def over_time(definition: Definition, points: Sequence[Point], series: Series) -> Pair | None:
    pairs = [pair for point in points if (pair := point.pair(series)) is not None]
    if definition.time is Rule.MEAN and definition.kind not in CARRY_OF and pairs:
        return sum((top for top, _ in pairs), ZERO) / len(pairs), ZERO
    return _add(pairs)


def without_impossible(definition: Definition, chosen: list[Point]) -> tuple[list[Point], list[Attention]]:
    """A part cannot exceed its whole: such a sum of a series counts as nothing and is named."""
    if definition.kind is not Kind.RATIO or definition.above_whole:
        return chosen, []
    kept, attention = [], []
    for (award, municipality), series in grouped(chosen, lambda point: point.place).items():
        wrong: dict[str, Any] = {}
        for which in Series:
            pair = over_time(definition, series, which)
            if pair is not None and pair[0] > pair[1]:
                wrong[str(which)] = None
        if wrong:
            attention.append(Attention("above_whole", award, municipality, max(p.period for p in series)))
        kept += [replace(point, **wrong) for point in series]
    return kept, attention


def placed(
    definition: Definition, points: Sequence[Point], series: Series
) -> tuple[Decimal | None, dict[Hashable, Decimal | None]]:
    """Time per series, then sub-grants added, then the rule of place. Also each municipality's own."""
    pairs: dict[Hashable, list[Pair | None]] = defaultdict(list)
    for (_award, municipality), own in grouped(points, lambda point: point.place).items():
        pairs[municipality].append(over_time(definition, own, series))
    return by_place(definition, {municipality: _add(each) for municipality, each in pairs.items()})


def by_place(
    definition: Definition, added: dict[Hashable, Pair | None]
) -> tuple[Decimal | None, dict[Hashable, Decimal | None]]:
    values = {municipality: _value(definition.kind, pair) for municipality, pair in added.items()}
    there = sorted(value for value in values.values() if value is not None)
    if not there:
        return None, values
    if definition.place is Rule.MEAN:
        return sum(there, ZERO) / len(there), values
    if definition.place is Rule.MAX:
        return there[-1], values
    if definition.place is Rule.MIN:
        return there[0], values
    return _value(definition.kind, _add(added.values())), values


def tops(points: Iterable[Point], series: Series) -> Decimal:
    return sum((pair[0] for point in points if (pair := point.pair(series)) is not None), ZERO)
