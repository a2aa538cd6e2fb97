"""Whom to write to, and the municipalities: what other rooms ask about people and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from accounts.person import Role
from foundation.database import rows
from foundation.language import pick_text


class Somebody(Protocol):
    @property
    def id(self) -> UUID: ...


S = TypeVar("S", bound=Somebody)


@dataclass(frozen=True)
class Recipient:
    id: UUID
    name: str
    email: str
    language: str


async def recipients(*account_ids: UUID | None) -> list[Recipient]:
    """These people, as far as their accounts are active."""
    return await _recipients("a.id = ANY($1::uuid[])", [each for each in account_ids if each])


async def workers_of(organisation_id: UUID) -> list[Recipient]:
    """Editors and signatories of the organisation."""
    return await _recipients(f"{HOLDS} AND r.organisation_id = $2)", [Role.EDITOR, Role.SIGNATORY], organisation_id)


async def signatories_of(organisation_id: UUID) -> list[Recipient]:
    return await _recipients(f"{HOLDS} AND r.organisation_id = $2)", [Role.SIGNATORY], organisation_id)


async def curators_of(municipality_id: UUID) -> list[Recipient]:
    """Those who look after the municipality: by name, or as all of their organisation does."""
    return await _recipients(f"{HOLDS} AND {LOOKS_AFTER})", [Role.CURATOR], municipality_id)


async def holders_of(*kinds: Role) -> list[Recipient]:
    """Everybody in the programme who has one of these roles."""
    return await _recipients(f"{HOLDS})", list(kinds))


async def without_ties(people: Sequence[S], award_id: UUID | None) -> list[S]:
    """Of these, those who have nothing to do with the organisation whose grant it is."""
    found = await rows(
        "SELECT who FROM unnest($1::uuid[]) who"
        " WHERE NOT EXISTS (SELECT 1 FROM tied_organisations(who) tied JOIN award a ON a.organisation_id = tied"
        " WHERE a.id = $2)",
        [each.id for each in people], award_id,
    )  # fmt: skip
    apart = {each["who"] for each in found}
    return [each for each in people if each.id in apart]


async def municipalities():
    """All of them, from sea to mountains."""
    return await rows(
        "SELECT id, slug, name_ka, name_en, full_name_ka, full_name_en, region FROM municipality ORDER BY position"
    )


# For lists of what belongs to an organisation: = ANY of those whose names or code have the words looked for.
ORGANISATIONS_FOUND = (
    "ANY(ARRAY(SELECT id FROM organisation f"
    " WHERE words(f.name_ka, f.name_en, f.other_names, f.identification_code) ILIKE ?))"
)


async def place_choices(_person: object = None) -> dict[str, list[tuple[str, str]]]:
    """What a list can be narrowed to by municipality."""
    return {"municipality": [(place["slug"], pick_text(place, "name")) for place in await municipalities()]}


async def _recipients(where: str, *args) -> list[Recipient]:
    found = await rows(
        "SELECT a.id, a.name, a.email::text AS email, a.language FROM account a"
        f" WHERE a.active AND {where} ORDER BY a.id",
        *args,
    )
    return [Recipient(**each) for each in found]


HOLDS = (
    "EXISTS (SELECT 1 FROM role r WHERE r.account_id = a.id AND r.kind = ANY($1::text[])"
    " AND (r.until IS NULL OR r.until > day_here())"
)
LOOKS_AFTER = """EXISTS (SELECT 1 FROM curated_municipality c
    WHERE c.organisation_id = r.organisation_id AND c.municipality_id = $2)
  AND (NOT EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id)
    OR EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id AND m.municipality_id = $2))"""
