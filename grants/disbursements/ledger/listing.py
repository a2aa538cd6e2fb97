"""The entries of the ledger, newest first, with what everything up to each came to."""

from __future__ import annotations

from enum import StrEnum

from accounts.listing import KNOWN_CALL
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND
from foundation.database import Row
from foundation.language import N_, labels, pick_text
from grants.awards.queries import AWARDS_FOUND
from grants.disbursements.ledger import queries
from web.lists.listing import Choices, Column, Filter, Listing, everything


class Kind(StrEnum):
    COMMITMENT = "commitment"
    PAYMENT = "payment"
    DECOMMITMENT = "decommitment"
    RECOVERY = "recovery"
    WRITE_OFF = "write_off"
    ACCEPTED_COST = "accepted_cost"
    OWN_COST = "own_cost"
    REVERSAL = "reversal"


labels(
    Kind,
    {
        Kind.COMMITMENT: N_("commitment"),
        Kind.PAYMENT: N_("payment"),
        Kind.DECOMMITMENT: N_("de-commitment"),
        Kind.RECOVERY: N_("recovery"),
        Kind.WRITE_OFF: N_("write-off"),
        Kind.ACCEPTED_COST: N_("accepted cost"),
        Kind.OWN_COST: N_("cost left to the organisation"),
        Kind.REVERSAL: N_("reversal"),
    },
)


async def choices(_person: Person) -> Choices:
    found = await queries.calls()
    return {"call": [(each["reference"], f"{each['reference']} · {pick_text(each, 'title')}") for each in found]}


def organisation_of(row: Row) -> str:
    return pick_text(row, "organisation") if row["award_reference"] else ""


LEDGER = Listing[Person](
    name="ledger",
    path="/ledger",
    title=N_("Ledger"),
    meta=N_(
        "Every movement of money once. Nothing here is ever changed; a mistake is corrected by a reversing entry."
    ),
    source="ledger_entry e",
    key="e.id",
    origin="a.source",
    marked="e.award_id",
    joins={
        "a": "LEFT JOIN award a ON a.id = e.award_id",
        "o": "LEFT JOIN organisation o ON o.id = a.organisation_id",
        "t": "LEFT JOIN tranche t ON t.id = e.tranche_id",
        "w": "LEFT JOIN account w ON w.id = e.actor",
        "r": "LEFT JOIN ledger_entry r ON r.reverses = e.id",
        "g": "JOIN reference_of_award g ON g.id = coalesce(e.award_id, '00000000-0000-0000-0000-000000000000')",
        # everything up to that entry, whatever is filtered
        "s": "JOIN (SELECT e.id, "
             f"sum({queries.COMMITTED}) OVER (PARTITION BY e.currency ORDER BY e.id) AS committed,"
             f" sum({queries.PAID}) OVER (PARTITION BY e.currency ORDER BY e.id) AS paid FROM ledger_entry e) s"
             " ON s.id = e.id",
    },
    visible_to=everything,
    who=queries.may_see,
    order="-time",
    size=50,
    columns=[
        Column("time", "e.id", N_("No."), sort="e.id"),
        Column("at", "e.at", N_("Time"), "moment"),
        Column("kind", "e.kind", N_("Kind"), "word", of=Kind),
        Column("grant", "a.reference", N_("Grant"), sort="g.reference", file=False),
        Column("credit", "e.credit", N_("From where to where"), titles=(N_("Credit"),)),
        Column("debit", "e.debit", N_("Debit"), page=False),
        Column("amount", "e.amount", N_("Amount"), "money", sort="e.amount"),
        Column("currency", "e.currency", N_("Currency"), page=False),
        Column("award_reference", "a.reference", N_("Grant"), page=False),
        Column("tranche_number", "t.number", N_("Tranche"), page=False),
        Column("organisation", "o.name", N_("Organisation"), "pair", page=False, value=organisation_of),
        Column("actor_name", "w.name", N_("By"), page=False),
        Column("committed", "s.committed", N_("Committed so far"), "money"),
        Column("paid", "s.paid", N_("Paid up to here"), "money"),
        Column("day", "e.day", N_("Day at the bank"), page=False),
        Column("reference", "e.reference", N_("Reference of the bank's line"), page=False),
        Column("note", "e.note", N_("Note"), page=False),
        Column("id", "e.id"), Column("reverses", "e.reverses"), Column("reversed_by", "r.id"),
        Column("tranche_id", "e.tranche_id"),
    ],
    filters=[
        Filter("kind", N_("Kind"), "e.kind = ?", of=Kind, blank=N_("All kinds")),
        Filter("call", N_("Call"), "e.call_id = (SELECT id FROM call WHERE reference = ?)", blank=N_("All calls"),
               known=KNOWN_CALL),
        Filter("since", N_("From"), "e.at >= ?::date::timestamp AT TIME ZONE 'Asia/Tbilisi'", kind="date"),
        Filter("until", N_("Until"), "e.at < (?::date + 1)::timestamp AT TIME ZONE 'Asia/Tbilisi'", kind="date"),
    ],
    search=(
        f"e.award_id = {AWARDS_FOUND} OR e.tranche_id = ANY(ARRAY(SELECT id FROM tranche f"
        " WHERE words(f.order_reference, f.bank_reference) ILIKE ?)) OR words(e.debit, e.credit, e.note) ILIKE ?"
        " OR e.reference ILIKE ?"
        f" OR e.award_id = ANY(ARRAY(SELECT id FROM award f WHERE f.organisation_id = {ORGANISATIONS_FOUND}))"
        " OR e.actor = ANY(ARRAY(SELECT id FROM account f WHERE f.name ILIKE ?))"
    ),
    search_title=N_("Grant, organisation or bank reference"),
    choices=choices,
    template="grants/disbursements/ledger/templates/ledger.html",
    context=lambda _person: {"kinds": Kind},
    empty=(N_("No entries"), N_("The first entry appears when an agreement is countersigned."), "table-2"),
)  # fmt: skip
