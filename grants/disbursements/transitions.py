"""Every step of a tranche, from falling due to the confirmed receipt, and back. Locks award, then tranche, then the
events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from functools import partial

from accounts.person import Person
from foundation.clock import TBILISI, today
from foundation.database import execute, get, lock, one_of, row
from foundation.language import N_, day
from foundation.language import gettext as _
from foundation.money import money
from foundation.refused import Refused
from grants.awards.lifecycle import of_closed_grant
from grants.awards.tables import Award
from grants.disbursements import forms, queries
from grants.disbursements.exchange import EXCHANGE, exchange_of
from grants.disbursements.ledger import posting
from grants.disbursements.lifecycle import (
    State,
    its_curator,
    its_director,
    its_finance,
    its_finance_or_director,
    its_order_corrector,
    its_reverser,
    its_signatory,
    the_clock,
)
from grants.disbursements.obstacles import (
    VERIFIER_APART,
    before_agreeing,
    before_authorising,
    before_sending,
)
from grants.disbursements.tables import BankAccount, Tranche
from lifecycle.record import record
from lifecycle.transition import Told, Transition

# what a tranche forgets when it goes back to be requested anew; the log keeps it
ANEW = {
    "requested_by": None, "requested_at": None, "bank_account_id": None, "certified_by": None, "certified_at": None,
    "certificate": None, "approved_by": None, "approved_at": None, "authorised_by": None, "authorised_at": None,
    "sent_by": None, "sent_at": None, "sent_on": None, "order_reference": None, "order_corrected_by": None,
    "exchange_rate": None, "exchange_currency": None, "exchange_source": None,
}  # fmt: skip


async def lock_for_update(tranche: Tranche, revision: int | None = None) -> None:
    """The award first, as the database's own rules take it too; then the tranche, with the award's facts afresh."""
    await execute("SELECT 1 FROM award WHERE id = $1 FOR UPDATE", tranche.award_id)
    await lock(tranche, revision)
    fresh = await queries.tranche_by_id(tranche.id)
    vars(tranche).update(vars(fresh))


Steps = AsyncIterator[Told]
step = partial(Transition, "tranche", lock_row=lock_for_update)
agreed = partial(step, form=forms.Simple)
with_reason = partial(step, form=forms.Reasoned, reason="reason", look="bad")


# forwards ------------------------------------------------------------------------------------------------------

becoming_due = step(
    "", "tranche.due", {State.PLANNED}, State.DUE, the_clock, writes=("due_at",),
    history=N_("All conditions are fulfilled: the tranche is ready to request"),
)  # fmt: skip


@agreed(
    "request", "tranche.requested", {State.DUE}, State.REQUESTED, its_signatory, obstacle=before_agreeing,
    stamp="requested", writes=("bank_account_id",), icon="send",
    button=lambda tranche: _("Request {amount}", amount=money(tranche.amount, tranche.currency)),
    hint=N_(
        "The money goes to the verified account of your organisation. Your curator certifies the request, finance pays."
    ),
    history=N_("The organisation requested the tranche"),
    done=N_("The tranche is requested. Your curator certifies it next."),
)  # fmt: skip
async def request(tranche: Tranche, person: Person) -> Steps:
    """To the account that is verified now; the request stays bound to it."""
    account = await one_of(BankAccount, "SELECT * FROM bank_account WHERE id = $1 FOR SHARE", tranche.active_account_id)
    if account is None or account.retired_at:
        raise Refused(_("The organisation has no verified bank account."))
    if person.id == account.verified_by:
        raise Refused(_(VERIFIER_APART))
    yield {"bank_account_id": account.id}


@step(
    "certificate", "tranche.certified", {State.REQUESTED}, State.CERTIFIED, its_curator, obstacle=before_agreeing,
    form=forms.Certificate, stamp="certified", writes=("certificate",),
    button=N_("Certify the request"), icon="badge-check",
    history=N_("The curator certified the request"), done=N_("Certified. Finance approves the payment next."),
)  # fmt: skip
async def certify(tranche: Tranche, person: Person, certificate: str) -> Steps:
    """The curator of the municipality says in words on what evidence the conditions stand."""
    yield {"certificate": certificate}


approve = agreed(
    "approval", "tranche.approved", {State.CERTIFIED}, State.APPROVED, its_finance, obstacle=before_agreeing,
    stamp="approved", icon="check",
    button=lambda tranche: _("Approve the payment of {amount}", amount=money(tranche.amount, tranche.currency)),
    hint=N_(
        "You approve that this amount goes to this account. You have neither requested nor certified it, nor verified"
        " the account."
    ),
    history=N_("Finance approved the payment"), done=N_("The payment is approved."),
)  # fmt: skip
authorise = agreed(
    "authorisation", "tranche.authorised", {State.APPROVED}, State.AUTHORISED, its_director,
    obstacle=before_authorising, stamp="authorised", icon="check",
    button=lambda tranche: _("Authorise the payment of {amount}", amount=money(tranche.amount, tranche.currency)),
    hint=lambda tranche: _(
        "Payments from {amount} need the director's authorisation.",
        amount=money(tranche.director_threshold, tranche.currency),
    ),
    history=N_("The director authorised the payment"), done=N_("The payment is authorised."),
)  # fmt: skip


@step(
    "order", "tranche.sent", {State.APPROVED, State.AUTHORISED}, State.SENT, its_finance, obstacle=before_sending,
    form=forms.Order, stamp="sent", writes=("order_reference", "sent_on", *EXCHANGE),
    button=N_("The order is at the bank"), icon="send",
    history=N_("The payment order was sent to the bank"), done=N_("Noted: the payment order is at the bank."),
)  # fmt: skip
async def send(
    tranche: Tranche, person: Person, order_reference: str, exchange_rate: Decimal | None = None,
    sent_on: date | None = None, exchange_currency: forms.Currency | None = None, exchange_source: str | None = None,
) -> Steps:  # fmt: skip
    """On its true day, which may be noted later. Into an account in another currency at the rate that is written, with
    its source, or else by the programme's method."""
    sent_on = sent_on or today()
    await _refuse_odd_order(tranche, sent_on)
    await _refuse_used("order_reference", order_reference, tranche)
    exchange = await exchange_of(tranche, sent_on, exchange_currency, exchange_rate, exchange_source)
    yield {"order_reference": order_reference, "sent_on": sent_on, **exchange}


