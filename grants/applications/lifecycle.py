"""An application's states, its moves, and who may make each. Reviews and awards make the moves after the check."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person
from foundation.language import N_
from grants.applications.tables import Application
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="application", divided=("unsent", "live", "decided", "dropped")):
    """`live`: between submission and approval, it may still be withdrawn. `for_committee`: what it is about to decide
    stays with it until the minutes are signed."""

    DRAFT = "draft", N_("draft"), "warn", "unsent"
    AWAITING_SIGNOFF = "awaiting_signoff", N_("waiting for the signatory"), "warn", "unsent"
    SUBMITTED = "submitted", N_("submitted"), "info", "live", "undecided"
    EXPIRED = "expired", N_("not sent in time"), "", "dropped"
    ADMIN_CHECK = "admin_check", N_("being checked"), "info", "live", "undecided", "in_check"
    CLARIFICATION = "clarification", N_("clarification asked"), "warn", "live", "asked", "undecided", "in_check"
    INELIGIBLE = "ineligible", N_("not eligible"), "bad", "decided"
    IN_REVIEW = "in_review", N_("in review"), "info", "live", "undecided", "scorable", "ranked"
    SCORED = "scored", N_("scored"), "info", "live", "for_committee", "undecided", "scorable", "ranked"
    CORRECTION = "correction", N_("correction asked"), "warn", "live", "asked", "undecided", "ranked"
    CORRECTED = "corrected", N_("corrected"), "info", "live", "for_committee", "undecided", "ranked"
    RECOMMENDED = "recommended", N_("recommended"), "good", "live", "to_director", "ranked"
    RESERVE = "reserve", N_("on the reserve list"), "info", "live", "ranked"
    REJECTED = "rejected", N_("rejected"), "bad", "decided", "to_director", "ranked"
    APPROVED = "approved", N_("approved"), "good", "decided", "to_director", "ranked"
    WITHDRAWN = "withdrawn", N_("withdrawn by the applicant"), "", "dropped"
    CLOSED_BY_CANCELLATION = "closed_by_cancellation", N_("closed with its call"), "", "dropped"


def its_people(person: Person, application: Application) -> bool:
    return person.edits_for(application.organisation_id)


def its_signatory(person: Person, application: Application) -> bool:
    return person.signs_for(application.organisation_id)


def its_signatory_or_the_clock(person: Person, application: Application) -> bool:
    return person.is_system or its_signatory(person, application)


def the_clock(person: Person, application: Application) -> bool:
    return person.is_system


def its_curator(person: Person, application: Application) -> bool:
    return person.curates(application.municipality_id) and _unbound(person, application)


def its_manager(person: Person, application: Application) -> bool:
    """Never the one who checked it: staff hold one role on a record."""
    return person.is_manager and person.id not in _checkers(application) and _unbound(person, application)


def a_manager_who_did_not_confirm(person: Person, application: Application) -> bool:
    return its_manager(person, application) and person.id != application.ineligible_confirmed_by


def its_director(person: Person, application: Application) -> bool:
    return person.is_director and person.id not in _checkers(application) and _unbound(person, application)


def whoever_upholds_a_complaint(person: Person, application: Application) -> bool:
    return its_director(person, application) or a_manager_who_did_not_confirm(person, application)


def the_chair(person: Person, application: Application) -> bool:
    return person.is_chair and _unbound(person, application)


def _unbound(person: Person, application: Application) -> bool:
    """Has to do neither with the applicant nor with anybody it competes with."""
    return not its_people(person, application) and person.judges_in(application.call_id)


def _checkers(application: Application) -> set[UUID]:
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
