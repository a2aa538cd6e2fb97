"""States of a report, its moves, and who may make each. Pure: the row carries the facts of its award."""

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
from foundation.language import gettext as _
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


def agreeing_part(person: Person, report: Any) -> str:
    """Which of the two places the person takes: a manager and a finance officer each agree, in any order."""
    return "manager" if its_manager(person, report) and report.manager_id is None else "finance"


def agreed_already(person: Person, report: Any) -> str | None:
    """The second of the two accepts; nobody is both."""
    if report.manager_id is None and its_manager(person, report):
        return None
    if report.finance_id is None and its_finance(person, report):
        return None
    return _("You have agreed already, or this is for somebody else to agree to.")


def second_to_accept(person: Person, report: Any) -> bool:
    return (report.finance_id is not None and its_manager(person, report)) or (
        report.manager_id is not None and its_finance(person, report)
    )


def its_director(person: Person, report: Any) -> bool:
    return person.is_director and _apart(person, report) and person.id not in {report.manager_id, report.finance_id}


def the_clock(person: Person, report: Any) -> bool:
    return person.is_system


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "report.scheduled": N_("The report calendar was set"),
        "report.acceptance_agreed": N_("One of two people agreed to accept the report"),
        "report.value_judged": N_("A reported value was judged"),
        "report.spending_judged": N_("The spending was judged"),
        "report.section_saved": N_("A section of the report was saved"),
    }
)
