"""Money from budget to verified spending: each step's total and the list behind it come from the same condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.tables import Municipality
from foundation.database import Row, rows
from foundation.language import N_, labels
from monitoring.results.scope import IN_CELLS, INSIDE, Scope, within

ZERO = Decimal(0)


class Step(StrEnum):
    BUDGET = "budget"
    AWARDED = "awarded"
    PAID = "paid"
    REPORTED = "reported"
    VERIFIED = "verified"


labels(
    Step,
    {
        Step.BUDGET: N_("Sub-grant budget"),
        Step.AWARDED: N_("Awarded"),
        Step.PAID: N_("Paid out"),
        Step.REPORTED: N_("Reported spent"),
        Step.VERIFIED: N_("Verified"),
    },
)


class Beside(StrEnum):
    """Told beside a step and no part of it: what of the awarded was given back and of the paid came back, and what the
    organisations spent of their own. `REPORTABLE`: of the paid what can be reported on, for sources of past grants tell
    of no report."""

    REPORTABLE = "reportable"
    GIVEN_BACK = "given_back"
    RETURNED = "returned"
    OWN_REPORTED = "own_reported"
    OWN_VERIFIED = "own_verified"


class Plan(StrEnum):
    """Beside the steps: what the agreements plan to have paid by the end of this month."""

    PLANNED = "planned"


labels(Plan, {Plan.PLANNED: N_("Planned by now")})


class By(StrEnum):
    """The same money put together."""

    LINE = "line"
    GRANT = "grant"
    ORGANISATION = "organisation"
    PLACE = "place"
    WHAT = "what"


labels(
    By,
    {
        By.LINE: N_("Every line"),
        By.GRANT: N_("By grant"),
        By.ORGANISATION: N_("By organisation"),
        By.PLACE: N_("By municipality"),
        By.WHAT: N_("By kind of cost"),
    },
)

SIGNED_ON = "(a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date"
OF_REPORT = (
    "FROM spending_line s JOIN report r ON r.id = s.report_id JOIN report_due d ON d.id = r.report_due_id"
    " JOIN award a ON a.id = r.award_id"
)
BACK_ON = "coalesce(e.day, (e.at AT TIME ZONE 'Asia/Tbilisi')::date)"
OF_LEDGER = "FROM ledger_entry e JOIN award a ON a.id = e.award_id"
THIS_MONTH = "(date_trunc('month', (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')) + interval '1 month')::date"
PLANNED = "NOT tranche_dropped(t.state) AND t.planned_on IS NOT NULL"
REPORTABLE = (
    "(a.source IS NULL OR EXISTS (SELECT 1 FROM report q WHERE q.award_id = a.id AND report_is_accepted(q.state)))"
)
# What each step counts. Reports count while they are accepted, and by the period they tell of.
COUNTED: dict[StrEnum, str] = {
    Step.AWARDED: f"{INSIDE} AND {within(SIGNED_ON)}",
    Step.PAID: f"{INSIDE} AND tranche_paid(t.state) AND {within('t.paid_on')}",
    Step.REPORTED: f"{INSIDE} AND report_is_accepted(r.state) AND s.spent_grant > 0 AND {within('d.period_to')}",
    Step.VERIFIED: f"{INSIDE} AND report_is_accepted(r.state) AND s.accepted_grant > 0 AND {within('d.period_to')}",
    Beside.REPORTABLE: f"{INSIDE} AND tranche_paid(t.state) AND {REPORTABLE} AND {within('t.paid_on')}",
    Beside.GIVEN_BACK: f"{INSIDE} AND e.kind = 'decommitment' AND {within(BACK_ON)}",
    Beside.RETURNED: f"{INSIDE} AND e.kind = 'recovery' AND {within(BACK_ON)}",
    Beside.OWN_REPORTED: f"{INSIDE} AND report_is_accepted(r.state) AND s.spent > s.spent_grant"
    f" AND {within('d.period_to')}",
    Beside.OWN_VERIFIED: f"{INSIDE} AND report_is_accepted(r.state) AND s.accepted > s.accepted_grant"
    f" AND {within('d.period_to')}",
    Plan.PLANNED: f"{INSIDE} AND {PLANNED} AND t.planned_on < {THIS_MONTH} AND {within('t.planned_on')}",
}
# The same row by row, to be added up.
PARTS: dict[StrEnum, str] = {
    Step.AWARDED: f"SELECT a.id AS award_id, a.currency, a.amount FROM award a WHERE {COUNTED[Step.AWARDED]}",
    Step.PAID: "SELECT a.id AS award_id, t.currency, t.amount FROM tranche t JOIN award a ON a.id = t.award_id"
    f" WHERE {COUNTED[Step.PAID]}",
    Beside.REPORTABLE: "SELECT a.id AS award_id, t.currency, t.amount FROM tranche t JOIN award a ON a.id = t.award_id"
    f" WHERE {COUNTED[Beside.REPORTABLE]}",
    Step.REPORTED: f"SELECT a.id AS award_id, r.currency, s.spent_grant AS amount {OF_REPORT}"
    f" WHERE {COUNTED[Step.REPORTED]}",
    Step.VERIFIED: f"SELECT a.id AS award_id, r.currency, s.accepted_grant AS amount {OF_REPORT}"
    f" WHERE {COUNTED[Step.VERIFIED]}",
    Beside.GIVEN_BACK: f"SELECT a.id AS award_id, e.currency, e.amount {OF_LEDGER} WHERE {COUNTED[Beside.GIVEN_BACK]}",
    Beside.RETURNED: f"SELECT a.id AS award_id, e.currency, e.amount {OF_LEDGER} WHERE {COUNTED[Beside.RETURNED]}",
    Beside.OWN_REPORTED: f"SELECT a.id AS award_id, r.currency, s.spent - s.spent_grant AS amount {OF_REPORT}"
    f" WHERE {COUNTED[Beside.OWN_REPORTED]}",
    Beside.OWN_VERIFIED: f"SELECT a.id AS award_id, r.currency, s.accepted - s.accepted_grant AS amount {OF_REPORT}"
    f" WHERE {COUNTED[Beside.OWN_VERIFIED]}",
}
TOTALS = " UNION ALL ".join(
    f"SELECT '{step}' AS step, x.currency, w.municipality_id, sum(x.amount) AS amount, count(*) AS parts,"
    f" count(DISTINCT x.award_id) AS grants FROM ({part}) x JOIN award w ON w.id = x.award_id"
    " GROUP BY x.currency, w.municipality_id"
    for step, part in PARTS.items()
)
KEPT_TOTALS = f"""
SELECT m.step, m.currency, c.municipality_id, sum(m.amount) AS amount, sum(m.parts)::int AS parts,
  sum(m.grants)::int AS grants
