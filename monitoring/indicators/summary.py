"""What the accepted values of each grant come to, kept beside them, so that nobody adds them all up for every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from foundation.clock import today
from foundation.database import execute, rows, transaction
from monitoring.indicators import calculator
from monitoring.indicators.calculator import Coverage, Definition, Part, Told
from monitoring.indicators.reading import SIGNED, WHERE, Filters, definition_of, leaf_of, values_of

COLUMNS = (
    "reported", "reported_of", "verified", "verified_of", "best", "best_of", "chosen", "checked", "whole", "covered",
    "confirmed", "women", "men", "periods", "silent",
)  # fmt: skip


async def sum_up(award_id: UUID) -> None:
    """Anew from the grant's accepted values. Inside the transaction that changes what counts; it holds the grant."""
    async with transaction():
        await execute("SELECT 1 FROM award WHERE id = $1 FOR NO KEY UPDATE", award_id)
        told = await from_values(award_id)
        await execute("DELETE FROM result_sum WHERE award_id = $1", award_id)
        for indicator_id, columns in told.items():
            marks = ", ".join(f"${n}" for n in range(1, len(COLUMNS) + 3))
            await execute(
                f"INSERT INTO result_sum (award_id, indicator_id, {', '.join(COLUMNS)}) VALUES ({marks})",
                award_id, indicator_id, *(columns[name] for name in COLUMNS),
            )  # fmt: skip
        await execute("DELETE FROM result_unsummed WHERE award_id = $1", award_id)


async def sum_up_what_waits() -> int:
    """The grants that history, or a hand in the database, has changed."""
    waiting = await rows("SELECT award_id FROM result_unsummed ORDER BY award_id LIMIT 1000")
    for each in waiting:
        await sum_up(each["award_id"])
    return len(waiting)


async def rebuild() -> int:
    """Every grant that has reported anything, whatever the table says; the number of grants."""
    found = await rows(
        "SELECT award_id FROM report_value UNION SELECT award_id FROM result_sum"
        " UNION SELECT award_id FROM result_unsummed ORDER BY award_id"
    )
    for each in found:
        await sum_up(each["award_id"])
    return len(found)


