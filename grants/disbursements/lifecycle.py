"""States of a tranche, its moves, and who may make each. Pure: rows come from queries with their award's facts."""

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
from lifecycle.move import Move
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="tranche", divided=("ahead", "moving", "paid", "dropped")):
    """In the order money takes. `paid`: it has left the programme's account, whatever came of it later."""

    PLANNED = "planned", N_("planned"), "", "ahead"
    DUE = "due", N_("due"), "warn", "moving"
    REQUESTED = "requested", N_("requested"), "info", "moving", "on_the_way"
    CERTIFIED = "certified", N_("certified"), "info", "moving", "on_the_way"
    APPROVED = "approved", N_("payment approved"), "info", "moving", "on_the_way"
    AUTHORISED = "authorised", N_("authorised"), "info", "moving", "on_the_way"
    SENT = "sent", N_("sent to the bank"), "info", "moving"
    FAILED = "failed", N_("payment failed"), "bad", "moving"
    PAID = "paid", N_("paid"), "good", "paid"
    CONFIRMED = "confirmed", N_("receipt confirmed"), "good", "paid", "settled"
    CANCELLED = "cancelled", N_("cancelled"), "", "dropped", "settled"
    RECOVERY_DUE = "recovery_due", N_("to be recovered"), "bad", "paid"
    RECOVERED = "recovered", N_("recovered"), "", "paid", "settled"
    WRITTEN_OFF = "written_off", N_("written off"), "bad", "paid", "settled"


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


def the_clock(person: Person, tranche: Any) -> bool:
    return person.is_system


def its_signatory(person: Person, tranche: Any) -> bool:
    return person.signs_for(tranche.organisation_id)


def its_curator(person: Person, tranche: Any) -> bool:
    return person.curates(tranche.municipality_id) and person.id != tranche.requested_by


def its_finance(person: Person, tranche: Any) -> bool:
    """A finance officer who has had no other part in this grant or tranche."""
    return person.is_finance and person.id not in {
        tranche.requested_by,
        tranche.certified_by,
        tranche.authorised_by,
        tranche.curator_id,
    }


def its_director(person: Person, tranche: Any) -> bool:
    return person.is_director and person.id not in {
        tranche.requested_by,
        tranche.certified_by,
        tranche.approved_by,
        tranche.curator_id,
    }


def its_reverser(person: Person, tranche: Any) -> bool:
    """What one person noted wrongly, another takes back."""
    return its_director(person, tranche) and person.id != tranche.paid_by


def its_finance_or_director(person: Person, tranche: Any) -> bool:
    return its_finance(person, tranche) or its_director(person, tranche)


def verified_its_account(person: Person, tranche: Any) -> bool:
    """Who called the organisation back about its account takes no part in sending money there."""
    return person.id is not None and person.id == tranche.account_verified_by


FALL_DUE = Move("tranche", "tranche.due", {State.PLANNED}, State.DUE, the_clock)
REQUEST = Move("tranche", "tranche.requested", {State.DUE}, State.REQUESTED, its_signatory)
SEND_BACK = Move("tranche", "tranche.request_returned", {State.REQUESTED}, State.DUE, its_curator, reasoned=True)
CERTIFY = Move("tranche", "tranche.certified", {State.REQUESTED}, State.CERTIFIED, its_curator)
APPROVE = Move("tranche", "tranche.approved", {State.CERTIFIED}, State.APPROVED, its_finance)
RETURN = Move(
    "tranche",
    "tranche.returned",
    {State.CERTIFIED, State.APPROVED},
    State.DUE,
    its_finance_or_director,
    reasoned=True,
)
AUTHORISE = Move("tranche", "tranche.authorised", {State.APPROVED}, State.AUTHORISED, its_director)
REVOKE = Move("tranche", "tranche.authorisation_revoked", {State.AUTHORISED}, State.DUE, its_director, reasoned=True)
SEND = Move("tranche", "tranche.sent", {State.APPROVED, State.AUTHORISED}, State.SENT, its_finance)
PAY = Move("tranche", "tranche.paid", {State.SENT}, State.PAID, its_finance)
FAIL = Move("tranche", "tranche.failed", {State.SENT}, State.FAILED, its_finance, reasoned=True)
RETRY = Move("tranche", "tranche.retried", {State.FAILED}, State.DUE, its_finance, reasoned=True)
REVERSE = Move("tranche", "tranche.payment_reversed", {State.PAID}, State.SENT, its_reverser, reasoned=True)
CONFIRM = Move("tranche", "tranche.confirmed", {State.PAID}, State.CONFIRMED, its_signatory)
CANCEL = Move(
    "tranche",
    "tranche.cancelled",
    {
        State.PLANNED,
        State.DUE,
        State.REQUESTED,
        State.CERTIFIED,
        State.APPROVED,
        State.AUTHORISED,
        State.FAILED,
    },
    State.CANCELLED,
    the_clock,
)
ORDER_RECOVERY = Move(
    "tranche",
    "tranche.recovery_ordered",
    {State.PAID, State.CONFIRMED},
    State.RECOVERY_DUE,
    its_director,
    reasoned=True,
)
RECOVER = Move("tranche", "tranche.recovered", {State.RECOVERY_DUE}, State.RECOVERED, its_finance)
WRITE_OFF = Move("tranche", "tranche.written_off", {State.RECOVERY_DUE}, State.WRITTEN_OFF, its_director, reasoned=True)

# keyed by the noun in the URL
MOVES = {
    "request": REQUEST,
    "request-return": SEND_BACK,
    "certificate": CERTIFY,
    "approval": APPROVE,
    "return": RETURN,
    "authorisation": AUTHORISE,
    "revocation": REVOKE,
    "order": SEND,
    "payment": PAY,
    "failure": FAIL,
    "retry": RETRY,
    "receipt": CONFIRM,
    "reversal": REVERSE,
    "recovery": ORDER_RECOVERY,
    "repayment": RECOVER,
    "write-off": WRITE_OFF,
}

sentences(
    {
        "tranche.plan_written": N_("Tranches and their conditions written"),
        "tranche.condition_fulfilled": N_("A condition of the tranche was fulfilled"),
        "tranche.due": N_("All conditions are fulfilled: the tranche is due"),
        "tranche.requested": N_("The organisation requested the tranche"),
        "tranche.request_returned": N_("The request was returned to the organisation"),
        "tranche.certified": N_("The curator certified the request"),
        "tranche.approved": N_("Finance approved the payment"),
        "tranche.returned": N_("The payment was returned"),
        "tranche.authorised": N_("The director authorised the payment"),
        "tranche.authorisation_revoked": N_("The director took the authorisation back"),
        "tranche.sent": N_("The payment order was sent to the bank"),
        "tranche.paid": N_("The bank paid the tranche"),
        "tranche.failed": N_("The payment failed"),
        "tranche.retried": N_("The failed payment may be requested again"),
        "tranche.payment_reversed": N_("A payment noted wrongly was reversed in the ledger"),
        "tranche.confirmed": N_("The organisation confirmed receipt"),
        "tranche.cancelled": N_("The tranche was cancelled"),
        "tranche.recovery_ordered": N_("The director ordered recovery"),
        "tranche.recovered": N_("The money was recovered"),
        "tranche.written_off": N_("The amount was written off"),
        "bank_account.entered": N_("Bank account entered"),
        "bank_account.verified": N_("Bank account verified by a call back"),
        "bank_account.retired": N_("Bank account retired"),
    }
)
