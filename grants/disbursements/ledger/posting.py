"""Posts to the ledger, always inside the transaction that moves the money. Corrections reverse, nothing changes.

What is credited gives, what is debited takes. Promises go from envelope: to commitments:, cash from bank: to grantee:
and, when a report is accepted, on to costs:. What is still to be paid is the commitment less the payments.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.person import Person
from foundation.database import all_of, insert, refusals, value
from foundation.language import N_
from grants.awards.tables import Award
from grants.disbursements.tables import LedgerEntry, Tranche

BANK = "bank:programme"
LOSSES = "losses:programme"

refusals(
    {
        "ledger_entry_append_only": N_("The ledger is never changed; a mistake is corrected by a reversing entry."),
        "ledger_payment_once": N_("This tranche is paid already."),
        "ledger_accounts": N_("The accounts of an entry are those of its kind and its grant."),
        "ledger_reversal": N_("A reversing entry is the same transfer the other way round."),
        "ledger_reversal_of_paid": N_("Once the organisation has confirmed the money, order recovery instead."),
        "ledger_reversal_second_person": N_("The person who noted a payment does not reverse it."),
        "ledger_commitment_of_award": N_("What is committed is the grant, once the organisation has signed."),
        "ledger_decommitment_of_rest": N_("No more goes back than is left of the commitment."),
        "ledger_recovery_of_tranche": N_("No more comes back or is written off than was ordered back."),
        "ledger_refund_once": N_("This line of the bank is posted already."),
        "ledger_refund_by_bank_line": N_(
            "Money comes back by a line of the bank: after it was paid, not in the future."
        ),
        "ledger_own_cost_of_closing": N_(
            "What was accepted and not paid stays with the organisation as the grant closes."
        ),
        "ledger_commitment_once": N_("This grant is committed already."),
        "ledger_payment_of_sent_tranche": N_("Only a tranche that was sent to the bank can be paid."),
        "ledger_carried_out": N_("What is posted in the ledger also happens, in the same step."),
        "ledger_paid_within_award": N_("The payments would be more than the grant."),
    }
)


async def commit(award: Award, person: Person, **when: datetime) -> None:
    """The envelope gives way to a promise: the agreement binds."""
    await _post("commitment", commitments(award), await envelope(award), award.amount, award, person, **when)


async def decommit(
    award: Award, amount: Decimal, person: Person, tranche: object = None, note: str | None = None, **when: datetime
) -> None:
    """What was promised and will not be paid goes back to the envelope."""
    await _post("decommitment", await envelope(award), commitments(award), amount, award, person, tranche, note, **when)


async def pay(award: Award, tranche: Tranche, person: Person, **when: Any) -> None:
    """With the `day` and the `reference` of the bank's line."""
    await _post("payment", grantee(award), BANK, tranche.amount, award, person, tranche, **when)


async def recover(award: Award, tranche: Tranche, amount: Decimal, person: Person, **when: Any) -> None:
    """One line of the bank, by its `day` and `reference`; there may be several until all is back."""
    await _post("recovery", BANK, grantee(award), amount, award, person, tranche, **when)


async def write_off(award: Award, tranche: Tranche, amount: Decimal, person: Person, note: str) -> None:
    await _post("write_off", LOSSES, grantee(award), amount, award, person, tranche, note)


async def accept_cost(award: Award, amount: Decimal, person: Person, note: str, **when: datetime) -> None:
    """An accepted report turns what the grantee holds into cost of the programme."""
    await _post("accepted_cost", f"costs:{award.reference}", grantee(award), amount, award, person, None, note, **when)


async def leave_cost(award: Award, amount: Decimal, person: Person) -> None:
    """What was accepted beyond what was paid stays with the organisation when the grant closes."""
    await _post("own_cost", grantee(award), f"costs:{award.reference}", amount, award, person)


async def take_back_cost(award: Award, person: Person, note: str) -> None:
    """What was accepted under this note is not any more: each entry gets its reverse, once."""
    standing = await all_of(
        LedgerEntry,
        "SELECT * FROM standing_entry WHERE award_id = $1 AND kind = 'accepted_cost' AND note = $2",
        award.id,
        note,
    )
    for entry in standing:
        await _reverse(entry, person, note)


async def reverse_payment(award: Award, tranche: Tranche, person: Person, reason: str) -> None:
    """A payment that was noted and did not take place."""
    standing = await all_of(
        LedgerEntry,
        "SELECT * FROM standing_entry WHERE award_id = $1 AND tranche_id = $2 AND kind = 'payment'",
        award.id,
        tranche.id,
    )
    for entry in standing:
        await _reverse(entry, person, reason)


async def _reverse(entry: LedgerEntry, person: Person, note: str) -> None:
    await insert(
        LedgerEntry, kind="reversal", debit=entry.credit, credit=entry.debit, amount=entry.amount,
        currency=entry.currency, call_id=entry.call_id, award_id=entry.award_id, tranche_id=entry.tranche_id,
        actor=person.id, note=note, reverses=entry.id,
    )  # fmt: skip


def commitments(award: Award) -> str:
    return f"commitments:{award.reference}"


def grantee(award: Award) -> str:
    return f"grantee:{award.reference}"


async def envelope(award: Award) -> str:
    return f"envelope:{await value('SELECT reference FROM call WHERE id = $1', award.call_id)}"


async def _post(kind, debit, credit, amount, award, person, tranche=None, note=None, **when) -> None:
    """`at` is given only for history that is brought in; whatever happens now, the database stamps."""
    await insert(
        LedgerEntry,
        kind=kind,
        debit=debit,
        credit=credit,
        amount=amount,
        currency=award.currency,
        call_id=award.call_id,
        award_id=award.id,
        tranche_id=tranche.id if tranche is not None else None,
        actor=person.id,
        note=note,
        **when,
    )
