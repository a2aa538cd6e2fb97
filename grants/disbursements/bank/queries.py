"""Everything read about bank accounts."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person
from accounts.tables import Organisation
from foundation.database import Row, all_of, one_of, rows
from grants.disbursements.tables import BankAccount
from uploads.tables import Upload

ACCOUNT = (
    "SELECT b.*, entered.name AS entered_by_name, verified.name AS verified_by_name, retired.name AS retired_by_name,"
    " u.filename AS letter_name FROM bank_account b JOIN account entered ON entered.id = b.entered_by"
    " LEFT JOIN account verified ON verified.id = b.verified_by LEFT JOIN account retired ON retired.id = b.retired_by"
    " LEFT JOIN upload u ON u.id = b.letter_upload_id"
)


def may_see(person: Person, organisation_id: UUID) -> bool:
    """Bank details are for the organisation's own people, finance, managers, directors and auditors."""
    return person.works_for(organisation_id) or person.reads_all


async def organisation_of(person: Person, organisation_id: UUID) -> Organisation | None:
    """The organisation whose bank accounts this person may see."""
    if not may_see(person, organisation_id):
        return None
    return await one_of(Organisation, "SELECT * FROM organisation WHERE id = $1 AND kind = 'cso'", organisation_id)


async def accounts_of(organisation: Organisation) -> list[BankAccount]:
    """Newest first: the active one, those waiting for verification, those of the past."""
    return await all_of(
        BankAccount,
        f"{ACCOUNT} WHERE b.organisation_id = $1 ORDER BY b.retired_at IS NOT NULL, b.entered_at DESC",
        organisation.id,
    )


async def phones_of(organisation: Organisation) -> list[Row]:
    """The numbers that people of the organisation gave, for whoever calls it back; its signatories first."""
    return await rows(PHONES, organisation.id)


PHONES = """
SELECT a.id, a.name, a.phone FROM role r JOIN account a ON a.id = r.account_id
WHERE r.organisation_id = $1 AND a.active AND a.phone IS NOT NULL AND (r.until IS NULL OR r.until > day_here())
GROUP BY a.id ORDER BY bool_or(r.kind = 'signatory') DESC, a.name
"""


async def account_of(organisation: Organisation, account_id: UUID) -> BankAccount | None:
    return await one_of(
        BankAccount, f"{ACCOUNT} WHERE b.id = $1 AND b.organisation_id = $2", account_id, organisation.id
    )


async def others_with(*accounts: BankAccount) -> list[Row]:
    """Other organisations that have, or had, one of these accounts; `iban` says which."""
    return await rows(
        "SELECT DISTINCT o.id, o.name_ka, o.name_en, b.iban FROM bank_account b JOIN organisation o ON o.id ="
        " b.organisation_id JOIN bank_account own ON own.fingerprint = b.fingerprint"
        " AND own.organisation_id <> b.organisation_id"
        " WHERE own.id = ANY($1::uuid[]) AND (b.retired_at IS NULL OR b.verified_at IS NOT NULL) ORDER BY o.id",
        [account.id for account in accounts],
    )


async def letter_of(account: BankAccount) -> Upload | None:
    return await Upload.objects().get(Upload.id == account.letter_upload_id)


async def waiting_for_verification() -> list[BankAccount]:
    return await all_of(
        BankAccount,
        "SELECT b.*, o.name_ka, o.name_en FROM bank_account b JOIN organisation o ON o.id = b.organisation_id"
        " WHERE b.verified_at IS NULL AND b.retired_at IS NULL ORDER BY b.entered_at",
    )


async def account_by_id(account_id: UUID) -> BankAccount | None:
    return await BankAccount.objects().get(BankAccount.id == account_id)
