"""Where an application stands, as its own people are told: the committee's results only once it has signed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from accounts.person import Person
from foundation.clock import TBILISI, today
from foundation.database import Row
from foundation.language import clock, day, in_tbilisi, moment, ngettext, pick_text
from foundation.language import gettext as _
from grants.applications.lifecycle import State, its_people
from grants.applications.tables import Application
from grants.applications.transitions import STEPS, confirm_ineligible
from grants.calls.lifecycle import State as CallState
from grants.calls.tables import Call
from lifecycle.transition import open_steps

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


# which of the steps below it stands at
TURN = {
    State.DRAFT: -1, State.AWAITING_SIGNOFF: -1, State.SUBMITTED: 1, State.ADMIN_CHECK: 1, State.CLARIFICATION: 1,
    State.IN_REVIEW: 2, State.CORRECTION: 2,
}  # fmt: skip
SENT_STATES = [state for state in State if state not in State.in_set("unsent") | {State.EXPIRED}]


@dataclass(frozen=True)
class Note:
    kind: str
    title: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """One promise of what comes: `at` is done, now or next."""

    title: str
    text: str
    at: str


def shown_to(person: Person, application: Application, call_state: str) -> State:
    """The state as this person is told it."""
    state = State(application.state)
    return told_state(state, call_state) if its_people(person, application) else state


def told_state(state: State, call_state: str) -> State:
    """What its own people are told."""
    decided = call_state in CallState.in_set("concluded")
    return State.IN_REVIEW if state in State.in_set("for_committee") and not decided else state


def told_to(person: Person, application: Application, call: Call) -> tuple[str, ...] | None:
    """Names of the events this person may read of its history; None is all."""
    if not its_people(person, application):
        return None
    return (*ITS_OWN, *AFTER_DECISION)


def open_moves(person: Person, application: Application) -> set[str]:
    """Keyed as in the address; buttons are drawn from it."""
    return set(open_steps(person, application, STEPS))


def steps(application: Application, call: Call, state: State) -> list[Step]:
    """What happened and what comes next, with the dates that are promised."""
    now = TURN.get(state, len(TURN))
    sent = (
        _("{when}, with a receipt by email", when=moment(application.submitted_at))
        if application.submitted_at
        else _("Your receipt appears on the page and comes by email.")
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
            _("After {when}. If something is unclear, the curator asks you here.", when=in_tbilisi(call.deadline)),
        ),
        (_("Review"), reviews),
        (_("Decision"), decided),
    ]
    return [
        Step(title, text, "done" if place < now else "now" if place == now else "next")
        for place, (title, text) in enumerate(texts)
    ]


def can_be_turned_away(state: State) -> bool:
    return state in confirm_ineligible.sources


def groups() -> list[str]:
    """Of the list of one's own, in order."""
    return [_("Waiting for you"), _("Under way"), _("Finished")]


def group_of(state: State) -> str:
    waiting, under_way, finished = groups()
    if state in State.in_set("unsent", "asked"):
        return waiting
    return under_way if state in State.in_set("live") else finished


def hint(found: Mapping[str, Any], state: State) -> str:
    """One line under an application in the list of one's own."""
    named = {"number": found["number"], "call": pick_text(found, "call_title")}
    if state in State.in_set("unsent"):
        return _("{number} · {call}. Not sent yet; the deadline is {when}.", when=moment(found["deadline"]), **named)
    if found["submitted_at"]:
        return _("{number} · {call}. Sent {day}.", day=day(found["submitted_at"]), **named)
    return _("{number} · {call}", **named)


def note(application: Application, call: Call, state: State) -> Note:
    """The first thing on the organisation's own page."""
    if state == State.SUBMITTED:
        return Note("good", _("The application has been sent"), _("The check begins after the deadline."))
    if state == State.ADMIN_CHECK:
        return Note("info", _("The curator checks the application"), _("If something is unclear, you are asked here."))
    if state in State.in_set("asked"):
        return Note("warn", _("You are being asked something"), _("Read the question below and answer it in time."))
    if state == State.IN_REVIEW:
        until = _("You get the answer by {day}.", day=day(call.decision_due)) if call.decision_due else ""
        return Note("info", _("Independent reviewers read the application"), until or _("You get the answer by email."))
    if state == State.INELIGIBLE:
        said = _("It does not meet a condition of the call. If you disagree, you can complain to the programme.")
        return Note("bad", _("The application is not eligible"), said, application.ineligible_reason or "")
    if state == State.APPROVED:
        return Note("good", _("The grant is approved"), _("The next step is the agreement."))
    if state == State.RECOMMENDED:
        return Note("good", _("The committee recommends the project"), _("The programme's director has the last word."))
    if state == State.RESERVE:
        said = _("If money becomes free, you hear from us. The reserve list has an order and an end.")
        return Note("info", _("The project is on the reserve list"), said)
    if state == State.REJECTED:
        said = _("The committee's reasons and the reviewers' text come by email.")
        return Note("bad", _("The project was not chosen"), said)
    if state == State.WITHDRAWN:
        return Note("", _("The application is withdrawn"), _("Your organisation withdrew it; it is kept here to read."))
    if state == State.CLOSED_BY_CANCELLATION:
        said = _("The call was cancelled, and every application to it is closed. What you wrote is kept here to read.")
        return Note("warn", _("The call was cancelled"), said, call.cancel_reason or "")
    said = _("The deadline was {when}. What you wrote is kept here to read and copy.", when=in_tbilisi(call.deadline))
    return Note("warn", _("The application was not sent in time"), said)


def next_step(application: Application, call: Call, criteria: list[Row]) -> str:
    """What staff read beside a case: whose turn it is."""
    state = State(application.state)
    if state == State.SUBMITTED and call.state in CallState.in_set("before_deadline"):
        return _("The check can begin after the deadline, {when}.", when=in_tbilisi(call.deadline))
    if state == State.SUBMITTED:
        return _("The call has closed; the curator can begin the check.")
    if state == State.ADMIN_CHECK:
        waiting = sum(each["passed"] is None for each in criteria)
        if waiting:
            return ngettext(
                "{n} criterion is not judged yet; the curator checks.",
                "{n} criteria are not judged yet; the curator checks.",
                waiting,
            )
        if all(each["passed"] for each in criteria):
            return _("All criteria pass; a programme manager starts the review.")
        return _("A criterion is not met: the curator asks for clarification, or recommends rejecting the application.")
    return {
        State.CLARIFICATION: _("The organisation answers the question."),
        State.CORRECTION: _("The organisation answers the committee."),
        State.IN_REVIEW: _("The reviewers score."),
        State.SCORED: _("The committee decides."),
        State.CORRECTED: _("The committee decides on the correction."),
        State.RECOMMENDED: _("The director approves."),
        State.RESERVE: _("A programme manager may move it up when money is free."),
    }.get(state, _("Nothing is open here."))


def when(at: datetime) -> str:
    """The time alone when it is today."""
    return clock(at) if at.astimezone(TBILISI).date() == today() else moment(at)


def strong(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)
