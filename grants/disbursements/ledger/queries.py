"""Everything read from the ledger: entries with running totals, and whether every grant adds up."""

from __future__ import annotations

from accounts.person import Person
from foundation.database import rows


def may_see(person: Person) -> bool:
    return person.is_finance or person.is_director or person.is_auditor


# A payment noted wrongly and reversed counts as never made; `e` is an entry.
COMMITTED = "CASE e.kind WHEN 'commitment' THEN e.amount WHEN 'decommitment' THEN -e.amount ELSE 0 END"
PAID = (
    "CASE WHEN e.kind = 'payment' THEN e.amount WHEN e.kind = 'recovery' THEN -e.amount"
    " WHEN e.kind = 'reversal' AND e.tranche_id IS NOT NULL THEN -e.amount ELSE 0 END"
)


async def calls():
    return await rows(
        "SELECT c.reference, c.title_ka, c.title_en FROM call c"
        " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.call_id = c.id) ORDER BY c.reference DESC"
    )


async def balance():
    """For each currency: what was awarded, planned in tranches, committed, paid; and the two payments compared."""
    return await rows(
        "SELECT a.currency, count(*) AS awards, sum(a.amount) AS awarded, sum(k.planned) AS planned,"
        " sum(k.paid) AS paid, sum(k.committed) AS committed, sum(k.posted) AS posted"
        " FROM award a JOIN award_money k ON k.award_id = a.id WHERE award_signed(a.state)"
        " GROUP BY a.currency ORDER BY a.currency"
    )


async def differences():
    """Grants whose numbers do not agree: payments above the tranches, tranches that are not the grant, or a ledger
    that tells another sum than the tranches. Nothing here is the good answer."""
    return await rows(
        "SELECT a.reference, a.currency, a.amount, a.state, k.planned, k.cancelled, k.paid, k.posted"
        " FROM award a JOIN award_money k ON k.award_id = a.id WHERE award_signed(a.state)"
        " AND (k.paid > k.planned OR k.planned + k.cancelled <> a.amount OR k.paid <> k.posted) ORDER BY a.reference"
    )
