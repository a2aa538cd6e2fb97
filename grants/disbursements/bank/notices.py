"""Whoever changes a bank account does not do it unseen: all contacts of the organisation and finance get a letter."""

from __future__ import annotations

from typing import Any

from accounts.letters import plain_name, write
from accounts.person import Role
from accounts.queries import holders_of, workers_of
from accounts.tables import Organisation
from foundation.database import get
from foundation.language import N_, moment, pick_text
from grants.disbursements.bank.iban import masked
from grants.disbursements.bank.queries import account_by_id, others_with
from lifecycle.record import Event

LETTERS = {
    "bank_account.entered": (
        N_("A bank account was entered for {organisation}"),
        N_(
            "{who} entered the account {account} for {organisation} on {moment}. The programme calls back before it is"
            " used.\n\nIf you know nothing of it, tell the programme at once.\n\n{link}"
        ),
    ),
    "bank_account.verified": (
        N_("A bank account is verified for {organisation}"),
        N_(
            "From now on payments to {organisation} go to the account {account}. {who} verified it on {moment}."
            "\n\nIf you know nothing of it, tell the programme at once.\n\n{link}"
        ),
    ),
    "bank_account.retired": (
        N_("A bank account of {organisation} is no longer used"),
        N_("The account {account} of {organisation} is not used any more since {moment}, by {who}.\n\n{link}"),
    ),
}  # fmt: skip


async def warn_of_shared(event: Event) -> None:
    """Finance and managers alone: nobody else is told who has which account."""
    account = await account_by_id(event.object_id) if event.object_id else None
    assert account is not None, "bank accounts are never deleted"
    others = await others_with(account)
    if not others:
        return
    organisation: Any = await get(Organisation, account.organisation_id)
    await write(
        await holders_of(Role.FINANCE, Role.MANAGER),
        f"{event.seq}:shared",
        N_("Two organisations with one bank account"),
        N_(
            "The account {account} was entered for {organisation}. {others} has it, too. It is verified only when"
            " somebody has found out why and written it down.\n\n{link}"
        ),
        link=f"/organisations/{organisation.id}/bank",
        organisation=lambda: pick_text(organisation, "name"),
        account=masked(account.iban),
        others=lambda: "; ".join(plain_name(pick_text(each, "name")) for each in others),
    )


async def tell_everybody(event: Event) -> None:
    account = await account_by_id(event.object_id)  # type: ignore[arg-type]
    assert account is not None, "bank accounts are never deleted"
    organisation: Any = await get(Organisation, account.organisation_id)
    subject, body = LETTERS[event.name]
    await write(
        [*await workers_of(organisation.id), *await holders_of(Role.FINANCE, Role.MANAGER)],
        f"{event.seq}",
        subject,
        body,
        link=f"/organisations/{organisation.id}/bank",
        organisation=lambda: pick_text(organisation, "name"),
        account=masked(account.iban),
        who=event.actor_name,
        moment=lambda: moment(event.at),
    )
