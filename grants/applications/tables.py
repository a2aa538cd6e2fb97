"""An organisation's answer to a call. The constraints are in migrations/."""

from typing import Any

from piccolo.columns import JSONB, Array, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Application(Table, tablename="application"):
    id = Uuid(primary_key=True)
    number = Text(default=None)
    call_id = Uuid(default=None)
    organisation_id = Uuid(default=None)
    municipality_id = Uuid(null=True, default=None)
    currency = Varchar(default=None)
    state = Text(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    summary_ka = Text(null=True, default=None)
    summary_en = Text(null=True, default=None)
    requested = Numeric(digits=(14, 2), default=None)
    own_contribution = Numeric(digits=(14, 2), default=None)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    declared = Boolean(default=None)
    language = Text(default=None)
    submitted_at = Timestamptz(null=True, default=None)
    submitted_by = Uuid(null=True, default=None)
    body: Any = JSONB(null=True, default=None)
    body_sha256 = Bytea(null=True, default=None)
    ineligible_proposed_by = Uuid(null=True, default=None)
    ineligible_reason = Text(null=True, default=None)
    ineligible_criterion_id = Uuid(null=True, default=None)
    ineligible_confirmed_by = Uuid(null=True, default=None)
    checked_by = Uuid(null=True, default=None)
    typed: Any = JSONB(default=None)
    created_by = Uuid(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Answer(Table, tablename="answer"):
    id = Uuid(primary_key=True)
    application_id = Uuid(default=None)
    question_id = Uuid(default=None)
    value = Text(null=True, default=None)
    updated_by = Uuid(null=True, default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class BudgetLine(Table, tablename="budget_line"):
    id = Uuid(primary_key=True)
    application_id = Uuid(default=None)
    position = Integer(default=None)
    category = Text(default=None)
    item = Text(default=None)
    unit = Text(null=True, default=None)
    quantity = Numeric(digits=(12, 2), default=None)
    unit_cost = Numeric(digits=(14, 2), default=None)
    amount = Numeric(digits=(14, 2), default=None)
    own_share = Numeric(digits=(14, 2), default=None)
    note = Text(null=True, default=None)


class Attachment(Table, tablename="attachment"):
    id = Uuid(primary_key=True)
    application_id = Uuid(default=None)
    document_id = Uuid(null=True, default=None)
    upload_id = Uuid(default=None)
    clarification = Boolean(default=None)
    created = Timestamptz(default=None)


class EligibilityCheck(Table, tablename="eligibility_check"):
    application_id = Uuid(default=None)
    criterion_id = Uuid(default=None)
    passed = Boolean(null=True, default=None)
    note = Text(null=True, default=None)
    checked_by = Uuid(default=None)
    checked_at = Timestamptz(default=None)


class Clarification(Table, tablename="clarification"):
    id = Uuid(primary_key=True)
    application_id = Uuid(default=None)
    kind = Text(default=None)
    question = Text(default=None)
    section_ids = Array(base_column=Uuid(), default=None)
    asked_by = Uuid(default=None)
    asked_at = Timestamptz(default=None)
    due_on = Date(default=None)
    draft: Any = JSONB(default=None)
    reply = Text(null=True, default=None)
    changes: Any = JSONB(default=None)
    replied_by = Uuid(null=True, default=None)
    replied_at = Timestamptz(null=True, default=None)
    # set by queries.clarifications_of and by the pages
    files: list[dict[str, Any]]
    over: bool
