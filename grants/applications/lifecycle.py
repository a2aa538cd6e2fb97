"""An application's states, its moves, and who may make each. Reviews and awards make the moves after the check."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
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


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "application.started": N_("Draft begun"),
        "application.edited": N_("Draft changed"),
        "application.reply_drafted": N_("Answer drafted"),
        "application.criterion_checked": N_("Eligibility criteria checked"),
        "application.ineligibility_proposed": N_("Proposed as not eligible"),
        "application.proposal_dropped": N_("The proposal “not eligible” was not confirmed"),
    }
)
