"""What the accepted values of each grant come to, kept beside them, so that nobody adds them all up for every page."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from foundation.clock import today
from foundation.database import Columns, Row, execute, inside_transaction, rows, transaction
from foundation.kept import taken_back
from monitoring.indicators import calculator
from monitoring.indicators.reading import (
    VALUES_OF_GRANTS,
    WHERE,
    Filters,
    definition_of,
    leaf_of,
    narrowed,
)
from monitoring.indicators.terms import WHOLE_ONLY, Coverage, Definition, Figure, Kind, Pair, Part, Told

COLUMNS = (
    "reported", "reported_of", "verified", "verified_of", "best", "best_of", "chosen", "checked", "whole", "covered",
    "confirmed", "women", "men", "periods", "silent",
)  # fmt: skip


async def sum_up(award_id: UUID) -> None:
    """Anew from the grant's accepted values. Inside the transaction that changes what counts; it holds the grant."""
    await sum_up_all([award_id])


async def sum_up_all(awards: list[UUID]) -> None:
    """The same of several grants at once."""
    async with transaction():
        await execute("SELECT 1 FROM award WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", awards)
        told = await from_values(awards)
        await execute("DELETE FROM result_sum WHERE award_id = ANY($1::uuid[])", awards)
        await execute(
            f"INSERT INTO result_sum (award_id, indicator_id, {', '.join(COLUMNS)})"
            f" SELECT award_id, indicator_id, {', '.join(COLUMNS)} FROM json_populate_recordset(NULL::result_sum, $1)",
            json.dumps(
                [
                    {"award_id": award, "indicator_id": indicator, **columns}
                    for award, own in told.items()
                    for indicator, columns in own.items()
                ],
                default=str,
            ),
        )
        await execute("DELETE FROM result_unsummed WHERE award_id = ANY($1::uuid[])", awards)


TOGETHER = 200


async def sum_up_what_waits() -> int:
    """The grants that history, or a hand in the database, has changed."""
    waiting = await rows(
        f"{BY_CELL} SELECT award_id FROM result_unsummed LIMIT {TOGETHER}) x GROUP BY cell ORDER BY cell"
    )
    for each in waiting:
        await sum_up_all(each["awards"])
    await execute("SELECT sum_up_marked()")
    return sum(len(each["awards"]) for each in waiting)


AT_ONCE = 3  # while one cell is calculated here, the database adds up others


async def rebuild() -> int:
    """Every grant that has reported anything and every cell, whatever the tables say; the number of those grants."""
    waiting = iter(await rows(f"{BY_CELL} SELECT id AS award_id FROM award) x GROUP BY cell ORDER BY cell"))

    async def work() -> int:
        done = 0
        for each in waiting:
            async with transaction():
                found = await rows(REPORTING, each["awards"])
                await sum_up_all([one["award_id"] for one in found])
                await execute("SELECT sum_up_cell($1)", each["cell"])
            done += len(found)
        return done

    if inside_transaction():  # which has one connection
        return await work()
    async with asyncio.TaskGroup() as group:
        working = [group.create_task(work()) for _ in range(AT_ONCE)]
    return sum(each.result() for each in working)


# Grants that are summed up together, so that each cell is summed up once.
BY_CELL = "SELECT result_cell_of(award_id) AS cell, array_agg(award_id ORDER BY award_id) AS awards FROM ("
REPORTING = """
SELECT award_id FROM report_value WHERE award_id = ANY($1::uuid[]) UNION
SELECT award_id FROM result_sum WHERE award_id = ANY($1::uuid[]) UNION
SELECT award_id FROM result_unsummed WHERE award_id = ANY($1::uuid[])
"""


async def differing() -> list[str]:
    """Grants whose kept sums are not what their values come to; those that are marked to be summed are left out."""
    kept: dict[UUID, dict[UUID, dict[str, object]]] = defaultdict(dict)
    for each in await rows("SELECT * FROM result_sum"):
        kept[each["award_id"]][each["indicator_id"]] = {name: each[name] for name in COLUMNS}
    told = await rows(
        "SELECT a.id, a.reference FROM award a WHERE a.id NOT IN (SELECT award_id FROM result_unsummed)"
        " AND (EXISTS (SELECT 1 FROM report_value v WHERE v.award_id = a.id)"
        "  OR EXISTS (SELECT 1 FROM result_sum s WHERE s.award_id = a.id)) ORDER BY a.reference"
    )
    wrong = []
    for first in range(0, len(told), TOGETHER):
        some = told[first : first + TOGETHER]
        counted = await from_values([each["id"] for each in some])
        wrong += [each["reference"] for each in some if counted.get(each["id"], {}) != kept.get(each["id"], {})]
    return wrong


