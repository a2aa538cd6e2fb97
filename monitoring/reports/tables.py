"""What grantees report: values with evidence, spending, a narrative. The constraints are in migrations/."""

from typing import TYPE_CHECKING

from piccolo.columns import JSONB, Array, Bytea, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


class Report(Table, tablename="report"):
    id = Uuid(primary_key=True)
    award_id = Uuid(default=None)
    report_due_id = Uuid(default=None)
    currency = Varchar(default=None)
    state = Text(default=None)
    done_ka = Text(null=True, default=None)
    done_en = Text(null=True, default=None)
    changed_ka = Text(null=True, default=None)
    changed_en = Text(null=True, default=None)
    problems_ka = Text(null=True, default=None)
    problems_en = Text(null=True, default=None)
    next_ka = Text(null=True, default=None)
    next_en = Text(null=True, default=None)
    submitted_by = Uuid(null=True, default=None)
    first_submitted_at = Timestamptz(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    body = JSONB(null=True, default=None)
    body_sha256 = Bytea(null=True, default=None)
    verified_by = Uuid(null=True, default=None)
    verified_at = Timestamptz(null=True, default=None)
    manager_id = Uuid(null=True, default=None)
    manager_at = Timestamptz(null=True, default=None)
    finance_id = Uuid(null=True, default=None)
    finance_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    accepted_cost = Numeric(digits=(14, 2), null=True, default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)

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
    report_id = Uuid(default=None)
    award_id = Uuid(default=None)
    indicator_id = Uuid(default=None)
    municipality_id = Uuid(default=None)
    cell = Text(default=None)
    reported = Numeric(digits=(18, 4), null=True, default=None)
    reported_of = Numeric(digits=(18, 4), null=True, default=None)
    no_data_reason = Text(null=True, default=None)
    note = Text(null=True, default=None)
    verdict = Text(default=None)
    verified = Numeric(digits=(18, 4), null=True, default=None)
    verified_of = Numeric(digits=(18, 4), null=True, default=None)
    verdict_note = Text(null=True, default=None)
    verified_by = Uuid(null=True, default=None)
    verified_at = Timestamptz(null=True, default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class ValueEvidence(Table, tablename="value_evidence"):
    id = Uuid(primary_key=True)
    value_id = Uuid(default=None)
    award_id = Uuid(default=None)
    upload_id = Uuid(null=True, default=None)
    visit_id = Uuid(null=True, default=None)
    note = Text(null=True, default=None)
    added_by = Uuid(null=True, default=None)
    created = Timestamptz(default=None)


class SpendingLine(Table, tablename="spending_line"):
    id = Uuid(primary_key=True)
    report_id = Uuid(default=None)
    budget_line_id = Uuid(default=None)
    spent = Numeric(digits=(14, 2), null=True, default=None)
    accepted = Numeric(digits=(14, 2), null=True, default=None)
    note = Text(null=True, default=None)
    verdict_note = Text(null=True, default=None)


class SpendingEvidence(Table, tablename="spending_evidence"):
    id = Uuid(primary_key=True)
    spending_line_id = Uuid(default=None)
    upload_id = Uuid(default=None)
    created = Timestamptz(default=None)


class ReportReturn(Table, tablename="report_return"):
    id = Uuid(primary_key=True)
    report_id = Uuid(default=None)
    sections = Array(base_column=Text(), default=None)
    reason = Text(default=None)
    author_id = Uuid(default=None)
    at = Timestamptz(default=None)


class ReportDocument(Table, tablename="report_document"):
    id = Uuid(primary_key=True)
    report_id = Uuid(default=None)
    upload_id = Uuid(default=None)
    note = Text(null=True, default=None)
    created = Timestamptz(default=None)


class ReportSubmission(Table, tablename="report_submission"):
    id = Uuid(primary_key=True)
    report_id = Uuid(default=None)
    number = Integer(default=None)
    body = JSONB(default=None)
    body_sha256 = Bytea(default=None)
    submitted_by = Uuid(default=None)
    submitted_at = Timestamptz(default=None)
