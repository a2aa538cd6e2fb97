"""What is told beside a total: who has reported, what was checked, how it splits, what somebody has to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from monitoring.indicators.points import Point, grouped, takes_last, tops
from monitoring.indicators.terms import (
    ADDITIVE,
    TOTAL,
    UNKNOWN,
    ZERO,
    Attention,
    Coverage,
    Definition,
    Kind,
    Leaf,
    Rule,
    Series,
    Split,
    Verification,
)


def coverage_of(
    definition: Definition, leaves: Sequence[Leaf], points: Sequence[Point], due: set, current: Any
) -> Coverage:
    """`current` is the first moment of the period asked for: a level that is older was carried into it."""
    there = [point for point in points if point.reported is not None]
    silent = {leaf.place for leaf in leaves if leaf.no_data and leaf.reported is None}
    inside = {point.place for point in there}
    carried: set = set()
    if current is not None and takes_last(definition):
        carried = inside - {point.place for point in there if point.period >= current}
    at_hand = {(point.award, point.municipality, point.period) for point in there}
    missing = 0 if takes_last(definition) else sum(1 for e in due if e not in at_hand and (e[0], e[1]) in inside)
    everybody = {(award, municipality) for award, municipality, _ in due} | inside | silent
    return Coverage(len(inside - carried), len(everybody), len(silent - inside), len(carried), missing)


def verification_of(definition: Definition, chosen: Sequence[Point]) -> Verification:
    checked = [point for point in chosen if point.judged]
    return shares_of(
        definition, len(checked), len(chosen), tops(chosen, Series.REPORTED), tops(checked, Series.REPORTED),
        tops(checked, Series.VERIFIED),
    )  # fmt: skip


def shares_of(
    definition: Definition, checked: int, chosen: int, every: Decimal, covered: Decimal, confirmed: Decimal
) -> Verification:
    if definition.kind not in ADDITIVE:
        return Verification(checked, chosen, None, None)
    return Verification(
        checked, chosen, covered / every if every else None, confirmed / covered if covered else None,
        confirmed / every if every else None,
    )  # fmt: skip


def splits_of(definition: Definition, chosen: Sequence[Point]) -> tuple[Split, ...]:
    """Cells and unknown make the total, for what adds up over time by sum or last and over places by sum."""
    if not adds_up(definition):
        return ()
    whole = tops(chosen, Series.REPORTED)
    cells: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for leaf in cells_of(chosen):
        if leaf.dimension not in definition.tags and leaf.cell != UNKNOWN and leaf.reported is not None:
            cells[leaf.dimension][leaf.cell] += leaf.reported
    return tuple(split_of(dimension, own, whole) for dimension, own in sorted(cells.items()))


def adds_up(definition: Definition) -> bool:
    over_time = definition.kind in ADDITIVE and definition.time in (Rule.SUM, Rule.LAST)
    return over_time and definition.place is Rule.SUM


def split_of(dimension: str, cells: dict[str, Decimal], whole: Decimal) -> Split:
    told = sum(cells.values(), ZERO)
    return Split(dimension, dict(cells), whole - told, told / whole if whole else None)


def cells_of(chosen: Sequence[Point]) -> Iterable[Leaf]:
    return (leaf for point in chosen for leaf in point.leaves if leaf.cell != TOTAL)


def tags_of(definition: Definition, chosen: Sequence[Point]) -> dict[str, dict[str, Decimal]]:
    tagged: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for leaf in cells_of(chosen):
        if leaf.dimension in definition.tags and leaf.reported is not None:
            tagged[leaf.dimension][leaf.cell] += leaf.reported
    return {dimension: dict(own) for dimension, own in tagged.items()}


def levels_of(chosen: Sequence[Point], series: Series) -> dict[Decimal, int]:
    """Grades are counted, never averaged; words are counted as if they were of one grade."""
    counts: dict[Decimal, int] = defaultdict(int)
    for point in chosen:
        if (pair := point.pair(series)) is not None:
            counts[pair[0]] += 1
    return dict(sorted(counts.items()))


def falls_and_negatives(definition: Definition, points: Sequence[Point]) -> list[Attention]:
    """A running total that falls and a negative correction of a flow need a reason; cells cannot exceed the total."""
    found = []
    for (award, municipality), series in grouped(points, lambda point: point.place).items():
        before: Decimal | None = None
        for point in sorted((p for p in series if p.reported), key=lambda p: p.period):
            assert point.reported
            value = point.reported[0]
            explained = any(leaf.reason for leaf in point.leaves)
            if definition.kind is Kind.RUNNING_TOTAL and before is not None and value < before:
                found.append(Attention("falling", award, municipality, point.period, explained))
            if definition.kind is Kind.FLOW and value < 0:
                found.append(Attention("negative", award, municipality, point.period, explained))
            if definition.kind in ADDITIVE and any(own > value for own in _cell_sums(definition, point) if value >= 0):
                found.append(Attention("cells_above_total", award, municipality, point.period))
            before = value
    return found


def _cell_sums(definition: Definition, point: Point) -> list[Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for leaf in cells_of([point]):
        if leaf.dimension not in definition.tags:
            sums[leaf.dimension] += leaf.reported or ZERO
    return list(sums.values())
