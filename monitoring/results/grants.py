"""Grants as everybody may see them: signed by both sides, nothing about people, only what was accepted or approved."""

from __future__ import annotations

from foundation.database import Row, like, row, rows
from monitoring.reports.lifecycle import State as ReportState
from monitoring.results.money import Step

# The year a grant belongs to: when it began, or was signed where the sources do not say.
YEAR = "extract(year FROM coalesce(a.starts_on, (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date))::int"
PLACE = "coalesce(m.slug, 'unknown')"
STATE = "CASE WHEN award_running(a.state) THEN 'running' ELSE 'finished' END"
FACETS = {"municipality": PLACE, "call": "c.reference", "year": f"({YEAR})::text", "state": STATE}
ARGUMENTS = dict(zip(FACETS, ("$3", "$4", "$5", "$6"), strict=True))

FROM = """
FROM award a JOIN call c ON c.id = a.call_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id
"""
SEARCH = (
    "award_signed(a.state) AND ($1 = '' OR concat_ws(' ', a.reference, a.title_ka, a.title_en, a.summary_ka,"
    " a.summary_en, o.name_ka, o.name_en) ILIKE $2)"
)


def _narrowed(but: str = "") -> str:
    """Every filter except one: a facet counts what choosing its other values would find."""
    return " AND ".join(
        f"({place} = '' OR {column} = {place})"
        for name, column in FACETS.items()
        if name != but
        for place in (ARGUMENTS[name],)
    )


# What each grant has come to, step by step; the same rules as the money pages, so that both add up to the same.
MONEY = {
    Step.AWARDED: "a.amount",
    Step.PAID: "coalesce((SELECT sum(t.amount) FROM tranche t WHERE t.award_id = a.id AND tranche_paid(t.state)), 0)",
    Step.REPORTED: "coalesce((SELECT sum(s.spent) FROM spending_line s JOIN report r ON r.id = s.report_id"
    " WHERE r.award_id = a.id AND report_is_accepted(r.state)), 0)",
    Step.VERIFIED: "coalesce((SELECT sum(s.accepted) FROM spending_line s JOIN report r ON r.id = s.report_id"
    " WHERE r.award_id = a.id AND report_is_accepted(r.state)), 0)",
}
PAID_AND_SPENT = ", ".join(f"{sql} AS {step}" for step, sql in MONEY.items() if step is not Step.AWARDED)
COLUMNS = f"""
SELECT a.id, a.reference, a.title_ka, a.title_en, a.state, a.currency, a.amount, a.starts_on,
  a.ends_on, a.date_precision, a.date_note, c.reference AS call, c.title_ka AS call_ka,
  c.title_en AS call_en, o.name_ka, o.name_en, m.slug, m.name_ka AS place_ka, m.name_en AS place_en, a.source,
  {PAID_AND_SPENT}"""
ROWS = f"""
{COLUMNS}, count(*) OVER () AS total
{FROM} WHERE {SEARCH} AND {_narrowed()} ORDER BY {{order}} LIMIT $7 OFFSET $8
"""
TOTALS = f"""
SELECT x.currency, count(*) AS n, {", ".join(f"sum(x.{step}) AS {step}" for step in MONEY)}
FROM (SELECT a.currency, a.amount AS awarded, {PAID_AND_SPENT} {FROM} WHERE {SEARCH} AND {_narrowed()}) x
GROUP BY x.currency ORDER BY x.currency
"""
COUNTS = " UNION ALL ".join(
    f"SELECT '{name}' AS facet, {column} AS value, count(*) AS n {FROM} WHERE {SEARCH} AND {_narrowed(name)} GROUP BY 2"
    for name, column in FACETS.items()
)
ORDERS = {
    **{str(step): [sql, "a.reference"] for step, sql in MONEY.items()},
    "start": ["a.starts_on", "a.reference"],
    "grant": ["coalesce(a.title_en, a.title_ka)", "a.reference"],
    "place": ["m.position", "a.reference"],
}
NEWEST_FIRST = f"{YEAR} DESC, a.reference DESC"
IN_MUNICIPALITY = f"""
{COLUMNS} {FROM} WHERE award_signed(a.state) AND a.municipality_id = $1 ORDER BY {NEWEST_FIRST} LIMIT $2 OFFSET $3
"""


async def public_grants(words: str, chosen: dict[str, str], order: str, limit: int | None, offset: int) -> list[Row]:
    """`chosen` has a value or '' for each facet. Each row carries `total`."""
    sql = ROWS.format(order=order)
    return await rows(sql, words, like(words), *(chosen.get(name, "") for name in FACETS), limit, offset)


async def in_municipality(place: Row, limit: int, offset: int) -> list[Row]:
    """The newest first; how many there are and what they come to is summed up elsewhere."""
    return await rows(IN_MUNICIPALITY, place["id"], limit, offset)


async def totals(words: str, chosen: dict[str, str]) -> list[Row]:
    """What the whole list adds up to, one row for each currency."""
    return await rows(TOTALS, words, like(words), *(chosen.get(name, "") for name in FACETS))


async def facets(words: str, chosen: dict[str, str]) -> dict[str, dict[str, int]]:
    """How many grants each value of each facet would leave."""
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for each in await rows(COUNTS, words, like(words), *(chosen.get(name, "") for name in FACETS)):
        counted[each["facet"]][each["value"]] = each["n"]
    return counted


GRANT = f"""
SELECT a.id, a.reference, a.title_ka, a.title_en, a.summary_ka, a.summary_en, a.state, a.currency, a.amount,
  a.starts_on, a.ends_on, a.date_precision, a.date_note, a.source, {PAID_AND_SPENT},
  (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date AS signed_on,
  c.reference AS call, c.title_ka AS call_ka, c.title_en AS call_en, o.name_ka, o.name_en,
  m.slug, m.name_ka AS place_ka, m.name_en AS place_en, u.name_ka AS curator_ka, u.name_en AS curator_en,
  coalesce((SELECT i.fields FROM invented i WHERE i.table_name = 'award' AND i.row_id = a.id), '{{}}') AS invented
{FROM} LEFT JOIN LATERAL (SELECT k.name_ka, k.name_en
  FROM curated_municipality cm JOIN organisation k ON k.id = cm.organisation_id
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
SELECT i.id AS indicator_id, v.id, v.reported, v.verified, v.verdict, d.number, d.period_to
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
