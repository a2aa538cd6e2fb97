"""Every verb of a tranche, from its conditions to the confirmed receipt. Locks award, then tranche, then the events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import TBILISI, now, today
from foundation.database import execute, get, lock, one_of, refusals, row, transaction, update
from foundation.language import N_, day
from foundation.language import gettext as _
from foundation.money import money
from foundation.refused import NotAllowed, Refused
from grants.awards.tables import Award
from grants.disbursements import lifecycle, queries
from grants.disbursements.ledger import posting
from grants.disbursements.lifecycle import ConditionKind, State
from grants.disbursements.obstacles import obstacles, obstacles_to_sending
from grants.disbursements.tables import BankAccount, Tranche, TrancheCondition
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received

VERIFIER_APART = N_("Whoever verified the bank account neither asks for payments to it nor agrees to them.")
refusals(
    {
        "tranche_terms_frozen": N_("Tranches and conditions change only while the agreement is drafted."),
        "tranche_within_award": N_("The tranches add up to more than the grant."),
        "tranche_paid_frozen": N_("What was paid is not changed any more."),
        "tranche_condition_true": N_("A condition is fulfilled only when what it asks for is there."),
        "tranche_persons_frozen": N_("Who asked, certified and approved stays as it is."),
        "tranche_after_signature": N_(
            "Nothing is paid before both sides have signed, nor while the grant is suspended."
        ),
        "tranche_final_only": N_("After the end date only the last tranche is still paid."),
        "tranche_conditions_fulfilled": N_("A condition of this tranche is not fulfilled yet."),
        "tranche_account_verified": N_("The bank account is not verified."),
        "tranche_account_cooling": N_("The bank account was verified too recently."),
        "tranche_verifier_apart": VERIFIER_APART,
        "tranche_director_threshold": N_("A payment this large needs the director's authorisation."),
        "tranche_second_person": N_("Whoever asked or certified cannot approve the payment."),
        "tranche_third_person": N_("Whoever certified or approved cannot authorise the payment."),
        "tranche_bank_reference": N_("This bank reference stands at another payment already."),
        "tranche_order_reference": N_("This order reference stands at another payment already."),
        "tranche_paid_in_ledger": N_("The ledger does not carry this payment."),
        "tranche_reversed_in_ledger": N_("The ledger still carries this payment."),
        "tranche_settled_in_ledger": N_("The ledger does not carry what became of this tranche."),
        "tranche_recovery_facts": N_("No more can be recovered than was paid."),
        "tranche_condition_fulfilled": N_("This condition is fulfilled already."),
    }
)

# what a tranche forgets when it goes back to be requested anew; the log keeps it
ANEW = {
    "requested_by": None, "requested_at": None, "bank_account_id": None, "certified_by": None, "certified_at": None,
    "certificate": None, "approved_by": None, "approved_at": None, "authorised_by": None, "authorised_at": None,
    "sent_by": None, "sent_at": None, "order_reference": None, "exchange_rate": None,
}  # fmt: skip


# conditions ----------------------------------------------------------------------------------------------------


async def fulfil(
    condition: TrancheCondition,
    person: Person,
    evidence: Received | None = None,
    note: str | None = None,
) -> None:
    """The curator says that a document has come, with the document. Other conditions fulfil themselves."""
    async with transaction():
        tranche = await hold_of(condition)
        if not may_fulfil(person, tranche, condition):
            raise NotAllowed(_("You may not do this here."))
        upload = await keep(evidence, person) if evidence else None
        await _fulfil(condition, tranche, person, evidence_upload_id=upload.id if upload else None, note=note)


def may_fulfil(person: Person, tranche: Tranche, condition: TrancheCondition) -> bool:
    return (
        condition.kind == ConditionKind.DOCUMENT
        and tranche.state == State.PLANNED
        and person.curates(tranche.municipality_id)
    )


async def fulfil_for_report(report_due_id: UUID, person: Person) -> None:
    """Monitoring has accepted the report of this line of the calendar. It locks the award, so it is called before
    the caller writes an event of its own, or from a notice."""
    await _fulfil_all(await queries.open_conditions("report_accepted", report_due_id=report_due_id), person)


async def fulfil_for_visit(award_id: UUID, person: Person) -> None:
    """Monitoring has approved a visit: the first tranche that waits for one goes on. Locks as above."""
    await _fulfil_all((await queries.open_conditions("visit_approved", award_id=award_id))[:1], person)


async def fulfil_agreement(award: Award, person: Person) -> None:
    await _fulfil_all(await queries.open_conditions("agreement_active", award_id=award.id), person)


async def fulfil_date(condition: TrancheCondition) -> None:
    if condition.due_on <= today():
        await _fulfil_all([condition], SYSTEM)


async def _fulfil_all(conditions: list[TrancheCondition], person: Person) -> None:
    for condition in conditions:
        async with transaction():
            await _fulfil(condition, await hold_of(condition), person)


async def _fulfil(condition: TrancheCondition, tranche: Tranche, person: Person, **evidence) -> None:
    fresh = await get(TrancheCondition, condition.id)
    if fresh is None or fresh.fulfilled_at is not None:
        return
    await update(condition, fulfilled_at=now(), fulfilled_by=person.id, **evidence)
    await record("tranche.condition_fulfilled", person, tranche, kind=condition.kind)
    await fall_due_if_ready(tranche)


async def fall_due_if_ready(tranche: Tranche) -> None:
    """Planned → due as soon as nothing is missing and the agreement runs."""
    async with transaction():
        await hold(tranche)
        if tranche.state != State.PLANNED or obstacles(tranche):
            return
        await lifecycle.FALL_DUE.make(SYSTEM, tranche, due_at=now())


# forwards ------------------------------------------------------------------------------------------------------


async def request(tranche: Tranche, person: Person, revision: int | None = None) -> None:
    """To the account that is verified now; the request stays bound to it."""
    async with transaction():
        await hold(tranche, revision)
        lifecycle.REQUEST.require(person, tranche)
        refuse_obstacles(obstacles(tranche))
        account = await one_of(
            BankAccount, "SELECT * FROM bank_account WHERE id = $1 FOR SHARE", tranche.active_account_id
        )
        if account is None or account.retired_at:
            raise Refused(_("The organisation has no verified bank account."))
        if person.id == account.verified_by:
            raise Refused(_(VERIFIER_APART))
        await lifecycle.REQUEST.make(
            person, tranche, requested_by=person.id, requested_at=now(), bank_account_id=account.id
        )


async def certify(tranche: Tranche, person: Person, certificate: str, revision: int | None = None) -> None:
    """The curator of the municipality says in words on what evidence the conditions stand."""
    async with transaction():
        await hold(tranche, revision)
        lifecycle.CERTIFY.require(person, tranche)
        refuse_obstacles(obstacles(tranche))
        refuse_verifier(tranche, person)
        await lifecycle.CERTIFY.make(
            person, tranche, certified_by=person.id, certified_at=now(), certificate=certificate
        )


async def approve(tranche: Tranche, person: Person, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        lifecycle.APPROVE.require(person, tranche)
        refuse_obstacles(obstacles(tranche))
        refuse_verifier(tranche, person)
        await lifecycle.APPROVE.make(person, tranche, approved_by=person.id, approved_at=now())


async def authorise(tranche: Tranche, person: Person, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        lifecycle.AUTHORISE.require(person, tranche)
        refuse_obstacles(obstacles(tranche))
        refuse_verifier(tranche, person)
        await lifecycle.AUTHORISE.make(person, tranche, authorised_by=person.id, authorised_at=now())


async def send(
    tranche: Tranche,
    person: Person,
    order_reference: str,
    exchange_rate: Decimal | None = None,
    revision: int | None = None,
) -> None:
    async with transaction():
        await hold(tranche, revision)
        lifecycle.SEND.require(person, tranche)
        refuse_obstacles(obstacles_to_sending(tranche))
        await refuse_used("order_reference", order_reference, tranche)
        await lifecycle.SEND.make(
            person,
            tranche,
            sent_by=person.id,
            sent_at=now(),
            order_reference=order_reference,
            exchange_rate=exchange_rate,
        )


async def pay(
    tranche: Tranche, person: Person, bank_reference: str, paid_on: date, revision: int | None = None
) -> None:
    """The bank's line is here: the ledger first, then the tranche. Whoever comes second finds it paid."""
    async with transaction():
        award = await hold(tranche, revision)
        lifecycle.PAY.require(person, tranche)
        refuse_odd_day(tranche, paid_on)
        await refuse_used("bank_reference", bank_reference, tranche)
        await posting.pay(award, tranche, person)
        await lifecycle.PAY.make(
            person,
            tranche,
            payload={"amount": str(tranche.amount), "currency": tranche.currency},
            paid_by=person.id,
            paid_on=paid_on,
            bank_reference=bank_reference,
        )


