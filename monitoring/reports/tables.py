"""What grantees report: values with evidence, spending, a narrative. The constraints are in migrations/."""

from typing import TYPE_CHECKING

from piccolo.columns import JSONB, Array, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


class Report(Table, tablename="report"):
    id = Uuid(primary_key=True)
    award_id = Uuid()
    report_due_id = Uuid()
    currency = Varchar(length=3)
    state = Text()
    done_ka = Text(null=True)
    done_en = Text(null=True)
    changed_ka = Text(null=True)
    changed_en = Text(null=True)
    problems_ka = Text(null=True)
    problems_en = Text(null=True)
    next_ka = Text(null=True)
    next_en = Text(null=True)
    submitted_by = Uuid(null=True)
    correct_by = Date(null=True)
    first_submitted_at = Timestamptz(null=True)
    submitted_at = Timestamptz(null=True)
    body = JSONB(null=True)
    early_reason = Text(null=True)  # why it came before its period was over
    body_sha256 = Bytea(null=True)
    verified_by = Uuid(null=True)
    verified_at = Timestamptz(null=True)
    manager_id = Uuid(null=True)
    manager_at = Timestamptz(null=True)
    finance_id = Uuid(null=True)
    finance_at = Timestamptz(null=True)
    accepted_at = Timestamptz(null=True)
    accepted_cost = Numeric(digits=(14, 2), null=True)
    revision = Integer()
    updated = Timestamptz()

    if TYPE_CHECKING:
        # what every read brings along from its award and its place in the calendar
        award_reference: str
        award_state: str
        organisation_id: UUID
        municipality_id: UUID | None
        curator_id: UUID | None
        application_id: UUID
        call_id: UUID
        award_amount: Decimal
        title_ka: str | None
        title_en: str | None
        number: int
        kind: str
        period_from: date
        period_to: date
        due_on: date


class ReportValue(Table, tablename="report_value"):
    id = Uuid(primary_key=True)
    report_id = Uuid()
    award_id = Uuid()
    indicator_id = Uuid()
    municipality_id = Uuid()
    cell = Text()
    reported = Numeric(digits=(18, 4), null=True)
    reported_of = Numeric(digits=(18, 4), null=True)
    words_ka = Text(null=True)
    words_en = Text(null=True)
    sure = Boolean()
    no_data_reason = Text(null=True)
    note = Text(null=True)
    verdict = Text()
    verified = Numeric(digits=(18, 4), null=True)
    verified_of = Numeric(digits=(18, 4), null=True)
    verdict_note = Text(null=True)
    verified_by = Uuid(null=True)
    verified_at = Timestamptz(null=True)
    revision = Integer()
    updated = Timestamptz()


class ValueEvidence(Table, tablename="value_evidence"):
    id = Uuid(primary_key=True)
    value_id = Uuid()
    award_id = Uuid()
    upload_id = Uuid(null=True)
    visit_id = Uuid(null=True)
    note = Text(null=True)
    added_by = Uuid(null=True)
    created = Timestamptz()


class SpendingLine(Table, tablename="spending_line"):
    id = Uuid(primary_key=True)
    report_id = Uuid()
    budget_line_id = Uuid()
    spent = Numeric(digits=(14, 2), null=True)
    accepted = Numeric(digits=(14, 2), null=True)
    spent_grant = Numeric(digits=(14, 2), null=True)  # both by the database, while the report is accepted
    accepted_grant = Numeric(digits=(14, 2), null=True)
    note = Text(null=True)
    verdict_note = Text(null=True)


class SpendingEvidence(Table, tablename="spending_evidence"):
    id = Uuid(primary_key=True)
    spending_line_id = Uuid()
    upload_id = Uuid()
    created = Timestamptz()


class ReportReturn(Table, tablename="report_return"):
    id = Uuid(primary_key=True)
    report_id = Uuid()
    sections = Array(base_column=Text())
    reason = Text()
    author_id = Uuid()
    at = Timestamptz()


class ReportDocument(Table, tablename="report_document"):
    id = Uuid(primary_key=True)
    report_id = Uuid()
    upload_id = Uuid()
    note = Text(null=True)
    created = Timestamptz()


class ReportSubmission(Table, tablename="report_submission"):
    id = Uuid(primary_key=True)
    report_id = Uuid()
    number = Integer()
    body = JSONB()
    body_sha256 = Bytea()
    submitted_by = Uuid()
    submitted_at = Timestamptz()