@with_reason(
    "order-correction", "tranche.order_corrected", {State.SENT}, None, its_order_corrector, form=forms.CorrectedOrder,
    writes=("order_reference", "sent_on", "order_corrected_by"), prefilled=("order_reference", "sent_on"),
    button=N_("Correct the order"), labels={"reason": N_("What was noted wrongly?")},
    hint=N_("What was noted before stays in the history. Nothing is sent again."),
    history=N_("What was noted of the payment order was corrected"),
    done=N_("The order is corrected; both stay on record."),
)  # fmt: skip
async def correct_order(tranche: Tranche, person: Person, order_reference: str, sent_on: date, reason: str) -> Steps:
    """The order stays at the bank as it was; only what was noted of it was wrong."""
    if (order_reference, sent_on) == (tranche.order_reference, tranche.sent_on):
        raise Refused(_("This is what is noted already."))
    await _refuse_odd_order(tranche, sent_on)
    if order_reference != tranche.order_reference:
        await _refuse_used("order_reference", order_reference, tranche)
    before = {"order_reference": tranche.order_reference, "sent_on": str(tranche.sent_on)}
    facts = {"order_reference": order_reference, "sent_on": sent_on, "order_corrected_by": person.id}
    yield facts, {"before": before, "after": {"order_reference": order_reference, "sent_on": str(sent_on)}}


@step(
    "payment", "tranche.paid", {State.SENT}, State.PAID, its_finance, form=forms.Payment,
    writes=("paid_by", "paid_on", "bank_reference"), button=N_("The bank paid"), icon="check",
    history=N_("The bank paid the tranche"), done=N_("Paid, and posted in the ledger."),
)  # fmt: skip
async def pay(tranche: Tranche, person: Person, bank_reference: str, paid_on: date) -> Steps:
    """The bank's line is here: the ledger first, then the tranche. Whoever comes second finds it paid."""
    _refuse_odd_day(tranche, paid_on)
    await _refuse_used("bank_reference", bank_reference, tranche)
    await posting.pay(await _award_of(tranche), tranche, person, day=paid_on, reference=bank_reference)
    facts = {"paid_by": person.id, "paid_on": paid_on, "bank_reference": bank_reference}
    yield facts, {"amount": str(tranche.amount), "currency": tranche.currency}


