"""Everything read from the ledger: entries with running totals, and whether every grant adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.person import Person
from foundation.database import like, rows
from web.lists import Asked, order

SIZE = 50


def may_see(person: Person) -> bool:
    return person.is_finance or person.is_director or person.is_auditor


FILTERS = ("q", "kind", "call", "since", "until", "sort")
SORTS = {"time": ["e.id"], "amount": ["e.amount", "e.id"], "grant": ["a.reference", "e.id"]}
# A payment noted wrongly and reversed counts as never made; `e` is an entry.
COMMITTED = "CASE e.kind WHEN 'commitment' THEN e.amount WHEN 'decommitment' THEN -e.amount ELSE 0 END"
PAID = (
    "CASE WHEN e.kind = 'payment' THEN e.amount WHEN e.kind = 'recovery' THEN -e.amount"
    " WHEN e.kind = 'reversal' AND e.tranche_id IS NOT NULL THEN -e.amount ELSE 0 END"
)
AROUND = (
    " LEFT JOIN award a ON a.id = e.award_id LEFT JOIN organisation o ON o.id = a.organisation_id"
    " LEFT JOIN call c ON c.id = e.call_id LEFT JOIN tranche t ON t.id = e.tranche_id"
    " LEFT JOIN account w ON w.id = e.actor LEFT JOIN ledger_entry r ON r.reverses = e.id"
)


def _found(here: Asked) -> tuple[str, list[Any]]:
    where, args = ["true"], []

    def given(sql: str, argument: Any) -> None:
        args.append(argument)
        where.append(sql.replace("?", f"${len(args)}"))

    if here["q"]:
        given(
            "concat_ws(' ', e.debit, e.credit, o.name_ka, o.name_en, a.title_ka, a.title_en, e.note, t.bank_reference,"
            " w.name) ILIKE ?",
            like(here["q"]),
        )
    if here["kind"]:
        given("e.kind = ?", here["kind"])
    if here["call"]:
        given("c.reference = ?", here["call"])
    if since := day_of(here["since"]):
        given("(e.at AT TIME ZONE 'Asia/Tbilisi')::date >= ?", since)
    if until := day_of(here["until"]):
        given("(e.at AT TIME ZONE 'Asia/Tbilisi')::date <= ?", until)
    return " AND ".join(where), args


async def entries(here: Asked, whole: bool = False):
    """Newest first. The running totals count everything up to that entry, whatever is filtered."""
    where, args = _found(here)
    sql = (
        f"WITH told AS (SELECT e.*, sum({COMMITTED}) OVER (PARTITION BY e.currency ORDER BY e.id) AS committed,"
        f" sum({PAID}) OVER (PARTITION BY e.currency ORDER BY e.id) AS paid FROM ledger_entry e)"
        " SELECT e.*, a.reference AS award_reference, t.number AS tranche_number, w.name AS actor_name,"
        " r.id AS reversed_by, o.name_ka AS organisation_ka, o.name_en AS organisation_en, count(*) OVER () AS total"
        f" FROM told e{AROUND} WHERE {where} ORDER BY {order(here['sort'], SORTS, 'e.id DESC')}"
    )
    if not whole:
        sql += f" LIMIT {here.size} OFFSET {here.offset}"
    return await rows(sql, *args)


async def sums(here: Asked):
    """What all found entries come to, by kind and currency."""
    where, args = _found(here)
    return await rows(
        f"SELECT e.kind, e.currency, count(*) AS n, sum(e.amount) AS amount FROM ledger_entry e{AROUND}"
        f" WHERE {where} GROUP BY e.kind, e.currency ORDER BY min(e.id), e.kind",
        *args,
    )


async def calls():
    return await rows(
        "SELECT c.reference, c.title_ka, c.title_en FROM call c"
        " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.call_id = c.id) ORDER BY c.reference DESC"
    )


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
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE NOT tranche_dropped(state)), 0) AS planned,"
        "   coalesce(sum(amount) FILTER (WHERE tranche_paid(state)), 0) AS paid FROM tranche WHERE award_id = a.id) t"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount WHEN 'decommitment'"
        "   THEN -amount END), 0) AS committed, coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid"
        "   FROM standing_entry WHERE award_id = a.id) l"
        " WHERE award_signed(a.state)"
        " GROUP BY a.currency ORDER BY a.currency"
    )


async def differences():
    """Grants whose numbers do not agree: payments above the tranches, tranches that are not the grant, or a ledger
    that tells another sum than the tranches. Nothing here is the good answer."""
    return await rows(
        "SELECT a.reference, a.currency, a.amount, a.state, t.planned, t.cancelled, t.paid, l.paid AS posted"
        " FROM award a"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE NOT tranche_dropped(state)), 0) AS planned,"
        "   coalesce(sum(amount) FILTER (WHERE tranche_dropped(state)), 0) AS cancelled,"
        "   coalesce(sum(amount) FILTER (WHERE tranche_paid(state)), 0) AS paid FROM tranche WHERE award_id = a.id) t"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid"
        "   FROM standing_entry WHERE award_id = a.id) l"
        " WHERE award_signed(a.state)"
        " AND (t.paid > t.planned OR t.planned + t.cancelled <> a.amount OR t.paid <> l.paid) ORDER BY a.reference"
    )
