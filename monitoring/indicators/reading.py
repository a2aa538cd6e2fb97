"""Accepted values as the calculator takes them: which ones are asked for, and how their indicator adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from foundation.database import Columns, Row, rows
from monitoring.indicators.terms import Definition, Direction, Kind, Leaf, Missing, Rule, Verdict


@dataclass(frozen=True)
class Filters:
    """The first three narrow the grants that are counted, the dates the reports by the period they tell of; None
    means all of them."""

    places: list[UUID] | None = None
    call: UUID | None = None
    award: UUID | None = None
    since: date | None = None
    until: date | None = None

    @property
    def args(self) -> list[object]:
        return [self.places, self.call, self.award, self.since, self.until]

    def __bool__(self) -> bool:
        """Whether only some grants are counted: then their own promises are the target."""
        return any(narrowed is not None for narrowed in self.args[:3])


EVERYTHING = Filters()


async def values_of(filters: Filters, code: str | None = None) -> list[Row]:
    return await rows(narrowed(VALUES, filters), *filters.args, code)


def narrowed(sql: str, filters: Filters) -> str:
    """With one grant the other filters say nothing, and its rows are found by their keys."""
    return sql.replace(WHERE, ONE_GRANT) if filters.award else sql


def share_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """A number of an indicator as it counts: of a share the part by its whole, any other as it is."""
    return part / whole if part is not None and whole else part


def target_of(indicator: Columns) -> Decimal | None:
    """The programme's own."""
    return share_of(indicator["target"], indicator["target_of"])


def definition_of(indicator: Columns, with_baseline: bool = True) -> Definition:
    """How this indicator adds up. Its target is given to the calculator beside it, for it differs by filter, and under
    a filter its baseline too: the programme's says nothing about a few grants."""
    return Definition(
        kind=Kind(indicator["kind"]),
        time=Rule(indicator["time_rule"]),
        place=Rule(indicator["place_rule"]),
        direction=Direction(indicator["direction"]),
        missing=Missing(indicator["missing"]),
        baseline=share_of(indicator["baseline"], indicator["baseline_of"]) if with_baseline else None,
    )


# Looked up for every value: faster than asking the enum.
VERDICTS = {str(verdict): verdict for verdict in Verdict}


def leaf_of(value: Row) -> Leaf:
    return Leaf(
        award=value["award_id"],
        municipality=value["municipality_id"],
        period=value["period_to"],
        cell=value["cell"],
        reported=value["reported"],
        of=value["reported_of"],
        verified=value["verified"],
        verified_of=value["verified_of"],
        verdict=VERDICTS[value["verdict"]],
        no_data=value["no_data_reason"],
        accepted=value["accepted"],
        reason=value["note"],
        key=value["id"],
    )


WHERE = (
    "($1::uuid[] IS NULL OR a.municipality_id = ANY($1)) AND ($2::uuid IS NULL OR a.call_id = $2)"
    " AND ($3::uuid IS NULL OR a.id = $3)"
)
ONE_GRANT = "($1::uuid[] IS NULL OR true) AND ($2::uuid IS NULL OR true) AND a.id = $3"
PERIOD = "($4::date IS NULL OR d.period_to >= $4) AND ($5::date IS NULL OR d.period_to <= $5)"
# Of a level the latest value at the end of the period counts, also where it is older than the period.
LEVEL = "(i.time_rule = 'last' OR i.kind IN ('stock', 'running_total', 'ordinal') AND i.time_rule = 'sum')"
TOLD = f"($4::date IS NULL OR d.period_to >= $4 OR {LEVEL}) AND ($5::date IS NULL OR d.period_to <= $5)"
# Only values of accepted reports leave this query: when a report leaves that state, they stop counting at once.
VALUES = f"""
SELECT v.id, v.indicator_id, v.award_id, v.municipality_id, v.cell, v.reported, v.reported_of, v.no_data_reason, v.note,
  v.verdict, v.verified, v.verified_of, d.period_to, report_is_accepted(r.state) AS accepted
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN award a ON a.id = v.award_id JOIN indicator i ON i.id = v.indicator_id
WHERE report_is_accepted(r.state) AND {WHERE} AND {TOLD} AND ($6::text IS NULL OR i.code = $6)
"""
VALUES_OF_GRANTS = VALUES.partition("WHERE")[0] + "WHERE report_is_accepted(r.state) AND v.award_id = ANY($1::uuid[])"
