"""How scores become a ranked list: averages, spread, ties, the running sum and the line where the money ends; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.reviews.lifecycle import FUNDED, Outcome


@dataclass
class Place:
    """One application in the list. `average` is None when nothing is locked, or not for this person's eyes."""

    application: Any
    totals: Sequence[Decimal]
    reviews: int
    wanted: int
    hidden: bool = False
    decision: Any = None
    rank: int | None = None
    tied: bool = False
    running: Decimal | None = None
    fits: bool = False
    flags: list[str] = field(default_factory=list)

    @property
    def average(self) -> Decimal | None:
        return average(self.totals)

    @property
    def spread(self) -> Decimal | None:
        return max(self.totals) - min(self.totals) if self.totals else None

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.decision.outcome) if self.decision else None

    @property
    def asked(self) -> Decimal:
        """What it would take from the envelope: the amount decided, else what was asked for."""
        if self.outcome is None:
            return self.application.requested
        return self.decision.amount if self.outcome in FUNDED else Decimal(0)


def average(totals: Iterable[Decimal]) -> Decimal | None:
    totals = list(totals)
    if not totals:
        return None
    return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def weighted(points: Mapping[Any, Decimal | None], criteria: Iterable[Any]) -> Decimal | None:
    """The total of 0 to 100 as the database will make it; None while a criterion is not scored."""
    made, weight = Decimal(0), Decimal(0)
    for criterion in criteria:
        given = points.get(criterion.id)
        if given is None:
            return None
        made += given / criterion.max_points * criterion.weight
        weight += criterion.weight
    return (made / weight * 100).quantize(Decimal("0.001"), ROUND_HALF_UP) if weight else None


def ranked(places: list[Place], envelope: Decimal, wide_spread: int = 25) -> list[Place]:
    """`wide_spread` is the call's: reviewers further apart have read different applications, and the committee is told.
    Best first. Equal averages share a rank and are marked as tied; those without an average come last."""
    ordered = sorted(places, key=lambda p: (p.average is None, -(p.average or 0), p.application.number))
    running = Decimal(0)
    for position, place in enumerate(ordered, 1):
        if place.average is not None:
            before = ordered[position - 2] if position > 1 else None
            place.rank = before.rank if before and before.average == place.average else position
            running += place.asked
            place.running, place.fits = running, running <= envelope
        place.flags = _flags(place, wide_spread)
    counts = [place.rank for place in ordered]
    for place in ordered:
        place.tied = place.rank is not None and counts.count(place.rank) > 1
    return ordered


def _flags(place: Place, wide_spread: int) -> list[str]:
    """Keys of what the committee should know; the words are the page's."""
    found = []
    if place.spread is not None and place.spread > wide_spread:
        found.append("spread")
    if place.reviews < place.wanted:
        found.append("reviews")
    return found


def skips_a_rank(place: Place, outcome: Outcome, places: Iterable[Place]) -> bool:
    """Would this outcome leave a better one without money while a worse one gets it? Undecided ones do not count yet;
    whoever decides on them later is asked."""
    if place.average is None:
        return False
    for other in places:
        if other is place or other.average is None or other.outcome is None:
            continue
        better, worse = other.average > place.average, other.average < place.average
        if outcome in FUNDED and better and other.outcome not in FUNDED:
            return True
        if outcome not in FUNDED and worse and other.outcome in FUNDED:
            return True
    return False
