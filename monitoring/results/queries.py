"""What the overviews count beside money and indicators: grants, visits, reports on time, and what waits too long."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from foundation.clock import today
from foundation.database import Row, row, rows
from monitoring.results.money import SIGNED_ON
from monitoring.results.scope import IN_CELLS, INSIDE, Scope, within

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
  (SELECT count(*) FROM grants WHERE award_running(state)) AS running,
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
v.reported, v.verified, v.verdict,
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
  WHERE report_is_accepted(r.state) AND v.cell = 'total' AND v.reported IS NOT NULL AND {INSIDE}
    AND {within("d.period_to")}
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


# A report that was sent back is late again once its day has passed. One without a row waits for the worker to set the
# calendar of its grant; nearly always there is none.
LATE_REPORTS = f"""
SELECT 'report' AS kind, a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka AS place_ka,
  m.name_en AS place_en, d.due_on AS since, d.number, NULL AS severity, NULL AS text_ka, NULL AS text_en,
  d.state AS other, NULL AS addressee
FROM (
  SELECT d.award_id, d.due_on, d.number, r.state FROM report r JOIN report_due d ON d.id = r.report_due_id
  WHERE (report_ahead(r.state) OR report_writable(r.state)) AND d.due_on < $4
  UNION ALL
  SELECT d.award_id, d.due_on, d.number, '' FROM report_due d
  WHERE d.due_on < $4 AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id)
    AND (EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_work WHERE unscheduled > 0))) d
JOIN award a ON a.id = d.award_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE {INSIDE} AND NOT award_is_closed(a.state)"""
RISKS = f"""
SELECT 'finding', a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka, m.name_en,
  (f.shared_at AT TIME ZONE 'Asia/Tbilisi')::date, NULL, f.severity, f.text, f.text, v.reference, NULL
FROM finding f JOIN award a ON a.id = f.award_id JOIN visit v ON v.id = f.visit_id
JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE {INSIDE} AND {OPEN_RISK}"""
RECOMMENDATIONS = """
SELECT 'recommendation', a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka, m.name_en,
  c.due_current, NULL, c.priority, c.text_ka, c.text_en, c.reference, c.addressee
FROM recommendation c JOIN municipality m ON m.id = c.municipality_id LEFT JOIN award a ON a.id = c.award_id
LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE c.due_current < $4 AND recommendation_running(c.state)
  AND (a.id IS NULL OR award_signed(a.state)) AND ($1::uuid[] IS NULL OR c.municipality_id = ANY($1))
  AND ($2::uuid IS NULL OR a.call_id = $2) AND NOT $3"""
STOPPED = f"""
SELECT a.state, a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka, m.name_en,
  (SELECT max(e.at AT TIME ZONE 'Asia/Tbilisi')::date FROM event e
   WHERE e.object_id = a.id AND e.name = 'award.' || a.state), NULL, NULL, NULL, NULL, NULL, NULL
FROM award a JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE {INSIDE} AND award_halted(a.state)"""
CONTRADICTED = f"""
SELECT 'contradicted', a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka, m.name_en,
  (v.verified_at AT TIME ZONE 'Asia/Tbilisi')::date, d.number, NULL, i.name_ka, i.name_en, v.id::text, NULL
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN indicator i ON i.id = v.indicator_id JOIN award a ON a.id = v.award_id
JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE {INSIDE} AND report_is_accepted(r.state) AND v.verdict = 'contradicted' AND v.cell = 'total'"""
ATTENTION = f"""
SELECT *, count(*) OVER () AS total FROM (
  {LATE_REPORTS} UNION ALL {RISKS} UNION ALL {RECOMMENDATIONS} UNION ALL {STOPPED} UNION ALL {CONTRADICTED}
) x WHERE ($5 = '' OR kind = $5)
  AND ($6 OR kind <> 'finding' AND (kind <> 'recommendation' OR addressee = 'municipality'))
ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, since NULLS LAST, reference LIMIT $7
"""


async def attention(scope: Scope, kind: str = "", inside: bool = True, limit: int = 200) -> list[Row]:
    """What is not going well today, the gravest and oldest first. Findings and what grantees were recommended stay
    `inside` the programme; what municipalities were recommended is public."""
    return await rows(ATTENTION, *scope.args[:3], today(), kind, inside, limit)