FROM result_money m JOIN result_cell c ON c.id = m.cell_id WHERE {IN_CELLS}
GROUP BY m.step, m.currency, c.municipality_id
"""


STEPS: dict[str, Step | Beside] = {str(step): step for kind in (Step, Beside) for step in kind}


@dataclass(frozen=True)
class Cell:
    """One step in one municipality and currency."""

    step: Step | Beside
    currency: str
    municipality: Row
    amount: Decimal
    parts: int
    grants: int


@dataclass(frozen=True)
class Sums:
    """Every step of every municipality, asked for in one statement."""

    cells: tuple[Cell, ...]
    currency: str

    def amount(self, step: Step | Beside, currency: str | None = None) -> Decimal:
        return sum((cell.amount for cell in self._of(step, currency)), ZERO)

    def grants(self, step: Step, currency: str | None = None) -> int:
        """A grant belongs to one municipality and one currency, so these add up."""
        return sum(cell.grants for cell in self._of(step, currency))

    def all_grants(self, step: Step) -> int:
        return sum(cell.grants for cell in self.cells if cell.step == step)

    def parts(self, step: Step, currency: str | None = None) -> int:
        return sum(cell.parts for cell in self._of(step, currency))

    def beside(self, municipality: Municipality | None, step: Beside) -> Decimal:
        """The same of what is no step."""
        own = (cell.amount for cell in self._of(step, None) if cell.municipality == municipality)
        return sum(own, ZERO)

    def at(self, municipality: Municipality | None, step: Step) -> tuple[Decimal, int]:
        """Amount and number of grants in one municipality; None for where nobody knows which."""
        own = [cell for cell in self._of(step, None) if cell.municipality == municipality]
        return sum((cell.amount for cell in own), ZERO), sum(cell.grants for cell in own)

    @property
    def others(self) -> list[str]:
        """Other currencies are shown apart and never added."""
        return sorted({cell.currency for cell in self.cells} - {self.currency})

    @property
    def by_currency(self) -> list[dict[str, Any]]:
        """Every step of each currency in which something was awarded."""
        return [
            {"currency": currency, **{str(step): self.amount(step, currency) for step in Step if step != Step.BUDGET}}
            for currency in sorted({cell.currency for cell in self.cells if cell.step == Step.AWARDED})
        ]

    def _of(self, step: Step | Beside, currency: str | None) -> Iterable[Cell]:
        wanted = currency or self.currency
        return (cell for cell in self.cells if cell.step == step and cell.currency == wanted)


async def sums(scope: Scope, currency: str) -> Sums:
    found = await (rows(KEPT_TOTALS, *scope.args[:3]) if scope.kept else rows(TOTALS, *scope.args))
    return Sums(
        tuple(
            Cell(STEPS[r["step"]], r["currency"], r["municipality_id"], r["amount"], r["parts"], r["grants"])
            for r in found
        ),
        currency,
    )


MONTHS = f"""
SELECT kind, date_trunc('month', day)::date AS month, sum(amount) AS amount FROM (
  SELECT 'paid' AS kind, t.paid_on AS day, t.amount FROM tranche t JOIN award a ON a.id = t.award_id
  WHERE {INSIDE} AND t.currency = $6 AND tranche_paid(t.state) AND {within("t.paid_on")}
  UNION ALL
  SELECT 'planned', t.planned_on, t.amount FROM tranche t JOIN award a ON a.id = t.award_id
  WHERE {INSIDE} AND t.currency = $6 AND {PLANNED} AND {within("t.planned_on")}
) x GROUP BY kind, month ORDER BY month
"""


KEPT_MONTHS = f"""
SELECT x.kind, x.month, sum(x.amount) AS amount FROM result_month x JOIN result_cell c ON c.id = x.cell_id
WHERE {IN_CELLS} AND x.currency = $4 GROUP BY x.kind, x.month ORDER BY x.month
"""


@dataclass(frozen=True)
class Months:
    """Running totals month by month; `paid` ends with the last month that has begun."""

    months: list[date]
    paid: list[Decimal]
    planned: list[Decimal]


# From here on years are named instead of months, so the line begins with one.
LONG = 730


async def months(scope: Scope, currency: str, today: date) -> Months:
    if scope.kept:
        found = await rows(KEPT_MONTHS, *scope.args[:3], currency)
    else:
        found = await rows(MONTHS, *scope.args, currency)
    if not found:
        return Months([], [], [])
    by = {(r["kind"], r["month"]): r["amount"] for r in found}
    begun = today.replace(day=1)
    last = max(found[-1]["month"], min(begun, scope.until or begun))
    first = found[0]["month"]
    if (last - first).days > LONG:
        first = first.replace(month=1)
    made = Months(list(_each(first, last)), [], [])
    paid = planned = ZERO
    for month in made.months:
        paid, planned = paid + by.get(("paid", month), ZERO), planned + by.get(("planned", month), ZERO)
        made.planned.append(planned)
        if month <= today:
            made.paid.append(paid)
    return made


def _each(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
