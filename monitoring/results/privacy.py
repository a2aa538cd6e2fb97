"""Which public counts of people are not told: one to four, and as many others as keep those from being worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from foundation.database import Columns, Row
from foundation.language import gettext as _
from monitoring.indicators import people
from monitoring.indicators.numbers import formatted, leaf, total_shown
from monitoring.indicators.terms import ADDITIVE, CARRY_OF, Kind, Rule, Total

FEW = Decimal(5)
# A hidden count must be able to be at least so many different numbers for whoever holds every published one.
CHOICES = 3
ZERO, MANY = Decimal(0), Decimal(10**12)
SERIES = ("reported", "verified")
Key = tuple[str, Any, Any]


class LookCloser(Exception):
    """What was put together into one count has to be looked at one by one."""


@dataclass
class Cell:
    """A published count: of the programme, a municipality, a grant or a report, with the counts it adds up."""

    key: Key
    reported: Decimal | None
    verified: Decimal | None
    parts: list[Cell] = field(default_factory=list)
    of: Decimal | None = None
    # many published counts together, all of which come after this one, by number and key
    rest_after: tuple[Decimal, str] | None = None

    def told(self, series: str) -> Decimal | None:
        return self.reported if series == "reported" else self.verified

    @property
    def few(self) -> bool:
        return any(is_few(each) for each in (self.reported, self.verified, self.of))

    @property
    def order(self) -> tuple[Decimal, str]:
        return self.reported or ZERO, str(self.key)

    def may_hold_one_before(self, other: Cell) -> bool:
        return self.rest_after is not None and other.order > self.rest_after

    def all(self) -> Iterator[Cell]:
        """Parts before their whole: what a part that is hidden still tells through its own parts is hidden first, for
        until then hiding it keeps nobody from working out its neighbour."""
        for part in self.parts:
            yield from part.all()
        yield self


def is_few(value: Decimal | None) -> bool:
    return value is not None and 0 < value < FEW


def hidden_in(root: Cell, adds: bool) -> set[Key]:
    """What of this tree is not told. Where counts do not add up, one small count hides the whole indicator."""
    hidden = {cell.key for cell in root.all() if cell.few}
    if hidden and not adds:
        return {cell.key for cell in root.all()}
    above = {part.key: cell for cell in root.all() for part in cell.parts}
    sound: set[Key] = set()  # known to leak nothing; hiding one asks again about it and all above it
    while leak := next((cell for cell in root.all() if cell.key not in sound and _leaks(cell, hidden, sound)), None):
        taken = _next_hidden(leak, hidden)
        hidden.add(taken)
        at: Key | None = taken
        while at is not None:
            sound.discard(at)
            at = above[at].key if at in above else None
    return hidden


def _next_hidden(leak: Cell, hidden: set[Key]) -> Key:
    others = [part for part in leak.parts if part.key not in hidden and (part.reported or part.verified)]
    if not others:
        return leak.key
    least = min(others, key=lambda part: part.order)
    if any(part.may_hold_one_before(least) for part in leak.parts):  # a rest comes after itself, too
        raise LookCloser
    return least.key


def _leaks(whole: Cell, hidden: set[Key], sound: set[Key]) -> bool:
    """Whether what is published of the parts tells a hidden whole, or a published whole tells a hidden part."""
    if whole.key in hidden:
        told = bool(whole.parts) and not any(part.key in hidden for part in whole.parts)
    else:
        told = any(_too_certain(whole, hidden, series) for series in SERIES)
    if not told:
        sound.add(whole.key)
    return told


def _too_certain(whole: Cell, hidden: set[Key], series: str) -> bool:
    told = whole.told(series)
    if not told:
        return False
    ranges = [(part, *_range(part, hidden, series)) for part in whole.parts]
    at_least = sum((least for _part, least, _most in ranges), ZERO)
    at_most = sum((most for _part, _least, most in ranges), ZERO)
    for part, least, most in ranges:
        if part.key not in hidden or not part.told(series):
            continue
        lowest, highest = max(least, told - at_most + most), min(most, told - at_least + least)
        if highest - lowest + 1 < CHOICES:
            return True
    return False


def _range(part: Cell, hidden: set[Key], series: str) -> tuple[Decimal, Decimal]:
    """What everybody may know of a count: itself where it is published; that it is small, where that is said; and
    never less than what its own published parts come to."""
    value = part.told(series) or ZERO
    if part.key not in hidden or not value:
        return value, value
    if is_few(value):
        return Decimal(1), FEW - 1
    least = sum((_range(each, hidden, series)[0] for each in part.parts), ZERO)
    return max(FEW, least), MANY


@dataclass(frozen=True)
class Privacy:
    """Asked by every public page and file before it tells a count."""

    hidden: frozenset[Key]

    def hides(self, what: str, indicator: Columns, which: object = None) -> bool:
        return (what, indicator["id"], which) in self.hidden or ("all", indicator["id"], None) in self.hidden

    def told(self, what: str, indicator: Columns, which: object, value: Decimal | None) -> str:
        if value and self.hides(what, indicator, which):
            return _("fewer than 5") if is_few(value) else _("hidden")
        return formatted(indicator, value)

    def leaf(self, indicator: Columns, value: Columns, series: str) -> str:
        if value[series] and self.hides("value", indicator, value["id"]):
            return self.told("value", indicator, value["id"], value[series])
        return leaf(indicator, value, series)

    def total(self, what: str, indicator: Columns, which: object, total: Total) -> str:
        if total.value and self.hides(what, indicator, which):
            return _("fewer than 5") if is_few(total.value) else _("hidden")
        return total_shown(indicator, total)


_kept: tuple[str, str | None, Privacy] | None = None


async def privacy(now: str) -> Privacy:
    """Made from the accepted counts of people, and kept until something changes: `now` is the mark of lifecycle's
    freshness, and where that moved on, `version` tells whether any of it was a count."""
    global _kept
    if _kept is None or _kept[0] != now:
        version = await people.version()
        if _kept is None or version is None or _kept[1] != version:
            hidden: set[Key] = set()
            for indicator in await people.indicators():
                hidden |= await _hidden_of(indicator)
            _kept = now, version, Privacy(frozenset(hidden))
        else:
            _kept = now, version, _kept[2]
    return _kept[2]


async def _hidden_of(indicator: Columns) -> set[Key]:
    """From few grants where that is enough: those with small counts, and beside them the smallest of each place."""
    for smallest in (8, 64, 512, None):
        counted = await (people.some(indicator, smallest) if smallest else people.all_of(indicator))
        if counted is None:
            continue
        if counted.wholly:
            return {("all", indicator["id"], None)}
        whole, late = _tree(counted)
        try:
            return hidden_in(whole, _adds(indicator)) | {cell.key for cell in late if cell.few}
        except LookCloser:
            continue
    raise AssertionError("every count was looked at")


def _adds(indicator: Columns) -> bool:
    return indicator["kind"] in ADDITIVE and indicator["place_rule"] == Rule.SUM


def _tree(told: people.Counted) -> tuple[Cell, list[Cell]]:
    """Everything published of an indicator as sums of sums, and beside it values that later ones have replaced."""
    this = told.indicator["id"]
    by_grant: dict[object, list[Cell]] = defaultdict(list)
    by_place: dict[object, list[Cell]] = defaultdict(list)
    late = []
    for value in told.values:
        few_of = _smallest(told.indicator, value)
        cell = Cell(("value", this, value["id"]), value["reported"], value["verified"], of=few_of)
        if value["id"] in told.counted:
            by_grant[value["award_id"]].append(cell)
        else:
            late.append(cell)
    for award, (place, reported, verified) in told.grants.items():
        by_place[place].append(Cell(("grant", this, award), reported, verified, by_grant[award]))
    for place, (reported, verified, last) in told.rest.items():
        after = last and (last[0] or ZERO, str(("grant", this, last[1])))
        by_place[place].append(Cell(("rest", this, place), reported, verified, rest_after=after or (ZERO, "")))
    places = [
        Cell(("place", this, place), reported, verified, by_place[place])
        for place, (reported, verified) in told.places.items()
    ]
    return Cell(("total", this, None), told.reported, told.verified, places), late


def _smallest(indicator: Columns, value: Row) -> Decimal | None:
    """Of a share or a mean the counts behind it, whichever is the smaller."""
    if indicator["kind"] not in CARRY_OF or value["reported_of"] is None:
        return None
    if indicator["kind"] == Kind.RATIO and value["reported"] is not None:
        return min(value["reported"], value["reported_of"])
    return value["reported_of"]
