"""How numbers add up: the one pure calculator that pages, exports and the API ask. Decimal only, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

from monitoring.indicators.beside import (
    adds_up,
    cells_of,
    coverage_of,
    falls_and_negatives,
    levels_of,
    shares_of,
    split_of,
    splits_of,
    tags_of,
    verification_of,
)
from monitoring.indicators.points import (
    Point,
    by_place,
    grouped,
    in_order,
    over_time,
    placed,
    points_of,
    refuse_twice,
    takes_last,
    that_count,
    tops,
    without_impossible,
)
from monitoring.indicators.terms import (
    CARRY_OF,
    EXACTLY,
    OWN_TARGETS,
    SEX,
    UNKNOWN,
    WHOLE_ONLY,
    ZERO,
    Coverage,
    Definition,
    Direction,
    Figure,
    Kind,
    Leaf,
    Missing,
    Pair,
    Part,
    Progress,
    Series,
    Told,
    Total,
    rounded,
)


def figure(
    definition: Definition,
    leaves: Iterable[Leaf],
    expected: Collection[tuple[Hashable, Hashable, Any]] = (),
    as_of: object = None,
    target: Decimal | None = None,
    since: object = None,
) -> Figure:
    """The total at `as_of` (everything so far when None). `since` is the first moment of the period asked for (the
    last one, when None): of a level older values count, too, and are said to be carried. `expected` are the award,
    municipality and period of each report that should be in; `target` replaces the definition's, as for one
    municipality."""
    with localcontext(EXACTLY):
        counted = sorted(
            (leaf for leaf in leaves if leaf.accepted and (as_of is None or leaf.period <= as_of)), key=in_order
        )
        refuse_twice(counted)
        due = {entry for entry in expected if as_of is None or entry[2] <= as_of}
        points, attention = points_of(definition, counted)
        attention += falls_and_negatives(definition, points)
        chosen, impossible = without_impossible(definition, that_count(definition, points))
        attention += impossible
        current: Any = as_of if since is None else since
        coverage = coverage_of(definition, counted, points, due, current)
        complete = coverage.reported == coverage.expected and not coverage.missing_periods
        withheld = definition.missing is Missing.REQUIRE_ALL and not complete
        aim = definition.target if target is None else target

        def total(series: Series) -> Total:
            return _total(definition, chosen, series, aim, withheld)

        return Figure(
            definition, total(Series.REPORTED), total(Series.VERIFIED), total(Series.BEST), coverage,
            verification_of(definition, chosen), splits_of(definition, chosen), tags_of(definition, chosen),
            tuple(attention),
            stale=any(current is not None and p.period < current for p in chosen) and takes_last(definition),
        )  # fmt: skip


def part_of(definition: Definition, leaves: Iterable[Leaf]) -> tuple[Part, Told]:
    """Of one sub-grant in its municipality. Without a registry of people, and not for the busiest moment of all."""
    assert not definition.peak and definition.kind not in WHOLE_ONLY
    with localcontext(EXACTLY):
        counted = sorted((leaf for leaf in leaves if leaf.accepted), key=in_order)
        refuse_twice(counted)
        points, _attention = points_of(definition, counted)
        chosen, _impossible = without_impossible(definition, that_count(definition, points))
        verification = [point for point in chosen if point.judged]
        cells: dict[str, Decimal] = {}
        for leaf in cells_of(chosen):
            if leaf.cell != UNKNOWN and leaf.reported is not None:
                cells[leaf.cell] = cells.get(leaf.cell, ZERO) + leaf.reported
        there = [point for point in points if point.reported is not None]
        part = Part(
            counted[0].municipality, _in_time(definition, chosen, Series.REPORTED),
            _in_time(definition, chosen, Series.VERIFIED), _in_time(definition, chosen, Series.BEST),
            len(chosen), len(verification), tops(chosen, Series.REPORTED), tops(verification, Series.REPORTED),
            tops(verification, Series.VERIFIED), cells,
        )  # fmt: skip
        silent = any(leaf.no_data and leaf.reported is None for leaf in counted)
        return part, Told(tuple(sorted({point.period for point in there})), silent)


def added_up(
    definition: Definition, parts: Iterable[Part], coverage: Coverage, target: Decimal | None = None
) -> Figure:
    """The figure these parts make, one part for each municipality. It cannot name single leaves: `rows`, `attention`
    and `levels` stay empty."""
    assert not definition.peak and definition.kind not in WHOLE_ONLY
    with localcontext(EXACTLY):
        there = [part for part in parts if part.chosen]
        if takes_last(definition):
            coverage = replace(coverage, missing_periods=0)
        complete = coverage.reported == coverage.expected and not coverage.missing_periods
        withheld = definition.missing is Missing.REQUIRE_ALL and not complete
        aim = definition.target if target is None else target

        def total(series: Series) -> Total:
            pairs = {part.municipality: part.pair(series) for part in there}
            most = None
            if definition.kind is Kind.UNIQUE:
                known = {place: pair for place, pair in pairs.items() if pair is not None}
                places: dict[Hashable, Decimal | None] = {place: pair[0] for place, pair in known.items()}
                value = sum((pair[0] for pair in known.values()), ZERO) if known else None
                most = sum((pair[1] for pair in known.values()), ZERO) if known else None
            else:
                value, places = by_place(definition, pairs)
            if withheld:
                value = most = None
            return Total(series, value, most, (), progress(definition, value, aim), places)

        whole = sum((part.whole for part in there), ZERO)
        cells: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for part in there:
            for cell, number in part.cells.items():
                cells[cell] += number
        return Figure(
            definition, total(Series.REPORTED), total(Series.VERIFIED), total(Series.BEST), coverage,
            shares_of(
                definition, sum(part.checked for part in there), sum(part.chosen for part in there), whole,
                sum((part.covered for part in there), ZERO), sum((part.confirmed for part in there), ZERO),
            ),
            (split_of(SEX, cells, whole),) if cells and adds_up(definition) else (),
        )  # fmt: skip


def progress(definition: Definition, actual: Decimal | None, target: Decimal | None) -> Progress:
    """(actual − baseline) / (target − baseline), in either direction."""
    start = definition.start
    if actual is None or target is None or start is None:
        return Progress()
    if target == start:
        kept = actual >= target if definition.direction is Direction.UP else actual <= target
        return Progress(maintained=kept)
    return Progress((actual - start) / (target - start))


def planned(definition: Definition, targets: Iterable[Leaf], as_of: object = None) -> Decimal | None:
    """Targets of parts add up by the indicator's own rule, where they can: a ratio's and a mean's carry what they are
    of; people counted once and ordinals have a target of their own at each level, or none."""
    plans = list(targets)
    if definition.kind in OWN_TARGETS:
        return None
    if definition.kind in CARRY_OF and any(plan.of is None for plan in plans):
        return None
    return figure(replace(definition, target=None), plans, as_of=as_of).reported.value


def planned_together(definition: Definition, parts: Mapping[Hashable, Pair | None], lacking: bool) -> Decimal | None:
    """The same from what the targets of each municipality come to; `lacking`: one does not say what it is of."""
    if definition.kind in OWN_TARGETS or lacking:
        return None
    with localcontext(EXACTLY):
        return by_place(definition, dict(parts))[0]


def deltas(values: Sequence[Decimal | None]) -> list[Decimal | None]:
    """What each period added to a running total."""
    made: list[Decimal | None] = []
    before = ZERO
    for value in values:
        made.append(None if value is None else value - before)
        before = before if value is None else value
    return made


@dataclass(frozen=True)
class Restatement:
    published: Decimal
    restated: Decimal

    @property
    def change(self) -> Decimal:
        return self.restated - self.published


def restatement(snapshots: Sequence[Decimal], current: Decimal) -> Restatement | None:
    """What changed since the last published snapshot; all snapshots are kept as they were. None when nothing did."""
    if not snapshots or snapshots[-1] == current:
        return None
    return Restatement(snapshots[-1], current)


def converted(amounts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Statistics in another currency, (amount, units of it for one of ours): converted exactly, rounded once."""
    with localcontext(EXACTLY):
        return rounded(sum((amount / rate for amount, rate in amounts), ZERO), 2)