async def reverse(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    """The bank did not do what was noted. The ledger gets the reverse, and the order is at the bank as before."""
    async with transaction():
        award = await hold(tranche, revision)
        lifecycle.REVERSE.require(person, tranche, reason)
        noted = {
            "bank_reference": tranche.bank_reference,
            "paid_on": str(tranche.paid_on),
            "amount": str(tranche.amount),
        }
        await posting.reverse_payment(award, tranche, person, reason)
        await lifecycle.REVERSE.make(
            person, tranche, reason, payload=noted, paid_by=None, paid_on=None, bank_reference=None
        )


async def confirm(tranche: Tranche, person: Person, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.CONFIRM.make(person, tranche, confirmed_by=person.id, confirmed_at=now())


# back ----------------------------------------------------------------------------------------------------------


async def send_back(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.SEND_BACK.make(person, tranche, reason, **ANEW)


async def return_payment(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.RETURN.make(person, tranche, reason, **ANEW)


async def revoke(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.REVOKE.make(person, tranche, reason, **ANEW)


async def fail(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.FAIL.make(person, tranche, reason, payload={"order_reference": tranche.order_reference})


async def retry(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        await hold(tranche, revision)
        await lifecycle.RETRY.make(person, tranche, reason, **ANEW)


async def cancel(tranche: Tranche, because: str) -> None:
    """By the system, when the award ends or closes; `because` names its event. What was committed is given back."""
    async with transaction():
        award = await hold(tranche)
        lifecycle.CANCEL.require(SYSTEM, tranche)
        if await row("SELECT 1 FROM ledger_entry WHERE award_id = $1 AND kind = 'commitment'", award.id):
            await posting.decommit(award, tranche.amount, SYSTEM, tranche)
        await lifecycle.CANCEL.make(SYSTEM, tranche, payload={"because": because})


# recovery ------------------------------------------------------------------------------------------------------


async def order_recovery(
    tranche: Tranche, person: Person, amount: Decimal, reason: str, revision: int | None = None
) -> None:
    async with transaction():
        await hold(tranche, revision)
        lifecycle.ORDER_RECOVERY.require(person, tranche, reason)
        if amount > tranche.amount:
            raise Refused(_("No more than {amount} was paid.", amount=money(tranche.amount, tranche.currency)))
        await lifecycle.ORDER_RECOVERY.make(
            person, tranche, reason, payload={"amount": str(amount)}, recovery_amount=amount
        )


async def recover(
    tranche: Tranche, person: Person, recovered_on: date, reference: str, revision: int | None = None
) -> None:
    async with transaction():
        award = await hold(tranche, revision)
        lifecycle.RECOVER.require(person, tranche)
        if recovered_on > today() or recovered_on < tranche.paid_on:
            raise Refused(_("The day lies before the payment or in the future."))
        await posting.recover(award, tranche, tranche.recovery_amount, person)
        await lifecycle.RECOVER.make(person, tranche, recovered_on=recovered_on, recovery_reference=reference)


async def write_off(tranche: Tranche, person: Person, reason: str, revision: int | None = None) -> None:
    async with transaction():
        award = await hold(tranche, revision)
        lifecycle.WRITE_OFF.require(person, tranche, reason)
        await posting.write_off(award, tranche, tranche.recovery_amount, person, reason)
        await lifecycle.WRITE_OFF.make(person, tranche, reason)


# checks and locks ----------------------------------------------------------------------------------------------


async def hold(tranche: Tranche, revision: int | None = None) -> Award:
    """The award first, as the database's own rules take it too; then the tranche, with the award's facts afresh."""
    await execute("SELECT 1 FROM award WHERE id = $1 FOR UPDATE", tranche.award_id)
    await lock(tranche, revision)
    fresh = await queries.tranche_by_id(tranche.id)
    for name, content in vars(fresh).items():
        setattr(tranche, name, content)
    award = await get(Award, tranche.award_id)
    assert award is not None
    return award


async def hold_of(condition: TrancheCondition) -> Tranche:
    tranche = await get(Tranche, condition.tranche_id)
    if tranche is None:
        raise Refused(_("This record no longer exists."))
    await hold(tranche)
    return tranche


def refuse_obstacles(found: list[str]) -> None:
    if found:
        raise Refused(" ".join(found))


def refuse_verifier(tranche: Tranche, person: Person) -> None:
    if lifecycle.verified_its_account(person, tranche):
        raise Refused(_(VERIFIER_APART))


async def refuse_used(column: str, reference: str, tranche: Tranche) -> None:
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
                "This reference stands at tranche {number} of {award} already.",
                number=other["number"],
                award=other["reference"],
            )
        )


def refuse_odd_day(tranche: Tranche, paid_on: date) -> None:
    sent_on = tranche.sent_at.astimezone(TBILISI).date()
    if paid_on < sent_on or paid_on > today():
        raise Refused(
            _(
                "The bank pays between the day the order was sent, {sent}, and today.",
                sent=day(sent_on),
            )
        )
