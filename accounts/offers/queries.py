"""Roles that are offered: to one person, in one organisation, or by the link of a letter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.entry.tokens import hash_of
from accounts.offers.lifecycle import State, its_giver, may_know_of
from accounts.person import Person, Role
from accounts.tables import RoleOffer
from foundation.database import all_of, one_of
from foundation.language import alone, label


async def offer_for(person: Person, offer_id: UUID) -> RoleOffer | None:
    """None unless it is theirs to answer, or to take back."""
    offer = await one_of(RoleOffer, f"{NAMED} WHERE f.id = $1", offer_id)
    return offer if offer and may_know_of(person, offer) else None


async def offers_to(account_id: UUID) -> list[Any]:
    """What this person has still to answer, with the names of organisation and giver; the oldest first."""
    found: list[Any] = await all_of(RoleOffer, f"{NAMED} WHERE f.account_id = $1 {PENDING}", account_id)
    for each in found:
        each.role = alone(label(Role(each.kind)))
    return found


async def offers_in(organisation_id: UUID, person: Person) -> list[dict[str, Any]]:
    """Whom the organisation waits for, under the name and the e-mail its people typed."""
    found = await all_of(RoleOffer, f"{NAMED} WHERE f.organisation_id = $1 {PENDING}", organisation_id)
    return [
        {"id": each.id, "name": each.name, "email": each.email, "kind": Role(each.kind), "created": each.created,
         "ends": its_giver(person, each)}
        for each in found
    ]  # fmt: skip


async def offer_of_link(token: str) -> Any:
    """The role the letter with this link told of, while it waits for an answer."""
    return await one_of(
        RoleOffer, f"{NAMED} JOIN access_token t ON t.offer_id = f.id WHERE t.token_sha256 = $1 {PENDING}",
        hash_of(token),
    )  # fmt: skip


async def waiting_for(account_id: UUID, kind: Role, organisation_id: UUID | None) -> RoleOffer | None:
    """The same role, offered before and not answered yet."""
    return await one_of(
        RoleOffer,
        "SELECT * FROM role_offer WHERE account_id = $1 AND kind = $2 AND organisation_id IS NOT DISTINCT FROM $3"
        " AND state = $4 FOR NO KEY UPDATE",
        account_id, str(kind), organisation_id, str(State.PENDING),
    )  # fmt: skip


PENDING = "AND role_offer_is_pending(f.state) ORDER BY f.created, f.id"
NAMED = """
SELECT f.*, o.name_ka, o.name_en, g.name AS giver FROM role_offer f
LEFT JOIN organisation o ON o.id = f.organisation_id LEFT JOIN account g ON g.id = f.offered_by
"""
