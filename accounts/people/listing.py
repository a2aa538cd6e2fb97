"""The people of the programme as a list, for those above the municipalities only."""

from __future__ import annotations

import json
from typing import Any

from accounts import rights
from accounts.person import Person, Role
from foundation.database import Row
from foundation.language import N_, alone, label, pick_text
from web.lists.listing import Column, Filter, Listing

LIVE_ROLE = "FROM role f WHERE f.account_id = a.id AND (f.until IS NULL OR f.until > day_here())"


def sees_people(person: Person | None) -> bool:
    return person is not None and rights.sees_people(person)


def visible_to(person: Person, _first: int = 1) -> tuple[str, list[object]]:
    return ("true" if sees_people(person) else "false"), []


def described(found: list[Row]) -> list[dict[str, object]]:
    """Each with their roles in words: “Signatory, Vani Youth”."""
    return [{**each, "roles": [_role(role) for role in json.loads(each["roles"] or "[]")]} for each in found]


def _role(held: dict[str, Any]) -> str:
    of = pick_text(held, "name") if held["name_ka"] or held["name_en"] else ""
    return alone(", ".join(filter(None, [label(Role(held["kind"])), of])))


PEOPLE = Listing[Person](
    name="people",
    path="/people",
    title=N_("People"),
    source="account a",
    key="a.id",
    visible_to=visible_to,
    who=sees_people,
    order="name",
    size=50,
    downloads=False,
    columns=[
        Column("name", "a.name", N_("Name"), sort="lower(a.name)"),
        Column("email", "a.email::text", N_("Email"), sort="lower(a.email::text)"),
        Column("roles", "(SELECT json_agg(json_build_object('kind', f.kind, 'name_ka', o.name_ka, 'name_en', o.name_en)"
               " ORDER BY f.since)::text FROM role f LEFT JOIN organisation o ON o.id = f.organisation_id"
               " WHERE f.account_id = a.id AND (f.until IS NULL OR f.until > day_here()))", N_("Role")),
        Column("last_seen", "(SELECT max(seen) FROM session f WHERE f.account_id = a.id)", N_("Last signed in")),
        Column("state", "CASE WHEN NOT a.active THEN 'closed' WHEN a.password_hash IS NULL THEN 'invited'"
               " ELSE 'active' END", N_("State")),
        Column("id", "a.id"),
    ],
    orders={"created": "a.created"},
    filters=[
        Filter("role", N_("Role"), f"EXISTS (SELECT 1 {LIVE_ROLE} AND f.kind = ?)", of=Role),
        Filter("state", N_("State"), each={
            "active": (N_("Active"), "a.active AND a.password_hash IS NOT NULL"),
            "invited": (N_("Invited"), "a.active AND a.password_hash IS NULL"),
            "closed": (N_("Closed"), "NOT a.active"),
        }),
    ],
    search="words(a.name, a.email::text) ILIKE ?",
    search_title=N_("Name or email"),
    made=described,
    template="accounts/people/templates/list.html",
    context=lambda person: {"invites": bool(rights.kinds_given(person))},
)  # fmt: skip
