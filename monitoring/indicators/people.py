"""Accepted counts of people as the rule against telling small ones needs them: all, or those it turns on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from foundation.database import Columns, Row, row, rows
from monitoring.indicators import calculator
from monitoring.indicators.reading import EVERYTHING, VALUES_OF_GRANTS, definition_of, leaf_of, values_of
from monitoring.indicators.terms import ADDITIVE, TOTAL, Kind, Missing, Rule

Pair = tuple[Decimal | None, Decimal | None]


@dataclass
class Counted:
    """Of one indicator: reported and verified in all, in each municipality and by each grant (with where it is), and
    the totals of each report, of which `counted` are not replaced by later ones. `rest`: of a municipality what the
    grants that are not listed come to, and the number and key of the one they all come after. `wholly`: nothing of the
    indicator is told."""

    indicator: Columns
    reported: Decimal | None
    verified: Decimal | None
    places: dict[object, Pair]
    grants: dict[UUID, tuple[object, Decimal | None, Decimal | None]]
    values: list[Row]
    counted: set[object]
    rest: dict[object, tuple[Decimal | None, Decimal | None, tuple[Decimal | None, UUID] | None]] = field(
        default_factory=dict
    )
    wholly: bool = False


async def indicators() -> list[Row]:
    return await rows("SELECT * FROM indicator WHERE people ORDER BY position, code")


async def version() -> str | None:
    """Changes with whatever was summed up; None while something waits to be."""
    found = await row(
        "SELECT max(made) AS made, count(*) AS n, (SELECT max(updated) FROM indicator) AS indicators,"
        " EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_unsummed) AS waits FROM result_work"
    )
    return None if found is None or found["waits"] else f"{found['made']} {found['n']} {found['indicators']}"


async def all_of(indicator: Columns) -> Counted:
    values = await values_of(EVERYTHING, indicator["code"])
    definition = definition_of(indicator)
    figure = calculator.figure(definition, [leaf_of(value) for value in values])
    verified = figure.verified.places
    return Counted(
        indicator, figure.reported.value, figure.verified.value,
        {place: (value, verified.get(place)) for place, value in figure.reported.places.items()},
        *_grants(definition, values), set(figure.reported.rows),
    )  # fmt: skip


async def some(indicator: Columns, smallest: int) -> Counted | None:
    """Every grant with a small count, and so many of the smallest others of each municipality. None where that is not
    enough: where counts do not simply add up, or something still waits to be summed up."""
    definition = definition_of(indicator)
    adds = (
        definition.kind in ADDITIVE and definition.place is Rule.SUM and definition.missing is not Missing.REQUIRE_ALL
    )
    if not adds and definition.kind is not Kind.UNIQUE:
        return None
    found = await rows(SOME, indicator["id"], smallest)
    if not found or any(each["waits"] for each in found):
        return None
    small = any(each["small"] for each in found)
    if not adds:  # then one small count hides them all
        return Counted(indicator, None, None, {}, {}, [], set(), wholly=small)
    listed = {each["award_id"]: each for each in found if each["award_id"]}
    values = await rows(f"{VALUES_OF_GRANTS} AND v.indicator_id = $2", list(listed), indicator["id"])
    grants, totals = _grants(definition, values)
    counted: set[object] = set()
    by_grant = defaultdict(list)
    for value in values:
        by_grant[value["award_id"]].append(leaf_of(value))
    for leaves in by_grant.values():
        counted |= set(calculator.figure(definition, leaves).reported.rows)
    places = {each["municipality_id"]: (each["reported"], each["verified"]) for each in found if not each["award_id"]}
    rest = {}
    for each in found:
        if not each["award_id"] and each["left_out"]:
            own = [told for told in listed.values() if told["municipality_id"] == each["municipality_id"]]
            rest[each["municipality_id"]] = (
                _without(each["reported"], [told["reported"] for told in own]),
                _without(each["verified"], [told["verified"] for told in own]),
                max(
                    ((told["reported"] or Decimal(0), told["award_id"]) for told in own if not told["small"]),
                    default=None,
                ),
            )
    return Counted(
        indicator, _sum(reported for reported, _ in places.values()), _sum(verified for _, verified in places.values()),
        places, grants, totals, counted, rest,
    )  # fmt: skip


def _grants(definition: Any, values: list[Row]) -> tuple[dict[UUID, Any], list[Any]]:
    own: dict[UUID, list[Row]] = defaultdict(list)
    for value in values:
        own[value["award_id"]].append(value)
    made = {}
    for award, its in own.items():
        figure = calculator.figure(definition, [leaf_of(value) for value in its])
        made[award] = (its[0]["municipality_id"], figure.reported.value, figure.verified.value)
    return made, [value for value in values if value["cell"] == TOTAL]


def _sum(numbers: Any) -> Decimal | None:
    there = [number for number in numbers if number is not None]
    return sum(there, Decimal(0)) if there else None


def _without(whole: Decimal | None, parts: list[Decimal | None]) -> Decimal | None:
    return None if whole is None else whole - (_sum(parts) or Decimal(0))


# A row for each municipality, and one for each grant that is listed.
SOME = """
WITH sums AS (
  SELECT s.award_id, a.municipality_id, s.reported, s.verified,
    s.reported > 0 AND s.reported < 5 OR s.verified > 0 AND s.verified < 5 OR EXISTS (
      SELECT 1 FROM report_value v WHERE v.award_id = s.award_id AND v.indicator_id = $1 AND v.cell = 'total'
        AND (v.reported > 0 AND v.reported < 5 OR v.verified > 0 AND v.verified < 5)) AS small
  FROM result_sum s JOIN award a ON a.id = s.award_id WHERE s.indicator_id = $1),
ordered AS (
  SELECT *, row_number() OVER (
    PARTITION BY municipality_id, small IS TRUE ORDER BY reported NULLS FIRST, award_id) AS place
  FROM sums),
listed AS (SELECT *, small IS TRUE OR place <= $2 AS kept FROM ordered)
SELECT NULL::uuid AS award_id, municipality_id, sum(reported) AS reported, sum(verified) AS verified, false AS small,
  count(*) FILTER (WHERE NOT kept) AS left_out,
  EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_unsummed) AS waits
FROM listed GROUP BY municipality_id HAVING count(reported) > 0
UNION ALL
SELECT award_id, municipality_id, reported, verified, small IS TRUE, 0, false FROM listed WHERE kept
"""
