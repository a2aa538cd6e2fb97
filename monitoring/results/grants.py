"""Grants as everybody may see them: signed by both sides, nothing about people, only what was accepted or approved."""

from __future__ import annotations

from foundation.database import Row, row, rows
from monitoring.reports.lifecycle import State as ReportState
from monitoring.results.money import Beside, Step

# The year a grant belongs to: when it began, or was signed where the sources do not say.
YEAR = "extract(year FROM coalesce(a.starts_on, (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date))::int"
PLACE = "coalesce(m.slug, 'unknown')"
STATE = "CASE WHEN award_running(a.state) THEN 'running' ELSE 'finished' END"
FACETS = {"municipality": PLACE, "call": "c.reference", "year": f"({YEAR})::text", "state": STATE}

FROM = """
FROM award a JOIN call c ON c.id = a.call_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id JOIN award_money k ON k.award_id = a.id
"""
# What each grant has come to, step by step, as it is kept beside it (`k`); the same rules as the money pages, so that
# both add up to the same.
MONEY = {Step.AWARDED: "a.amount", Step.PAID: "k.paid", Step.REPORTED: "k.reported", Step.VERIFIED: "k.verified"}
KEPT_MONEY = "JOIN award_money k ON k.award_id = a.id"
PAID_AND_SPENT = ", ".join(f"{sql} AS {step}" for step, sql in MONEY.items() if step is not Step.AWARDED)
# Told beside the steps and no part of them.
BESIDE = {each: f"k.{each}" for each in Beside if each is not Beside.REPORTABLE}


GRANT = f"""
SELECT a.id, a.reference, a.title_ka, a.title_en, a.summary_ka, a.summary_en, a.state, a.currency, a.amount,
  a.starts_on, a.ends_on, a.date_precision, a.date_note, a.source, {PAID_AND_SPENT},
  {", ".join(f"{sql} AS {beside}" for beside, sql in BESIDE.items())},
  (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date AS signed_on,
  c.reference AS call, c.title_ka AS call_ka, c.title_en AS call_en, o.name_ka, o.name_en,
  m.slug, m.name_ka AS place_ka, m.name_en AS place_en, u.name_ka AS curator_ka, u.name_en AS curator_en,
  coalesce((SELECT i.fields FROM invented i WHERE i.table_name = 'award' AND i.row_id = a.id), '{{}}') AS invented
{FROM} LEFT JOIN LATERAL (SELECT s.name_ka, s.name_en
  FROM curated_municipality cm JOIN organisation s ON s.id = cm.organisation_id
  WHERE cm.municipality_id = a.municipality_id LIMIT 1) u ON true
WHERE a.reference = $1 AND award_signed(a.state)
"""
TRANCHES = """
SELECT t.number, t.amount, t.currency, t.planned_on, tranche_paid(t.state) AS paid, t.paid_on, t.state,
  coalesce((SELECT i.fields FROM invented i WHERE i.table_name = 'tranche' AND i.row_id = t.id), '{}') AS invented
FROM tranche t WHERE t.award_id = $1 AND NOT tranche_dropped(t.state) ORDER BY t.number
"""
REPORTS = """
SELECT d.number, d.kind, d.period_from, d.period_to, d.due_on, coalesce(r.state, $2) AS state, r.accepted_at
FROM report_due d LEFT JOIN report r ON r.report_due_id = d.id WHERE d.award_id = $1 ORDER BY d.number
"""
VISITS = """
SELECT v.reference, v.visited_on, v.purpose_ka, v.purpose_en FROM visit v
WHERE v.award_id = $1 AND visit_is_approved(v.state) ORDER BY v.visited_on
"""
VALUES = """
SELECT i.id AS indicator_id, v.id, v.reported, v.reported_of, v.words_ka, v.words_en,
  v.verified, v.verified_of, v.verdict, d.number,
  d.period_to
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN indicator i ON i.id = v.indicator_id
WHERE v.award_id = $1 AND report_is_accepted(r.state) AND v.cell = 'total' ORDER BY i.position, d.number
"""
RECOMMENDATIONS = """
SELECT c.reference, c.text_ka, c.text_en, c.theme, c.origin, c.state, c.due_current, c.status_when, c.source_status,
  c.detail, c.source FROM recommendation c
WHERE c.municipality_id = $1 AND c.addressee = 'municipality' AND recommendation_standing(c.state)
ORDER BY c.issued_at DESC NULLS LAST, c.reference
"""


async def public_grant(reference: str) -> Row | None:
    """None while it is not signed by both sides: nobody outside may know that there is one."""
    return await row(GRANT, reference)


async def tranches_of(grant: Row) -> list[Row]:
    return await rows(TRANCHES, grant["id"])


async def reports_of(grant: Row) -> list[Row]:
    return await rows(REPORTS, grant["id"], ReportState.SCHEDULED)


async def visits_of(grant: Row) -> list[Row]:
    return await rows(VISITS, grant["id"])


async def values_of(grant: Row) -> list[Row]:
    """By indicator and report; only of accepted reports."""
    return await rows(VALUES, grant["id"])


async def recommendations_in(municipality: Row) -> list[Row]:
    """What the municipality was recommended; what its grantees were stays inside the programme."""
    return await rows(RECOMMENDATIONS, municipality["id"])


async def open_calls() -> list[Row]:
    return await rows(
        "SELECT reference, title_ka, title_en, deadline, currency, min_award, max_award"
        " FROM call WHERE call_is_open(state) ORDER BY deadline LIMIT 6"
    )
