"""Every verb of a bank account: enter, verify, retire. A row is never edited; a change is a new row."""

from __future__ import annotations

from accounts.person import Person
from accounts.tables import Organisation
from foundation.database import insert, refusals, transaction
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.disbursements.bank.forms import Entry
from grants.disbursements.bank.iban import masked
from grants.disbursements.bank.transitions import lock_organisation
from grants.disbursements.tables import BankAccount
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received

refusals(
    {
        "bank_account_second_person": N_("The person who entered the account cannot verify it."),
        "bank_account_shared": N_("Another organisation has this account, too. Find out why, and write it."),
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
        await lock_organisation(organisation.id)
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
