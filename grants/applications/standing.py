"""Where an application stands, as its own people are told: results of the committee only once the call is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.person import Person
from foundation.language import day, moment, ngettext
from foundation.language import gettext as _
from grants.applications.lifecycle import MOVES, State, its_people
from grants.applications.tables import Application
from grants.calls.lifecycle import State as CallState
from grants.calls.tables import Call

TONES = {
    State.DRAFT: "warn", State.AWAITING_SIGNOFF: "warn", State.SUBMITTED: "info", State.EXPIRED: "",
    State.ADMIN_CHECK: "info", State.CLARIFICATION: "warn", State.INELIGIBLE: "bad", State.IN_REVIEW: "info",
    State.SCORED: "info", State.CORRECTION: "warn", State.CORRECTED: "info", State.RECOMMENDED: "good",
    State.RESERVE: "info", State.REJECTED: "bad", State.APPROVED: "good", State.WITHDRAWN: "",
    State.CLOSED_BY_CANCELLATION: "",
}  # fmt: skip
# What the committee is about to decide stays with it until the minutes are signed.
BEHIND_CLOSED_DOORS = frozenset({State.SCORED, State.CORRECTED, State.RECOMMENDED, State.RESERVE, State.REJECTED})
ITS_OWN = (
    "application.started", "application.handed_over", "application.handed_back", "application.submitted",
    "application.taken_back", "application.expired", "application.withdrawn", "application.closed_by_cancellation",
    "application.check_begun", "application.clarification_asked", "application.clarified",
    "application.found_ineligible", "application.readmitted", "application.review_started",
    "application.correction_asked", "application.corrected", "application.approved",
)  # fmt: skip
AFTER_DECISION = (
    "application.recommended", "application.reserved", "application.rejected", "application.moved_up",
    "application.reserve_released", "application.recommendation_declined",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One promise of what comes: `at` is done, now or next."""

    title: str
    text: str
    at: str


def shown_to(person: Person, application: Application, call_state: str) -> State:
    """The state as this person is told it."""
    state = State(application.state)
    decided = call_state in (CallState.DECIDED, CallState.COMPLETED)
    if its_people(person, application) and state in BEHIND_CLOSED_DOORS and not decided:
        return State.IN_REVIEW
    return state


def told_to(person: Person, application: Application, call: Call) -> tuple[str, ...] | None:
    """Names of the events this person may read of its history; None is all."""
    if not its_people(person, application):
        return None
    decided = call.state in (CallState.DECIDED, CallState.COMPLETED)
    return (*ITS_OWN, *AFTER_DECISION) if decided else ITS_OWN


def open_moves(person: Person, application: Application) -> set[str]:
    """Keyed as in the address; buttons are drawn from it."""
    return {noun for noun, move in MOVES.items() if move.open_to(person, application)}


def steps(application: Application, call: Call, state: State) -> list[Step]:
    """What happened and what comes next, with the dates that are promised."""
    now = {
        State.SUBMITTED: 1, State.ADMIN_CHECK: 1, State.CLARIFICATION: 1, State.IN_REVIEW: 2, State.CORRECTION: 2,
    }.get(state, 0 if state in (State.DRAFT, State.AWAITING_SIGNOFF) else 3)  # fmt: skip
    sent = (
        _("{when}, with a receipt by e-mail", when=moment(application.submitted_at))
        if application.submitted_at
        else _("Your receipt appears on the page and comes by e-mail.")
    )
    reviews = ngettext(
        "At least {n} independent review, each criterion scored with a comment.",
        "At least {n} independent reviews, each criterion scored with a comment.",
        call.min_reviews,
    )
    decided = (
        _("By {day}: the committee's answer, with the reviewers' text.", day=day(call.decision_due))
        if call.decision_due
        else _("The committee's answer, with the reviewers' text.")
    )
    texts: list[tuple[str, str]] = [
        (_("Sent") if application.submitted_at else _("At once"), sent),
        (
            _("Eligibility check"),
            _("After {when}. If something is unclear, the curator asks you here.", when=moment(call.deadline)),
        ),
        (_("Review"), reviews),
        (_("Decision"), decided),
    ]
    return [
        Step(title, text, "done" if place < now else "now" if place == now else "next")
        for place, (title, text) in enumerate(texts)
    ]


def tone(state: State) -> str:
    return TONES[state]