confirm = agreed(
    "receipt", "tranche.confirmed", {State.PAID}, State.CONFIRMED, its_signatory, stamp="confirmed",
    button=N_("The money came"), icon="check",
    history=N_("The organisation confirmed receipt"), done=N_("Thank you. Receipt is confirmed."),
)  # fmt: skip


# back ----------------------------------------------------------------------------------------------------------

WHY_BACK = {"reason": N_("Why does it go back?")}
send_back = with_reason(
    "request-return", "tranche.request_returned", {State.REQUESTED}, State.DUE, its_curator, facts=ANEW,
    button=N_("Return the request"), labels={"reason": N_("What is missing?")},
    history=N_("The request was returned to the organisation"), done=N_("The request went back to the organisation."),
)  # fmt: skip
return_payment = with_reason(
    "return", "tranche.returned", {State.CERTIFIED, State.APPROVED}, State.DUE, its_finance_or_director, facts=ANEW,
    button=N_("Return the payment"), labels=WHY_BACK,
    history=N_("The payment was returned"), done=N_("The payment was returned; the organisation requests it again."),
)  # fmt: skip
revoke = with_reason(
    "revocation", "tranche.authorisation_revoked", {State.AUTHORISED}, State.DUE, its_director, facts=ANEW,
    button=N_("Take the authorisation back"), labels=WHY_BACK,
    history=N_("The director took the authorisation back"),
    done=N_("The payment was returned; the organisation requests it again."),
)  # fmt: skip


@with_reason(
    "failure", "tranche.failed", {State.SENT}, State.FAILED, its_finance,
    button=N_("The payment failed"), labels={"reason": N_("What did the bank say?")},
    history=N_("The payment failed"), done=N_("Noted: the payment failed."),
)  # fmt: skip
async def fail(tranche: Tranche, person: Person, reason: str) -> Steps:
    yield {}, {"order_reference": tranche.order_reference}


retry = with_reason(
    "retry", "tranche.retried", {State.FAILED}, State.DUE, its_finance, facts=ANEW,
    button=N_("Let it be requested again"), labels={"reason": N_("What has changed?")},
    history=N_("The failed payment may be requested again"),
    done=N_("The tranche can be requested again; we have told the organisation."),
)  # fmt: skip


@with_reason(
    "reversal", "tranche.payment_reversed", {State.PAID}, State.SENT, its_reverser,
    facts={"paid_by": None, "paid_on": None, "bank_reference": None},
    button=N_("Reverse the payment in the ledger"), hint=N_("The bank did not pay this"),
    labels={"reason": N_("What was noted wrongly, and what does the bank say?")},
    history=N_("A payment noted wrongly was reversed in the ledger"),
    done=N_("Reversed in the ledger. Finance notes again what the bank did."),
)  # fmt: skip
async def reverse(tranche: Tranche, person: Person, reason: str) -> Steps:
    """The bank did not do what was noted. The ledger gets the reverse, and the order is at the bank as before."""
    noted = {name: str(getattr(tranche, name)) for name in ("bank_reference", "paid_on", "amount")}
    await posting.reverse_payment(await _award_of(tranche), tranche, person, reason)
    yield {}, noted


@step(
    "", "tranche.cancelled",
    {
        State.PLANNED, State.DUE, State.REQUESTED, State.CERTIFIED, State.APPROVED, State.AUTHORISED, State.FAILED,
    },
    State.CANCELLED, the_clock, history=N_("The tranche was cancelled"),
)  # fmt: skip
async def cancel(tranche: Tranche, person: Person, because: str) -> Steps:
    """By the system, when the award ends or closes; `because` names its event. What was committed is given back."""
    award = await _award_of(tranche)
    if await row("SELECT 1 FROM ledger_entry WHERE award_id = $1 AND kind = 'commitment'", award.id):
        await posting.decommit(award, tranche.amount, person, tranche)
    yield {}, {"because": because}


# recovery ------------------------------------------------------------------------------------------------------


