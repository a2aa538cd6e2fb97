"""What was seen: visits, their photos, and the evidence behind a value. Only approved visits tell what they saw."""

from __future__ import annotations

from uuid import UUID

from foundation.database import Row, row, rows
from monitoring.indicators.reading import TOLD
from monitoring.results.queries import VISITED
from monitoring.results.scope import INSIDE, Scope, within
from web.context import href

# Everybody sees photos chosen for the public; donors and staff all whose people agreed.
PUBLIC, AGREED = "f.public AND f.consent", "f.consent"

LATEST = """
SELECT v.reference, v.visited_on, v.place, v.purpose_ka, v.purpose_en, v.state, v.planned_from, v.planned_to,
  v.latitude IS NOT NULL AS located, a.reference AS award, a.title_ka, a.title_en, m.slug, m.name_ka, m.name_en,
  p.id AS photo, p.caption_ka, p.caption_en, p.illustration,
  (SELECT count(*) FROM visit_photo f WHERE f.visit_id = v.id AND {photos}) AS photos
FROM visit v JOIN award a ON a.id = v.award_id JOIN municipality m ON m.id = v.municipality_id
LEFT JOIN LATERAL (SELECT f.id, f.caption_ka, f.caption_en, u.illustration
  FROM visit_photo f JOIN upload u ON u.id = f.upload_id WHERE f.visit_id = v.id AND visit_is_approved(v.state)
    AND {photos}
  ORDER BY f.public DESC, f.taken_at, f.id LIMIT 1) p ON true
WHERE {inside} AND {narrow} AND visit_is_approved(v.state) ORDER BY {visited} DESC NULLS LAST, v.reference DESC
LIMIT $6
"""


def photo_href(visit: str, photo_id: object, small: bool = False) -> str:
    """The visits room owns its photos and asks who may see each."""
    return href(f"/visits/{visit}/photos/{photo_id}" + ("/small" if small else ""))


# Visits that prove an indicator are found by the period their reports tell of, others by their own day.
PROVING = f"""v.id IN (SELECT e.visit_id FROM value_evidence e JOIN report_value x ON x.id = e.value_id
  JOIN report r ON r.id = x.report_id JOIN report_due d ON d.id = r.report_due_id
  JOIN indicator i ON i.id = x.indicator_id
  WHERE report_is_accepted(r.state) AND i.code = $6 AND {TOLD})"""


async def latest_visits(scope: Scope, limit: int, photos: str = AGREED) -> list[Row]:
    """Approved visits, the newest first, each with its first photo that may be shown."""
    sql = LATEST.format(photos=photos, inside=INSIDE, narrow=within(VISITED), visited=VISITED)
    return await rows(sql, *scope.args, limit)


WHICH = {
    "": "NOT visit_dropped(v.state)",
    "made": "visit_told(v.state)",
    "approved": "visit_is_approved(v.state)",
    "evidenced": "visit_told(v.state) AND v.latitude IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM visit_photo f WHERE f.visit_id = v.id)",
    "planned": "visit_untold(v.state)",
}


ROLE = """
(SELECT jsonb_build_object('kind', r.kind, 'name_ka', o.name_ka, 'name_en', o.name_en)::text
 FROM role r LEFT JOIN organisation o ON o.id = r.organisation_id
 WHERE r.account_id = {person} AND r.kind IN ('curator', 'manager', 'finance', 'director')
 ORDER BY array_position(ARRAY['curator', 'manager', 'finance', 'director'], r.kind) LIMIT 1)
"""
VISIT = f"""
SELECT v.*, a.reference AS award, a.title_ka, a.title_en, m.slug, m.name_ka, m.name_en,
  o.name_ka AS organisation_ka, o.name_en AS organisation_en,
  {ROLE.format(person="v.lead_id")} AS lead_role, {ROLE.format(person="v.reviewed_by")} AS reviewer_role,
  (SELECT count(*) FROM visit_photo f WHERE f.visit_id = v.id AND NOT f.consent) AS withheld
FROM visit v JOIN award a ON a.id = v.award_id JOIN municipality m ON m.id = v.municipality_id
JOIN organisation o ON o.id = a.organisation_id
WHERE v.reference = $1 AND visit_is_approved(v.state)
"""
PHOTOS = """
SELECT f.id, f.caption_ka, f.caption_en, f.taken_at, f.public, u.illustration, encode(u.blob_sha256, 'hex') AS sha256,
  v.reference AS visit, v.visited_on, v.purpose_ka, v.purpose_en
FROM visit_photo f JOIN visit v ON v.id = f.visit_id JOIN upload u ON u.id = f.upload_id
WHERE {which} AND visit_is_approved(v.state) AND {photos} ORDER BY v.visited_on DESC, f.taken_at, f.id
"""
LINKED = """
SELECT DISTINCT v.id, i.position, i.code, i.name_ka, i.name_en, i.unit_ka, i.unit_en, i.kind, i.grades_ka, i.grades_en,
  v.words_ka, v.words_en, v.reported, v.reported_of, v.verified, v.verified_of, v.verdict, d.period_to
FROM value_evidence e JOIN report_value v ON v.id = e.value_id JOIN report r ON r.id = v.report_id
JOIN report_due d ON d.id = r.report_due_id JOIN indicator i ON i.id = v.indicator_id
WHERE e.visit_id = $1 AND report_is_accepted(r.state) AND v.cell = 'total' ORDER BY d.period_to, i.position
"""
FINDINGS = """
SELECT f.kind, f.severity, f.state, f.text, f.response_kind, f.response FROM finding f
WHERE f.visit_id = $1 AND finding_settled(f.state) ORDER BY f.created
"""


