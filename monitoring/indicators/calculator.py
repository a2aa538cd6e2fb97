"""How numbers add up: the one pure calculator that pages, exports and the API ask. Decimal only, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from typing import Any

ZERO = Decimal(0)
TOTAL, UNKNOWN, SEX = "total", "unknown", "sex"
# wide enough that no sum or product of stored numbers is ever rounded on the way
EXACTLY = Context(prec=80)


class Kind(StrEnum):
    FLOW = "flow"
    STOCK = "stock"
    RUNNING_TOTAL = "running_total"
    RATIO = "ratio"
    MEAN = "mean"
    UNIQUE = "unique"
    ORDINAL = "ordinal"
    TEXT = "text"


class Rule(StrEnum):
    """Over time: sum, last, max, mean. Over municipalities: sum, mean, max, min."""

    SUM = "sum"
    LAST = "last"
    MAX = "max"
    MEAN = "mean"
    MIN = "min"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class Missing(StrEnum):
    IGNORE = "ignore"
    CARRY = "carry"
    REQUIRE_ALL = "require_all"


class Verdict(StrEnum):
    UNVERIFIED = "unverified"
    SAMPLED = "sampled"
    VERIFIED = "verified"
    CORRECTED = "corrected"
    CONTRADICTED = "contradicted"
    NOT_VERIFIABLE = "not_verifiable"


class Series(StrEnum):
    """Reported and verified are never mixed; best is verified where there is one, else reported, and says so."""

    REPORTED = "reported"
    VERIFIED = "verified"
    BEST = "best"


# a number and what it is "of": the denominator of a ratio, the count of a mean, nothing for the others
CARRY_OF = (Kind.RATIO, Kind.MEAN)
ADDITIVE = (Kind.FLOW, Kind.STOCK, Kind.RUNNING_TOTAL)
START_AT_ZERO = (Kind.FLOW, Kind.RUNNING_TOTAL, Kind.UNIQUE)


# A number and what it is of; pairs add up, and only the last step divides.
Pair = tuple[Decimal, Decimal]


class AgainstDirection(ValueError):
    """The target would be reached by getting worse."""


class Twice(ValueError):
    """Two rows for one leaf: indicator × sub-grant × municipality × period × cell."""


@dataclass(frozen=True)
class Definition:
    """`peak`: the busiest moment of all places together, instead of each place's own. `above_whole` lets n exceed d.
    `tags` are dimensions whose cells overlap and are therefore never added."""

    kind: Kind
    time: Rule = Rule.SUM
    place: Rule = Rule.SUM
    direction: Direction = Direction.UP
    missing: Missing = Missing.IGNORE
    baseline: Decimal | None = None
    target: Decimal | None = None
    peak: bool = False
    above_whole: bool = False
    tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        refuse_target_against_direction(self.direction, self.start, self.target)

    @property
    def start(self) -> Decimal | None:
        """The declared baseline; zero for what begins with the programme."""
        if self.baseline is not None:
            return self.baseline
        return ZERO if self.kind in START_AT_ZERO else None


@dataclass(frozen=True)
class Leaf:
    """One value as somebody reported it; never per user, so a handover changes nothing. Null is not zero: a value
    that is not there has `no_data`, the reason. `of`: see CARRY_OF. `people`: pseudonyms from a registry."""

    award: Hashable
    municipality: Hashable
    period: Any
    reported: Decimal | None
    cell: str = TOTAL
    dimension: str = SEX
    of: Decimal | None = None
    verified: Decimal | None = None
    verified_of: Decimal | None = None
    verdict: Verdict = Verdict.UNVERIFIED
    no_data: str | None = None
    accepted: bool = True
    people: frozenset[str] | None = None
    reason: str | None = None
    key: Hashable = None

    @property
    def place(self) -> tuple[Hashable, Hashable]:
        return self.award, self.municipality


@dataclass(frozen=True)
class Progress:
    """`share` is unclamped, None without a way to measure it; `bar` clamps it for drawing. Where baseline and target
    are equal there is no share, only whether the level was `maintained`."""

    share: Decimal | None = None
    maintained: bool | None = None

    @property
    def bar(self) -> Decimal | None:
        return None if self.share is None else min(max(self.share, ZERO), Decimal(1))


@dataclass(frozen=True)
class Total:
    """`at_most` is given where people were counted without a registry: then `value` is the least it can be.
    `rows` are the keys of the leaves behind it."""

    series: Series
    value: Decimal | None
    at_most: Decimal | None = None
    rows: tuple[Hashable, ...] = ()
    progress: Progress = Progress()
    places: dict[Hashable, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """`reported` of `expected` sub-grant × municipality. What says "no data", what is carried from an earlier period
    and how many expected periods are missing stand beside it."""

    reported: int
    expected: int
    no_data: int = 0
    carried: int = 0
    missing_periods: int = 0


@dataclass(frozen=True)
class Verification:
    """How much of the reported value, and how many of its leaves, somebody checked; `factor` = verified by reported."""

    leaves: int
    of_leaves: int
    share: Decimal | None
    factor: Decimal | None


@dataclass(frozen=True)
class Split:
    """One dimension of a total: its cells, what is in none of them, and the share that is in one."""

    dimension: str
    cells: dict[str, Decimal]
    unknown: Decimal | None
    coverage: Decimal | None


@dataclass(frozen=True)
class Attention:
    """What a person has to look at. `what`: falling, negative, above_whole, cells_above_total, dimensions_differ."""

    what: str
    award: Hashable
    municipality: Hashable
    period: Any
    explained: bool = False


@dataclass(frozen=True)
class Figure:
    """A total with everything that explains it."""

    definition: Definition
    reported: Total
    verified: Total
    best: Total
    coverage: Coverage
    verification: Verification
    splits: tuple[Split, ...] = ()
    tags: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    levels: dict[Decimal, int] = field(default_factory=dict)
    attention: tuple[Attention, ...] = ()
    stale: bool = False


def figure(
    definition: Definition,
    leaves: Iterable[Leaf],
    expected: Collection[tuple[Hashable, Hashable, Any]] = (),
    as_of: object = None,
    target: Decimal | None = None,
) -> Figure:
    """The total at `as_of` (everything so far when None). `expected` are the award, municipality and period of each
    report that should be in; `target` replaces the definition's, as for one municipality."""
    with localcontext(EXACTLY):
        counted = sorted(
            (leaf for leaf in leaves if leaf.accepted and (as_of is None or leaf.period <= as_of)), key=_order
        )
        _refuse_twice(counted)
        due = {entry for entry in expected if as_of is None or entry[2] <= as_of}
        points, attention = _points(definition, counted)
        attention += _falls_and_negatives(definition, points)
        chosen, impossible = _without_impossible(definition, _chosen(definition, points))
        attention += impossible
        coverage = _coverage(definition, counted, points, due, as_of)
        complete = coverage.reported == coverage.expected and not coverage.missing_periods
        withheld = definition.missing is Missing.REQUIRE_ALL and not complete
        aim = definition.target if target is None else target

        def total(series: Series) -> Total:
            return _total(definition, chosen, series, aim, withheld)

        return Figure(
            definition, total(Series.REPORTED), total(Series.VERIFIED), total(Series.BEST), coverage,
            _verification(definition, chosen), _splits(definition, chosen), _tags(definition, chosen),
            _levels(definition, chosen), tuple(attention),
            stale=any(as_of is not None and p.period < as_of for p in chosen) and _takes_last(definition),
        )  # fmt: skip