@with_reason(
    "recovery", "tranche.recovery_ordered", {State.PAID, State.CONFIRMED, State.RECOVERED, State.WRITTEN_OFF},
    State.RECOVERY_DUE, its_director, obstacle=of_closed_grant, form=forms.Recovery,
    writes=("recovery_amount",), button=N_("Order recovery"),
    labels={"reason": N_("On what finding does it rest?")},
    history=N_("The director ordered recovery"), done=N_("Recovery is ordered."),
)  # fmt: skip
async def order_recovery(tranche: Tranche, person: Person, amount: Decimal, reason: str) -> Steps:
    """In parts, where more is found later: what was ordered before stays ordered."""
    before = tranche.recovery_amount or Decimal(0)
    if before + amount > tranche.amount:
        if before:
            left = money(tranche.amount - before, tranche.currency)
            raise Refused(_("No more than {amount} of it can still be ordered back.", amount=left))
        raise Refused(_("No more than {amount} was paid.", amount=money(tranche.amount, tranche.currency)))
    yield {"recovery_amount": before + amount}, {"amount": str(amount)}


@step(
    "repayment", "tranche.recovered", {State.RECOVERY_DUE}, State.RECOVERED, its_finance, form=forms.Repayment,
    writes=("recovered_on", "recovery_reference"), button=N_("The money was returned"), icon="undo-2",
    history=N_("The money was recovered"), done=N_("The repayment is posted in the ledger."),
    noted=N_("This part is posted in the ledger; the rest is still to come back."),
)  # fmt: skip
async def recover(
    tranche: Tranche, person: Person, recovered_on: date, reference: str, amount: Decimal | None = None
) -> Steps:
    """All of what is still due, or a part of it: each line of the bank by its own reference."""
    amount = tranche.outstanding if amount is None else amount
    if amount > tranche.outstanding:
        due = money(tranche.outstanding, tranche.currency)
        raise Refused(_("No more than {amount} is still to come back.", amount=due))
    if recovered_on > today() or recovered_on < tranche.paid_on:
        raise Refused(_("The day lies before the payment or in the future."))
    if await row("SELECT 1 FROM ledger_entry WHERE kind = 'recovery' AND reference = $1", reference):
        raise Refused(_("This line of the bank is posted already."))
    await posting.recover(await _award_of(tranche), tranche, amount, person, day=recovered_on, reference=reference)
    came = {"amount": str(amount), "reference": reference, "day": str(recovered_on)}
    if amount < tranche.outstanding:
        await record("tranche.repaid_in_part", person, tranche, **came)
        return
    yield {"recovered_on": recovered_on, "recovery_reference": reference}, came


@with_reason(
    "write-off", "tranche.written_off", {State.RECOVERY_DUE}, State.WRITTEN_OFF, its_director,
    button=N_("Write the amount off"), labels={"reason": N_("Why can it not be recovered?")},
    history=N_("The amount was written off"), done=N_("The amount is written off."),
)  # fmt: skip
async def write_off(tranche: Tranche, person: Person, reason: str) -> Steps:
    """What has not come back of it."""
    lost = tranche.outstanding
    await posting.write_off(await _award_of(tranche), tranche, lost, person, reason)
    yield {}, {"amount": str(lost)}


# in the order of the page: what brings the money on its way, then what leads aside
STEPS = (
    request, certify, approve, authorise, send, pay, confirm, recover, send_back, return_payment, revoke, fail, retry,
    correct_order, reverse, order_recovery, write_off,
)  # fmt: skip


# checks --------------------------------------------------------------------------------------------------------


async def _refuse_odd_order(tranche: Tranche, sent_on: date) -> None:
    award = await _award_of(tranche)
    begun = award.countersigned_at and award.countersigned_at.astimezone(TBILISI).date()
    if sent_on > today() or (begun and sent_on < begun):
        raise Refused(_("An order is sent between the day both had signed, {signed}, and today.", signed=day(begun)))


async def _award_of(tranche: Tranche) -> Award:
    award = await get(Award, tranche.award_id)
    assert award is not None
    return award


async def _refuse_used(column: str, reference: str, tranche: Tranche) -> None:
    """Said before the database says it, with the place where the reference stands."""
    other = await row(
        f"SELECT a.reference, t.number FROM tranche t JOIN award a ON a.id = t.award_id"
        f" WHERE t.{column} = $1 AND t.id <> $2 LIMIT 1",
        reference,
        tranche.id,
    )
    if other:
        raise Refused(
            _(
                "Tranche {number} of {award} already has this reference.",
                number=other["number"],
                award=other["reference"],
            )
        )


def _refuse_odd_day(tranche: Tranche, paid_on: date) -> None:
    sent_on = tranche.sent_on or tranche.sent_at.astimezone(TBILISI).date()
    if paid_on < sent_on or paid_on > today():
        raise Refused(_("The bank pays between the day the order was sent, {sent}, and today.", sent=day(sent_on)))
