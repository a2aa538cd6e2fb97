"""A call with its sections, questions, criteria and documents. The constraints are in migrations/."""

from __future__ import annotations

from uuid import UUID

from piccolo.columns import JSONB, Boolean, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Call(Table, tablename="call"):
    id = Uuid(primary_key=True)
    programme_id = Uuid(default=None)
    reference = Text(default=None)
    state = Text(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    summary_ka = Text(null=True, default=None)
    summary_en = Text(null=True, default=None)
    text_ka = Text(null=True, default=None)
    text_en = Text(null=True, default=None)
    eligibility_ka = Text(null=True, default=None)
    eligibility_en = Text(null=True, default=None)
    currency = Varchar(default=None)
    envelope = Numeric(digits=(14, 2), default=None)
    min_award = Numeric(digits=(14, 2), default=None)
    max_award = Numeric(digits=(14, 2), default=None)
    opens_at = Timestamptz(default=None)
    deadline = Timestamptz(default=None)
    invited_only = Boolean(default=None)
    min_reviews = Integer(default=None)
    wide_spread = Integer(default=None)
    decision_due = Date(null=True, default=None)
    complaint_days = Integer(default=None)
    cancel_reason = Text(null=True, default=None)
    created_by = Uuid(null=True, default=None)
    submitted_by = Uuid(null=True, default=None)
    approved_by = Uuid(null=True, default=None)
    opened_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    suspended_at = Timestamptz(null=True, default=None)
    suspend_reason = Text(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)
    # set by queries.call_of
    municipality_ids: list[UUID]
    invited_ids: list[UUID]
    # of how many, where a list asked for one page
    found: int


class CallMunicipality(Table, tablename="call_municipality"):
    call_id = Uuid(default=None)
    municipality_id = Uuid(default=None)


class CallInvitation(Table, tablename="call_invitation"):
    call_id = Uuid(default=None)
    organisation_id = Uuid(default=None)


class Section(Table, tablename="section"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    position = Integer(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    help_ka = Text(null=True, default=None)
    help_en = Text(null=True, default=None)
    questions: list[Question]  # set by queries.sections_of


class Question(Table, tablename="question"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    section_id = Uuid(default=None)
    position = Integer(default=None)
    kind = Text(default=None)
    label_ka = Text(null=True, default=None)
    label_en = Text(null=True, default=None)
    help_ka = Text(null=True, default=None)
    help_en = Text(null=True, default=None)
    required = Boolean(default=None)
    word_guide = Integer(null=True, default=None)
    options = JSONB(default=None)


class Criterion(Table, tablename="criterion"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    position = Integer(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    help_ka = Text(null=True, default=None)
    help_en = Text(null=True, default=None)
    max_points = Integer(default=None)
    weight = Numeric(digits=(6, 2), default=None)


class RequiredDocument(Table, tablename="required_document"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    position = Integer(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    help_ka = Text(null=True, default=None)
    help_en = Text(null=True, default=None)
    required = Boolean(default=None)


class EligibilityCriterion(Table, tablename="eligibility_criterion"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    position = Integer(default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)


refusals(
    {
        "call_state": N_("The call cannot move to this state from where it is."),
        "call_persons_stay": N_("Who wrote, handed in and approved a call stays as it is."),
        "call_part_stays": N_("A part of a call does not move to another call."),
        "call_dates": N_("The deadline must be after the opening."),
        "call_amounts": N_("The smallest grant must not exceed the largest, nor the largest the envelope."),
        "call_both_languages": N_("The call needs its title and summary in both languages."),
        "call_second_person": N_("A call is approved by somebody other than those who wrote it."),
        "call_within_programme": N_("The envelopes of all calls together would exceed the programme's budget."),
        "call_suspended": N_("A suspended call says since when."),
        "call_opens_on_time": N_("The call opens at its opening time, not before."),
        "call_closes_on_time": N_("The call closes at its deadline, not before."),
        "call_terms_frozen": N_("The terms of this call are frozen: it is no longer a draft."),
        "call_deadline_only_later": N_("A deadline may only be extended, and only before it has passed."),
        "call_envelope_covers_awards": N_("The envelope cannot be less than what has been awarded already."),
        "call_reference_key": N_("There is already a call with this reference."),
        "section_position": N_("Two sections cannot have the same place."),
    }
)
