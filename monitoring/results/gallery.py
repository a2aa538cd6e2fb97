"""Photos and documents behind accepted values: all of them, so that a count of them is a list of the same length."""

from __future__ import annotations

from uuid import UUID

from foundation.database import Row, rows
from monitoring.indicators.reading import TOLD
from monitoring.results.evidence import PUBLIC
from monitoring.results.scope import IN_CELLS, INSIDE, Scope

PROOF = f"""
FROM value_evidence e JOIN report_value x ON x.id = e.value_id JOIN report r ON r.id = x.report_id
JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = x.award_id JOIN indicator i ON i.id = x.indicator_id
WHERE report_is_accepted(r.state) AND {INSIDE} AND {TOLD} AND ($6 = '' OR i.code = $6)
  AND ($7::uuid IS NULL OR x.id = $7)
"""
# A photo that may not be shown stands in the list without its picture, and the reason beside it.
PHOTOS = """
SELECT f.id, f.caption_ka, f.caption_en, f.taken_at, f.consent, visit_is_approved(v.state) AS approved,
  visit_is_approved(v.state) AND {photos} AS shown, u.illustration, encode(u.blob_sha256, 'hex') AS sha256,
  v.reference AS visit, v.visited_on, a.reference, a.title_ka, a.title_en, m.slug, m.name_ka AS place_ka,
  m.name_en AS place_en
FROM visit_photo f JOIN visit v ON v.id = f.visit_id JOIN upload u ON u.id = f.upload_id
JOIN award a ON a.id = v.award_id JOIN municipality m ON m.id = v.municipality_id
WHERE f.visit_id IN (SELECT e.visit_id {proof})
ORDER BY v.visited_on DESC NULLS LAST, f.taken_at, f.id
"""
FILES = f"""
SELECT DISTINCT ON (b.media_type LIKE 'image/%', a.reference, d.number, e.upload_id) e.upload_id, b.media_type, b.size,
  encode(b.sha256, 'hex') AS sha256, e.created, a.reference, a.title_ka, a.title_en, d.number, x.id AS value_id,
  x.municipality_id, i.name_ka, i.name_en, b.media_type LIKE 'image/%' AS image
{PROOF.replace("WHERE", "JOIN upload u ON u.id = e.upload_id JOIN blob b ON b.sha256 = u.blob_sha256 WHERE", 1)}
ORDER BY b.media_type LIKE 'image/%', a.reference, d.number, e.upload_id, x.id
"""


# Four of each indicator, the newest first, to be seen beside its bar.
FIRST = """
SELECT * FROM (
  SELECT p.indicator_id, f.id, f.caption_ka, f.caption_en, v.reference AS visit,
    row_number() OVER (PARTITION BY p.indicator_id ORDER BY v.visited_on DESC, f.taken_at, f.id) AS place
  FROM (SELECT DISTINCT x.indicator_id, e.visit_id {proof}) p
  JOIN visit v ON v.id = p.visit_id JOIN visit_photo f ON f.visit_id = v.id WHERE visit_is_approved(v.state)
    AND {photos}
) y WHERE place <= 4 ORDER BY indicator_id, place
"""


KEPT_FIRST = f"""
SELECT i.id AS indicator_id, f.id, f.caption_ka, f.caption_en, v.reference AS visit
FROM indicator i CROSS JOIN LATERAL (
  SELECT f.photo_id FROM result_picture f JOIN result_cell c ON c.id = f.cell_id
  WHERE f.indicator_id = i.id AND {IN_CELLS} AND (f.public OR NOT $4)
  ORDER BY f.visited_on DESC, f.taken_at, f.photo_id LIMIT 4) p
JOIN visit_photo f ON f.id = p.photo_id JOIN visit v ON v.id = f.visit_id
ORDER BY i.id, v.visited_on DESC, f.taken_at, f.id
"""


async def first(scope: Scope, allowed: str) -> dict[UUID, list[Row]]:
    """By indicator."""
    if scope.kept:
        listed = await rows(KEPT_FIRST, *scope.args[:3], allowed == PUBLIC)
    else:
        listed = await rows(FIRST.format(photos=allowed, proof=PROOF), *scope.args, "", None)
    found: dict[UUID, list[Row]] = {}
    for each in listed:
        found.setdefault(each["indicator_id"], []).append(each)
    return found


async def photos(scope: Scope, allowed: str, code: str = "", value: UUID | None = None) -> list[Row]:
    """Of the visits that prove an indicator (`code`) or one value."""
    return await rows(PHOTOS.format(photos=allowed, proof=PROOF), *scope.args, code, value)


async def files(scope: Scope, code: str = "", value: UUID | None = None) -> list[Row]:
    """What grantees attached, each file once."""
    return await rows(FILES, *scope.args, code, value)
