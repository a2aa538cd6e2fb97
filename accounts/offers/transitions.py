"""What becomes of a role that is offered: accepted or declined by whom it is for, sent again, withdrawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from accounts.entry.attempts import invites
from accounts.entry.tokens import spend_links
from accounts.offers.letters import send_offer
from accounts.offers.lifecycle import State, its_giver, its_own
from accounts.person import Person
from accounts.tables import Account, RoleOffer
from accounts.tables import Role as RoleHeld
from foundation.clock import now
from foundation.database import execute, get, insert
from foundation.language import N_
from foundation.language import gettext as _
from lifecycle.record import record, sentences
from lifecycle.transition import Told, Transition

Steps = AsyncIterator[Told]

sentences({"role.offered": N_("Role offered"), "role.given": N_("Role accepted")})

step = partial(Transition, "role_offer", sources={State.PENDING}, by_tied=True)
answer = partial(step, who=its_own, writes=("answered_at",))


@answer(
    "acceptance", "role.accepted", target=State.ACCEPTED, button=N_("Accept the role"), icon="check",
    history=N_("Role accepted"), done=N_("The role is yours."),
)  # fmt: skip
async def accept(offer: RoleOffer, person: Person) -> Steps:
    """From now on the person holds it; what it may not be held beside, the database says."""
    yield {"answered_at": now()}
    role = await insert(
        RoleHeld, account_id=offer.account_id, kind=offer.kind, organisation_id=offer.organisation_id, offer_id=offer.id
    )
    if offer.municipality_ids:
        await execute(NARROW, role.id, offer.organisation_id, offer.municipality_ids)
    await spend_links(offer.id)
    await record(
        "role.given", person, await get(Account, offer.account_id), kind=offer.kind, organisation=offer.organisation_id,
        municipalities=[str(each) for each in offer.municipality_ids],
    )  # fmt: skip


@answer(
    "refusal", "role.declined", target=State.DECLINED, button=N_("Decline"), look="2",
    history=N_("Role declined"), done=N_("You declined the role. The person who offered it sees that."),
)  # fmt: skip
async def decline(offer: RoleOffer, person: Person) -> Steps:
    yield {"answered_at": now()}


@step(
    "withdrawal", "role.withdrawn", target=State.WITHDRAWN, who=its_giver, writes=("answered_at",), look="text",
    button=N_("Withdraw the invitation"), history=N_("Invitation withdrawn"), done=N_("The invitation is withdrawn."),
)  # fmt: skip
async def withdraw(offer: RoleOffer, person: Person) -> Steps:
    yield {"answered_at": now()}
    await spend_links(offer.id)


@step(
    "invitation", "role.offered_again", target=None, who=its_giver, look="text", icon="send",
    button=N_("Send the invitation again"), history=N_("Invited again"),
    done=lambda offer: _("Invitation sent to {email}.", email=offer.email),
)  # fmt: skip
async def send_again(offer: RoleOffer, person: Person) -> Steps:
    await write_to_them(offer, person)
    yield {}


async def write_to_them(offer: RoleOffer, person: Person) -> None:
    """As often as this e-mail may be written to; whoever asks is told the same."""
    account = await get(Account, offer.account_id)
    if account and await invites(offer.email, None if _of_the_programme(person) else offer.organisation_id):
        if account.active:
            await send_offer(offer, account, person)


def _of_the_programme(person: Person) -> bool:
    return person.is_admin or person.is_manager or person.is_system


NARROW = """
INSERT INTO role_municipality SELECT $1, municipality_id FROM curated_municipality
WHERE organisation_id = $2 AND municipality_id = ANY($3::uuid[])
"""
STEPS = (accept, decline, send_again, withdraw)