async def differing() -> list[str]:
    """Grants whose kept sums are not what their values come to; those that are marked to be summed are left out."""
    kept: dict[UUID, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    for each in await rows("SELECT * FROM result_sum"):
        kept[each["award_id"]][each["indicator_id"]] = {name: each[name] for name in COLUMNS}
    told = await rows(
        "SELECT a.id, a.reference FROM award a WHERE a.id NOT IN (SELECT award_id FROM result_unsummed)"
        " AND (EXISTS (SELECT 1 FROM report_value v WHERE v.award_id = a.id)"
        "  OR EXISTS (SELECT 1 FROM result_sum s WHERE s.award_id = a.id)) ORDER BY a.reference"
    )
    return [each["reference"] for each in told if await from_values(each["id"]) != kept.get(each["id"], {})]


async def from_values(award_id: UUID) -> dict[UUID, dict[str, Any]]:
    """By indicator, the columns of one grant."""
    leaves: dict[UUID, list[Any]] = defaultdict(list)
    for each in await values_of(Filters(award=award_id)):
        leaves[each["indicator_id"]].append(leaf_of(each))
    indicators = await rows("SELECT * FROM indicator WHERE id = ANY($1::uuid[])", list(leaves))
    return {
        each["id"]: _columns(*calculator.part_of(definition_of(each), leaves[each["id"]]))
        for each in indicators
        if each["kind"] not in calculator.WHOLE_ONLY
    }


def _columns(part: Part, told: Told) -> dict[str, Any]:
    pairs = {"reported": part.reported, "verified": part.verified, "best": part.best}
    return {
        **{name: pair[0] if pair else None for name, pair in pairs.items()},
        **{f"{name}_of": pair[1] if pair else None for name, pair in pairs.items()},
        **{name: getattr(part, name) for name in ("chosen", "checked", "whole", "covered", "confirmed")},
        **{cell: part.cells.get(cell) for cell in ("women", "men")},
        "periods": list(told.periods),
        "silent": told.silent,
    }


class Sums:
    """The kept sums of the grants that are looked at, beside the indicators and who should have reported on each."""

    def __init__(self, indicators: list[Any], parts: Iterable[Any]):
        self.indicators = indicators
        self.parts: dict[UUID, list[Any]] = defaultdict(list)
        for each in parts:
            self.parts[each["indicator_id"]].append(each)

    def figure(self, indicator: Any, definition: Definition, target: Decimal | None) -> calculator.Figure:
        counts = (indicator[name] or 0 for name in ("inside", "expected", "silent", "carried", "absent"))
        return calculator.added_up(definition, map(_part, self.parts[indicator["id"]]), Coverage(*counts), target)

    def grants(self, indicator: Any) -> int:
        return sum(each["grants"] for each in self.parts[indicator["id"]])


def _part(found: Any) -> Part:
    def pair(name: str) -> calculator.Pair | None:
        return None if found[name] is None else (found[name], found[f"{name}_of"])

    return Part(
        found["municipality_id"], pair("reported"), pair("verified"), pair("best"), found["chosen"], found["checked"],
        found["whole"], found["covered"], found["confirmed"],
        {cell: found[cell] for cell in ("women", "men") if found[cell] is not None},
    )  # fmt: skip


async def sums(filters: Filters) -> Sums | None:
    """In two statements. None while a grant waits to be summed up, and for a period: which value is the last one
    depends on where it ends."""
    if filters.since or filters.until:
        return None
    indicators = await rows(COVERED, *filters.args[:3], today())
    if any(each["unsummed"] for each in indicators):
        return None
    return Sums(indicators, await rows(ADDED_UP, *filters.args[:3]))


# Of people counted once no more is known than the largest count of each municipality.
_TOPS = ", ".join(
    f"CASE i.kind WHEN 'unique' THEN max(s.{name}) ELSE sum(s.{name}) END AS {name}, sum(s.{name}_of) AS {name}_of"
    for name in ("reported", "verified", "best")
)
ADDED_UP = f"""
SELECT s.indicator_id, a.municipality_id, {_TOPS}, sum(s.chosen)::int AS chosen, sum(s.checked)::int AS checked,
  sum(s.whole) AS whole, sum(s.covered) AS covered, sum(s.confirmed) AS confirmed, sum(s.women) AS women,
  sum(s.men) AS men, count(*)::int AS grants
FROM result_sum s JOIN award a ON a.id = s.award_id JOIN indicator i ON i.id = s.indicator_id
WHERE {WHERE} GROUP BY s.indicator_id, i.kind, a.municipality_id
"""
# Every indicator with who should have reported by today, of those who promised, beside who did.
COVERED = f"""
WITH due AS (
  SELECT p.indicator_id, p.award_id, array_agg(DISTINCT d.period_to) AS periods
  FROM award_indicator p JOIN award a ON a.id = p.award_id
  JOIN report_due d ON d.award_id = a.id AND d.due_on <= $4::date
  WHERE a.state IN {SIGNED} AND a.municipality_id IS NOT NULL AND {WHERE}
    AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id AND r.state IN ('waived', 'lapsed'))
  GROUP BY p.indicator_id, p.award_id),
told AS (
  SELECT s.indicator_id, s.award_id, s.periods, s.silent, cardinality(s.periods) > 0 AS inside
  FROM result_sum s JOIN award a ON a.id = s.award_id WHERE {WHERE}),
covered AS (
  SELECT indicator_id, count(*) FILTER (WHERE inside)::int AS inside,
    count(*) FILTER (WHERE inside OR told.silent OR due.periods IS NOT NULL)::int AS expected,
    count(*) FILTER (WHERE told.silent AND NOT inside)::int AS silent, 0 AS carried,
    sum((SELECT count(*) FROM unnest(due.periods) p WHERE p <> ALL (told.periods))) FILTER (WHERE inside)::int AS absent
  FROM told FULL JOIN due USING (indicator_id, award_id) GROUP BY indicator_id)
SELECT i.*, c.inside, c.expected, c.silent, c.carried, c.absent, EXISTS (SELECT 1 FROM result_unsummed) AS unsummed
FROM indicator i LEFT JOIN covered c ON c.indicator_id = i.id WHERE i.active ORDER BY i.position, i.code
"""
