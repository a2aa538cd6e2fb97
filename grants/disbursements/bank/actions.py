"""Every verb of a bank account: enter, verify, retire. A row is never edited; a change is a new row."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person
from accounts.tables import Organisation
from foundation.clock import now
from foundation.database import all_of, execute, insert, lock, refusals, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.disbursements.bank.forms import Entry
from grants.disbursements.bank.iban import masked
from grants.disbursements.tables import BankAccount
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received

refusals(
    {
        "bank_account_second_person": N_("Whoever entered the account cannot verify it."),
        "bank_account_called_back": N_("Write whom you called and what they confirmed."),
        "bank_account_versioned": N_("Bank details are never edited. Enter a new account instead."),
        "bank_account_one_active": N_("This organisation has a verified account already."),
        "bank_account_iban": N_("This is not an IBAN."),
        "bank_account_starts_unverified": N_("A bank account starts unverified."),
    }
)


async def enter(organisation: Organisation, person: Person, entry: Entry, letter: Received) -> BankAccount:
    """A signatory enters the account with the bank's letter; until it is verified the old one stays in use."""
    async with transaction():
        if not person.signs_for(organisation.id):
            raise NotAllowed(_("A signatory of the organisation enters its bank account."))
        await _hold(organisation.id)
        await refuse_repeated(organisation, entry)
        upload = await keep(letter, person)
        account = await insert(
            BankAccount,
            organisation_id=organisation.id,
            holder=entry.holder,
            iban=entry.iban,
            bank_name=entry.bank_name,
            letter_upload_id=upload.id,
            entered_by=person.id,
        )
        await record("bank_account.entered", person, account, account=masked(account.iban))
    return account


async def refuse_repeated(organisation: Organisation, entry: Entry) -> None:
    its = (BankAccount.organisation_id == organisation.id) & (BankAccount.iban == entry.iban)
    if await BankAccount.exists().where(its, BankAccount.retired_at.is_null()):
        raise Refused(_("This account is entered already."))


def may_verify(person: Person, account: BankAccount) -> bool:
    """Finance or the programme manager, never the one who entered it nor anybody of that organisation."""
    return (
        (person.is_finance or person.is_manager)
        and person.id != account.entered_by
        and not person.works_for(account.organisation_id)
        and account.verified_at is None
        and account.retired_at is None
    )


async def verify(account: BankAccount, person: Person, note: str) -> None:
    """After calling the organisation back on a number known from before; the account used until now retires."""
    async with transaction():
        await _hold(account.organisation_id)
        await lock(account)
        if not may_verify(person, account):
            raise NotAllowed(_("You may not do this here."))
        for before in await all_of(
            BankAccount,
            "SELECT * FROM bank_account WHERE organisation_id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL",
            account.organisation_id,
        ):
            await update(before, retired_at=now(), retired_by=person.id)
            await record("bank_account.retired", person, before, account=masked(before.iban))
        await update(account, verified_by=person.id, verified_at=now(), verification_note=note)
        await record("bank_account.verified", person, account, account=masked(account.iban), note=note)


def may_retire(person: Person, account: BankAccount) -> bool:
    return account.retired_at is None and (
        person.signs_for(account.organisation_id) or person.is_finance or person.is_manager
    )


async def retire(account: BankAccount, person: Person, reason: str) -> None:
    async with transaction():
        await _hold(account.organisation_id)
        await lock(account)
        if not may_retire(person, account):
            raise NotAllowed(_("You may not do this here."))
        await update(account, retired_at=now(), retired_by=person.id)
        await record("bank_account.retired", person, account, account=masked(account.iban), reason=reason)


async def _hold(organisation_id: UUID) -> None:
    """One change of an organisation's accounts at a time."""
    await execute("SELECT 1 FROM organisation WHERE id = $1 FOR UPDATE", organisation_id)
