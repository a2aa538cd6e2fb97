"""The verbs of a tranche by the noun in their address: which move, which form, which action, what is said after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from accounts.person import Person
from foundation.language import N_
from grants.disbursements import actions, forms, lifecycle
from grants.disbursements.obstacles import needs_director, obstacles, obstacles_to_sending
from grants.disbursements.tables import Tranche
from lifecycle.move import Move


@dataclass(frozen=True)
class Act:
    move: Move
    form: type[BaseModel]
    do: Callable[..., Awaitable[None]]
    done: str


ACTS: dict[str, Act] = {
    "request": Act(
        lifecycle.REQUEST,
        forms.Simple,
        actions.request,
        N_("The tranche is requested. Your curator certifies it next."),
    ),
    "request-return": Act(
        lifecycle.SEND_BACK, forms.Reasoned, actions.send_back, N_("The request went back to the organisation.")
    ),
    "certificate": Act(
        lifecycle.CERTIFY, forms.Certificate, actions.certify, N_("Certified. Finance approves the payment next.")
    ),
    "approval": Act(lifecycle.APPROVE, forms.Simple, actions.approve, N_("The payment is approved.")),
    "return": Act(
        lifecycle.RETURN,
        forms.Reasoned,
        actions.return_payment,
        N_("The payment went back; the organisation requests it anew."),
    ),
    "authorisation": Act(lifecycle.AUTHORISE, forms.Simple, actions.authorise, N_("The payment is authorised.")),
    "revocation": Act(
        lifecycle.REVOKE,
        forms.Reasoned,
        actions.revoke,
        N_("The payment went back; the organisation requests it anew."),
    ),
    "order": Act(lifecycle.SEND, forms.Order, actions.send, N_("Noted: the payment order is at the bank.")),
    "payment": Act(lifecycle.PAY, forms.Payment, actions.pay, N_("Paid, and posted in the ledger.")),
    "failure": Act(lifecycle.FAIL, forms.Reasoned, actions.fail, N_("Noted: the payment failed.")),
    "retry": Act(
        lifecycle.RETRY, forms.Reasoned, actions.retry, N_("The tranche is due again; the organisation is told.")
    ),
    "receipt": Act(lifecycle.CONFIRM, forms.Simple, actions.confirm, N_("Thank you. Receipt is confirmed.")),
    "reversal": Act(
        lifecycle.REVERSE,
        forms.Reasoned,
        actions.reverse,
        N_("Reversed in the ledger. Finance notes anew what the bank did."),
    ),
    "recovery": Act(lifecycle.ORDER_RECOVERY, forms.Recovery, actions.order_recovery, N_("Recovery is ordered.")),
    "repayment": Act(lifecycle.RECOVER, forms.Repayment, actions.recover, N_("The repayment is posted in the ledger.")),
    "write-off": Act(lifecycle.WRITE_OFF, forms.Reasoned, actions.write_off, N_("The amount is written off.")),
}
FORWARD = frozenset({"request", "certificate", "approval"})


def open_acts(person: Person, tranche: Tranche) -> set[str]:
    """What this person can do with the tranche now: the same answer for buttons, pages and the API."""
    found = {noun for noun, act in ACTS.items() if act.move.open_to(person, tranche)}
    if obstacles(tranche):
        found -= FORWARD | {"authorisation", "order"}
    if obstacles_to_sending(tranche):
        found.discard("order")
    if not needs_director(tranche):
        found.discard("authorisation")
    if lifecycle.verified_its_account(person, tranche):
        found -= FORWARD | {"authorisation"}
    return found


async def carry_out(noun: str, tranche: Tranche, person: Person, given: Any) -> None:
    await ACTS[noun].do(tranche, person, **given.model_dump())
