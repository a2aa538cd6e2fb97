"""The register of organisations, and who may read which part of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts import rights
from accounts.person import Person
from accounts.tables import CuratedMunicipality, Organisation
from foundation.database import like, row, rows, value
from foundation.language import language

PER_PAGE = 30
SORTS = {"name": "name", "municipality": "m.position", "code": "o.identification_code", "created": "o.created"}


async def visible_to(person: Person, organisation_id: UUID) -> Organisation | None:
    if not (rights.sees_organisations(person) or person.works_for(organisation_id)):
        return None
    return await Organisation.objects().get(Organisation.id == organisation_id)


async def organisations(
    person: Person, q: str = "", municipality: str = "", experience: str = "", kind: str = "", sort: str = "name",
    page: int = 1, per_page: int = PER_PAGE,
) -> tuple[list[Any], int]:  # fmt: skip
    """One page of those the person may see, and how many there are in all."""
    own = None if rights.sees_organisations(person) else list(person.organisations)
    name = "coalesce(o.name_ka, o.name_en)" if language.get() == "ka" else "coalesce(o.name_en, o.name_ka)"
    order = {**SORTS, "name": f"lower({name})"}.get(sort.lstrip("-"), f"lower({name})")
    direction = "DESC NULLS LAST" if sort.startswith("-") else "ASC NULLS LAST"
    found = await rows(
        LIST.format(order=f"{order} {direction}"), own, like(q) if q.strip() else None, municipality or None,
        experience or None, kind or None, per_page, (page - 1) * per_page,
    )  # fmt: skip
    return found, found[0]["n"] if found else 0


async def place_of(organisation: Organisation):
    """Its municipality and its curator, in one row."""
    return await row(PLACE, organisation.id)


async def with_code(identification_code: str) -> bool:
    return await value("SELECT EXISTS (SELECT 1 FROM organisation WHERE identification_code = $1)", identification_code)


async def curator_of(municipality_id: UUID) -> UUID | None:
    """The organisation that looks after the municipality, when it is one alone."""
    found = await rows(
        "SELECT organisation_id FROM curated_municipality WHERE municipality_id = $1 LIMIT 2", municipality_id
    )
    return found[0]["organisation_id"] if len(found) == 1 else None


async def curated_by(organisation_id: UUID) -> list[UUID]:
    """The municipalities this organisation looks after."""
    its = CuratedMunicipality.organisation_id == organisation_id
    return await CuratedMunicipality.select(CuratedMunicipality.municipality_id).where(its).output(as_list=True)


async def to_confirm(person: Person) -> list[Any]:
    """Organisations that registered themselves and nobody has looked at yet, as far as this person may."""
    everywhere = person.is_admin or person.is_manager
    if not (everywhere or person.is_curator):
        return []
    return await rows(TO_CONFIRM, everywhere, list(person.municipalities))


LIST = """
SELECT o.id, o.kind, o.name_ka, o.name_en, o.identification_code, o.experience, o.registered_by, o.confirmed_at,
  m.slug, m.name_ka AS municipality_ka, m.name_en AS municipality_en, count(*) OVER () AS n
FROM organisation o LEFT JOIN municipality m ON m.id = o.municipality_id
WHERE ($1::uuid[] IS NULL OR o.id = ANY($1))
  AND ($2::text IS NULL OR concat_ws(' ', o.name_ka, o.name_en, o.other_names, o.identification_code) ILIKE $2)
  AND ($3::text IS NULL OR m.slug = $3)
  AND ($4::text IS NULL
    OR CASE $4 WHEN 'unknown' THEN o.experience IS NULL AND o.kind = 'cso' ELSE o.experience = $4 END)
  AND ($5::text IS NULL OR o.kind = $5)
ORDER BY {order}, o.id LIMIT $6 OFFSET $7
"""
PLACE = """
SELECT m.slug, m.name_ka, m.name_en, c.id AS curator_id, c.name_ka AS curator_ka, c.name_en AS curator_en,
  a.name AS registered_by
FROM organisation o LEFT JOIN municipality m ON m.id = o.municipality_id
  LEFT JOIN organisation c ON c.id = o.curator_id LEFT JOIN account a ON a.id = o.registered_by
WHERE o.id = $1
"""
TO_CONFIRM = """
SELECT o.id, o.name_ka, o.name_en, o.created, m.slug, a.name AS registered_by
FROM organisation o LEFT JOIN municipality m ON m.id = o.municipality_id JOIN account a ON a.id = o.registered_by
WHERE o.confirmed_at IS NULL AND ($1 OR o.municipality_id = ANY($2::uuid[])) ORDER BY o.created
"""
