"""What the overviews count beside money and indicators: grants, visits, reports on time, and what waits too long."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from foundation.clock import today
from foundation.database import Row, row, rows
from monitoring.indicators.reading import TOLD
from monitoring.results.money import SIGNED_ON
from monitoring.results.scope import IN_CELLS, INSIDE, RAN, Scope, within

VISITED = "coalesce(v.visited_on, v.planned_from)"
# What its second person has confirmed and nobody has closed; donors see no finding before.
OPEN_RISK = "f.kind IN ('problem', 'risk') AND f.severity IN ('high', 'critical') AND finding_is_final(f.state)"
DUE = "d.due_on <= $6 AND report_is_waived(r.state) IS NOT TRUE"
ON_TIME = "(r.first_submitted_at AT TIME ZONE 'Asia/Tbilisi')::date <= d.due_on"

TOTALS = f"""
WITH grants AS (SELECT a.* FROM award a WHERE {INSIDE} AND {within(SIGNED_ON)}),
paid AS (SELECT a.organisation_id, a.municipality_id FROM tranche t JOIN award a ON a.id = t.award_id
         WHERE {INSIDE} AND tranche_paid(t.state) AND {within("t.paid_on")}),
visits AS (SELECT v.* FROM visit v JOIN award a ON a.id = v.award_id
           WHERE {INSIDE} AND NOT visit_dropped(v.state) AND {within(VISITED)}),
reports AS (SELECT d.due_on, {ON_TIME} AS on_time FROM report_due d JOIN award a ON a.id = d.award_id
            LEFT JOIN report r ON r.report_due_id = d.id WHERE {INSIDE} AND {DUE} AND {within("d.due_on")}),
risks AS (SELECT f.shared_at FROM finding f JOIN award a ON a.id = f.award_id WHERE {INSIDE} AND {OPEN_RISK})
SELECT p.*,
  (SELECT count(DISTINCT organisation_id) FROM paid) AS organisations,
  (SELECT count(DISTINCT municipality_id) FROM paid) AS municipalities,
  (SELECT count(*) FROM grants) AS grants,
  CASE WHEN $4::date IS NULL THEN (SELECT count(*) FROM grants WHERE award_running(state))
    ELSE (SELECT count(*) FROM award a WHERE {RAN}) END AS running,
  (SELECT count(*) FROM visits) AS visits_planned,
  (SELECT count(*) FROM visits WHERE visit_told(state)) AS visits_made,
  (SELECT count(*) FROM visits WHERE visit_is_approved(state)) AS visits_approved,
  (SELECT count(*) FROM visits v WHERE visit_told(state) AND latitude IS NOT NULL
     AND EXISTS (SELECT 1 FROM visit_photo f WHERE f.visit_id = v.id)) AS visits_evidenced,
  (SELECT count(*) FROM reports) AS reports_due,
  (SELECT count(*) FROM reports WHERE on_time) AS reports_on_time,
  (SELECT count(*) FROM risks) AS risks,
  (SELECT count(*) FROM risks
     WHERE (shared_at AT TIME ZONE 'Asia/Tbilisi')::date < $6::date - 30) AS risks_old
FROM programme p LIMIT 1
"""


# The same from what is kept.
KEPT_TOTALS = f"""
WITH cells AS (SELECT c.id, c.municipality_id FROM result_cell c WHERE {IN_CELLS}),
work AS (SELECT w.*, c.municipality_id FROM result_work w JOIN cells c ON c.id = w.cell_id),
days AS (SELECT d.kind, d.day, d.n FROM result_day d JOIN cells c ON c.id = d.cell_id
         WHERE d.kind IN ('due', 'on_time', 'risk')),
added AS (SELECT {
    ", ".join(
        f"coalesce(sum({name}), 0)::bigint AS {name}"
        for name in (
            "grants",
            "running",
            "visits_planned",
            "visits_made",
            "visits_approved",
            "visits_evidenced",
            "risks",
        )
    )
} FROM work),
dated AS (SELECT coalesce(sum(n) FILTER (WHERE kind = 'due' AND day <= $4), 0)::bigint AS reports_due,
  coalesce(sum(n) FILTER (WHERE kind = 'on_time' AND day <= $4), 0)::bigint AS reports_on_time,
  coalesce(sum(n) FILTER (WHERE kind = 'risk' AND day < $4::date - 30), 0)::bigint AS risks_old FROM days)
SELECT p.*, (SELECT count(DISTINCT o) FROM work, unnest(organisations) o) AS organisations,
  (SELECT count(DISTINCT municipality_id) FROM work WHERE organisations <> '{{}}') AS municipalities, added.*, dated.*
FROM programme p, added, dated LIMIT 1
"""


async def totals(scope: Scope) -> Row | None:
    """One row: the programme with everything counted for it, in one statement; None without a programme."""
    if scope.kept:
        return await row(KEPT_TOTALS, *scope.args[:3], today())
    return await row(TOTALS, *scope.args, today())


async def programme() -> Row | None:
    """Nothing counted; None without a programme."""
    return await row("SELECT * FROM programme LIMIT 1")


# Values of accepted reports, four of each indicator, the verified and newest first.
TOLD_OF_VALUE = """
v.id AS value_id, v.indicator_id, a.reference, a.title_ka, a.title_en, m.slug, m.name_ka, m.name_en, d.period_to,
v.reported, v.reported_of, v.words_ka, v.words_en, v.verified, v.verified_of, v.verdict,
(SELECT count(*) FROM value_evidence e WHERE e.value_id = v.id AND e.upload_id IS NOT NULL) AS documents,
(SELECT count(*) FROM value_evidence e JOIN visit s ON s.id = e.visit_id AND visit_is_approved(s.state)
   JOIN visit_photo f ON f.visit_id = s.id WHERE e.value_id = v.id) AS photos"""
NEWEST = f"""
SELECT * FROM (
  SELECT {TOLD_OF_VALUE},
    row_number() OVER (PARTITION BY v.indicator_id
      ORDER BY v.verified IS NULL, d.period_to DESC, a.reference) AS place
  FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
  JOIN award a ON a.id = v.award_id JOIN municipality m ON m.id = v.municipality_id
  JOIN indicator i ON i.id = v.indicator_id
  WHERE report_is_accepted(r.state) AND v.cell = 'total' AND v.reported IS NOT NULL AND {INSIDE} AND {TOLD}
) x WHERE place <= 4 ORDER BY indicator_id, place
"""


KEPT_NEWEST = f"""
SELECT {TOLD_OF_VALUE}
FROM indicator i CROSS JOIN LATERAL (
  SELECT n.value_id, n.unverified, n.reference FROM result_newest n JOIN result_cell c ON c.id = n.cell_id
  WHERE n.indicator_id = i.id AND {IN_CELLS} ORDER BY n.unverified, n.period_to DESC, n.reference LIMIT 4) n
JOIN report_value v ON v.id = n.value_id JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN award a ON a.id = v.award_id JOIN municipality m ON m.id = v.municipality_id
ORDER BY v.indicator_id, n.unverified, d.period_to DESC, n.reference
"""


async def newest_values(scope: Scope) -> dict[Any, list[Row]]:
    """By indicator: what the overview shows when a result is opened."""
    found: dict[UUID, list[Row]] = {}
    for each in await (rows(KEPT_NEWEST, *scope.args[:3]) if scope.kept else rows(NEWEST, *scope.args)):
        found.setdefault(each["indicator_id"], []).append(each)
    return found
