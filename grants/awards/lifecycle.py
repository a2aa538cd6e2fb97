"""States of an award and its agreement, its moves, and who may make each. Pure."""

from accounts.person import Person
from foundation.language import N_
from grants.awards.tables import Award
from lifecycle.move import Move
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
    SUSPENDED = "suspended", N_("suspended"), "bad", "signed", "running", "stopped", "in_term"
    CLOSING = "closing", N_("closing"), "info", "signed", "running", "going_on"
    TERMINATED = "terminated", N_("terminated"), "bad", "signed", "finished", "stopped"
    CLOSED = "closed", N_("closed"), "good", "signed", "finished"


def its_signatory(person: Person, award: Award) -> bool:
    return person.signs_for(award.organisation_id)


def its_curator(person: Person, award: Award) -> bool:
    return person.curates(award.municipality_id)


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


def its_signatory_or_the_clock(person: Person, award: Award) -> bool:
    return its_signatory(person, award) or the_clock(person, award)


def its_manager(person: Person, award: Award) -> bool:
    return person.is_manager and person.id not in {award.curator_id, award.closing_finance_id}


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


OFFER = Move("award", "award.offered", {State.DRAFTING}, State.OFFERED, its_director)
ASK_CHANGE = Move("award", "award.change_asked", {State.OFFERED}, State.DRAFTING, its_signatory, reasoned=True)
DECLINE = Move("award", "award.declined", {State.OFFERED}, State.DECLINED, its_signatory, reasoned=True)
EXPIRE = Move("award", "award.offer_expired", {State.OFFERED}, State.DECLINED, the_clock)
WITHDRAW = Move(
    "award",
    "award.withdrawn_by_funder",
    {State.DRAFTING, State.OFFERED, State.SIGNED_CSO},
    State.WITHDRAWN_BY_FUNDER,
    its_director,
    reasoned=True,
)
SIGN = Move("award", "award.signed", {State.OFFERED}, State.SIGNED_CSO, its_signatory)
ACTIVATE = Move("award", "award.activated", {State.SIGNED_CSO}, State.ACTIVE, its_director)
RETURN = Move("award", "award.returned", {State.SIGNED_CSO}, State.DRAFTING, its_director, reasoned=True)
SUSPEND = Move("award", "award.suspended", {State.ACTIVE}, State.SUSPENDED, its_director, reasoned=True)
RESUME = Move("award", "award.resumed", {State.SUSPENDED}, State.ACTIVE, its_director, reasoned=True)
END = Move("award", "award.ended", {State.ACTIVE, State.SUSPENDED}, State.CLOSING, the_clock)
TERMINATE = Move(
    "award",
    "award.terminated",
    {State.ACTIVE, State.SUSPENDED, State.CLOSING},
    State.TERMINATED,
    its_director,
    reasoned=True,
)
CLOSE = Move("award", "award.closed", {State.CLOSING}, State.CLOSED, second_to_close)
SETTLE = Move("award", "award.settled", {State.TERMINATED}, State.CLOSED, second_to_settle)

# keyed by the noun in the URL
MOVES = {
    "offer": OFFER,
    "change-request": ASK_CHANGE,
    "refusal": DECLINE,
    "withdrawal": WITHDRAW,
    "signature": SIGN,
    "countersignature": ACTIVATE,
    "return": RETURN,
    "suspension": SUSPEND,
    "resumption": RESUME,
    "termination": TERMINATE,
    "closure": CLOSE,
    "settlement": SETTLE,
}

sentences(
    {
        "award.drafted": N_("Grant approved; the agreement is being drafted"),
        "award.terms_written": N_("Terms of the agreement written"),
        "award.calendar_written": N_("Report calendar written"),
        "award.offered": N_("Agreement offered to the organisation"),
        "award.change_asked": N_("The organisation asked for a change to the agreement"),
        "award.declined": N_("The organisation declined the grant"),
        "award.offer_expired": N_("The offer expired without a signature"),
        "award.withdrawn_by_funder": N_("The programme withdrew the grant before it was signed"),
        "award.signed": N_("The organisation signed the agreement"),
        "award.activated": N_("The director countersigned; the grant is active"),
        "award.returned": N_("The signed agreement was returned for correction"),
        "award.suspended": N_("The grant was suspended"),
        "award.resumed": N_("The suspension was lifted"),
        "award.ended": N_("The end date passed; the grant is being closed"),
        "award.terminated": N_("The grant was terminated"),
        "award.closing_agreed": N_("One of two people agreed to close the grant"),
        "award.closed": N_("The grant was closed"),
        "award.settled": N_("The terminated grant was settled and closed"),
    }
)
