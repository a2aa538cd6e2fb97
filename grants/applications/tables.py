"""An organisation's answer to a call. The constraints are in migrations/."""

from typing import Any

from piccolo.columns import JSONB, Array, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Application(Table, tablename="application"):
    id = Uuid(primary_key=True)
    number = Text()
    call_id = Uuid()
    organisation_id = Uuid()
    municipality_id = Uuid(null=True)
    currency = Varchar(length=3)
    state = Text()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    summary_ka = Text(null=True)
    summary_en = Text(null=True)
    requested = Numeric(digits=(14, 2))
    own_contribution = Numeric(digits=(14, 2))
    starts_on = Date(null=True)
    ends_on = Date(null=True)
    declared = Boolean()
    language = Text()
    submitted_at = Timestamptz(null=True)
    submitted_by = Uuid(null=True)
    body: Any = JSONB(null=True)
    body_sha256 = Bytea(null=True)
    ineligible_proposed_by = Uuid(null=True)
    ineligible_reason = Text(null=True)
    ineligible_criterion_id = Uuid(null=True)
    ineligible_confirmed_by = Uuid(null=True)
    checked_by = Uuid(null=True)
    typed: Any = JSONB()
    created_by = Uuid(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class Answer(Table, tablename="answer"):
    id = Uuid(primary_key=True)
    application_id = Uuid()
    question_id = Uuid()
    value = Text(null=True)
    updated_by = Uuid(null=True)
    revision = Integer()
    updated = Timestamptz()


class BudgetLine(Table, tablename="budget_line"):
    id = Uuid(primary_key=True)
    application_id = Uuid()
    position = Integer()
    category = Text()
    item = Text()
    unit = Text(null=True)
    quantity = Numeric(digits=(12, 2))
    unit_cost = Numeric(digits=(14, 2))
    amount = Numeric(digits=(14, 2))
    own_share = Numeric(digits=(14, 2))
    note = Text(null=True)


class Attachment(Table, tablename="attachment"):
    id = Uuid(primary_key=True)
    application_id = Uuid()
    document_id = Uuid(null=True)
    upload_id = Uuid()
    clarification = Boolean()
    created = Timestamptz()


class EligibilityCheck(Table, tablename="eligibility_check"):
    application_id = Uuid()
    criterion_id = Uuid()
    passed = Boolean(null=True)
    note = Text(null=True)
    checked_by = Uuid()
    checked_at = Timestamptz()


class Clarification(Table, tablename="clarification"):
    id = Uuid(primary_key=True)
    application_id = Uuid()
    kind = Text()
    question = Text()
    section_ids = Array(base_column=Uuid())
    asked_by = Uuid()
    asked_at = Timestamptz()
    due_on = Date()
    draft: Any = JSONB()
    reply = Text(null=True)
    changes: Any = JSONB()
    replied_by = Uuid(null=True)
    replied_at = Timestamptz(null=True)
    # set by queries.clarifications_of and by the pages
    files: list[dict[str, Any]]
    over: bool