def _total(
    definition: Definition, chosen: Sequence[Point], series: Series, target: Decimal | None, withheld: bool
) -> Total:
    rows = tuple(leaf.key for point in chosen if point.pair(series) is not None for leaf in point.leaves)
    if definition.kind in WHOLE_ONLY:
        return Total(series, None, rows=rows, levels=levels_of(chosen, series))
    if definition.kind is Kind.UNIQUE:
        value, most, places = _people(chosen, series)
    else:
        (value, places), most = placed(definition, chosen, series), None
    if withheld:
        value = most = None
    return Total(series, value, most, rows, progress(definition, value, target), places)


def _people(chosen: Sequence[Point], series: Series) -> tuple[Decimal | None, Decimal | None, dict]:
    """People counted once. With a registry: distinct pseudonyms at each level. Without: at least the largest count of
    each municipality, at most all counts together."""
    there = [point for point in chosen if point.pair(series) is not None]
    if not there:
        return None, None, {}
    by_place = grouped(there, lambda point: point.municipality)
    if series is Series.REPORTED and all(point.people is not None for point in there):
        met = {place: frozenset().union(*(p.people for p in own if p.people)) for place, own in by_place.items()}
        return (
            Decimal(len(frozenset().union(*met.values()))), None,
            {place: Decimal(len(people)) for place, people in met.items()},
        )  # fmt: skip
    counts = {place: [pair[0] for p in own if (pair := p.pair(series)) is not None] for place, own in by_place.items()}
    least = {place: max(own) for place, own in counts.items()}
    return sum(least.values(), ZERO), sum((sum(own, ZERO) for own in counts.values()), ZERO), dict(least)


def _in_time(definition: Definition, chosen: Sequence[Point], series: Series) -> Pair | None:
    """One place's chosen points as one pair."""
    if definition.kind is not Kind.UNIQUE:
        return over_time(definition, chosen, series)
    tops = [pair[0] for point in chosen if (pair := point.pair(series)) is not None]
    return (max(tops), sum(tops, ZERO)) if tops else None
