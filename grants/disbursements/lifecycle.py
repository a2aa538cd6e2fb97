"""States of a tranche, its moves, and who may make each. Pure: rows come from queries with their award's facts."""

from enum import StrEnum

from accounts.person import Person
from foundation.language import N_, labels
from foundation.ties import apart
from grants.disbursements.tables import Tranche
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="tranche", divided=("ahead", "moving", "paid", "dropped")):
    """In the order money takes. `paid`: it has left the programme's account, whatever came of it later. `to_do`:
    somebody has something to do about the money, beside confirming its receipt. `recalled`: it was ordered back."""

    PLANNED = "planned", N_("planned"), "", "ahead"
    DUE = "due", N_("due"), "warn", "moving", "to_do"
    REQUESTED = "requested", N_("requested"), "info", "moving", "on_the_way", "to_do"
    CERTIFIED = "certified", N_("certified"), "info", "moving", "on_the_way", "to_do"
    APPROVED = "approved", N_("payment approved"), "info", "moving", "on_the_way", "to_do"
    AUTHORISED = "authorised", N_("authorised"), "info", "moving", "on_the_way", "to_do"
    SENT = "sent", N_("sent to the bank"), "info", "moving", "to_do"
    FAILED = "failed", N_("payment failed"), "bad", "moving", "to_do"
    PAID = "paid", N_("paid"), "good", "paid"
    CONFIRMED = "confirmed", N_("receipt confirmed"), "good", "paid", "settled"
    CANCELLED = "cancelled", N_("cancelled"), "", "dropped", "settled"
    RECOVERY_DUE = "recovery_due", N_("to be recovered"), "bad", "paid", "to_do", "recalled"
    RECOVERED = "recovered", N_("recovered"), "", "paid", "settled", "recalled"
    WRITTEN_OFF = "written_off", N_("written off"), "bad", "paid", "settled", "recalled"


class ConditionKind(StrEnum):
    AGREEMENT_ACTIVE = "agreement_active"
    REPORT_ACCEPTED = "report_accepted"
    VISIT_APPROVED = "visit_approved"
    DOCUMENT = "document"
    DATE = "date"


labels(
    ConditionKind,
    {
        ConditionKind.AGREEMENT_ACTIVE: N_("agreement signed by both sides"),
        ConditionKind.REPORT_ACCEPTED: N_("report accepted"),
        ConditionKind.VISIT_APPROVED: N_("monitoring visit approved"),
        ConditionKind.DOCUMENT: N_("document received"),
        ConditionKind.DATE: N_("date reached"),
    },
)


# `tranche` carries municipality_id and curator_id of its award, see queries.


def the_clock(person: Person, tranche: Tranche) -> bool:
    return person.is_system


def its_signatory(person: Person, tranche: Tranche) -> bool:
    return person.signs_for(tranche.organisation_id)


@apart
def curates_it(person: Person, tranche: Tranche) -> bool:
    return person.curates(tranche.municipality_id)


@apart
def its_curator(person: Person, tranche: Tranche) -> bool:
    return person.curates(tranche.municipality_id) and person.id != tranche.requested_by


@apart
def its_finance(person: Person, tranche: Tranche) -> bool:
    """A finance officer who has had no other part in this grant or tranche."""
    return person.is_finance and person.id not in {
        tranche.requested_by,
        tranche.certified_by,
        tranche.authorised_by,
        tranche.curator_id,
    }


@apart
def its_director(person: Person, tranche: Tranche) -> bool:
    return person.is_director and person.id not in {
        tranche.requested_by,
        tranche.certified_by,
        tranche.approved_by,
        tranche.curator_id,
    }


def its_reverser(person: Person, tranche: Tranche) -> bool:
    """What one person noted wrongly, another takes back."""
    return its_director(person, tranche) and person.id != tranche.paid_by


def its_order_corrector(person: Person, tranche: Tranche) -> bool:
    """Finance or the director, whoever did not note the order."""
    return its_finance_or_director(person, tranche) and person.id != tranche.sent_by


def its_finance_or_director(person: Person, tranche: Tranche) -> bool:
    return its_finance(person, tranche) or its_director(person, tranche)


def verified_its_account(person: Person, tranche: Tranche) -> bool:
    """Who called the organisation back about its account takes no part in sending money there."""
    return person.id is not None and person.id == tranche.account_verified_by


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "tranche.plan_written": N_("Tranches and their conditions written"),
        "tranche.condition_fulfilled": N_("A condition of the tranche was fulfilled"),
        "tranche.repaid_in_part": N_("A part of the money came back"),
        "bank_account.entered": N_("Bank account entered"),
    }
)
