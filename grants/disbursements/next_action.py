"""Whose turn it is with a tranche, in a sentence for everybody, and how far the money has come. Pure."""

from __future__ import annotations

from foundation.language import gettext as _
from foundation.money import money
from grants.disbursements.lifecycle import State
from grants.disbursements.obstacles import needs_director
from grants.disbursements.tables import Tranche

WAY = (State.DUE, State.REQUESTED, State.CERTIFIED, State.APPROVED, State.SENT, State.PAID, State.CONFIRMED)
WAY_OF_LARGE = (*WAY[:4], State.AUTHORISED, *WAY[4:])
# What is done to bring the money on its way; anything else leads aside.
ONWARD = frozenset(
    {"request", "certificate", "approval", "authorisation", "order", "payment", "receipt", "repayment", "retry"}
)


def next_action(tranche: Tranche) -> str:
    """Empty when nothing is left to do."""
    match tranche.state:
        case State.PLANNED:
            return _("It can be requested as soon as its conditions are fulfilled.")
        case State.DUE:
            return _("The signatory of the organisation requests it.")
        case State.REQUESTED:
            return _("The curator certifies the request or returns it.")
        case State.CERTIFIED:
            return _("A finance officer who has had no part in it approves the payment.")
        case State.APPROVED if needs_director(tranche):
            return _(
                "The director authorises it, because it is {amount} or more.",
                amount=money(tranche.director_threshold, tranche.currency),
            )
        case State.APPROVED | State.AUTHORISED:
            return _("Finance sends the payment order to the bank.")
        case State.SENT:
            return _("Finance notes what the bank did.")
        case State.PAID:
            return _("The organisation confirms that the money came.")
        case State.FAILED:
            return _("Finance decides what follows the failed payment.")
        case State.RECOVERY_DUE:
            return _("The organisation pays it back; finance notes when it has come.")
    return ""


def step_of(tranche: Tranche) -> tuple[int, int] | None:
    """Which step of how many the money has reached; None where it left the way."""
    way = WAY_OF_LARGE if needs_director(tranche) else WAY
    if tranche.state == State.PLANNED:
        return 0, len(way)
    return (way.index(tranche.state) + 1, len(way)) if tranche.state in way else None
