"""States of a report, its moves, and who may make each. Pure: the row carries the facts of its award."""

from enum import StrEnum

from accounts.person import Person
from foundation.language import N_, labels
from foundation.language import gettext as _
from foundation.ties import apart
from lifecycle.record import sentences
from lifecycle.states import Status
from monitoring.reports.tables import Report


class State(Status, entity="report", divided=("ahead", "writable", "examined", "settled")):
    """`writable`: the grantee's hand is on it. `sent`: somebody has signed it at least once. `claiming`: what it says
    counts as reported. `given_up`: nothing is expected of it any more."""

    SCHEDULED = "scheduled", N_("not open yet"), "", "ahead"
    OPEN = "open", N_("to be written"), "warn", "writable"
    SUBMITTED = "submitted", N_("submitted"), "info", "examined", "sent", "claiming", "checkable"
    UNDER_REVIEW = "under_review", N_("being verified"), "info", "examined", "sent", "claiming", "checkable"
    RETURNED = "returned", N_("returned for correction"), "bad", "writable", "sent"
    LAPSED = "lapsed", N_("lapsed"), "bad", "settled", "sent", "given_up"
    VERIFIED = "verified", N_("checked"), "verified", "examined", "sent", "claiming"
    ACCEPTED = "accepted", N_("accepted"), "good", "settled", "sent", "claiming"
    WAIVED = "waived", N_("waived"), "", "settled", "given_up"


class Kind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


labels(Kind, {Kind.INTERIM: N_("interim report"), Kind.FINAL: N_("final report")})


def its_people(person: Person, report: Report) -> bool:
    return person.works_for(report.organisation_id)


def its_signatory(person: Person, report: Report) -> bool:
    return person.signs_for(report.organisation_id)


def may_write(person: Person, report: Report) -> bool:
    return its_people(person, report) and report.state in State.in_set("writable")


def reads_what_is_written(person: Person, report: Report) -> bool:
    """What was handed in is for everybody who sees the report; what is being written, for those who write it."""
    return its_people(person, report) or report.state in State.in_set("claiming")


@apart
def its_curator(person: Person, report: Report) -> bool:
    """Who verifies stands neither for the grantee nor for those who accept."""
    return (
        person.curates(report.municipality_id) and not its_people(person, report) and person.id != report.submitted_by
    )


def may_verify(person: Person, report: Report) -> bool:
    return its_curator(person, report) and report.state == State.UNDER_REVIEW


def _apart(person: Person, report: Report) -> bool:
    """People are kept apart on one record, not only roles: who verified or submitted does not accept."""
    return person.id not in {report.curator_id, report.verified_by, report.submitted_by}


@apart
def its_manager(person: Person, report: Report) -> bool:
    return person.is_manager and _apart(person, report) and person.id != report.finance_id


@apart
def its_finance(person: Person, report: Report) -> bool:
    return person.is_finance and _apart(person, report) and person.id != report.manager_id


def its_manager_or_finance(person: Person, report: Report) -> bool:
    return its_manager(person, report) or its_finance(person, report)


def agreeing_part(person: Person, report: Report) -> str:
    """Which of the two places the person takes: a manager and a finance officer each agree, in any order."""
    return "manager" if its_manager(person, report) and report.manager_id is None else "finance"


def agreed_already(person: Person, report: Report) -> str | None:
    """The second of the two accepts; nobody is both."""
    if report.manager_id is None and its_manager(person, report):
        return None
    if report.finance_id is None and its_finance(person, report):
        return None
    return _("You have agreed already, or this is for somebody else to agree to.")


def second_to_accept(person: Person, report: Report) -> bool:
    return (report.finance_id is not None and its_manager(person, report)) or (
        report.manager_id is not None and its_finance(person, report)
    )


@apart
def its_director(person: Person, report: Report) -> bool:
    return person.is_director and _apart(person, report) and person.id not in {report.manager_id, report.finance_id}


def the_clock(person: Person, report: Report) -> bool:
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
