"""Who is here and what they may do."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from accounts import rights
from accounts.person import Person, Role
from accounts.tables import Account
from accounts.tables import Role as RoleHeld
from foundation.database import Row, all_of, get, rows, value


async def account_visible_to(person: Person, account_id: UUID) -> Account | None:
    if not rights.sees_people(person):
        return None
    return await Account.objects().get(Account.id == account_id)


async def roles_of(account_id: UUID) -> list[dict[str, Any]]:
    """All of them, those that ended last."""
    return _held(await rows(ROLES.format(where="r.account_id = $1"), account_id))


async def people_of(organisation_id: UUID) -> list[dict[str, Any]]:
    """Who works in the organisation now."""
    where = "r.organisation_id = $1 AND a.active AND (r.until IS NULL OR r.until > day_here())"
    return _held(await rows(ROLES.format(where=where), organisation_id))


def _held(found: list[Row]) -> list[dict[str, object]]:
    return [
        {**each, "kind": Role(each["kind"]), "municipalities": json.loads(each["municipalities"] or "[]")}
        for each in found
    ]


async def kinds_of(account_id: UUID) -> frozenset[Role]:
    return frozenset(map(Role, await value(STANDS, account_id)))


async def live_roles_of(account_id: UUID) -> list[RoleHeld]:
    return await all_of(
        RoleHeld,
        "SELECT * FROM role WHERE account_id = $1 AND (until IS NULL OR until > day_here()) ORDER BY since, id",
        account_id,
    )


async def role_to_end(person: Person, role_id: UUID) -> RoleHeld | None:
    """One that still holds, which this person may end."""
    role = await get(RoleHeld, role_id)
    return role if role and rights.gives(person, Role(role.kind), role.organisation_id) else None


async def holds(account_id: UUID, kind: Role, organisation_id: UUID | None) -> bool:
    return await value(
        "SELECT EXISTS (SELECT 1 FROM role WHERE account_id = $1 AND kind = $2"
        " AND organisation_id IS NOT DISTINCT FROM $3 AND until IS NULL)",
        account_id, str(kind), organisation_id,
    )  # fmt: skip


async def others_with(role: Any) -> bool:
    """Whether somebody else can act in the role once this one has ended."""
    return await value(OTHERS, role.kind, role.organisation_id, role.account_id)


async def curated(organisation_id: UUID) -> list[Row]:
    """The municipalities a curator organisation looks after."""
    return await rows(
        "SELECT m.id, m.slug, m.name_ka, m.name_en FROM curated_municipality c JOIN municipality m"
        " ON m.id = c.municipality_id WHERE c.organisation_id = $1 ORDER BY m.position",
        organisation_id,
    )


async def unheld_roles() -> list[str]:
    """Of the programme's roles that a grant needs on its way, those nobody who may act holds."""
    return [each["kind"] for each in await rows(UNHELD, list(NEEDED))]


NEEDED = (Role.MANAGER, Role.DIRECTOR, Role.FINANCE, Role.CHAIR, Role.REVIEWER)
UNHELD = """
SELECT k.kind FROM unnest($1::text[]) WITH ORDINALITY k (kind, n) WHERE NOT EXISTS (
  SELECT 1 FROM role r JOIN account a ON a.id = r.account_id WHERE r.kind = k.kind AND a.active
    AND (r.until IS NULL OR r.until > day_here())) ORDER BY k.n
"""
ROLES = """
SELECT r.id, r.kind, r.account_id, r.organisation_id, r.since, r.until, a.name, a.email::text AS email, a.phone,
  a.password_hash IS NOT NULL AS has_password, (r.until IS NULL OR r.until > day_here()) AS live,
  o.name_ka, o.name_en, o.kind AS organisation_kind,
  (SELECT json_agg(json_build_object('slug', m.slug, 'name_ka', m.name_ka, 'name_en', m.name_en)
      ORDER BY m.position)::text
    FROM role_municipality rm JOIN municipality m ON m.id = rm.municipality_id
    WHERE rm.role_id = r.id) AS municipalities
FROM role r JOIN account a ON a.id = r.account_id LEFT JOIN organisation o ON o.id = r.organisation_id
WHERE {where} ORDER BY live DESC, r.kind DESC, r.since, r.id
"""
STANDS = """
SELECT coalesce(array_agg(r.kind), '{}') FROM role r
WHERE r.account_id = $1 AND (r.until IS NULL OR r.until > day_here())
"""
OTHERS = """
SELECT EXISTS (SELECT 1 FROM role r JOIN account a ON a.id = r.account_id
  WHERE r.kind = $1 AND r.organisation_id IS NOT DISTINCT FROM $2 AND r.account_id <> $3
    AND (r.until IS NULL OR r.until > day_here()) AND a.active AND a.password_hash IS NOT NULL)
"""
