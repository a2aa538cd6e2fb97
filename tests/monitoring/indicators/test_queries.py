"""Figures come from accepted reports only, in a constant number of statements, and can be taken apart again."""

from decimal import Decimal as D

from foundation.database import Database
from monitoring.indicators.queries import Filters, behind, figures
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report, returned


async def two_grants(cast):
    indicator = await an_indicator(cast, target=D(200))
    vani, guria = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    for award in (vani, guria):
        await a_promise(cast, award, indicator, target=D(80))
    return indicator, vani, guria


async def test_only_accepted_reports_count_and_leaving_that_state_takes_them_out(cast):
    _indicator, vani, guria = await two_grants(cast)
    await a_report(cast, vani, state="verified", reported=D(99))
    accepted = await a_report(cast, guria, state="accepted", reported=D(40), verified=D(35), women=D(22), men=D(15))
    told = (await figures())[0]
    assert (told.figure.reported.value, told.figure.verified.value) == (40, 35)
    assert (told.target, told.promised, told.grants, told.documents) == (200, 160, 1, 1)
    assert told.figure.splits[0].cells == {"women": 22, "men": 15} and told.figure.splits[0].unknown == 3
    await returned(cast, accepted)
    assert (await figures())[0].figure.reported.value is None


async def test_filters_narrow_grants_and_their_target(cast):
    indicator, vani, guria = await two_grants(cast)
    await a_report(cast, vani, state="accepted", reported=D(50))
    await a_report(cast, guria, state="accepted", reported=D(30))
    for filters in (Filters(places=[cast.vani.id]), Filters(call=vani.call_id), Filters(award=vani.id)):
        told = (await figures(filters))[0]
        assert (told.figure.reported.value, told.target) == (50, 80)
        assert [row["reference"] for row in await behind(indicator.code, filters)] == [vani.reference]
    assert (await figures())[0].figure.reported.value == 80


async def test_an_indicator_nobody_reported_on_is_not_zero(cast):
    await an_indicator(cast)
    told = (await figures())[0]
    assert told.figure.reported.value is None and told.figure.coverage.expected == 0


async def test_no_data_is_beside_the_count(cast):
    from foundation.clock import today
    from foundation.database import execute
    from tests.importing import importing

    indicator, vani, guria = await two_grants(cast)
    report = await a_report(cast, vani, state="accepted", reported=None)
    await a_report(cast, guria, state="accepted", reported=D(0))
    async with importing():
        await execute(
            "INSERT INTO report_value (report_id, award_id, indicator_id, municipality_id, no_data_reason)"
            " VALUES ($1, $2, $3, $4, 'lists were lost')", report.id, vani.id, indicator.id, cast.vani.id,
        )  # fmt: skip
        await execute("UPDATE report_due SET due_on = $1 WHERE award_id = $2 AND number = 1", today(), guria.id)
    told = (await figures())[0].figure
    assert (told.reported.value, told.coverage.reported, told.coverage.expected) == (0, 1, 2)
    assert told.coverage.no_data == 1


async def test_statements_do_not_grow_with_rows(cast):
    async def count():
        before = Database.statements
        await figures()
        return Database.statements - before

    _indicator, vani, guria = await two_grants(cast)
    await a_report(cast, vani, state="accepted")
    first = await count()
    await a_promise(cast, vani, await an_indicator(cast))
    await a_report(cast, guria, state="accepted")
    await a_report(cast, vani, state="accepted", number=2)
    assert await count() == first == 4


async def test_what_is_behind_is_one_row_for_each_report(cast):
    indicator, vani, _ = await two_grants(cast)
    await a_report(cast, vani, state="accepted", reported=D(40), women=D(20), men=D(20))
    found = await behind(indicator.code)
    assert len(found) == 1
    row = found[0]
    assert (row["reported"], row["women"], row["men"], row["verdict"]) == (40, 20, 20, "verified")
    assert (row["documents"], row["photos"], row["visits"], row["number"]) == (1, 0, 0, 1)
