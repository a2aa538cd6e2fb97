"""Who is here and what they may do; people are listed for those above the municipalities only."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from accounts import rights
from accounts.person import Person, Role
from accounts.tables import Account
from foundation.database import like, rows, value

PER_PAGE = 50
SORTS = {"name": "a.name", "email": "a.email", "created": "a.created", "last": "last_seen"}


async def account_visible_to(person: Person, account_id: UUID) -> Account | None:
    if not rights.sees_people(person):
        return None
    return await Account.objects().get(Account.id == account_id)


async def people(
    person: Person, q: str = "", role: str = "", state: str = "", sort: str = "name", page: int = 1
) -> tuple[list[Any], int]:
    """One page of people with their live roles, and how many there are in all."""
    if not rights.sees_people(person):
        return [], 0
    descending = sort.startswith("-")
    order = SORTS.get(sort.lstrip("-"), "a.name") + (" DESC NULLS LAST" if descending else " ASC NULLS LAST")
    found = await rows(
        PEOPLE.format(order=order), like(q) if q.strip() else None, role or None, state or None,
        PER_PAGE, (page - 1) * PER_PAGE,
    )  # fmt: skip
    return found, found[0]["n"] if found else 0


async def roles_of(account_id: UUID) -> list[dict[str, Any]]:
    """All of them, those that ended last."""
    return _held(await rows(ROLES.format(where="r.account_id = $1"), account_id))


async def people_of(organisation_id: UUID) -> list[dict[str, Any]]:
    """Who works in the organisation now."""
    where = "r.organisation_id = $1 AND a.active AND (r.until IS NULL OR r.until > CURRENT_DATE)"
    return _held(await rows(ROLES.format(where=where), organisation_id))


def _held(found: list[Any]) -> list[dict[str, Any]]:
    return [
        {**each, "kind": Role(each["kind"]), "municipalities": json.loads(each["municipalities"] or "[]")}
        for each in found
    ]


async def kinds_of(account_id: UUID) -> frozenset[Role]:
    return frozenset(map(Role, await value(STANDS, account_id)))


async def holds(account_id: UUID, kind: Role, organisation_id: UUID | None) -> bool:
    return await value(
        "SELECT EXISTS (SELECT 1 FROM role WHERE account_id = $1 AND kind = $2"
        " AND organisation_id IS NOT DISTINCT FROM $3 AND until IS NULL)",
        account_id, str(kind), organisation_id,
    )  # fmt: skip


async def others_with(role: Any) -> bool:
    """Whether somebody else can act in the role once this one has ended."""
    return await value(OTHERS, role.kind, role.organisation_id, role.account_id)


async def curated(organisation_id: UUID) -> list[Any]:
    """The municipalities a curator organisation looks after."""
    return await rows(
        "SELECT m.id, m.slug, m.name_ka, m.name_en FROM curated_municipality c JOIN municipality m"
        " ON m.id = c.municipality_id WHERE c.organisation_id = $1 ORDER BY m.position",
        organisation_id,
    )


PEOPLE = """
SELECT a.id, a.name, a.email::text AS email, a.active, a.example, a.created,
  a.password_hash IS NOT NULL AS has_password,
  (SELECT max(seen) FROM session s WHERE s.account_id = a.id) AS last_seen, held.roles, count(*) OVER () AS n
FROM account a LEFT JOIN LATERAL (
  SELECT array_agg(r.kind) AS kinds,
    json_agg(json_build_object('kind', r.kind, 'name_ka', o.name_ka, 'name_en', o.name_en) ORDER BY r.since)::text
      AS roles
  FROM role r LEFT JOIN organisation o ON o.id = r.organisation_id
  WHERE r.account_id = a.id AND (r.until IS NULL OR r.until > CURRENT_DATE)) held ON true
WHERE ($1::text IS NULL OR a.name ILIKE $1 OR a.email::text ILIKE $1)
  AND ($2::text IS NULL OR $2 = ANY(held.kinds))
  AND ($3::text IS NULL OR CASE $3 WHEN 'closed' THEN NOT a.active
    WHEN 'invited' THEN a.active AND a.password_hash IS NULL ELSE a.active AND a.password_hash IS NOT NULL END)
ORDER BY {order}, a.id LIMIT $4 OFFSET $5
"""
ROLES = """
SELECT r.id, r.kind, r.account_id, r.organisation_id, r.since, r.until, a.name, a.email::text AS email, a.phone,
  a.password_hash IS NOT NULL AS has_password, (r.until IS NULL OR r.until > CURRENT_DATE) AS live,
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
WHERE r.account_id = $1 AND (r.until IS NULL OR r.until > CURRENT_DATE)
"""
OTHERS = """
SELECT EXISTS (SELECT 1 FROM role r JOIN account a ON a.id = r.account_id
  WHERE r.kind = $1 AND r.organisation_id IS NOT DISTINCT FROM $2 AND r.account_id <> $3
    AND (r.until IS NULL OR r.until > CURRENT_DATE) AND a.active AND a.password_hash IS NOT NULL)
"""
