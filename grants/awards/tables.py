"""The award, the agreement both sides sign, and when it must report. The constraints are in migrations/."""

from piccolo.columns import JSONB, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Award(Table, tablename="award"):
    id = Uuid(primary_key=True)
    reference = Text(default=None)
    application_id = Uuid(default=None)
    call_id = Uuid(default=None)
    organisation_id = Uuid(default=None)
    municipality_id = Uuid(null=True, default=None)
    currency = Varchar(default=None)
    amount = Numeric(digits=(14, 2), default=None)
    state = Text(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    summary_ka = Text(null=True, default=None)
    summary_en = Text(null=True, default=None)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    date_precision = Text(default=None)
    date_note = Text(null=True, default=None)
    source = Text(null=True, default=None)
    prevailing_language = Text(default=None)
    agreement_language = Text(default=None)
    special_conditions_ka = Text(null=True, default=None)
    special_conditions_en = Text(null=True, default=None)
    curator_id = Uuid(null=True, default=None)
    proposed_by = Uuid(default=None)
    approved_by = Uuid(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    offered_by = Uuid(null=True, default=None)
    offered_at = Timestamptz(null=True, default=None)
    offer_expires_on = Date(null=True, default=None)
    signed_by = Uuid(null=True, default=None)
    signed_at = Timestamptz(null=True, default=None)
    countersigned_by = Uuid(null=True, default=None)
    countersigned_at = Timestamptz(null=True, default=None)
    closing_manager_id = Uuid(null=True, default=None)
    closing_finance_id = Uuid(null=True, default=None)
    closing_director_id = Uuid(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Agreement(Table, tablename="agreement"):
    id = Uuid(primary_key=True)
    award_id = Uuid(default=None)
    version = Integer(default=None)
    upload_id = Uuid(default=None)
    document_sha256 = Bytea(default=None)
    body = JSONB(default=None)
    made_by = Uuid(null=True, default=None)
    made_at = Timestamptz(default=None)


class Signature(Table, tablename="signature"):
    id = Uuid(primary_key=True)
    agreement_id = Uuid(default=None)
    award_id = Uuid(default=None)
    party = Text(default=None)
    upload_id = Uuid(null=True, default=None)
    signed_by = Uuid(default=None)
    signed_at = Timestamptz(default=None)


class ReportDue(Table, tablename="report_due"):
    id = Uuid(primary_key=True)
    award_id = Uuid(default=None)
    number = Integer(default=None)
    kind = Text(default=None)
    period_from = Date(default=None)
    period_to = Date(default=None)
    due_on = Date(default=None)
