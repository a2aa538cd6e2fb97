"""States of a review and of the committee's minutes, their moves, and who may make each; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accounts.person import Person, Role
from foundation.language import N_, labels
from lifecycle.move import Move
from lifecycle.record import sentences


class State(StrEnum):
    INVITED = "invited"
    CLEAR = "clear"
    CONFLICTED = "conflicted"
    DRAFTING = "drafting"
    LOCKED = "locked"
    REOPENED = "reopened"
    REPLACED = "replaced"


class MinutesState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"


class Outcome(StrEnum):
    APPROVE = "approve"
    CORRECTION = "correction"
    RESERVE = "reserve"
    REJECT = "reject"


labels(
    State,
    {
        State.INVITED: N_("declaration awaited"),
        State.CLEAR: N_("no conflict declared"),
        State.CONFLICTED: N_("conflict of interest"),
        State.DRAFTING: N_("being scored"),
        State.LOCKED: N_("locked"),
        State.REOPENED: N_("reopened"),
        State.REPLACED: N_("replaced"),
    },
)
labels(MinutesState, {MinutesState.OPEN: N_("minutes not signed yet"), MinutesState.SIGNED: N_("minutes signed")})
labels(
    Outcome,
    {
        Outcome.APPROVE: N_("approve"),
        Outcome.CORRECTION: N_("approve after correction"),
        Outcome.RESERVE: N_("reserve list"),
        Outcome.REJECT: N_("reject"),
    },
)

# The application opens to its reviewer from a clean declaration on, never before, and never after a conflict.
READING = frozenset({State.CLEAR, State.DRAFTING, State.LOCKED, State.REOPENED})
# Somebody still has to do something before the application is scored.
UNDER_WAY = frozenset({State.INVITED, State.CLEAR, State.DRAFTING, State.REOPENED})
FUNDED = frozenset({Outcome.APPROVE, Outcome.CORRECTION})


def its_reviewer(person: Person, review: Any) -> bool:
    return person.is_reviewer and person.id == review.reviewer_id


def its_manager(person: Person, review: Any) -> bool:
    """Nobody arranges their own review."""
    return person.is_manager and person.id != review.reviewer_id


def its_chair(person: Person, review: Any) -> bool:
    return person.is_chair and person.id not in (review.reviewer_id, review.assigned_by)


def may_read(person: Person, review: Any) -> bool:
    """The application behind a review."""
    return its_reviewer(person, review) and review.state in READING


def looks_over_reviews(person: Person | None) -> bool:
    """Who follows all reviews and the ranking. Curators do not: they know the applicants."""
    return person is not None and person.has(Role.MANAGER, Role.DIRECTOR, Role.CHAIR, Role.AUDITOR)


def a_chair(person: Person, minutes: Any) -> bool:
    """What the chair may not have to do with the call is asked of the call."""
    return person.is_chair


CLEAR = Move("review", "review.declared_clear", {State.INVITED}, State.CLEAR, its_reviewer)
CONFLICT = Move(
    "review",
    "review.conflicted",
    {State.INVITED, State.CLEAR, State.DRAFTING},
    State.CONFLICTED,
    its_reviewer,
    reasoned=True,
)
BEGIN = Move("review", "review.begun", {State.CLEAR, State.REOPENED}, State.DRAFTING, its_reviewer)
LOCK = Move("review", "review.locked", {State.DRAFTING}, State.LOCKED, its_reviewer)
REOPEN = Move("review", "review.reopened", {State.LOCKED}, State.REOPENED, its_chair, reasoned=True)
REPLACE = Move(
    "review",
    "review.replaced",
    {State.INVITED, State.CLEAR, State.CONFLICTED, State.DRAFTING, State.REOPENED},
    State.REPLACED,
    its_manager,
    reasoned=True,
)
SIGN = Move("meeting_minutes", "minutes.signed", {MinutesState.OPEN}, MinutesState.SIGNED, a_chair)

# keyed by the noun in the address: POST /reviews/{review_id}/{noun}
MOVES = {"declaration": CLEAR, "conflict": CONFLICT, "lock": LOCK, "reopening": REOPEN, "replacement": REPLACE}

sentences(
    {
        "review.assigned": N_("Reviewer assigned"),
        "review.declared_clear": N_("No conflict of interest declared"),
        "review.conflicted": N_("Conflict of interest declared"),
        "review.begun": N_("Scoring begun"),
        "review.scores_saved": N_("Scores saved as a draft"),
        "review.locked": N_("Review locked"),
        "review.reopened": N_("Review reopened by the chair"),
        "review.replaced": N_("Reviewer replaced"),
        "minutes.opened": N_("Minutes opened"),
        "minutes.changed": N_("Minutes changed"),
        "minutes.signed": N_("Minutes signed"),
        "decision.made": N_("Decision written into the minutes"),
        "decision.removed": N_("Decision taken out of the minutes"),
    }
)
