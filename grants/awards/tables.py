"""The award, the agreement both sides sign, and when it must report. The constraints are in migrations/."""

from piccolo.columns import JSONB, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Award(Table, tablename="award"):
    id = Uuid(primary_key=True)
    reference = Text()
    application_id = Uuid()
    call_id = Uuid()
    organisation_id = Uuid()
    municipality_id = Uuid(null=True)
    currency = Varchar(length=3)
    amount = Numeric(digits=(14, 2))
    state = Text()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    summary_ka = Text(null=True)
    summary_en = Text(null=True)
    starts_on = Date(null=True)
    ends_on = Date(null=True)
    date_precision = Text()
    date_note = Text(null=True)
    source = Text(null=True)
    prevailing_language = Text()
    agreement_language = Text()
    special_conditions_ka = Text(null=True)
    special_conditions_en = Text(null=True)
    curator_id = Uuid(null=True)
    proposed_by = Uuid()
    approved_by = Uuid(null=True)
    approved_at = Timestamptz(null=True)
    offered_by = Uuid(null=True)
    offered_at = Timestamptz(null=True)
    offer_expires_on = Date(null=True)
    signed_by = Uuid(null=True)
    signed_at = Timestamptz(null=True)
    countersigned_by = Uuid(null=True)
    countersigned_at = Timestamptz(null=True)
    closing_manager_id = Uuid(null=True)
    closing_finance_id = Uuid(null=True)
    closing_director_id = Uuid(null=True)
    closed_at = Timestamptz(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class AwardLine(Table, tablename="award_line"):
    """A line of the budget as the grant has it: `amount` is the whole cost, the grant pays what is not own share."""

    id = Uuid(primary_key=True)
    award_id = Uuid()
    budget_line_id = Uuid()
    amount = Numeric(digits=(14, 2))
    own_share = Numeric(digits=(14, 2))
    revision = Integer()
    updated = Timestamptz()


class Agreement(Table, tablename="agreement"):
    id = Uuid(primary_key=True)
    award_id = Uuid()
    version = Integer()
    upload_id = Uuid()
    document_sha256 = Bytea()
    body = JSONB()
    made_by = Uuid(null=True)
    made_at = Timestamptz()


class Signature(Table, tablename="signature"):
    id = Uuid(primary_key=True)
    agreement_id = Uuid()
    award_id = Uuid()
    party = Text()
    upload_id = Uuid(null=True)
    signed_by = Uuid()
    signed_at = Timestamptz()


class ReportDue(Table, tablename="report_due"):
    id = Uuid(primary_key=True)
    award_id = Uuid()
    number = Integer()
    kind = Text()
    period_from = Date()
    period_to = Date()
    due_on = Date()
