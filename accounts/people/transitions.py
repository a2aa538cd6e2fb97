"""What becomes of an account: invited again, closed, opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from accounts import rights
from accounts.entry.tokens import give_token
from accounts.offers.letters import send_offer
from accounts.offers.queries import offers_to
from accounts.people.actions import send_invitation
from accounts.people.forms import Leaving
from accounts.people.leaving import ending_account, pass_on
from accounts.people.queries import kinds_of
from accounts.person import Person
from accounts.sessions import close_all
from accounts.tables import Account
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from lifecycle.transition import Told, Transition

Steps = AsyncIterator[Told]


def keeps_accounts(person: Person, account: Account) -> bool:
    """Whose account it is decides the rest: see `refuse_others`."""
    return person.is_admin or person.is_manager


async def refuse_others(person: Person, account: Account) -> None:
    if not rights.keeps_account(person, await kinds_of(account.id)):
        raise NotAllowed(_("You may not do this here."))


def its_own(person: Person, account: Account) -> str | None:
    if account.id == person.id:
        return _("You cannot close your own account. Ask another administrator.")
    return None


step = partial(Transition, "account", sources=(), target=None, who=keeps_accounts)


@step(
    "invitation", "account.invited", button=N_("Send the invitation again"), look="2", icon="send",
    history=N_("Invited"), done=lambda account: _("Invitation sent to {email}.", email=account.email),
)  # fmt: skip
async def invite_again(account: Account, person: Person) -> Steps:
    await refuse_others(person, account)
    if account.password_hash or not account.active:
        raise Refused(_("This person has a password already and can ask for a new one themselves."))
    offers = await offers_to(account.id)
    for offer in offers:
        await send_offer(offer, account, person)
    if not offers:
        await send_invitation(account, await give_token(account.id, "invitation"), person)
    yield {}


@step(
    "closing", "account.closed", obstacle=its_own, form=Leaving, reason="reason", writes=("active",),
    button=N_("Close the account"), look="bad",
    history=N_("Account closed"), done=N_("The account is closed."),
)  # fmt: skip
async def close_account(account: Account, person: Person, given: Leaving | None = None) -> Steps:
    """Nobody signs in with it any more, and whoever is signed in is no longer. What they had not finished goes to
    somebody else first."""
    await refuse_others(person, account)
    if account.active:
        await pass_on(await ending_account(account.id, person), given or Leaving(), person)
        await close_all(account.id)
        yield {"active": False}


@step(
    "opening", "account.opened", writes=("active",), button=N_("Open the account again"), look="2",
    history=N_("Account opened again"), done=N_("The account is open again."),
)  # fmt: skip
async def open_account(account: Account, person: Person) -> Steps:
    await refuse_others(person, account)
    if not account.active:
        yield {"active": True}


STEPS = (invite_again, close_account, open_account)
