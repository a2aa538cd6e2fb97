"""The terms of the calculator: kinds and rules, a value as it was reported, and what a figure consists of."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
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

    @property
    def judged(self) -> bool:
        """Whether somebody has looked: a value that was contradicted or cannot be verified is checked, too."""
        return self.verified is not None or self.verdict is not Verdict.UNVERIFIED


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
    `rows` are the keys of the leaves behind it. Grades and words have no value but `levels`: how many there are of
    each grade, and of words how many (as grade one)."""

    series: Series
    value: Decimal | None
    at_most: Decimal | None = None
    rows: tuple[Hashable, ...] = ()
    progress: Progress = Progress()
    places: dict[Hashable, Decimal | None] = field(default_factory=dict)
    levels: dict[Decimal, int] = field(default_factory=dict)

    @property
    def there(self) -> bool:
        """Whether there is anything to tell."""
        return self.value is not None or bool(self.levels)


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
    """How much of the reported value, and how many of its leaves, somebody checked, whatever they found; `factor`: of
    what was checked, how much was confirmed; `verified`: of all that was reported."""

    leaves: int
    of_leaves: int
    share: Decimal | None
    factor: Decimal | None
    verified: Decimal | None = None


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
    attention: tuple[Attention, ...] = ()
    stale: bool = False

    @property
    def levels(self) -> dict[Decimal, int]:
        return self.reported.levels


# These count places together, or count them level by level, and so cannot be added up from parts.
WHOLE_ONLY = (Kind.ORDINAL, Kind.TEXT)
# Their targets do not add up: each level has one of its own, or none.
OWN_TARGETS = (Kind.UNIQUE, Kind.ORDINAL, Kind.TEXT)


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


def refuse_target_against_direction(direction: Direction, baseline: Decimal | None, target: Decimal | None) -> None:
    if baseline is None or target is None:
        return
    if (direction is Direction.UP and target < baseline) or (direction is Direction.DOWN and target > baseline):
        raise AgainstDirection(f"target {target} lies against direction {direction} from {baseline}")


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """Only for showing: half away from zero."""
    return value.quantize(Decimal(f"1e{-places}"), ROUND_HALF_UP)
