"""How scores become a ranked list: averages, spread, ties, the running sum and the line where the money ends.

A call may have twenty thousand applications: the database ranks them, a page asks for its fifty, and for the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.reviews.lifecycle import FUNDED, Outcome


@dataclass
class Place:
    """One application in the list. `average` is None when nothing is locked, or not for this person's eyes; equal
    averages share a `rank` and are `tied`. `running`: what it and all before it take from the envelope."""

    application: Any
    totals: Sequence[Decimal]
    average: Decimal | None = None
    hidden: bool = False
    decision: Any = None
    rank: int | None = None
    tied: bool = False
    running: Decimal | None = None
    fits: bool = False
    flags: Sequence[str] = ()

    @property
    def spread(self) -> Decimal | None:
        return self.totals[-1] - self.totals[0] if self.totals else None

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.decision.outcome) if self.decision else None


@dataclass(frozen=True)
class Line:
    """Where the money ends: after the first `fitting` places, if not all that have a score fit. `wanted` is what those
    take together, `given` what is decided to be given."""

    places: int
    scored: int
    fitting: int
    wanted: Decimal
    given: Decimal

    @property
    def ends(self) -> bool:
        return self.fitting < self.scored


# Every application of call $1 that reached review. $2 is its envelope, $3 its `wide_spread`, $4 how many reviews it
# wants; {unseen}: this person may not see its scores yet. Best first, those without an average last.
RANKED = """
WITH locked AS (
  SELECT application_id, count(*) AS reviews, round(avg(total), 2) AS average, max(total) - min(total) AS spread
  FROM review WHERE call_id = $1 AND review_is_locked(state) GROUP BY application_id),
decided AS (
  SELECT DISTINCT ON (d.application_id) d.application_id, d.id, d.outcome, d.amount
  FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id WHERE d.call_id = $1
  ORDER BY d.application_id, m.number DESC),
seen AS (
  SELECT a.id, a.number COLLATE "C" AS number, {unseen} AS hidden, l.reviews, l.average, l.spread, a.state,
    d.id AS decision_id, d.outcome, d.amount, CASE WHEN d.outcome IS NULL THEN a.requested
      WHEN d.outcome IN ({funded}) THEN d.amount ELSE 0 END AS asked,
    CASE WHEN application_is_recommended(a.state) OR application_is_approved(a.state) THEN d.amount
      WHEN application_is_rejected(a.state) OR application_is_reserve(a.state) THEN 0
      WHEN d.outcome IN ({funded}) THEN d.amount ELSE 0 END AS given
  FROM application a LEFT JOIN locked l ON l.application_id = a.id LEFT JOIN decided d ON d.application_id = a.id
  WHERE a.call_id = $1 AND application_ranked(a.state)),
shown AS MATERIALIZED (
  SELECT id, number, hidden, coalesce(reviews, 0) < $4 AS few, decision_id, outcome, amount, asked, given,
    CASE WHEN NOT application_is_in_review(state) AND NOT hidden THEN average END AS average,
    CASE WHEN NOT application_is_in_review(state) AND NOT hidden THEN spread END AS spread
  FROM seen),
ranked AS (
  SELECT *, row_number() OVER best AS place, CASE WHEN average IS NOT NULL THEN rank() OVER equal END AS rank,
    CASE WHEN average IS NOT NULL THEN sum(asked) OVER best END AS running,
    coalesce(average IN (lag(average) OVER best, lead(average) OVER best), false) AS tied
  FROM shown WINDOW best AS (ORDER BY average DESC NULLS LAST, number), equal AS (ORDER BY average DESC NULLS LAST)),
line AS MATERIALIZED (
  SELECT *, coalesce(running <= $2, false) AS fits, coalesce(spread > $3, false) AS wide FROM ranked)
"""


def average(totals: Iterable[Decimal]) -> Decimal | None:
    totals = list(totals)
    if not totals:
        return None
    return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def weighted(points: Mapping[object, Decimal | None], criteria: Iterable[Any]) -> Decimal | None:
    """The total of 0 to 100 as the database will make it; None while a criterion is not scored."""
    made, weight = Decimal(0), Decimal(0)
    for criterion in criteria:
        given = points.get(criterion.id)
        if given is None:
            return None
        made += given / criterion.max_points * criterion.weight
        weight += criterion.weight
    return (made / weight * 100).quantize(Decimal("0.001"), ROUND_HALF_UP) if weight else None


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
