"""A call with its sections, questions, criteria and documents. The constraints are in migrations/."""

from __future__ import annotations

from uuid import UUID

from piccolo.columns import JSONB, Array, Boolean, Date, Integer, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Call(Table, tablename="call"):
    id = Uuid(primary_key=True)
    programme_id = Uuid()
    reference = Text()
    state = Text()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    summary_ka = Text(null=True)
    summary_en = Text(null=True)
    text_ka = Text(null=True)
    text_en = Text(null=True)
    eligibility_ka = Text(null=True)
    eligibility_en = Text(null=True)
    currency = Varchar(length=3)
    envelope = Numeric(digits=(14, 2))
    min_award = Numeric(digits=(14, 2))
    max_award = Numeric(digits=(14, 2))
    opens_at = Timestamptz()
    deadline = Timestamptz()
    invited_only = Boolean()
    min_reviews = Integer()
    wide_spread = Integer()
    decision_due = Date(null=True)
    complaint_days = Integer()
    cancel_reason = Text(null=True)
    owner_id = Uuid(null=True)
    earlier_owners = Array(base_column=Uuid())
    created_by = Uuid(null=True)
    submitted_by = Uuid(null=True)
    approved_by = Uuid(null=True)
    opened_at = Timestamptz(null=True)
    closed_at = Timestamptz(null=True)
    suspended_at = Timestamptz(null=True)
    suspend_reason = Text(null=True)
    decided_at = Timestamptz(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()
    # set by queries.call_of
    municipality_ids: list[UUID]
    invited_ids: list[UUID]
    # of how many, where a list asked for one page
    found: int


class CallMunicipality(Table, tablename="call_municipality"):
    call_id = Uuid()
    municipality_id = Uuid()


class CallInvitation(Table, tablename="call_invitation"):
    call_id = Uuid()
    organisation_id = Uuid()


class Section(Table, tablename="section"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    position = Integer()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    help_ka = Text(null=True)
    help_en = Text(null=True)
    questions: list[Question]  # set by queries.sections_of


class Question(Table, tablename="question"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    section_id = Uuid()
    position = Integer()
    kind = Text()
    label_ka = Text(null=True)
    label_en = Text(null=True)
    help_ka = Text(null=True)
    help_en = Text(null=True)
    required = Boolean()
    word_guide = Integer(null=True)
    options = JSONB()


class Criterion(Table, tablename="criterion"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    position = Integer()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    help_ka = Text(null=True)
    help_en = Text(null=True)
    max_points = Integer()
    weight = Numeric(digits=(6, 2))


class RequiredDocument(Table, tablename="required_document"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    position = Integer()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    help_ka = Text(null=True)
    help_en = Text(null=True)
    required = Boolean()


class EligibilityCriterion(Table, tablename="eligibility_criterion"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    position = Integer()
    title_ka = Text(null=True)
    title_en = Text(null=True)


refusals(
    {
        "call_state": N_("The call cannot move to this state from where it is."),
        "call_approved_by_no_part": N_("A person who wrote a call before never approves it."),
        "call_owner_curates": N_("A call is written by a curator."),
        "call_persons_stay": N_("Who wrote, submitted and approved a call stays as it is."),
        "call_part_stays": N_("A part of a call does not move to another call."),
        "call_dates": N_("The deadline must be after the opening."),
        "call_amounts": N_("The smallest grant must not exceed the largest, nor the largest the envelope."),
        "call_both_languages": N_("The call needs its title and summary in both languages."),
        "call_second_person": N_("A call is approved by somebody other than those who wrote it."),
        "call_across_currencies": N_(
            "The envelopes of the calls, taken across currencies, would exceed the programme's budget."
        ),
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
