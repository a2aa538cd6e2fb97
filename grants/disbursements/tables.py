"""Bank accounts, tranches with their conditions, and the ledger. The constraints are in migrations/."""

from typing import TYPE_CHECKING, Any

from piccolo.columns import UUID as Uuid
from piccolo.columns import BigInt, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.table import Table


class BankAccount(Table, tablename="bank_account"):
    id = Uuid(primary_key=True)
    organisation_id = Uuid()
    holder = Text()
    iban = Text()
    fingerprint = Bytea()
    bank_name = Text(null=True)
    letter_upload_id = Uuid(null=True)
    entered_by = Uuid()
    entered_at = Timestamptz()
    verified_by = Uuid(null=True)
    verified_at = Timestamptz(null=True)
    verification_note = Text(null=True)
    shared_note = Text(null=True)  # why another organisation has the same account
    retired_at = Timestamptz(null=True)
    retired_by = Uuid(null=True)


class Tranche(Table, tablename="tranche"):
    id = Uuid(primary_key=True)
    award_id = Uuid()
    organisation_id = Uuid()
    currency = Varchar(length=3)
    number = Integer()
    amount = Numeric(digits=(14, 2))
    state = Text()
    planned_on = Date(null=True)
    bank_account_id = Uuid(null=True)
    due_at = Timestamptz(null=True)
    requested_by = Uuid(null=True)
    requested_at = Timestamptz(null=True)
    certified_by = Uuid(null=True)
    certified_at = Timestamptz(null=True)
    certificate = Text(null=True)
    approved_by = Uuid(null=True)
    approved_at = Timestamptz(null=True)
    authorised_by = Uuid(null=True)
    authorised_at = Timestamptz(null=True)
    sent_by = Uuid(null=True)
    sent_at = Timestamptz(null=True)
    sent_on = Date(null=True)
    order_reference = Text(null=True)
    order_corrected_by = Uuid(null=True)  # somebody else than sent_by
    exchange_currency = Varchar(length=3, null=True)
    exchange_rate = Numeric(digits=(14, 6), null=True)
    exchange_source = Text(null=True)
    paid_by = Uuid(null=True)
    paid_on = Date(null=True)
    bank_reference = Text(null=True)
    confirmed_by = Uuid(null=True)
    confirmed_at = Timestamptz(null=True)
    recovery_amount = Numeric(digits=(14, 2), null=True)
    recovered_on = Date(null=True)
    recovery_reference = Text(null=True)

    if TYPE_CHECKING:  # what queries.TRANCHE brings along
        award_reference: str
        award_state: str
        municipality_id: Any
        curator_id: Any
        slug: str | None
        director_threshold: Any
        bank_cooling: Any
        iban: str | None
        holder: str | None
        account_verified_at: Any
        account_verified_by: Any
        account_retired_at: Any
        active_account_id: Any
        unfulfilled: str | None  # JSON: the conditions still open
        undone: int
        outstanding: Any
        is_last: bool
        since: Any
    revision = Integer()
    updated = Timestamptz()


class TrancheCondition(Table, tablename="tranche_condition"):
    id = Uuid(primary_key=True)
    tranche_id = Uuid()
    kind = Text()
    description_ka = Text(null=True)
    description_en = Text(null=True)
    report_due_id = Uuid(null=True)
    due_on = Date(null=True)
    fulfilled_at = Timestamptz(null=True)
    fulfilled_by = Uuid(null=True)
    evidence_upload_id = Uuid(null=True)
    note = Text(null=True)


class LedgerEntry(Table, tablename="ledger_entry"):
    id = BigInt(primary_key=True)
    at = Timestamptz()
    debit = Text()
    credit = Text()
    amount = Numeric(digits=(14, 2))
    currency = Varchar(length=3)
    kind = Text()
    call_id = Uuid(null=True)
    award_id = Uuid(null=True)
    tranche_id = Uuid(null=True)
    actor = Uuid(null=True)
    note = Text(null=True)
    reverses = BigInt(null=True)
    day = Date(null=True)  # of the bank's line, and its reference
    reference = Text(null=True)
