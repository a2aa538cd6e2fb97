"""What every figure must come to, worked out from rows in plain Python, apart from the product's own calculator."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from foundation.database import rows

LEVELS = ("stock", "running_total", "ordinal", "text")
VALUES = """
SELECT i.code, i.kind, v.award_id, v.municipality_id, a.call_id, m.slug, k.reference AS call, d.period_to, v.reported,
  v.reported_of, v.verified, v.verified_of, v.verdict
FROM report_value v, indicator i, award a, municipality m, call k, report r, report_due d
WHERE v.cell = 'total' AND i.id = v.indicator_id AND a.id = v.award_id AND m.id = v.municipality_id AND k.id = a.call_id
  AND r.id = v.report_id AND d.id = r.report_due_id AND r.state = 'accepted'
"""


def quarter(typed: str) -> tuple[date, date]:
    year, _dash, n = typed.partition("-Q")
    if not n:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    last = {1: 31, 2: 30, 3: 30, 4: 31}[int(n)]
    return date(int(year), int(n) * 3 - 2, 1), date(int(year), int(n) * 3, last)


def looked_at(row, query: dict[str, str]) -> bool:
    return query.get("municipality", row["slug"]) == row["slug"] and query.get("call", row["call"]) == row["call"]


async def totals(query: dict[str, str]) -> dict[str, dict[str, object]]:
    """By code: reported and verified, each as a fraction; the levels of grades and words; how many were looked at."""
    found = [row for row in await rows(VALUES) if looked_at(row, query)]
    since, until = quarter(query["period"]) if query.get("period") else (date.min, date.max)
    made: dict[str, dict[str, object]] = {}
    for code in {row["code"] for row in found}:
        own = [
            row for row in found if row["code"] == code and row["period_to"] <= until and row["reported"] is not None
        ]
        kind = next(row["kind"] for row in found if row["code"] == code)
        if kind in LEVELS:
            latest: dict[object, object] = {}
            for row in sorted(own, key=lambda row: row["period_to"]):
                latest[row["award_id"]] = row
            own = list(latest.values())
        else:
            own = [row for row in own if row["period_to"] >= since]
        made[code] = {
            "reported": _one(kind, own, "reported"), "verified": _one(kind, own, "verified"),
            "checked": sum(1 for row in own if row["verdict"] != "unverified"), "values": len(own),
            "levels": _levels(kind, own, "reported"), "verified_levels": _levels(kind, own, "verified"),
            "older": sum(1 for row in own if row["period_to"] < since),
        }  # fmt: skip
    return made


def _one(kind: str, own: list, series: str) -> Fraction | None:
    pairs = [(Fraction(row[series]), row) for row in own if row[series] is not None]
    if not pairs or kind in ("ordinal", "text"):
        return None
    if kind in ("ratio", "mean"):
        of = [
            Fraction(row[f"{series}_of"] if row[f"{series}_of"] is not None else row["reported_of"])
            for _n, row in pairs
        ]
        tops = [n * whole if kind == "mean" else n for (n, _row), whole in zip(pairs, of, strict=True)]
        return sum(tops) / sum(of)
    if kind == "unique":
        largest: dict[object, Fraction] = defaultdict(Fraction)
        for n, row in pairs:
            largest[row["slug"]] = max(largest[row["slug"]], n)
        return sum(largest.values())
    return sum((n for n, _row in pairs), Fraction(0))


def _levels(kind: str, own: list, series: str) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for row in own if kind in ("ordinal", "text") else []:
        if row[series] is not None:
            counts[str(int(row[series]))] += 1
    return dict(counts)


def same(told: str | None, right: Fraction | None) -> bool:
    if told is None or right is None:
        return told is None and right is None
    """What goes out has six places at most."""
    return abs(Fraction(Decimal(told)) - right) <= Fraction(1, 2 * 10**6)


def cents(amount: Fraction) -> Fraction:
    whole = Decimal(amount.numerator) / Decimal(amount.denominator)
    return Fraction(whole.quantize(Decimal("0.01"), ROUND_HALF_UP))


async def money(query: dict[str, str]) -> dict[str, Fraction]:
    """Every step and what stands beside it, from the rows of grants, payments, spending and the ledger."""
    since, until = quarter(query["period"]) if query.get("period") else (date.min, date.max)

    def within(day: date | None) -> bool:
        return not query.get("period") or (day is not None and since <= day <= until)

    awards = {
        row["id"]: row
        for row in await rows(
            "SELECT a.id, a.amount, a.source, m.slug, k.reference AS call, (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date"
            " AS day FROM award a LEFT JOIN municipality m ON m.id = a.municipality_id JOIN call k ON k.id = a.call_id"
            " WHERE a.currency = 'EUR' AND a.state IN ('active', 'suspended', 'closing', 'closed', 'terminated')"
        )
        if looked_at(row, query)
    }
    told: dict[str, Fraction] = defaultdict(Fraction)
    for row in awards.values():
        if within(row["day"]):
            told["awarded"] += Fraction(row["amount"])
    for row in await rows(
        "SELECT award_id, amount, paid_on FROM tranche WHERE paid_on IS NOT NULL AND state <> 'failed'"
    ):
        if row["award_id"] in awards and within(row["paid_on"]):
            told["paid"] += Fraction(row["amount"])
    lines: dict[object, list] = defaultdict(list)
    for row in await rows(
        "SELECT s.budget_line_id, s.spent, s.accepted, l.amount, l.own_share, r.award_id, d.number, d.period_to"
        " FROM spending_line s, report r, report_due d, award_line l WHERE r.id = s.report_id AND d.id = r.report_due_id"
        " AND l.award_id = r.award_id AND l.budget_line_id = s.budget_line_id AND r.state = 'accepted' ORDER BY d.number"
    ):
        if row["award_id"] in awards:
            lines[row["budget_line_id"]].append(row)
    for own in lines.values():
        for whole, step, beside in (("spent", "reported", "own_reported"), ("accepted", "verified", "own_verified")):
            spent = given = Fraction(0)
            for row in own:
                most = Fraction(row["amount"]) - Fraction(row["own_share"])
                now = Fraction(row[whole] or 0)
                spent += now
                share = cents(spent * most / Fraction(row["amount"])) if row["amount"] else Fraction(0)
                part = max(Fraction(0), min(now, min(share, most) - given))
                given += part
                if within(row["period_to"]):
                    told[step] += part
                    told[beside] += now - part
    for row in await rows(
        "SELECT award_id, kind, amount, coalesce(day, (at AT TIME ZONE 'Asia/Tbilisi')::date) AS day FROM ledger_entry"
    ):
        name = {"recovery": "returned", "decommitment": "given_back"}.get(row["kind"])
        if name and row["award_id"] in awards and within(row["day"]):
            told[name] += Fraction(row["amount"])
    return told