# These count places together, or count them level by level, and so cannot be added up from parts.
WHOLE_ONLY = (Kind.ORDINAL, Kind.TEXT)


@dataclass(frozen=True)
class Part:
    """What sub-grants in one municipality come to over time: enough to be added to other parts and to give the same
    figure as their leaves would. The pairs are a number and what it is of; of people counted once, the least and the
    most. `whole`, `covered` and `confirmed`: what was reported, reported and checked, found when it was checked."""

    municipality: Hashable
    reported: Pair | None
    verified: Pair | None
    best: Pair | None
    chosen: int
    checked: int
    whole: Decimal
    covered: Decimal
    confirmed: Decimal
    cells: dict[str, Decimal]

    def pair(self, series: Series) -> Pair | None:
        return {Series.REPORTED: self.reported, Series.VERIFIED: self.verified, Series.BEST: self.best}[series]


@dataclass(frozen=True)
class Told:
    """What coverage asks of one sub-grant: the periods it reported a number for, and whether it said it has none."""

    periods: tuple[object, ...]
    silent: bool


def part_of(definition: Definition, leaves: Iterable[Leaf]) -> tuple[Part, Told]:
    """Of one sub-grant in its municipality. Without a registry of people, and not for the busiest moment of all."""
    assert not definition.peak and definition.kind not in WHOLE_ONLY
    with localcontext(EXACTLY):
        counted = sorted((leaf for leaf in leaves if leaf.accepted), key=_order)
        _refuse_twice(counted)
        points, _attention = _points(definition, counted)
        chosen, _impossible = _without_impossible(definition, _chosen(definition, points))
        verification = [point for point in chosen if point.verified is not None]
        cells: dict[str, Decimal] = {}
        for leaf in _cells(chosen):
            if leaf.cell != UNKNOWN and leaf.reported is not None:
                cells[leaf.cell] = cells.get(leaf.cell, ZERO) + leaf.reported
        there = [point for point in points if point.reported is not None]
        part = Part(
            counted[0].municipality, _in_time(definition, chosen, Series.REPORTED),
            _in_time(definition, chosen, Series.VERIFIED), _in_time(definition, chosen, Series.BEST),
            len(chosen), len(verification), _tops(chosen, Series.REPORTED), _tops(verification, Series.REPORTED),
            _tops(verification, Series.VERIFIED), cells,
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
        if _takes_last(definition):
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
                value, places = _by_place(definition, pairs)
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
            _shares(
                definition, sum(part.checked for part in there), sum(part.chosen for part in there), whole,
                sum((part.covered for part in there), ZERO), sum((part.confirmed for part in there), ZERO),
            ),
            (_split(SEX, cells, whole),) if cells and _adds_up(definition) else (),
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


def refuse_target_against_direction(direction: Direction, baseline: Decimal | None, target: Decimal | None) -> None:
    if baseline is None or target is None:
        return
    if (direction is Direction.UP and target < baseline) or (direction is Direction.DOWN and target > baseline):
        raise AgainstDirection(f"target {target} lies against direction {direction} from {baseline}")


def planned(definition: Definition, targets: Iterable[Leaf], as_of: object = None) -> Decimal | None:
    """Targets of parts add up by the indicator's own rule, where they can: a ratio's and a mean's carry what they are
    of; people counted once and ordinals have a target of their own at each level, or none."""
    plans = list(targets)
    if definition.kind in (Kind.UNIQUE, Kind.ORDINAL, Kind.TEXT):
        return None
    if definition.kind in CARRY_OF and any(plan.of is None for plan in plans):
        return None
    return figure(replace(definition, target=None), plans, as_of=as_of).reported.value


def planned_together(definition: Definition, parts: Mapping[Hashable, Pair | None], lacking: bool) -> Decimal | None:
    """The same from what the targets of each municipality come to; `lacking`: one does not say what it is of."""
    if definition.kind in (Kind.UNIQUE, Kind.ORDINAL, Kind.TEXT) or lacking:
        return None
    with localcontext(EXACTLY):
        return _by_place(definition, dict(parts))[0]


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


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """Only for showing: half away from zero."""
    return value.quantize(Decimal(f"1e{-places}"), ROUND_HALF_UP)


@dataclass(frozen=True)
class _Point:
    """A sub-grant in a municipality in a period, cells added."""

    award: Hashable
    municipality: Hashable
    period: Any
    reported: Pair | None
    verified: Pair | None
    best: Pair | None
    leaves: tuple[Leaf, ...]
    people: frozenset[str] | None = None

    def pair(self, series: Series) -> Pair | None:
        return {Series.REPORTED: self.reported, Series.VERIFIED: self.verified, Series.BEST: self.best}[series]

    @property
    def place(self) -> tuple[Hashable, Hashable]:
        return self.award, self.municipality


def _order(leaf: Leaf) -> tuple:
    return leaf.period, str(leaf.award), str(leaf.municipality), leaf.dimension, leaf.cell


def _refuse_twice(leaves: Sequence[Leaf]) -> None:
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


def _points(definition: Definition, leaves: Sequence[Leaf]) -> tuple[list[_Point], list[Attention]]:
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
            _Point(
                award, municipality, period, _add(_reported(definition, leaf) for leaf in whole),
                None if None in checked else _add(checked),
                _add(_best(definition, leaf) for leaf in whole), tuple(group), _registered(whole),
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


def _takes_last(definition: Definition) -> bool:
    """Levels are never summed over time: where no other rule is declared, the latest one counts."""
    level = definition.kind in (Kind.STOCK, Kind.RUNNING_TOTAL)
    return definition.time is Rule.LAST or definition.kind is Kind.ORDINAL or (level and definition.time is Rule.SUM)


def _chosen(definition: Definition, points: Sequence[_Point]) -> list[_Point]:
    """The points that count, chosen by what was reported: verified belongs to the leaf that counts."""
    there = [point for point in points if point.reported is not None]
    if definition.kind is Kind.UNIQUE:
        return there
    if definition.peak:
        by_period: dict[object, list[_Point]] = defaultdict(list)
        for point in there:
            by_period[point.period].append(point)

        def size(period: object) -> tuple:
            return _placed(definition, by_period[period], Series.REPORTED)[0] or ZERO, period

        return by_period[max(by_period, key=size)] if by_period else []
    chosen = []
    for series in _by(there, lambda point: point.place).values():
        if _takes_last(definition):
            chosen.append(max(series, key=lambda point: point.period))
        elif definition.time is Rule.MAX:
            chosen.append(max(series, key=lambda p: (_value(definition.kind, p.reported) or ZERO, p.period)))
        else:
            chosen += series
    return chosen


def _by(points: Iterable[_Point], key: Callable[[_Point], Any]) -> dict[Any, list[_Point]]:
    groups: dict[object, list[_Point]] = defaultdict(list)
    for point in points:
        groups[key(point)].append(point)
    return groups


def _over_time(definition: Definition, points: Sequence[_Point], series: Series) -> Pair | None:
    pairs = [pair for point in points if (pair := point.pair(series)) is not None]
    if definition.time is Rule.MEAN and definition.kind not in CARRY_OF and pairs:
        return sum((top for top, _ in pairs), ZERO) / len(pairs), ZERO
    return _add(pairs)


def _without_impossible(definition: Definition, chosen: list[_Point]) -> tuple[list[_Point], list[Attention]]:
    """A part cannot exceed its whole: such a sum of a series counts as nothing and is named."""
    if definition.kind is not Kind.RATIO or definition.above_whole:
        return chosen, []
    kept, attention = [], []
    for (award, municipality), series in _by(chosen, lambda point: point.place).items():
        wrong: dict[str, Any] = {}
        for which in Series:
            pair = _over_time(definition, series, which)
            if pair is not None and pair[0] > pair[1]:
                wrong[str(which)] = None
        if wrong:
            attention.append(Attention("above_whole", award, municipality, max(p.period for p in series)))
        kept += [replace(point, **wrong) for point in series]
    return kept, attention


def _placed(
    definition: Definition, points: Sequence[_Point], series: Series
) -> tuple[Decimal | None, dict[Hashable, Decimal | None]]:
    """Time per series, then sub-grants added, then the rule of place. Also each municipality's own."""
    pairs: dict[Hashable, list[Pair | None]] = defaultdict(list)
    for (_award, municipality), own in _by(points, lambda point: point.place).items():
        pairs[municipality].append(_over_time(definition, own, series))
    return _by_place(definition, {municipality: _add(each) for municipality, each in pairs.items()})


def _by_place(
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


def _total(
    definition: Definition, chosen: Sequence[_Point], series: Series, target: Decimal | None, withheld: bool
) -> Total:
    rows = tuple(leaf.key for point in chosen if point.pair(series) is not None for leaf in point.leaves)
    if definition.kind in (Kind.ORDINAL, Kind.TEXT):
        return Total(series, None, rows=rows)
    if definition.kind is Kind.UNIQUE:
        value, most, places = _people(chosen, series)
    else:
        (value, places), most = _placed(definition, chosen, series), None
    if withheld:
        value = most = None
    return Total(series, value, most, rows, progress(definition, value, target), places)


def _people(chosen: Sequence[_Point], series: Series) -> tuple[Decimal | None, Decimal | None, dict]:
    """People counted once. With a registry: distinct pseudonyms at each level. Without: at least the largest count of
    each municipality, at most all counts together."""
    there = [point for point in chosen if point.pair(series) is not None]
    if not there:
        return None, None, {}
    by_place = _by(there, lambda point: point.municipality)
    if series is Series.REPORTED and all(point.people is not None for point in there):
        met = {place: frozenset().union(*(p.people for p in own if p.people)) for place, own in by_place.items()}
        return (
            Decimal(len(frozenset().union(*met.values()))), None,
            {place: Decimal(len(people)) for place, people in met.items()},
        )  # fmt: skip
    counts = {place: [pair[0] for p in own if (pair := p.pair(series)) is not None] for place, own in by_place.items()}
    least = {place: max(own) for place, own in counts.items()}
    return sum(least.values(), ZERO), sum((sum(own, ZERO) for own in counts.values()), ZERO), dict(least)


def _coverage(
    definition: Definition, leaves: Sequence[Leaf], points: Sequence[_Point], due: set, as_of: object
) -> Coverage:
    there = [point for point in points if point.reported is not None]
    silent = {leaf.place for leaf in leaves if leaf.no_data and leaf.reported is None}
    inside = {point.place for point in there}
    carried: set = set()
    if as_of is not None and _takes_last(definition):
        carried = inside - {point.place for point in there if point.period == as_of}
    at_hand = {(point.award, point.municipality, point.period) for point in there}
    missing = 0 if _takes_last(definition) else sum(1 for e in due if e not in at_hand and (e[0], e[1]) in inside)
    everybody = {(award, municipality) for award, municipality, _ in due} | inside | silent
    return Coverage(len(inside - carried), len(everybody), len(silent - inside), len(carried), missing)


def _verification(definition: Definition, chosen: Sequence[_Point]) -> Verification:
    checked = [point for point in chosen if point.verified is not None]
    return _shares(
        definition, len(checked), len(chosen), _tops(chosen, Series.REPORTED), _tops(checked, Series.REPORTED),
        _tops(checked, Series.VERIFIED),
    )  # fmt: skip


def _shares(
    definition: Definition, checked: int, chosen: int, every: Decimal, covered: Decimal, confirmed: Decimal
) -> Verification:
    if definition.kind not in ADDITIVE:
        return Verification(checked, chosen, None, None)
    return Verification(checked, chosen, covered / every if every else None, confirmed / covered if covered else None)


def _tops(points: Iterable[_Point], series: Series) -> Decimal:
    return sum((pair[0] for point in points if (pair := point.pair(series)) is not None), ZERO)


def _in_time(definition: Definition, chosen: Sequence[_Point], series: Series) -> Pair | None:
    """One place's chosen points as one pair."""
    if definition.kind is not Kind.UNIQUE:
        return _over_time(definition, chosen, series)
    tops = [pair[0] for point in chosen if (pair := point.pair(series)) is not None]
    return (max(tops), sum(tops, ZERO)) if tops else None


def _splits(definition: Definition, chosen: Sequence[_Point]) -> tuple[Split, ...]:
    """Cells and unknown make the total, for what adds up over time by sum or last and over places by sum."""
    if not _adds_up(definition):
        return ()
    whole = _tops(chosen, Series.REPORTED)
    cells: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for leaf in _cells(chosen):
        if leaf.dimension not in definition.tags and leaf.cell != UNKNOWN and leaf.reported is not None:
            cells[leaf.dimension][leaf.cell] += leaf.reported
    return tuple(_split(dimension, own, whole) for dimension, own in sorted(cells.items()))


def _adds_up(definition: Definition) -> bool:
    over_time = definition.kind in ADDITIVE and definition.time in (Rule.SUM, Rule.LAST)
    return over_time and definition.place is Rule.SUM


def _split(dimension: str, cells: dict[str, Decimal], whole: Decimal) -> Split:
    told = sum(cells.values(), ZERO)
    return Split(dimension, dict(cells), whole - told, told / whole if whole else None)


def _cells(chosen: Sequence[_Point]) -> Iterable[Leaf]:
    return (leaf for point in chosen for leaf in point.leaves if leaf.cell != TOTAL)


def _tags(definition: Definition, chosen: Sequence[_Point]) -> dict[str, dict[str, Decimal]]:
    tagged: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for leaf in _cells(chosen):
        if leaf.dimension in definition.tags and leaf.reported is not None:
            tagged[leaf.dimension][leaf.cell] += leaf.reported
    return {dimension: dict(own) for dimension, own in tagged.items()}


def _levels(definition: Definition, chosen: Sequence[_Point]) -> dict[Decimal, int]:
    """Ordinals are counted, never averaged."""
    if definition.kind is not Kind.ORDINAL:
        return {}
    counts: dict[Decimal, int] = defaultdict(int)
    for point in chosen:
        if point.reported:
            counts[point.reported[0]] += 1
    return dict(sorted(counts.items()))


def _falls_and_negatives(definition: Definition, points: Sequence[_Point]) -> list[Attention]:
    """A running total that falls and a negative correction of a flow need a reason; cells cannot exceed the total."""
    found = []
    for (award, municipality), series in _by(points, lambda point: point.place).items():
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


def _cell_sums(definition: Definition, point: _Point) -> list[Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for leaf in _cells([point]):
        if leaf.dimension not in definition.tags:
            sums[leaf.dimension] += leaf.reported or ZERO
    return list(sums.values())
