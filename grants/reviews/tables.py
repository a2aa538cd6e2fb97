"""Reviews, their scores, and the committee that decides on them. The constraints are in migrations/."""

from typing import Any

from piccolo.columns import JSONB, Array, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Review(Table, tablename="review"):
    id = Uuid(primary_key=True)
    application_id = Uuid()
    call_id = Uuid()
    reviewer_id = Uuid()
    state = Text()
    assigned_by = Uuid()
    due_on = Date(null=True)
    conflict = Boolean(null=True)
    declaration = Text(null=True)
    declared_at = Timestamptz(null=True)
    comment = Text(null=True)
    total = Numeric(digits=(7, 3), null=True)
    locked_at = Timestamptz(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()
    # set by queries: names around it, and what one may read of it
    number: str
    reference: str
    found: int
    hidden: bool
    open_to_me: bool
    scores: Any


class Score(Table, tablename="score"):
    review_id = Uuid()
    call_id = Uuid()
    criterion_id = Uuid()
    points = Numeric(digits=(5, 1), null=True)
    comment = Text(null=True)


class MeetingMinutes(Table, tablename="meeting_minutes"):
    id = Uuid(primary_key=True)
    call_id = Uuid()
    number = Integer()
    held_on = Date()
    present = Text(null=True)
    text = Text(null=True)
    state = Text()
    reserve_until = Date(null=True)
    opened_by = Uuid()
    signed_by = Uuid(null=True)
    signed_at = Timestamptz(null=True)
    body = JSONB(null=True)
    body_sha256 = Bytea(null=True)
    revision = Integer()
    updated = Timestamptz()


class Decision(Table, tablename="decision"):
    id = Uuid(primary_key=True)
    minutes_id = Uuid()
    call_id = Uuid()
    application_id = Uuid()
    outcome = Text()
    rank = Integer(null=True)
    amount = Numeric(digits=(14, 2), null=True)
    reason = Text()
    exception_note = Text(null=True)
    correction = Text(null=True)
    section_ids = Array(base_column=Uuid())
    correct_by = Date(null=True)
    decided_by = Uuid()
    decided_at = Timestamptz()
    # set by queries
    number: str
    average: Any


refusals(
    {
        "review_state": N_("The review cannot move to this state from where it is."),
        "review_stays": N_("A review does not change its application or its reviewer."),
        "review_while_in_review": N_("This application is no longer in review."),
        "score_stays": N_("A score stays with its review and criterion."),
        "decision_stays": N_("A decision stays in its minutes."),
        "review_application_id_reviewer_id_key": N_("This reviewer has been assigned to this application before."),
        "review_by_reviewer": N_("Only people with the role of reviewer can be assigned."),
        "review_not_own_organisation": N_("Nobody reviews an application of their own organisation."),
        "review_of_no_competitor": N_(
            "This person has to do with an applicant of this call, so they review none of its applications."
        ),
        "review_of_application_in_review": N_("Reviewers are assigned while the application is in review."),
        "review_second_person": N_("Nobody assigns a review to themselves."),
        "review_after_clean_declaration": N_("Declare first whether you have a conflict of interest."),
        "review_while_evaluating": N_("Reviews are locked while the call is being evaluated."),
        "review_complete": N_("Every criterion is scored before a review is locked."),
        "review_locked_facts": N_("Every criterion is scored before a review is locked."),
        "review_frozen": N_("A locked review cannot be changed."),
        "review_declaration_stays": N_("A declaration is not taken back."),
        "score_while_drafting": N_("Scores are written after a clean declaration and before the review is locked."),
        "score_within_criterion": N_("These points are more than the criterion allows."),
        "meeting_minutes_state": N_("The minutes are signed already."),
        "minutes_frozen": N_("Signed minutes cannot be changed."),
        "minutes_one_open": N_("There are open minutes already; sign them first."),
        "minutes_by_chair": N_("The committee's chair signs, who neither wrote nor approved the call."),
        "minutes_by_no_competitor": N_("A person connected with an applicant of this call signs none of its minutes."),
        "minutes_signed_facts": N_("Minutes are signed as a whole."),
        "decision_of_scored": N_("The committee decides on scored applications while the call is being evaluated."),
        "decision_after_correction": N_("A corrected application is approved or rejected."),
        "decision_within_limits": N_("The amount is above what was asked for, or outside the limits of the call."),
        "decision_correction_facts": N_("A correction says what to correct and by when."),
        "decision_amount": N_("An approval, a correction and a place on the reserve list need an amount."),
        "decision_minutes_id_application_id_key": N_("These minutes decide on this application already."),
    }
)
