"""Letters to people about what others did with their account and their roles."""

from __future__ import annotations

from uuid import UUID

from accounts.letters import where_to_write, write
from accounts.person import Role
from accounts.queries import Recipient, recipients
from accounts.tables import Account, Organisation
from foundation.database import get
from foundation.language import N_, label, pick_text
from lifecycle.record import Event


async def tell_it_is_closed(event: Event) -> None:
    """Whoever was signed in is no longer, and learns why from nothing else: their own pages are shut to them."""
    await write(
        await _whose(event), f"{event.seq}", N_("Your account in the grants service is closed"), CLOSED,
        contact=await where_to_write(),
    )  # fmt: skip


async def tell_it_is_open(event: Event) -> None:
    await write(
        await _whose(event), f"{event.seq}", N_("Your account in the grants service is open again"),
        N_("Your account is open again. Sign in as before:\n\n{link}"), link="/sign-in",
    )  # fmt: skip


async def tell_a_role_has_ended(event: Event) -> None:
    role = Role(event.payload["kind"])
    organisation = event.payload.get("organisation")
    of = await get(Organisation, UUID(organisation)) if organisation else None
    await write(
        await recipients(event.object_id), f"{event.seq}", N_("A role of yours in the grants service has ended"),
        ENDED_IN if of else ENDED, role=lambda: label(role), organisation=lambda: pick_text(of, "name") if of else "",
        contact=await where_to_write(),
    )  # fmt: skip


async def _whose(event: Event) -> list[Recipient]:
    """The person the account belongs to, open or not."""
    account = await get(Account, event.object_id) if event.object_id else None
    return [Recipient(account.id, account.name, account.email, account.language)] if account else []


CLOSED = N_(
    "Your account was closed: nobody can sign in with it any more. What you did in it stays in the record. If you think"
    " this is a mistake, write to: {contact}"
)
ENDED = N_(
    "This role of yours has ended: {role}. What you did in it stays in the record. If you think this is a mistake,"
    " write to: {contact}"
)
ENDED_IN = N_(
    "This role of yours has ended: {role}, {organisation}. What you did in it stays in the record. If you think this is"
    " a mistake, ask a signatory of the organisation, or write to: {contact}"
)
