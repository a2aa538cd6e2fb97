"""States of a review and of the committee's minutes, their moves, and who may make each; pure."""

from __future__ import annotations

from enum import StrEnum

from accounts.person import Person, Role
from foundation.language import N_, labels
from grants.reviews.tables import MeetingMinutes, Review
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="review", divided=("under_way", "done", "dropped")):
    """`under_way`: somebody still has to do something before the application is scored. `reading`: the application
    opens to its reviewer from a clean declaration on, never before, and never after a conflict."""

    INVITED = "invited", N_("declaration awaited"), "warn", "under_way", "counting", "unsettled"
    CLEAR = "clear", N_("no conflict declared"), "info", "under_way", "scoring", "reading", "counting", "unsettled"
    CONFLICTED = "conflicted", N_("conflict of interest"), "bad", "done", "unsettled"
    DRAFTING = "drafting", N_("being scored"), "info", "under_way", "scoring", "reading", "counting", "unsettled"
    LOCKED = "locked", N_("locked"), "good", "reading", "done", "counting"
    REOPENED = "reopened", N_("reopened"), "warn", "under_way", "scoring", "reading", "counting", "unsettled"
    REPLACED = "replaced", N_("replaced"), "", "dropped"


class MinutesState(Status, entity="meeting_minutes"):
    OPEN = "open", N_("minutes not signed yet"), ""
    SIGNED = "signed", N_("minutes signed"), ""


class Outcome(StrEnum):
    APPROVE = "approve"
    CORRECTION = "correction"
    RESERVE = "reserve"
    REJECT = "reject"


labels(
    Outcome,
    {
        Outcome.APPROVE: N_("approve"),
        Outcome.CORRECTION: N_("approve after correction"),
        Outcome.RESERVE: N_("reserve list"),
        Outcome.REJECT: N_("reject"),
    },
)


FUNDED = frozenset({Outcome.APPROVE, Outcome.CORRECTION})


def its_reviewer(person: Person, review: Review) -> bool:
    return person.is_reviewer and person.id == review.reviewer_id


def its_unbound_reviewer(person: Person, review: Review) -> bool:
    """Whoever has to do with any applicant of the call reads and scores none of them; a conflict they still declare."""
    return its_reviewer(person, review) and person.judges_in(review.call_id)


def its_manager(person: Person, review: Review) -> bool:
    """Nobody arranges their own review."""
    return person.is_manager and person.id != review.reviewer_id


def its_chair(person: Person, review: Review) -> bool:
    its_own = (review.reviewer_id, review.assigned_by)
    return person.is_chair and person.id not in its_own and person.judges_in(review.call_id)


def may_read(person: Person, review: Review) -> bool:
    """The application behind a review."""
    return its_unbound_reviewer(person, review) and review.state in State.in_set("reading")


def looks_over_reviews(person: Person | None) -> bool:
    """Who follows all reviews and the ranking. Curators do not: they know the applicants."""
    return person is not None and person.has(Role.MANAGER, Role.DIRECTOR, Role.CHAIR, Role.AUDITOR)


def a_chair(person: Person, minutes: MeetingMinutes) -> bool:
    """What the chair may not have to do with the call is asked of the call."""
    return person.is_chair and person.judges_in(minutes.call_id)


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "review.assigned": N_("Reviewer assigned"),
        "review.scores_saved": N_("Scores saved as a draft"),
        "minutes.opened": N_("Minutes opened"),
        "minutes.changed": N_("Minutes changed"),
        "decision.made": N_("Decision written into the minutes"),
        "decision.removed": N_("Decision taken out of the minutes"),
    }
)
