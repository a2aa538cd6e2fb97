"""Bank accounts, tranches with their conditions, and the ledger. The constraints are in migrations/."""

from typing import TYPE_CHECKING, Any

from piccolo.columns import UUID as Uuid
from piccolo.columns import BigInt, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.table import Table


class BankAccount(Table, tablename="bank_account"):
    id = Uuid(primary_key=True)
    organisation_id = Uuid(default=None)
    holder = Text(default=None)
    iban = Text(default=None)
    bank_name = Text(null=True, default=None)
    letter_upload_id = Uuid(null=True, default=None)
    entered_by = Uuid(default=None)
    entered_at = Timestamptz(default=None)
    verified_by = Uuid(null=True, default=None)
    verified_at = Timestamptz(null=True, default=None)
    verification_note = Text(null=True, default=None)
    retired_at = Timestamptz(null=True, default=None)
    retired_by = Uuid(null=True, default=None)


class Tranche(Table, tablename="tranche"):
    id = Uuid(primary_key=True)
    award_id = Uuid(default=None)
    organisation_id = Uuid(default=None)
    currency = Varchar(default=None)
    number = Integer(default=None)
    amount = Numeric(digits=(14, 2), default=None)
    state = Text(default=None)
    planned_on = Date(null=True, default=None)
    bank_account_id = Uuid(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    requested_by = Uuid(null=True, default=None)
    requested_at = Timestamptz(null=True, default=None)
    certified_by = Uuid(null=True, default=None)
    certified_at = Timestamptz(null=True, default=None)
    certificate = Text(null=True, default=None)
    approved_by = Uuid(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    authorised_by = Uuid(null=True, default=None)
    authorised_at = Timestamptz(null=True, default=None)
    sent_by = Uuid(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    order_reference = Text(null=True, default=None)
    exchange_rate = Numeric(digits=(14, 6), null=True, default=None)
    paid_by = Uuid(null=True, default=None)
    paid_on = Date(null=True, default=None)
    bank_reference = Text(null=True, default=None)
    confirmed_by = Uuid(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    recovery_amount = Numeric(digits=(14, 2), null=True, default=None)
    recovered_on = Date(null=True, default=None)
    recovery_reference = Text(null=True, default=None)

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
        is_last: bool
        since: Any
        total: int
        together: Any
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class TrancheCondition(Table, tablename="tranche_condition"):
    id = Uuid(primary_key=True)
    tranche_id = Uuid(default=None)
    kind = Text(default=None)
    description_ka = Text(null=True, default=None)
    description_en = Text(null=True, default=None)
    report_due_id = Uuid(null=True, default=None)
    due_on = Date(null=True, default=None)
    fulfilled_at = Timestamptz(null=True, default=None)
    fulfilled_by = Uuid(null=True, default=None)
    evidence_upload_id = Uuid(null=True, default=None)
    note = Text(null=True, default=None)


class LedgerEntry(Table, tablename="ledger_entry"):
    id = BigInt(primary_key=True)
    at = Timestamptz(default=None)
    debit = Text(default=None)
    credit = Text(default=None)
    amount = Numeric(digits=(14, 2), default=None)
    currency = Varchar(default=None)
    kind = Text(default=None)
    call_id = Uuid(null=True, default=None)
    award_id = Uuid(null=True, default=None)
    tranche_id = Uuid(null=True, default=None)
    actor = Uuid(null=True, default=None)
    note = Text(null=True, default=None)
    reverses = BigInt(null=True, default=None)
