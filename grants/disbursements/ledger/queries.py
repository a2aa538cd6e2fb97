"""Everything read from the ledger: entries with running totals, and whether every grant adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.person import Person
from foundation.database import like, rows
from web.lists import Asked

SIZE = 50


def may_see(person: Person) -> bool:
    return person.is_finance or person.is_director or person.is_auditor


FILTERS = ("q", "kind", "since", "until")


async def entries(here: Asked, whole: bool = False):
    """Newest first. The running totals count everything up to that entry, whatever is filtered."""
    where, args = ["true"], []

    def given(sql: str, argument: Any) -> None:
        args.append(argument)
        where.append(sql.replace("?", f"${len(args)}"))

    if here["q"]:
        given("(e.debit ILIKE ? OR e.credit ILIKE ? OR o.name_ka ILIKE ? OR o.name_en ILIKE ?)", like(here["q"]))
    if here["kind"]:
        given("e.kind = ?", here["kind"])
    if since := day_of(here["since"]):
        given("(e.at AT TIME ZONE 'Asia/Tbilisi')::date >= ?", since)
    if until := day_of(here["until"]):
        given("(e.at AT TIME ZONE 'Asia/Tbilisi')::date <= ?", until)
    sql = (
        "WITH told AS (SELECT e.*,"
        " sum(CASE e.kind WHEN 'commitment' THEN e.amount WHEN 'decommitment' THEN -e.amount ELSE 0 END)"
        "   OVER (PARTITION BY e.currency ORDER BY e.id) AS committed,"
        " sum(CASE e.kind WHEN 'payment' THEN e.amount WHEN 'recovery' THEN -e.amount ELSE 0 END)"
        "   OVER (PARTITION BY e.currency ORDER BY e.id) AS paid FROM ledger_entry e)"
        " SELECT e.*, a.reference AS award_reference, t.number AS tranche_number, w.name AS actor_name,"
        " o.name_ka AS organisation_ka, o.name_en AS organisation_en, count(*) OVER () AS total"
        " FROM told e LEFT JOIN award a ON a.id = e.award_id LEFT JOIN organisation o ON o.id = a.organisation_id"
        " LEFT JOIN tranche t ON t.id = e.tranche_id LEFT JOIN account w ON w.id = e.actor"
        f" WHERE {' AND '.join(where)} ORDER BY e.id DESC"
    )
    if not whole:
        sql += f" LIMIT {here.size} OFFSET {here.offset}"
    return await rows(sql, *args)


def day_of(typed: str) -> date | None:
    """What is no day filters nothing."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


async def balance():
    """For each currency: what was awarded, planned in tranches, committed, paid; and the two payments compared."""
    return await rows(
        "SELECT a.currency, count(*) AS awards, sum(a.amount) AS awarded, sum(t.planned) AS planned,"
        " sum(t.paid) AS paid, sum(l.committed) AS committed, sum(l.paid) AS posted"
        " FROM award a"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE state <> 'cancelled'), 0) AS planned,"
        "   coalesce(sum(amount) FILTER (WHERE state IN ('paid', 'confirmed', 'recovery_due', 'recovered',"
        "   'written_off')), 0) AS paid FROM tranche WHERE award_id = a.id) t"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount WHEN 'decommitment'"
        "   THEN -amount END), 0) AS committed, coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid"
        "   FROM ledger_entry WHERE award_id = a.id) l"
        " WHERE a.state NOT IN ('drafting', 'offered', 'signed_cso', 'declined', 'withdrawn_by_funder')"
        " GROUP BY a.currency ORDER BY a.currency"
    )


async def differences():
    """Grants whose numbers do not agree: payments above the tranches, tranches that are not the grant, or a ledger
    that tells another sum than the tranches. Nothing here is the good answer."""
    return await rows(
        "SELECT a.reference, a.currency, a.amount, a.state, t.planned, t.cancelled, t.paid, l.paid AS posted"
        " FROM award a"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE state <> 'cancelled'), 0) AS planned,"
        "   coalesce(sum(amount) FILTER (WHERE state = 'cancelled'), 0) AS cancelled,"
        "   coalesce(sum(amount) FILTER (WHERE state IN ('paid', 'confirmed', 'recovery_due', 'recovered',"
        "   'written_off')), 0) AS paid FROM tranche WHERE award_id = a.id) t"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid"
        "   FROM ledger_entry WHERE award_id = a.id) l"
        " WHERE a.state NOT IN ('drafting', 'offered', 'signed_cso', 'declined', 'withdrawn_by_funder')"
        " AND (t.paid > t.planned OR t.planned + t.cancelled <> a.amount OR t.paid <> l.paid) ORDER BY a.reference"
    )
