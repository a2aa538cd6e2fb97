"""An application's states, its moves, and who may make each. Reviews and awards make the moves after the check."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
from lifecycle.move import Move
from lifecycle.record import sentences


class State(StrEnum):
    DRAFT = "draft"
    AWAITING_SIGNOFF = "awaiting_signoff"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    ADMIN_CHECK = "admin_check"
    CLARIFICATION = "clarification"
    INELIGIBLE = "ineligible"
    IN_REVIEW = "in_review"
    SCORED = "scored"
    CORRECTION = "correction"
    CORRECTED = "corrected"
    RECOMMENDED = "recommended"
    RESERVE = "reserve"
    REJECTED = "rejected"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    CLOSED_BY_CANCELLATION = "closed_by_cancellation"


labels(
    State,
    {
        State.DRAFT: N_("draft"),
        State.AWAITING_SIGNOFF: N_("waiting for the signatory"),
        State.SUBMITTED: N_("submitted"),
        State.EXPIRED: N_("not sent in time"),
        State.ADMIN_CHECK: N_("being checked"),
        State.CLARIFICATION: N_("clarification asked"),
        State.INELIGIBLE: N_("not eligible"),
        State.IN_REVIEW: N_("in review"),
        State.SCORED: N_("scored"),
        State.CORRECTION: N_("correction asked"),
        State.CORRECTED: N_("corrected"),
        State.RECOMMENDED: N_("recommended"),
        State.RESERVE: N_("on the reserve list"),
        State.REJECTED: N_("rejected"),
        State.APPROVED: N_("approved"),
        State.WITHDRAWN: N_("withdrawn"),
        State.CLOSED_BY_CANCELLATION: N_("closed with its call"),
    },
)

UNSENT = frozenset({State.DRAFT, State.AWAITING_SIGNOFF})
# between submission and approval: it may still be withdrawn
LIVE = frozenset(
    {
        State.SUBMITTED,
        State.ADMIN_CHECK,
        State.CLARIFICATION,
        State.IN_REVIEW,
        State.SCORED,
        State.CORRECTION,
        State.CORRECTED,
        State.RECOMMENDED,
        State.RESERVE,
    }
)
ASKED = frozenset({State.CLARIFICATION, State.CORRECTION})


def its_people(person: Person, application: Any) -> bool:
    return person.edits_for(application.organisation_id)


def its_signatory(person: Person, application: Any) -> bool:
    return person.signs_for(application.organisation_id)


def its_signatory_or_the_clock(person: Person, application: Any) -> bool:
    return person.is_system or its_signatory(person, application)


def the_clock(person: Person, application: Any) -> bool:
    return person.is_system


def its_curator(person: Person, application: Any) -> bool:
    return person.curates(application.municipality_id) and not its_people(person, application)


def its_manager(person: Person, application: Any) -> bool:
    """Never the one who checked it: staff hold one role on a record."""
    return person.is_manager and person.id not in _checkers(application) and not its_people(person, application)


def a_manager_who_did_not_confirm(person: Person, application: Any) -> bool:
    return its_manager(person, application) and person.id != application.ineligible_confirmed_by


def its_director(person: Person, application: Any) -> bool:
    return person.is_director and person.id not in _checkers(application) and not its_people(person, application)


def whoever_upholds_a_complaint(person: Person, application: Any) -> bool:
    return its_director(person, application) or a_manager_who_did_not_confirm(person, application)


def the_chair(person: Person, application: Any) -> bool:
    return person.is_chair and not its_people(person, application)


def _checkers(application: Any) -> set[Any]:
    return {application.checked_by, application.ineligible_proposed_by} - {None}


E = "application"

HAND_OVER = Move(E, "application.handed_over", {State.DRAFT}, State.AWAITING_SIGNOFF, its_people)
HAND_BACK = Move(E, "application.handed_back", {State.AWAITING_SIGNOFF}, State.DRAFT, its_people)
SUBMIT = Move(E, "application.submitted", UNSENT, State.SUBMITTED, its_signatory)
TAKE_BACK = Move(E, "application.taken_back", {State.SUBMITTED}, State.DRAFT, its_signatory)
EXPIRE = Move(E, "application.expired", UNSENT, State.EXPIRED, the_clock)
WITHDRAW = Move(E, "application.withdrawn", LIVE, State.WITHDRAWN, its_signatory)
CLOSE_WITH_CALL = Move(
    E, "application.closed_by_cancellation", UNSENT | LIVE, State.CLOSED_BY_CANCELLATION, the_clock, reasoned=True
)

BEGIN_CHECK = Move(E, "application.check_begun", {State.SUBMITTED}, State.ADMIN_CHECK, its_curator)
ASK_CLARIFICATION = Move(
    E, "application.clarification_asked", {State.ADMIN_CHECK}, State.CLARIFICATION, its_curator, reasoned=True
)
CLARIFY = Move(E, "application.clarified", {State.CLARIFICATION}, State.ADMIN_CHECK, its_signatory_or_the_clock)
FIND_INELIGIBLE = Move(
    E,
    "application.found_ineligible",
    {
        State.ADMIN_CHECK,
        State.CLARIFICATION,
        State.IN_REVIEW,
        State.SCORED,
        State.RECOMMENDED,
        State.RESERVE,
    },
    State.INELIGIBLE,
    its_manager,
    reasoned=True,
)
READMIT = Move(
    E,
    "application.readmitted",
    {State.INELIGIBLE, State.REJECTED},
    State.ADMIN_CHECK,
    whoever_upholds_a_complaint,
    reasoned=True,
)
START_REVIEW = Move(E, "application.review_started", {State.ADMIN_CHECK}, State.IN_REVIEW, its_manager)

# made by grants.reviews
SCORE = Move(E, "application.scored", {State.IN_REVIEW}, State.SCORED, the_clock)
REOPEN_REVIEW = Move(E, "application.review_reopened", {State.SCORED}, State.IN_REVIEW, the_chair, reasoned=True)
RECOMMEND = Move(E, "application.recommended", {State.SCORED, State.CORRECTED}, State.RECOMMENDED, the_chair)
RESERVE = Move(E, "application.reserved", {State.SCORED}, State.RESERVE, the_chair, reasoned=True)
REJECT = Move(E, "application.rejected", {State.SCORED, State.CORRECTED}, State.REJECTED, the_chair, reasoned=True)
ASK_CORRECTION = Move(E, "application.correction_asked", {State.SCORED}, State.CORRECTION, the_chair, reasoned=True)
MOVE_UP = Move(E, "application.moved_up", {State.RESERVE}, State.RECOMMENDED, its_manager)
RELEASE_RESERVE = Move(E, "application.reserve_released", {State.RESERVE}, State.REJECTED, the_clock)

# asked by the committee, answered here
CORRECT = Move(E, "application.corrected", {State.CORRECTION}, State.CORRECTED, its_signatory_or_the_clock)

# made by grants.awards
APPROVE = Move(E, "application.approved", {State.RECOMMENDED}, State.APPROVED, its_director)
DECLINE = Move(
    E, "application.recommendation_declined", {State.RECOMMENDED}, State.REJECTED, its_director, reasoned=True
)

# keyed by URL: POST /applications/{number}/{noun}
MOVES = {
    "sign-off": HAND_OVER,
    "editing": HAND_BACK,
    "submission": SUBMIT,
    "take-back": TAKE_BACK,
    "withdrawal": WITHDRAW,
    "admin-check": BEGIN_CHECK,
    "clarification": ASK_CLARIFICATION,
    "reply": CLARIFY,
    "correction-reply": CORRECT,
    "ineligibility": FIND_INELIGIBLE,
    "readmission": READMIT,
    "review": START_REVIEW,
}

sentences(
    {
        "application.started": N_("Draft begun"),
        "application.edited": N_("Draft changed"),
        "application.reply_drafted": N_("Answer drafted"),
        "application.handed_over": N_("Handed to the signatory"),
        "application.handed_back": N_("Opened for editing again"),
        "application.submitted": N_("Application submitted"),
        "application.taken_back": N_("Taken back to draft before the deadline"),
        "application.expired": N_("The call closed before the draft was sent"),
        "application.withdrawn": N_("Withdrawn by the organisation"),
        "application.closed_by_cancellation": N_("Closed, because the call was cancelled"),
        "application.check_begun": N_("Eligibility check begun"),
        "application.criterion_checked": N_("Eligibility criteria checked"),
        "application.clarification_asked": N_("Clarification asked from the organisation"),
        "application.clarified": N_("Clarification closed"),
        "application.ineligibility_proposed": N_("Proposed as not eligible"),
        "application.proposal_dropped": N_("The proposal “not eligible” was not confirmed"),
        "application.found_ineligible": N_("Found not eligible"),
        "application.readmitted": N_("Taken back into the check after a complaint"),
        "application.review_started": N_("All criteria pass; review started"),
        "application.scored": N_("All reviews are in"),
        "application.review_reopened": N_("A review was reopened"),
        "application.recommended": N_("Recommended by the committee"),
        "application.reserved": N_("Put on the reserve list"),
        "application.rejected": N_("Rejected by the committee"),
        "application.correction_asked": N_("The committee asked for a correction"),
        "application.corrected": N_("Correction closed"),
        "application.moved_up": N_("Moved up from the reserve list"),
        "application.reserve_released": N_("The reserve list ended"),
        "application.approved": N_("Grant approved"),
        "application.recommendation_declined": N_("The recommendation was not approved"),
    }
)
