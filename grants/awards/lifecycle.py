"""States of an award and its agreement, its moves, and who may make each. Pure."""

from typing import Protocol

from accounts.person import Person
from foundation.language import N_
from foundation.language import gettext as _
from foundation.ties import apart
from grants.awards.tables import Award
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="award", divided=("unsigned", "running", "finished", "never_signed")):
    """`signed`: the agreement binds both sides from here on; money may have moved."""

    DRAFTING = "drafting", N_("agreement being drafted"), "", "unsigned"
    OFFERED = "offered", N_("agreement offered"), "warn", "unsigned"
    DECLINED = "declined", N_("declined"), "", "never_signed", "stopped"
    WITHDRAWN_BY_FUNDER = "withdrawn_by_funder", N_("withdrawn by the programme"), "", "never_signed", "stopped"
    SIGNED_CSO = "signed_cso", N_("signed by the organisation"), "info", "unsigned"
    ACTIVE = "active", N_("active"), "good", "signed", "running", "going_on", "in_term"
    SUSPENDED = "suspended", N_("suspended"), "bad", "signed", "running", "stopped", "in_term", "halted"
    CLOSING = "closing", N_("closing"), "info", "signed", "running", "going_on"
    TERMINATED = "terminated", N_("terminated"), "bad", "signed", "finished", "stopped", "halted"
    CLOSED = "closed", N_("closed"), "good", "signed", "finished"


def its_signatory(person: Person, award: Award) -> bool:
    return person.signs_for(award.organisation_id)


@apart
def its_curator(person: Person, award: Award) -> bool:
    return person.curates(award.municipality_id)


@apart
def its_director(person: Person, award: Award) -> bool:
    """A director who holds no other part in this award: people are kept apart, not only roles."""
    return person.is_director and person.id not in {
        award.curator_id,
        award.proposed_by,
        award.closing_manager_id,
        award.closing_finance_id,
    }


def its_drafter(person: Person, award: Award) -> bool:
    """The curator of the municipality writes the agreement; the director may too, and offers it."""
    return its_curator(person, award) or its_director(person, award)


def the_clock(person: Person, award: Award) -> bool:
    return person.is_system


@apart
def its_manager(person: Person, award: Award) -> bool:
    return person.is_manager and person.id not in {award.curator_id, award.closing_finance_id}


@apart
def its_finance(person: Person, award: Award) -> bool:
    return person.is_finance and person.id not in {
        award.curator_id,
        award.closing_manager_id,
        award.closing_director_id,
    }


def second_to_close(person: Person, award: Award) -> bool:
    """Closing takes a manager and a finance officer; the second of them makes the move."""
    return (award.closing_finance_id is not None and its_manager(person, award)) or (
        award.closing_manager_id is not None and its_finance(person, award)
    )


def second_to_settle(person: Person, award: Award) -> bool:
    """A terminated award is closed by a director and a finance officer."""
    return (award.closing_finance_id is not None and its_director(person, award)) or (
        award.closing_director_id is not None and its_finance(person, award)
    )


def its_closer(person: Person, award: Award) -> bool:
    return its_manager(person, award) or its_finance(person, award)


def its_settler(person: Person, award: Award) -> bool:
    return its_director(person, award) or its_finance(person, award)


def reopens_closing(person: Person, award: Award) -> bool:
    """To where it was closed from: a terminated grant was settled by a director."""
    return its_director(person, award) and award.closing_director_id is None


def reopens_settlement(person: Person, award: Award) -> bool:
    return its_director(person, award) and award.closing_director_id is not None


class OfAward(Protocol):
    @property
    def award_state(self) -> str: ...


def of_closed_grant(_person: Person, row: OfAward) -> str | None:
    """What stands in the way of whatever would change the money of a grant: what was closed is even with the
    organisation."""
    return _("The grant is closed. The director opens it again first.") if row.award_state == State.CLOSED else None


def closing_part(person: Person, award: Award) -> str:
    """Which of the two places the person takes: manager and finance close, director and finance settle."""
    if award.state == State.TERMINATED:
        return "closing_director_id" if its_director(person, award) else "closing_finance_id"
    return "closing_manager_id" if its_manager(person, award) else "closing_finance_id"


def agreed_already(person: Person, award: Award) -> str | None:
    if getattr(award, closing_part(person, award)) is not None:
        return _("You have agreed already; now the other one does.")
    return None


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "award.drafted": N_("Grant approved; the agreement is being drafted"),
        "award.terms_written": N_("Terms of the agreement written"),
        "award.budget_written": N_("Budget of the grant written"),
        "award.calendar_written": N_("Report calendar written"),
        "award.closing_agreed": N_("One of two people agreed to close the grant"),
    }
)