async def visit_of(reference: str) -> Row | None:
    """An approved visit; None for any other."""
    return await row(VISIT, reference)


async def photos_of_visit(visit_id: UUID, photos: str = AGREED) -> list[Row]:
    return await rows(PHOTOS.format(which="v.id = $1", photos=photos), visit_id)


async def public_photos_of_award(award_id: UUID) -> list[Row]:
    return await rows(PHOTOS.format(which="v.award_id = $1", photos=PUBLIC), award_id)


SOME = 24  # photos on the page of one indicator


async def public_photos_of_indicator(indicator_id: UUID, kept: bool) -> list[Row]:
    """The newest of visits that prove its values; of what is `kept`, four at most of each cell."""
    if kept:
        first = (
            "f.id IN (SELECT p.photo_id FROM result_picture p WHERE p.indicator_id = $1 AND p.public"
            f" ORDER BY p.visited_on DESC, p.taken_at, p.photo_id LIMIT {SOME})"
        )
        return await rows(PHOTOS.format(which=first, photos=PUBLIC), indicator_id)
    proving = (
        "EXISTS (SELECT 1 FROM value_evidence e JOIN report_value x ON x.id = e.value_id JOIN report r"
        " ON r.id = x.report_id WHERE e.visit_id = v.id AND x.indicator_id = $1 AND report_is_accepted(r.state))"
    )
    return await rows(f"{PHOTOS.format(which=proving, photos=PUBLIC)} LIMIT {SOME}", indicator_id)


async def values_of_visit(visit_id: UUID) -> list[Row]:
    return await rows(LINKED, visit_id)


async def findings_of_visit(visit_id: UUID) -> list[Row]:
    return await rows(FINDINGS, visit_id)


VALUE = f"""
SELECT v.*, i.code, i.name_ka AS indicator_ka, i.name_en AS indicator_en, i.unit_ka, i.unit_en,
  i.kind AS indicator_kind, i.grades_ka, i.grades_en,
  a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug, m.name_ka AS place_ka, m.name_en AS place_en,
  d.number, d.kind AS report_kind, d.period_from, d.period_to, r.accepted_at,
  {ROLE.format(person="v.verified_by")} AS verifier_role,
  (SELECT w.reported FROM report_value w WHERE (w.report_id, w.indicator_id, w.municipality_id, w.cell)
     = (v.report_id, v.indicator_id, v.municipality_id, 'women')) AS women,
  (SELECT w.reported FROM report_value w WHERE (w.report_id, w.indicator_id, w.municipality_id, w.cell)
     = (v.report_id, v.indicator_id, v.municipality_id, 'men')) AS men
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN indicator i ON i.id = v.indicator_id JOIN award a ON a.id = v.award_id
JOIN organisation o ON o.id = a.organisation_id JOIN municipality m ON m.id = v.municipality_id
WHERE v.id = $1 AND report_is_accepted(r.state)
"""
BEHIND_VALUE = """
SELECT e.id, e.upload_id, e.note, e.created, b.media_type, b.size, encode(b.sha256, 'hex') AS sha256, u.illustration,
  v.reference AS visit, v.visited_on, v.purpose_ka, v.purpose_en, visit_is_approved(v.state) AS approved
FROM value_evidence e LEFT JOIN upload u ON u.id = e.upload_id LEFT JOIN blob b ON b.sha256 = u.blob_sha256
LEFT JOIN visit v ON v.id = e.visit_id WHERE e.value_id = $1 ORDER BY e.visit_id IS NULL, e.created, e.id
"""


async def value_of(value_id: UUID) -> Row | None:
    """A value of an accepted report with everything that explains it; None for any other."""
    return await row(VALUE, value_id)


async def evidence_of_value(value_id: UUID) -> list[Row]:
    return await rows(BEHIND_VALUE, value_id)
