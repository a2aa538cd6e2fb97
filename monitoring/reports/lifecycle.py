"""States of a report, its moves, and who may make each. Pure: the row carries the facts of its award."""

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
from lifecycle.move import Move
from lifecycle.record import sentences


class State(StrEnum):
    SCHEDULED = "scheduled"
    OPEN = "open"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    LAPSED = "lapsed"
    VERIFIED = "verified"
    ACCEPTED = "accepted"
    WAIVED = "waived"


labels(
    State,
    {
        State.SCHEDULED: N_("not open yet"),
        State.OPEN: N_("to be written"),
        State.SUBMITTED: N_("submitted"),
        State.UNDER_REVIEW: N_("being verified"),
        State.RETURNED: N_("returned for correction"),
        State.LAPSED: N_("lapsed"),
        State.VERIFIED: N_("verified"),
        State.ACCEPTED: N_("accepted"),
        State.WAIVED: N_("waived"),
    },
)


class Kind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


labels(Kind, {Kind.INTERIM: N_("interim report"), Kind.FINAL: N_("final report")})

# The grantee's hand is on it; and somebody has signed it at least once.
WRITABLE = frozenset({State.OPEN, State.RETURNED})
SENT = frozenset({State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.VERIFIED, State.ACCEPTED, State.LAPSED})


def its_people(person: Person, report: Any) -> bool:
    return person.works_for(report.organisation_id)


def its_signatory(person: Person, report: Any) -> bool:
    return person.signs_for(report.organisation_id)


def may_write(person: Person, report: Any) -> bool:
    return its_people(person, report) and report.state in WRITABLE


def its_curator(person: Person, report: Any) -> bool:
    """Who verifies stands neither for the grantee nor for those who accept."""
    return (
        person.curates(report.municipality_id) and not its_people(person, report) and person.id != report.submitted_by
    )


def may_verify(person: Person, report: Any) -> bool:
    return its_curator(person, report) and report.state == State.UNDER_REVIEW


def _apart(person: Person, report: Any) -> bool:
    """People are kept apart on one record, not only roles: who verified or submitted does not accept."""
    return person.id not in {report.curator_id, report.verified_by, report.submitted_by}


def its_manager(person: Person, report: Any) -> bool:
    return person.is_manager and _apart(person, report) and person.id != report.finance_id


def its_finance(person: Person, report: Any) -> bool:
    return person.is_finance and _apart(person, report) and person.id != report.manager_id


def its_manager_or_finance(person: Person, report: Any) -> bool:
    return its_manager(person, report) or its_finance(person, report)


def may_agree(person: Person, report: Any) -> bool:
    """A manager and a finance officer each agree, in any order; the second of them accepts."""
    if report.state != State.VERIFIED:
        return False
    return (report.manager_id is None and its_manager(person, report)) or (
        report.finance_id is None and its_finance(person, report)
    )


def second_to_accept(person: Person, report: Any) -> bool:
    return (report.finance_id is not None and its_manager(person, report)) or (
        report.manager_id is not None and its_finance(person, report)
    )


def its_director(person: Person, report: Any) -> bool:
    return person.is_director and _apart(person, report) and person.id not in {report.manager_id, report.finance_id}


def the_clock(person: Person, report: Any) -> bool:
    return person.is_system


OPEN = Move("report", "report.opened", {State.SCHEDULED}, State.OPEN, the_clock)
SUBMIT = Move("report", "report.submitted", {State.OPEN, State.RETURNED}, State.SUBMITTED, its_signatory)
TAKE_BACK = Move("report", "report.taken_back", {State.SUBMITTED}, State.OPEN, its_signatory)
START_REVIEW = Move("report", "report.review_started", {State.SUBMITTED}, State.UNDER_REVIEW, its_curator)
RETURN = Move("report", "report.returned", {State.UNDER_REVIEW}, State.RETURNED, its_curator, reasoned=True)
LAPSE = Move("report", "report.lapsed", {State.RETURNED}, State.LAPSED, its_manager, reasoned=True)
VERIFY = Move("report", "report.verified", {State.UNDER_REVIEW}, State.VERIFIED, its_curator)
ACCEPT = Move("report", "report.accepted", {State.VERIFIED}, State.ACCEPTED, second_to_accept)
SEND_BACK = Move(
    "report", "report.sent_back", {State.VERIFIED}, State.UNDER_REVIEW, its_manager_or_finance, reasoned=True
)
WAIVE = Move("report", "report.waived", {State.SCHEDULED, State.OPEN}, State.WAIVED, its_manager, reasoned=True)
REOPEN = Move("report", "report.reopened", {State.ACCEPTED}, State.UNDER_REVIEW, its_director, reasoned=True)

# keyed by the noun in the URL
MOVES = {
    "submission": SUBMIT,
    "withdrawal": TAKE_BACK,
    "review": START_REVIEW,
    "return": RETURN,
    "lapse": LAPSE,
    "verification": VERIFY,
    "acceptance": ACCEPT,
    "second-look": SEND_BACK,
    "waiver": WAIVE,
    "correction": REOPEN,
}

sentences(
    {
        "report.scheduled": N_("The report calendar was set"),
        "report.opened": N_("The report was opened for writing"),
        "report.submitted": N_("The report was submitted"),
        "report.taken_back": N_("The organisation took the report back"),
        "report.review_started": N_("The curator began to verify the report"),
        "report.returned": N_("The report was returned for correction"),
        "report.lapsed": N_("The report lapsed"),
        "report.verified": N_("The curator finished verifying the report"),
        "report.acceptance_agreed": N_("One of two people agreed to accept the report"),
        "report.accepted": N_("The report was accepted"),
        "report.sent_back": N_("The report went back to the curator for a second look"),
        "report.waived": N_("The report was waived"),
        "report.reopened": N_("The report was reopened for correction after an audit"),
        "report.value_judged": N_("A reported value was judged"),
        "report.spending_judged": N_("The spending was judged"),
        "report.section_saved": N_("A section of the report was saved"),
    }
)