async def differing_cells() -> list[str]:
    """Calls with a cell whose kept sums are not what its rows come to; nothing is changed by looking."""
    wrong = set()
    for each in await rows("SELECT c.id, k.reference FROM result_cell c JOIN call k ON k.id = c.call_id ORDER BY c.id"):
        if each["reference"] not in wrong and not await _holds(each["id"]):
            wrong.add(each["reference"])
    return sorted(wrong)


async def _holds(cell: int) -> bool:
    async with taken_back():
        kept = [await rows(sql, cell) for sql in KEPT_OF_CELL]
        await execute("SELECT sum_up_cell($1)", cell)
        counted = [await rows(sql, cell) for sql in KEPT_OF_CELL]
    return kept == counted


KEPT_OF_CELL = [
    f"SELECT to_jsonb(x) - 'made' AS kept FROM result_{table} x WHERE cell_id = $1 ORDER BY 1"
    for table in ("money", "month", "work", "day", "indicator", "newest", "picture")
]


async def from_values(awards: list[UUID]) -> dict[UUID, dict[UUID, dict[str, object]]]:
    """By grant and indicator, the columns."""
    leaves: dict[UUID, dict[UUID, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for each in await rows(VALUES_OF_GRANTS, awards):
        leaves[each["indicator_id"]][each["award_id"]].append(leaf_of(each))
    made: dict[UUID, dict[UUID, dict[str, object]]] = defaultdict(dict)
    for indicator in await rows("SELECT * FROM indicator WHERE id = ANY($1::uuid[])", list(leaves)):
        if indicator["kind"] not in WHOLE_ONLY:
            definition = definition_of(indicator)
            for award, own in leaves[indicator["id"]].items():
                made[award][indicator["id"]] = _columns(*calculator.part_of(definition, own))
    return made


def _columns(part: Part, told: Told) -> dict[str, object]:
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

    def figure(self, indicator: Columns, definition: Definition, target: Decimal | None) -> Figure:
        counts = (indicator[name] or 0 for name in ("inside", "expected", "silent", "carried", "absent"))
        there = (each for each in self.parts[indicator["id"]] if each["grants"])
        return calculator.added_up(definition, map(_part, there), Coverage(*counts), target)

    def grants(self, indicator: Columns) -> int:
        return sum(each["grants"] for each in self.parts[indicator["id"]])


class Cells(Sums):
    """The same from what is kept of whole cells, which know their promises and their evidence as well."""

    def evidence(self, indicator: Columns) -> dict[str, Any]:
        return {
            name: sum(each[name] for each in self.parts[indicator["id"]]) for name in ("documents", "photos", "visits")
        }

    def promised(self, indicator: Columns, definition: Definition) -> Decimal | None:
        return self._planned(indicator, definition, "target")

    def baseline(self, indicator: Columns, definition: Definition) -> Decimal | None:
        """Of these grants together, when each has one."""
        own = self._promising(indicator)
        if not own or any(each["baselines"] < each["promises"] for each in own):
            return None
        return self._planned(indicator, definition, "baseline")

    def aims(self, indicator: Columns) -> list[Pair]:
        """What these grants promised of a share, where each says what it is of."""
        own = self._promising(indicator)
        if any(each["without_of"] for each in own):
            return []
        return [(each["target"], each["target_of"]) for each in own if each["target"] is not None]

    def _planned(self, indicator: Columns, definition: Definition, name: str) -> Decimal | None:
        own = self._promising(indicator)
        pairs = {each["municipality_id"]: _pair(each, name) for each in own}
        lacking = any(each["without_of"] for each in own) and not (definition.kind is Kind.RATIO and name == "baseline")
        return calculator.planned_together(definition, pairs, lacking)

    def _promising(self, indicator: Columns) -> list[Any]:
        return [each for each in self.parts[indicator["id"]] if each["promises"]]


def _pair(found: Any, name: str) -> Pair | None:
    return None if found[name] is None else (found[name], found[f"{name}_of"])


def _part(found: Row) -> Part:
    return Part(
        found["municipality_id"], _pair(found, "reported"), _pair(found, "verified"), _pair(found, "best"),
        found["chosen"], found["checked"], found["whole"], found["covered"], found["confirmed"],
        {cell: found[cell] for cell in ("women", "men") if found[cell] is not None},
    )  # fmt: skip


async def cells(filters: Filters) -> Cells | None:
    """In two statements. None while something waits to be summed up, for a period, and for one grant, which is summed
    up from its own rows."""
    if filters.since or filters.until or filters.award:
        return None
    indicators = await rows(KEPT_COVERAGE, *filters.args[:2], today())
    if any(each["waits"] for each in indicators):
        return None
    return Cells(indicators, await rows(KEPT_PARTS, *filters.args[:2]))


async def sums(filters: Filters) -> Sums | None:
    """In two statements, from the sums of single grants. None while one waits to be summed up, and for a period: which
    value is the last one depends on where it ends."""
    if filters.since or filters.until:
        return None
    indicators = await rows(narrowed(COVERED, filters), *filters.args[:3], today())
    if any(each["unsummed"] for each in indicators):
        return None
    return Sums(indicators, await rows(narrowed(ADDED_UP, filters), *filters.args[:3]))


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
  WHERE award_signed(a.state) AND a.municipality_id IS NOT NULL AND {WHERE}
    AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id AND report_given_up(r.state))
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
IN_CELLS = (
    "JOIN result_cell c ON c.id = x.cell_id WHERE ($1::uuid[] IS NULL OR c.municipality_id = ANY($1))"
    " AND ($2::uuid IS NULL OR c.call_id = $2)"
)
KEPT_COVERAGE = f"""
WITH told AS (
  SELECT x.indicator_id, sum(x.inside)::int AS inside, sum(x.told)::int AS told, sum(x.silent)::int AS silent
  FROM result_indicator x {IN_CELLS} GROUP BY x.indicator_id),
due AS (
  SELECT x.indicator_id, coalesce(sum(x.n) FILTER (WHERE x.kind = 'expected'), 0)::int AS expected,
    coalesce(sum(x.n) FILTER (WHERE x.kind = 'absent'), 0)::int AS absent
  FROM result_day x {IN_CELLS} AND x.kind IN ('expected', 'absent') AND x.day <= $3::date GROUP BY x.indicator_id)
SELECT i.*, t.inside, coalesce(t.told, 0) + coalesce(d.expected, 0) AS expected, t.silent, 0 AS carried, d.absent,
  EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_unsummed) AS waits
FROM indicator i LEFT JOIN told t ON t.indicator_id = i.id LEFT JOIN due d ON d.indicator_id = i.id
WHERE i.active ORDER BY i.position, i.code
"""
_KEPT_TOPS = ", ".join(
    f"CASE i.kind WHEN 'unique' THEN max(x.{name}) ELSE sum(x.{name}) END AS {name}, sum(x.{name}_of) AS {name}_of"
    for name in ("reported", "verified", "best")
)
_KEPT_COUNTS = ", ".join(
    f"sum(x.{name})::int AS {name}"
    for name in (
        "grants", "chosen", "checked", "promises", "targets", "without_of", "baselines", "documents", "visits", "photos"
    )
)  # fmt: skip
_KEPT_NUMBERS = ", ".join(
    f"sum(x.{name}) AS {name}"
    for name in (
        "whole", "covered", "confirmed", "women", "men", "target", "target_of", "baseline", "baseline_of"
    )
)  # fmt: skip
KEPT_PARTS = f"""
SELECT x.indicator_id, c.municipality_id, {_KEPT_TOPS}, {_KEPT_COUNTS}, {_KEPT_NUMBERS}
FROM result_indicator x JOIN indicator i ON i.id = x.indicator_id {IN_CELLS}
GROUP BY x.indicator_id, i.kind, c.municipality_id
"""
