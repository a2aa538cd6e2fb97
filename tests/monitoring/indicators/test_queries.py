"""Figures come from accepted reports only, in a constant number of statements, and can be taken apart again."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from foundation.clock import now, today
from foundation.database import Database, execute
from monitoring.indicators import queries, summary
from monitoring.indicators.queries import Filters, behind, figures
from monitoring.indicators.summary import sum_up_what_waits
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report, returned, the_value
from tests.builders.visits import a_visit
from tests.importing import importing


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


async def test_indicators_stand_in_their_order_and_those_out_of_use_only_where_asked(cast):
    second, first = await an_indicator(cast, code="B", position=7), await an_indicator(cast, code="A", position=7)
    gone, third = await an_indicator(cast, code="Z", position=1, active=False), await an_indicator(cast, position=9)
    in_use = [first.id, second.id, third.id]
    assert [each["id"] for each in await queries.all_indicators()] == in_use
    assert [each["id"] for each in await queries.all_indicators(active_only=False)] == [gone.id, *in_use]
    assert [told.indicator["id"] for told in await figures()] == in_use
    assert [told.indicator["id"] for told in await figures(code="Z")] == [gone.id]
    assert (await queries.by_code("A")).id == first.id and await queries.by_code("C") is None
    assert await queries.next_position() == 10


async def test_the_first_indicator_takes_the_first_place(cast):
    assert await queries.next_position() == 1


async def test_a_grant_is_asked_about_what_is_in_use_and_what_it_promised(cast):
    award, other = await an_award(cast), await an_award(cast)
    promised = await a_promise(cast, award, await an_indicator(cast, position=3), target=D(80), baseline=D(5))
    free = await an_indicator(cast, position=1)
    await an_indicator(cast, position=4, active=False)
    await a_promise(cast, other, free)
    await a_report(cast, other)
    await a_report(cast, award)
    old = await a_promise(cast, award, await an_indicator(cast, position=2, active=False), target=D(9))
    found = [
        (each["id"], each["promised"], each["own_target"], each["own_baseline"], each["reported_on"])
        for each in await queries.promises_of(award)
    ]
    assert found == [
        (free.id, False, None, None, False), (old.id, True, 9, None, False), (promised.id, True, 80, 5, True),
    ]  # fmt: skip


async def test_grants_are_narrowed_by_calls_that_led_to_one(cast):
    """The newest call first; one that led to nothing signed narrows nothing."""
    older, newer = await an_award(cast), await an_award(cast)
    await an_award(cast, state="offered")
    async with importing():
        await execute("UPDATE call SET opens_at = $2 WHERE id = $1", older.call_id, now() - timedelta(days=95))
    told = await queries.filter_choices()
    assert [each["id"] for each in told["calls"]] == [newer.call_id, older.call_id]
    assert [each["id"] for each in told["places"]] == [
        each.id for each in sorted(cast.places.values(), key=lambda each: each.position)
    ]


async def test_promises_are_written_of_grants_under_way_those_without_any_first(cast):
    with_one, without = await an_award(cast, reference="G-2026-001"), await an_award(cast, reference="G-2026-003")
    unsigned = await an_award(cast, state="offered", reference="G-2026-002")
    await an_award(cast, state="closed")
    elsewhere = await an_award(cast, organisation=cast.guria_women, reference="G-2026-009")
    for _ in range(2):
        await a_promise(cast, with_one)
    own = [(unsigned.reference, 0), (without.reference, 0), (with_one.reference, 2)]

    async def told(person):
        return [(each["reference"], each["promised"]) for each in await queries.grants_promising(person)]

    assert await told(cast.curator) == own and await told(cast.curator2) == [(elsewhere.reference, 0)]
    assert await told(cast.manager) == [*own[:2], (elsewhere.reference, 0), own[2]]
    assert await told(cast.finance) == []


async def test_of_many_grants_only_the_first_are_listed_and_the_page_says_so(cast, client, monkeypatch):
    with_one, without = await an_award(cast, reference="G-2026-001"), await an_award(cast, reference="G-2026-003")
    await a_promise(cast, with_one)
    await client.sign_in(cast.curator)
    for most, there, said in ((2, 2, False), (1, 1, True)):
        monkeypatch.setattr(queries, "MOST_PROMISING", most)
        page = (await client.get("/en/indicators")).text
        assert without.reference in page and (with_one.reference in page) == (there == 2)
        assert ("These are the first of them" in page) == said


async def test_a_grants_own_figure_is_beside_the_whole(cast):
    indicator, vani, guria = await two_grants(cast)
    await a_report(cast, vani, state="accepted", reported=D(50))
    await a_report(cast, guria, state="accepted", reported=D(30))
    whole, (count, parts) = await queries.figure_of(indicator), await queries.by_grant(indicator)
    assert count == 2
    assert (whole.figure.reported.value, whole.target, whole.promised, whole.grants) == (80, 200, 160, 2)
    in_order = sorted(((vani, cast.vani, 50), (guria, cast.ozurgeti, 30)), key=lambda each: each[1].position)
    assert [(part.row["reference"], part.figure.figure.reported.value, part.figure.target) for part in parts] == [
        (award.reference, number, 80) for award, _place, number in in_order
    ]
    last = in_order[1][0].reference
    for offset, listed in ((1, [last]), (2, [])):
        count, parts = await queries.by_grant(indicator, limit=1, offset=offset)
        assert (count, [part.row["reference"] for part in parts]) == (2, listed)
    here = Filters(places=[cast.vani.id])
    narrowed, (_count, [part]) = await queries.figure_of(indicator, here), await queries.by_grant(indicator, here)
    await summary.sum_up_what_waits()
    kept, (count, parts) = await queries.figure_of(indicator), await queries.by_grant(indicator)
    assert (kept.figure.reported.value, count, len(parts)) == (80, 2, 2)
    assert (narrowed.figure.reported.value, narrowed.target, part.row["reference"]) == (50, 80, vani.reference)


async def test_a_grant_whose_report_is_due_stands_there_without_a_number(cast):
    """It should have reported, and has not; one whose first report is due later is not named."""
    indicator, vani, guria = await two_grants(cast)
    async with importing():
        await execute("UPDATE report_due SET due_on = $1 WHERE award_id = $2 AND number = 1", today(), guria.id)
    whole, (_count, parts) = await queries.figure_of(indicator), await queries.by_grant(indicator)
    assert [part.row["reference"] for part in parts] == [guria.reference]
    assert (whole.figure.coverage.reported, whole.figure.coverage.expected) == (0, 1) and vani.id


async def test_the_baselines_of_the_grants_that_are_counted_are_their_common_one(cast):
    """Where each of them has one: progress begins there; else it begins at nothing."""
    indicator = await an_indicator(cast, kind="stock", baseline=D(1), target=D(200))
    vani, guria = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    for award, baseline in ((vani, D(20)), (guria, None)):
        await a_promise(cast, award, indicator, target=D(80), baseline=baseline)
        await a_report(cast, award, "accepted", reported=D(50))
    own = (await figures(Filters(places=[cast.vani.id])))[0].figure
    assert (own.definition.baseline, own.reported.progress.share) == (20, D("0.5"))
    for filters in (Filters(places=[cast.ozurgeti.id]), Filters(places=[cast.vani.id, cast.ozurgeti.id])):
        assert (await figures(filters))[0].figure.definition.baseline is None
    assert (await figures())[0].figure.definition.baseline == 1
    assert (await figures(Filters(places=[cast.khoni.id])))[0].figure.definition.baseline is None, "nobody promised"


@pytest.mark.parametrize("kept", [True, False])
async def test_a_programme_without_a_target_of_its_own_takes_what_was_promised(cast, kept):
    indicator = await an_indicator(cast, target=None)
    for award in (await an_award(cast), await an_award(cast, organisation=cast.guria_women)):
        await a_promise(cast, award, indicator, target=D(80))
    if kept:
        await sum_up_what_waits()
    for told in ((await figures())[0], (await queries.overview())[0]):
        assert (told.target, told.promised, told.evidence) == (160, 160, 0)


async def test_what_cannot_be_added_up_is_told_from_its_values(cast):
    """Ordinal ones are counted level by level, whether sums are kept or not."""
    indicator = await an_indicator(cast, kind="ordinal", target=None)
    award = await an_award(cast)
    await a_promise(cast, award, indicator, target=None)
    await a_report(cast, award, "accepted", reported=D(3))
    for _kept in (False, True):
        assert [told.figure.levels for told in await queries.overview()] == [{D(3): 1}]
        await sum_up_what_waits()


async def test_documents_pictures_and_visits_behind_values_are_counted_apart(cast):
    indicator, vani, _guria = await two_grants(cast)
    report = await a_report(cast, vani, state="accepted", reported=D(40))
    visit = await a_visit(cast, vani, photos=2)
    async with importing():
        await execute(
            "INSERT INTO value_evidence (value_id, award_id, visit_id) VALUES ($1, $2, $3)",
            (await the_value(report)).id, vani.id, visit.id,
        )  # fmt: skip
    for told in ((await figures())[0], (await figures(code=indicator.code))[0], (await queries.overview())[0]):
        assert (told.documents, told.photos, told.visits, told.evidence) == (1, 2, 1, 4)
    await sum_up_what_waits()
    told = (await queries.overview())[0]
    assert (told.documents, told.photos, told.visits, told.grants) == (1, 2, 1, 1)
