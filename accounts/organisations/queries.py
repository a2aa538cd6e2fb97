"""The register of organisations, and who may read which part of it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from accounts import rights
from accounts.person import Person
from accounts.tables import CuratedMunicipality, Organisation
from foundation.database import Row, row, rows, value


async def visible_to(person: Person, organisation_id: UUID) -> Organisation | None:
    if not (rights.sees_organisations(person) or person.works_for(organisation_id)):
        return None
    return await Organisation.objects().get(Organisation.id == organisation_id)


async def place_of(organisation: Organisation) -> dict[str, Any]:
    """Where it is and who looks after it: its own curator, or all who look after the place where none is its own."""
    """Its municipality and its curator, in one row."""
    found = await row(PLACE, organisation.id)
    assert found is not None
    return {**found, "curators": json.loads(found["curators"] or "[]")}


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


async def to_confirm(person: Person) -> list[Row]:
    """Organisations that registered themselves and nobody has looked at yet, as far as this person may."""
    everywhere = person.is_admin or person.is_manager
    if not (everywhere or person.is_curator):
        return []
    return await rows(TO_CONFIRM, everywhere, list(person.municipalities))


PLACE = """
SELECT m.slug, m.name_ka, m.name_en, c.id AS curator_id, c.name_ka AS curator_ka, c.name_en AS curator_en,
  a.name AS registered_by,
  (SELECT json_agg(json_build_object('name_ka', k.name_ka, 'name_en', k.name_en) ORDER BY k.name_en, k.name_ka)::text
    FROM curated_municipality x JOIN organisation k ON k.id = x.organisation_id
    WHERE x.municipality_id = o.municipality_id) AS curators
FROM organisation o LEFT JOIN municipality m ON m.id = o.municipality_id
  LEFT JOIN organisation c ON c.id = o.curator_id LEFT JOIN account a ON a.id = o.registered_by
WHERE o.id = $1
"""
TO_CONFIRM = """
SELECT o.id, o.name_ka, o.name_en, o.created, m.slug, a.name AS registered_by
FROM organisation o LEFT JOIN municipality m ON m.id = o.municipality_id JOIN account a ON a.id = o.registered_by
WHERE o.confirmed_at IS NULL AND ($1 OR o.municipality_id = ANY($2::uuid[])) ORDER BY o.created
"""
