"""What becomes of a bank account once it is entered: verified by a call back, and one day retired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

from accounts.person import Person
from foundation.database import all_of, execute, lock
from foundation.language import N_, pick_text
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.ties import apart
from grants.disbursements.bank import queries
from grants.disbursements.bank.forms import Retirement, Verification
from grants.disbursements.bank.iban import masked
from grants.disbursements.tables import BankAccount
from lifecycle.transition import Told, Transition


@apart
def its_verifier(person: Person, account: BankAccount) -> bool:
    """Finance or the programme manager, never the one who entered it nor anybody of that organisation."""
    return (
        (person.is_finance or person.is_manager)
        and person.id != account.entered_by
        and not person.works_for(account.organisation_id)
    )


def its_retirer(person: Person, account: BankAccount) -> bool:
    return person.signs_for(account.organisation_id) or person.is_finance or person.is_manager


def retired(person: Person, account: BankAccount) -> str | None:
    return _("This account is not used any more.") if account.retired_at else None


def verified_or_retired(person: Person, account: BankAccount) -> str | None:
    return _("This account is verified already.") if account.verified_at else retired(person, account)


async def lock_organisation(organisation_id: UUID) -> None:
    """One change of an organisation's accounts at a time."""
    await execute("SELECT 1 FROM organisation WHERE id = $1 FOR UPDATE", organisation_id)


async def lock_for_update(account: BankAccount, revision: int | None = None) -> None:
    await lock_organisation(account.organisation_id)
    await lock(account, revision)


# An account has no column of state: what happened to it says where it stands.
step = partial(Transition, "bank_account", sources=(), target=None, lock_row=lock_for_update)


@step(
    "verification", "bank_account.verified", who=its_verifier, obstacle=verified_or_retired, form=Verification,
    stamp="verified", writes=("verification_note", "shared_note"), button=N_("The account is verified"),
    icon="badge-check",
    history=N_("Bank account verified by a call back"), done=N_("The account is verified and used from now on."),
)  # fmt: skip
async def verify(
    account: BankAccount, person: Person, note: str, shared_note: str | None = None
) -> AsyncIterator[Told]:
    """After calling the organisation back on a number known from before; the account used until now retires. One that
    another organisation has, too, is verified once somebody has found out why."""
    others = await queries.others_with(account)
    if others and not shared_note:
        names = "; ".join(pick_text(each, "name") for each in others)
        raise Refused(_("{organisations} has this account, too. Find out why, and write it.", organisations=names))
    for before in await all_of(
        BankAccount,
        "SELECT * FROM bank_account WHERE organisation_id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL",
        account.organisation_id,
    ):
        await retire.write(person, before, payload={"account": masked(before.iban)})
    told: dict[str, object] = {"account": masked(account.iban), "note": note}
    if others:
        told |= {"shared_note": shared_note, "others": [str(each["id"]) for each in others]}
    yield {"verification_note": note, "shared_note": shared_note if others else None}, told


@step(
    "retirement", "bank_account.retired", who=its_retirer, obstacle=retired, form=Retirement, reason="reason",
    stamp="retired", button=N_("Stop using this account"), title=N_("This account must not be used any more"),
    look="bad", history=N_("Bank account retired"), done=N_("The account is not used any more."),
)  # fmt: skip
async def retire(account: BankAccount, person: Person, reason: str) -> AsyncIterator[Told]:
    yield {}, {"account": masked(account.iban)}


STEPS = (verify, retire)
