"""Everything read about meetings, publications and achievements; all of it is public."""

from __future__ import annotations

import re
from typing import Any

from foundation.database import like, rows
from foundation.language import pick_text
from monitoring.meetings.kinds import Kind, kind_of

ORGANISATION = re.compile(r"ORG-\d+")

MEETINGS = """
SELECT m.*, count(*) OVER () AS total,
  ARRAY(SELECT p.slug FROM meeting_municipality mm JOIN municipality p ON p.id = mm.municipality_id
        WHERE mm.meeting_id = m.id ORDER BY p.position) AS slugs
FROM meeting m
WHERE ($1 = '' OR concat_ws(' ', m.subject_ka, m.subject_en, m.decision_ka, m.decision_en, m.place, m.participants)
    ILIKE $2)
  AND ($3 = '' OR EXISTS (SELECT 1 FROM meeting_municipality mm JOIN municipality p ON p.id = mm.municipality_id
                          WHERE mm.meeting_id = m.id AND p.slug = $3))
  AND ($4::text[] IS NULL OR m.kind = ANY($4))
"""
PUBLICATIONS = """
SELECT p.*, count(*) OVER () AS total FROM publication p
WHERE ($1 = '' OR concat_ws(' ', p.title_ka, p.title_en, p.content) ILIKE $2) AND ($3 = '' OR p.kind = $3)
ORDER BY substring(p.date_text from '^[0-9]{4}[0-9-]*') DESC NULLS LAST, p.code
"""
ACHIEVEMENTS = """
SELECT a.*, m.slug, m.name_ka, m.name_en, count(*) OVER () AS total
FROM achievement a LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE ($1 = '' OR concat_ws(' ', a.text_ka, a.text_en, a.numbers) ILIKE $2)
  AND ($3 = '' OR coalesce(m.slug, 'all') = $3)
ORDER BY substring(a.period from '[0-9]{4}[0-9-]*') DESC NULLS LAST, a.code
"""


async def meetings(words: str, place: str, kinds: list[str] | None, order: str, limit: int, offset: int) -> list[Any]:
    """`kinds` are words of the sources, see `kinds_told`; each row carries `total`."""
    sql = f"{MEETINGS} ORDER BY {order} LIMIT $5 OFFSET $6"
    return await rows(sql, words, like(words), place, kinds, limit, offset)


async def kinds_told() -> dict[Kind, list[str]]:
    """The sources' own words for each of our kinds, for those that occur."""
    told: dict[Kind, list[str]] = {}
    for each in await rows("SELECT DISTINCT kind FROM meeting ORDER BY kind"):
        told.setdefault(kind_of(each["kind"]), []).append(each["kind"])
    return {kind: told[kind] for kind in Kind if kind in told}


async def publications(words: str, kind: str, limit: int, offset: int) -> list[Any]:
    return await rows(f"{PUBLICATIONS} LIMIT $4 OFFSET $5", words, like(words), kind, limit, offset)


async def publication_kinds() -> list[str]:
    return [each["kind"] for each in await rows("SELECT DISTINCT kind FROM publication ORDER BY kind")]


async def achievements(words: str, place: str, limit: int, offset: int) -> list[Any]:
    """`place` is a municipality's slug, or `all` for what concerns the whole programme."""
    return await rows(f"{ACHIEVEMENTS} LIMIT $4 OFFSET $5", words, like(words), place, limit, offset)


async def organisation_names() -> dict[str, str]:
    """By the code the sources' tables use, in the current language."""
    found = await rows("SELECT code, name_ka, name_en FROM organisation WHERE code LIKE 'ORG-%'")
    return {each["code"]: pick_text(each, "name") for each in found}


def named(told: str | None, names: dict[str, str]) -> str:
    """The source's text with organisations called by their names."""
    return ORGANISATION.sub(lambda code: names.get(code[0], code[0]), told or "")
