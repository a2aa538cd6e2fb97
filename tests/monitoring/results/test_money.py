"""Every step of the money equals an independent sum, and so does the list behind it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from foundation.database import execute, value
from monitoring.results import money
from monitoring.results.donors.listing import Look
from monitoring.results.donors.money import AMOUNT, CURRENCY, MONEY, TOGETHER
from monitoring.results.money import By, Step
from monitoring.results.scope import Scope, scope_of
from tests.builders.awards import an_award
from tests.builders.reports import a_report, returned
from tests.importing import importing
from tests.monitoring.results.world import a_dollar_award, a_world

# Written apart from the code under test, on purpose.
INDEPENDENT = {
    Step.AWARDED: "SELECT sum(amount) FROM award WHERE currency = 'EUR' AND countersigned_at IS NOT NULL",
    Step.PAID: "SELECT sum(amount) FROM ledger_entry WHERE currency = 'EUR' AND kind = 'payment'",
    Step.REPORTED: "SELECT sum(spent) FROM spending_line WHERE report_id IN (SELECT id FROM report WHERE accepted_at IS NOT NULL)",
    Step.VERIFIED: "SELECT sum(accepted) FROM spending_line WHERE report_id IN (SELECT id FROM report WHERE accepted_at IS NOT NULL)",
}


async def everything():
    return await money.sums(Scope(), "EUR")


@pytest.mark.parametrize("step", list(INDEPENDENT))
async def test_a_step_equals_an_independent_sum(step, cast):
    await a_world(cast)
    await an_award(cast, state="offered")
    await a_dollar_award(cast)
    assert (await everything()).amount(step) == await value(INDEPENDENT[step]) > 0


@pytest.mark.parametrize("step", list(INDEPENDENT))
async def test_the_list_behind_a_step_adds_up_to_it(step, cast):
    await a_world(cast)
    lines, look = MONEY[step], Look(cast.donor, Scope())
    found = await lines.rows(look, lines.list_query({}))
    [total] = await lines.sums(
        look, lines.list_query({}), [CURRENCY[step]], amount=f"sum({AMOUNT[step]})", n="count(*)"
    )
    assert sum(row["amount"] for row in found.rows) == total["amount"] == (await everything()).amount(step)
    assert len(found.rows) == total["n"] == found.total and found.exact


@pytest.mark.parametrize("step", list(INDEPENDENT))
@pytest.mark.parametrize("by", list(TOGETHER))
async def test_what_is_put_together_adds_up_to_the_step(step, by, cast):
    await a_world(cast)
    if by is By.WHAT and step not in (Step.REPORTED, Step.VERIFIED):
        by = By.GRANT
    key, facts = TOGETHER[by]
    lines, look = MONEY[step], Look(cast.donor, Scope())
    one_of = replace(lines.list_query({}), size=1)
    told = {"amount": f"sum({AMOUNT[step]})", "parts": "count(*)"}
    pages = [await lines.together(look, replace(one_of, page=number), key, facts, **told) for number in range(1, 6)]
    whole = await lines.together(look, one_of, key, facts, whole=True, **told)
    amounts = [row["amount"] for each in pages for row in each.rows]
    assert amounts == [row["amount"] for row in whole.rows] == sorted(amounts, reverse=True)
    assert {each.total for each in pages} == {whole.total} == {len(amounts)}
    assert sum(amounts) == (await everything()).amount(step)


async def test_the_reports_room_counts_the_same(cast):
    from monitoring.reports.queries import money as spent

    await a_world(cast)
    sums, told = await everything(), await spent()
    assert sum(each.reported for each in told) == sums.amount(Step.REPORTED) == Decimal("1000")
    assert sum(each.verified for each in told) == sums.amount(Step.VERIFIED)


async def test_municipalities_add_up_to_the_whole_with_the_unknown_one(cast):
    world = await a_world(cast)
    async with importing():
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        lost = await an_award(cast, amount=Decimal("1000"))
        await execute("UPDATE award SET municipality_id = NULL, source = 'page' WHERE id = $1", lost.id)
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
    sums = await everything()
    places = [place.id for place in cast.places.values()] + [None]
    assert sum(sums.at(place, Step.AWARDED)[0] for place in places) == sums.amount(Step.AWARDED) == Decimal("11000")
    assert sums.at(None, Step.AWARDED) == (Decimal("1000"), 1)
    unknown = await money.sums(await scope_of({"municipality": "unknown"}), "EUR")
    assert (unknown.amount(Step.AWARDED), unknown.amount(Step.PAID)) == (Decimal("1000"), 0)
    assert world.vani.municipality_id == cast.vani.id


async def test_other_currencies_stand_apart(cast):
    await a_world(cast)
    await a_dollar_award(cast)
    sums = await everything()
    assert sums.others == ["USD"]
    assert (sums.amount(Step.AWARDED), sums.amount(Step.AWARDED, "USD")) == (Decimal("10000"), Decimal("999"))


async def test_what_is_not_accepted_does_not_count(cast):
    world = await a_world(cast)
    before = await everything()
    await returned(cast, world.accepted)
    after = await everything()
    assert before.amount(Step.REPORTED) == before.amount(Step.VERIFIED) == Decimal("1000")
    assert after.amount(Step.REPORTED) == after.amount(Step.VERIFIED) == 0


async def test_verified_spending_is_never_what_was_only_reported(cast):
    world = await a_world(cast)
    async with importing():
        await execute("UPDATE spending_line SET accepted = 100 WHERE report_id = $1", world.accepted.id)
    sums = await everything()
    assert (sums.amount(Step.REPORTED), sums.amount(Step.VERIFIED)) == (Decimal("1000"), Decimal("200"))


async def test_filters_narrow_every_step(cast):
    world = await a_world(cast)
    for query, awarded, reported in (
        ({"municipality": "vani"}, Decimal("6000"), Decimal("1000")),
        ({"municipality": "ozurgeti"}, Decimal("4000"), Decimal(0)),
        ({"municipality": "khoni"}, Decimal(0), Decimal(0)),
        ({"period": "2019"}, Decimal(0), Decimal(0)),
    ):
        sums = await money.sums(await scope_of(query), "EUR")
        assert (sums.amount(Step.AWARDED), sums.amount(Step.REPORTED)) == (awarded, reported), query
    assert world.guria.id


async def test_payments_month_by_month_end_at_the_sum(cast):
    from foundation.clock import today

    await a_world(cast)
    months = await money.months(Scope(), "EUR", today())
    assert months.paid[-1] == (await everything()).amount(Step.PAID)
    assert months.planned[-1] == Decimal("10000")
    assert months.paid == sorted(months.paid) and len(months.months) == len(months.planned) >= len(months.paid)


async def test_a_second_accepted_report_adds_to_the_first(cast):
    world = await a_world(cast)
    await a_report(cast, world.vani, "accepted", number=2)
    assert (await everything()).amount(Step.REPORTED) == Decimal("2000")


VANI, GURIA = "vani", "guria"
CELLS = (
    money.Cell(Step.AWARDED, "EUR", VANI, Decimal(60), 3, 2), money.Cell(Step.AWARDED, "EUR", GURIA, Decimal(40), 2, 1),
    money.Cell(Step.AWARDED, "USD", VANI, Decimal(9), 1, 1), money.Cell(Step.PAID, "EUR", VANI, Decimal(30), 5, 2),
    money.Cell(Step.PAID, "GEL", None, Decimal(7), 1, 1),
)  # fmt: skip


def test_sums_are_of_one_step_one_currency_and_one_place():
    sums = money.Sums(CELLS, "EUR")
    assert (sums.amount(Step.AWARDED), sums.grants(Step.AWARDED), sums.parts(Step.AWARDED)) == (100, 3, 5)
    assert (sums.amount(Step.AWARDED, "USD"), sums.grants(Step.AWARDED, "USD"), sums.parts(Step.PAID)) == (9, 1, 5)
    assert sums.all_grants(Step.AWARDED) == 4 and sums.all_grants(Step.PAID) == 3, "of every currency"
    assert sums.at(VANI, Step.AWARDED) == (60, 2) and sums.at(GURIA, Step.PAID) == (0, 0)
    assert sums.at(None, Step.PAID) == (0, 0) and sums.others == ["GEL", "USD"]
    assert sums.by_currency == [
        {"currency": "EUR", "awarded": 100, "paid": 30, "reported": 0, "verified": 0},
        {"currency": "USD", "awarded": 9, "paid": 0, "reported": 0, "verified": 0},
    ]


PAID_AND_PLANNED = [
    {"kind": "planned", "month": date(2026, 11, 1), "amount": Decimal(5)},
    {"kind": "paid", "month": date(2026, 11, 1), "amount": Decimal(3)},
    {"kind": "planned", "month": date(2027, 2, 1), "amount": Decimal(7)},
]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    ("today", "until", "last", "paid"),
    [
        (date(2027, 1, 1), None, date(2027, 2, 1), [3, 3, 3]), (date(2026, 11, 30), None, date(2027, 2, 1), [3]),
        (date(2027, 4, 9), None, date(2027, 4, 1), [3] * 6),
        (date(2027, 4, 9), date(2027, 3, 1), date(2027, 3, 1), [3] * 5),
    ],
)  # fmt: skip
async def test_months_run_without_a_gap_to_the_last_that_is_planned_or_has_begun(
    monkeypatch, kept, today, until, last, paid
):
    async def rows(_sql, *_args):
        return PAID_AND_PLANNED

    monkeypatch.setattr(money, "rows", rows)
    made = await money.months(Scope(kept=kept, until=until), "EUR", today)
    assert made.months[0] == date(2026, 11, 1) and made.months[-1] == last
    assert len(made.months) == (last.year - 2026) * 12 + last.month - 10
    assert made.paid == paid and made.planned == [5, 5, 5, *[12] * (len(made.months) - 3)]


@pytest.mark.parametrize(("first", "begins"), [
    (date(2025, 3, 1), date(2025, 3, 1)), (date(2025, 2, 1), date(2025, 1, 1)), (date(2024, 12, 1), date(2024, 1, 1)),
])  # fmt: skip
async def test_a_line_of_more_than_two_years_begins_with_a_january(monkeypatch, first, begins):
    """Two years to the day are still named month by month."""

    async def rows(_sql, *_args):
        return [{"kind": "paid", "month": month, "amount": Decimal(1)} for month in (first, date(2027, 3, 1))]

    monkeypatch.setattr(money, "rows", rows)
    assert (await money.months(Scope(), "EUR", date(2027, 3, 5))).months[0] == begins


async def test_where_nothing_is_paid_or_planned_there_is_no_line(cast):
    for kept in (True, False):
        assert await money.months(Scope(kept=kept), "EUR", date(2026, 1, 1)) == money.Months([], [], [])
