"""Letters about a role that is offered, in fixed words: who sends it, for which organisation, as what."""

from __future__ import annotations

from accounts.entry.tokens import give_token
from accounts.letters import write
from accounts.offers.words import does
from accounts.person import Role
from accounts.queries import Recipient
from accounts.tables import Account, Organisation, RoleOffer
from foundation.database import get
from foundation.language import N_, label, pick_text
from lifecycle.record import Actor


async def send_offer(offer: RoleOffer, account: Account, person: Actor) -> None:
    """Whoever has no password yet gets a link to choose one; a link is about this role alone."""
    link, secret = f"/sign-in?next=/offers/{offer.id}", False
    if account.password_hash is None:
        link, secret = f"/invitation/{await give_token(account.id, 'invitation', offer.id)}", True
    organisation = await get(Organisation, offer.organisation_id) if offer.organisation_id else None
    await write(
        [Recipient(account.id, account.name, account.email, account.language)], None,
        SUBJECT, (NEW_IN if organisation else NEW) if secret else (ASKED_IN if organisation else ASKED),
        link=link, secret=secret, by=person.name, role=lambda: label(Role(offer.kind)),
        does=lambda: does(offer.kind),
        organisation=lambda: pick_text(organisation, "name") if organisation else "",
    )  # fmt: skip


SUBJECT = N_("You are invited to the grants service")
NEW = N_(
    "“{by}” invites you to work for the grants programme. Your role would be: {role}. {does}\n\n"
    "You hold it once you accept it. Open this page within seven days and choose a password:\n\n{link}\n\n"
    "If you did not expect this, you need not do anything."
)
NEW_IN = N_(
    "“{by}” invites you to work in the grants service for the organisation “{organisation}”. Your role would be:"
    " {role}. {does}\n\n"
    "You hold it once you accept it. Open this page within seven days and choose a password:\n\n{link}\n\n"
    "If you do not know this organisation, you need not do anything."
)
ASKED = N_(
    "“{by}” offers you a role in the grants programme: {role}. {does}\n\n"
    "You hold it once you accept it. Sign in and answer:\n\n{link}"
)
ASKED_IN = N_(
    "“{by}” offers you a role in the organisation “{organisation}”: {role}. {does}\n\n"
    "You hold it once you accept it. Sign in and answer:\n\n{link}\n\n"
    "If you do not know this organisation, decline."
)
