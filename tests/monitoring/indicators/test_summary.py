"""What is kept of each grant gives the same figures as its values do, whoever changes them, in parallel too."""

import asyncio
import re
from dataclasses import replace
from decimal import Decimal as D

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.database import execute, one_of, rows, transaction, value
from foundation.refused import Refused
from monitoring.indicators import queries, summary
from monitoring.indicators.calculator import added_up, figure, part_of, progress
from monitoring.indicators.queries import Filters
from monitoring.indicators.terms import (
    CARRY_OF,
    WHOLE_ONLY,
    Coverage,
    Definition,
    Kind,
    Leaf,
    Missing,
    Part,
    Rule,
    Verdict,
)
from monitoring.reports import transitions
from monitoring.reports.queries import REPORT
from monitoring.reports.tables import Report
from tests.builders.awards import a_final_report, an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.cast import make_cast
from tests.importing import importing
from tests.patience import until_somebody_waits

EXACT = D(1).scaleb(-20)  # means of means: digits further behind depend on the order of adding


def alike(one, other):
    """Figures without the single rows behind them."""

    def number(value):
        return value.quantize(EXACT) if isinstance(value, D) else value

    def total(of):
        places = {key: number(each) for key, each in of.places.items()}
        share = replace(of.progress, share=number(of.progress.share))
        return number(of.value), number(of.at_most), places, share

    def told(of):
        splits = [(s.dimension, s.cells, number(s.unknown), number(s.coverage)) for s in of.splits]
        verification = [
            number(each) for each in (of.verification.leaves, of.verification.of_leaves, of.verification.share,
                                      of.verification.factor)
        ]  # fmt: skip
        return total(of.reported), total(of.verified), total(of.best), of.coverage, verification, splits

    assert told(one) == told(other)


# the calculator ------------------------------------------------------------------------------------------------

numbers = st.decimals(-50, 5000, places=1).map(lambda value: value.quantize(D("0.1")))
DEFINITIONS = st.builds(
    Definition,
    kind=st.sampled_from([kind for kind in Kind if kind not in WHOLE_ONLY]),
    time=st.sampled_from([Rule.SUM, Rule.LAST, Rule.MAX, Rule.MEAN]),
    place=st.sampled_from([Rule.SUM, Rule.MEAN, Rule.MAX, Rule.MIN]),
    missing=st.sampled_from(list(Missing)),
)
PLACES = {"a": "vani", "b": "vani", "c": "khoni", "d": "tsageri"}


@st.composite
def values(draw):
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.integers(1, 3), st.sampled_from(["total", "women", "men", "unknown"])),
            unique=True, max_size=14,
        )
    )  # fmt: skip
    made = []
    for award, period, cell in keys:
        reported = draw(st.none() | numbers)
        verdict = draw(st.sampled_from(list(Verdict))) if reported is not None else Verdict.UNVERIFIED
        verified = draw(st.none() | numbers) if verdict is not Verdict.UNVERIFIED else None
        made.append(
            Leaf(award, PLACES[award], period, reported, cell=cell, of=draw(st.none() | st.just(D(7)) | st.just(D(900))),
                 verified=verified, verified_of=draw(st.none() | st.just(D(9))), verdict=verdict,
                 no_data="lost" if reported is None and draw(st.booleans()) else None)
        )  # fmt: skip
    return made


def by_grant(definition, leaves):
    return {
        award: part_of(definition, [leaf for leaf in leaves if leaf.award == award])
        for award in {leaf.award for leaf in leaves}
    }


def together(definition, parts):
    """As the database adds them: numbers of a municipality summed, of people counted once the least is the largest."""

    def pair(own, name):
        there = [getattr(part, name) for part in own if getattr(part, name) is not None]
        first = max if definition.kind is Kind.UNIQUE else sum
        return (first(top for top, _ in there), sum(of for _, of in there)) if there else None

    for place in {part.municipality for part in parts}:
        own = [part for part in parts if part.municipality == place]
        cells = {}
        for part in own:
            for cell, number in part.cells.items():
                cells[cell] = cells.get(cell, D(0)) + number
        sums = (
            sum(getattr(part, name) for part in own) for name in ("chosen", "checked", "whole", "covered", "confirmed")
        )
        yield Part(place, *(pair(own, name) for name in ("reported", "verified", "best")), *sums, cells)


@given(DEFINITIONS, values(), st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 3)), unique=True))
@settings(max_examples=600, deadline=None)
def test_parts_make_the_figure_their_leaves_make(definition, leaves, asked):
    expected = {(award, PLACES[award], period) for award, period in asked}
    whole = figure(definition, leaves, expected, target=D(300))
    parts = by_grant(definition, leaves)
    inside = {award for award, (_, told) in parts.items() if told.periods}
    silent = {award for award, (_, told) in parts.items() if told.silent}
    coverage = Coverage(
        len(inside), len(inside | silent | {award for award, _ in asked}), len(silent - inside), 0,
        sum(award in inside and period not in parts[award][1].periods for award, period in asked),
    )  # fmt: skip
    alike(added_up(definition, together(definition, [part for part, _ in parts.values()]), coverage, D(300)), whole)


def test_without_parts_nothing_is_zero():
    told = added_up(Definition(Kind.FLOW), [], Coverage(0, 3), D(10))
    assert told.reported.value is None and told.coverage.expected == 3
    assert told.reported.progress == progress(Definition(Kind.FLOW), None, D(10))


# the tables ----------------------------------------------------------------------------------------------------

KINDS = [("flow", {}), ("stock", {}), ("running_total", {}), ("unique", {}), ("ratio", {}), ("mean", {}),
         ("flow", {"time_rule": "max", "place_rule": "max"}), ("stock", {"time_rule": "mean", "place_rule": "mean"}),
         ("flow", {"missing": "require_all"}), ("ordinal", {})]  # fmt: skip


async def a_programme(cast):
    """Two grants, two reports each, every kind of indicator; of one grant a value is said not to be there."""
    vani, guria = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    indicators = []
    for kind, over in KINDS:
        own = over | ({"target": None} if kind == "ordinal" else {})
        indicators.append(await an_indicator(cast, kind=kind, **own))
        for award in (vani, guria):
            await a_promise(cast, award, indicators[-1], target_of=D(10) if Kind(kind) in CARRY_OF else None)
    reports = [
        await a_report(cast, vani, "accepted", 1, reported=D(40), verified=D(38), women=D(22), men=D(15)),
        await a_report(cast, vani, "accepted", 2, reported=D(25), women=D(10), men=D(11)),
        await a_report(cast, guria, "accepted", 1, reported=D(7), verified=D(7)),
    ]
    async with importing():
        await execute(
            "UPDATE report_value v SET reported_of = 50, verified_of = 50 FROM indicator i WHERE i.id = v.indicator_id"
            " AND i.kind IN ('ratio', 'mean')"
        )
        await execute("UPDATE report_due SET due_on = current_date - 1 WHERE award_id = ANY($1)", [vani.id, guria.id])
        await execute(
            "UPDATE report_value SET reported = NULL, verified = NULL, verdict = 'unverified', verified_by = NULL,"
            " verified_at = NULL, no_data_reason = 'lost' WHERE report_id = $1 AND indicator_id = $2",
            reports[2].id, indicators[0].id,
        )  # fmt: skip
    return indicators, (vani, guria), reports


async def sum_up_grants():
    """But not yet the cells they are in."""
    await summary.sum_up_all([each["award_id"] for each in await rows("SELECT award_id FROM result_unsummed")])


async def the_same(*filters):
    """What is kept says what the values say; and it is what is kept that is asked."""
    assert await value("SELECT count(*) FROM result_unsummed") == 0
    for cells in (False, True):  # from what waits as it may, then from what is kept of whole cells
        for each in filters or (Filters(),):
            assert await summary.sums(each) is not None
            assert not cells or each.award or await summary.cells(each) is not None
            kept, live = await queries.overview(each), await queries.figures(each)
            assert [k.indicator["code"] for k in kept] == [each.indicator["code"] for each in live]
            for one, other in zip(kept, live, strict=True):
                alike(one.figure, other.figure)
                facts = ("target", "promised", "grants", "documents", "photos", "visits")
                assert [getattr(one, name) for name in facts] == [getattr(other, name) for name in facts]
        await execute("SELECT sum_up_marked()")
    assert await summary.differing() == []


async def test_kept_sums_say_what_the_values_say_under_every_filter(cast):
    _indicators, (vani, _guria), _reports = await a_programme(cast)
    await sum_up_grants()
    assert await value("SELECT count(*) FROM result_sum") == 2 * (len(KINDS) - 1)
    await the_same(
        Filters(),
        Filters(places=[cast.vani.id]),
        Filters(places=[]),
        Filters(call=vani.call_id),
        Filters(award=vani.id),
    )


async def test_a_period_is_counted_from_the_values(cast):
    _indicators, (vani, _), _ = await a_programme(cast)
    await summary.sum_up_what_waits()
    first = await value("SELECT period_to FROM report_due WHERE award_id = $1 AND number = 1", vani.id)
    filters = Filters(until=first)
    assert await summary.sums(filters) is None
    assert (await queries.overview(filters))[0].figure.reported.value == 40


async def test_accepting_and_reopening_keep_them_in_the_same_transaction(cast):
    report = await a_report(cast, state="verified", reported=D(40), verified=D(30), women=D(4))
    await summary.sum_up_what_waits()
    assert (await queries.overview())[0].figure.reported.value is None
    await transitions.agree(report, cast.manager)
    await transitions.agree(await again(report), cast.finance)
    assert [tuple(each) for each in await rows("SELECT reported, verified, women FROM result_sum")] == [(40, 30, 4)]
    await the_same()
    await transitions.reopen(await again(report), cast.director, "An audit found something")
    assert await value("SELECT count(*) FROM result_sum") == 0
    await the_same()


async def test_a_refused_acceptance_leaves_them_as_they_were(cast):
    report = await a_report(cast, state="verified", reported=D(40))
    await summary.sum_up_what_waits()
    with pytest.raises(Refused):
        await transitions.agree(report, cast.curator)
    assert await value("SELECT count(*) FROM result_sum") == 0
    await the_same()


CHANGES = {
    "a value": "UPDATE report_value SET reported = 41, verified = 41, verdict = 'verified' WHERE report_id = $1",
    "a state": "UPDATE report SET state = 'under_review', verified_by = NULL, verified_at = NULL, manager_id = NULL,"
    " finance_id = NULL, accepted_at = NULL, accepted_cost = NULL WHERE id = $1",
    "a period": "UPDATE report_due SET period_to = period_to - 1 WHERE id = (SELECT report_due_id FROM report WHERE id = $1)",
    "a rule": "UPDATE indicator SET time_rule = 'max' WHERE $1::uuid IS NOT NULL",
    "a value taken away": "DELETE FROM report_value WHERE report_id = $1 AND cell = 'women'",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_a_hand_in_the_database_changes_is_noticed(cast, what):
    report = await a_report(cast, state="accepted", reported=D(40), women=D(20))
    await summary.sum_up_what_waits()
    async with importing():
        await execute(CHANGES[what], report.id)
    assert await value("SELECT award_id FROM result_unsummed") == report.award_id
    live, told = await queries.figures(), await queries.overview()
    assert [each.figure for each in told] == [each.figure for each in live]
    await summary.sum_up_what_waits()
    await the_same()


async def test_an_accepted_report_that_is_brought_in_marks_its_grant(cast):
    award = await an_award(cast)
    await a_final_report(cast, award)
    assert await value("SELECT award_id FROM result_unsummed") == award.id


async def test_what_counts_for_nothing_marks_nobody(cast):
    report = await a_report(cast, state="open", reported=D(40))
    await execute("UPDATE report_value SET reported = 41 WHERE report_id = $1", report.id)
    assert await value("SELECT count(*) FROM result_unsummed") == 0


async def test_a_falsified_sum_is_found_and_a_rebuild_mends_it(cast):
    await a_programme(cast)
    await summary.rebuild()
    before = await rows("SELECT * FROM result_sum ORDER BY award_id, indicator_id")
    await execute(
        "UPDATE result_sum SET reported = 1000000, reported_of = 0 WHERE award_id = $1", before[0]["award_id"]
    )
    assert [re.fullmatch(r"G-.+", each) is not None for each in await summary.differing()] == [True]
    await summary.rebuild()
    assert await rows("SELECT * FROM result_sum ORDER BY award_id, indicator_id") == before
    await the_same()


async def test_a_number_is_kept_with_what_it_is_of(cast):
    await a_programme(cast)
    await summary.rebuild()
    for name in ("reported", "verified", "best"):
        with pytest.raises(asyncpg.CheckViolationError) as error:
            async with transaction():
                await execute(f"UPDATE result_sum SET {name} = 1, {name}_of = NULL")
        assert error.value.constraint_name == "result_sum_pairs"


async def test_sums_that_are_gone_are_found(cast):
    await a_programme(cast)
    await summary.rebuild()
    await execute("DELETE FROM result_sum")
    assert len(await summary.differing()) == 2
    assert await summary.rebuild() == 2
    await the_same()


async def test_parallel_acceptance_keeps_every_value(committing):
    """Two reports of one grant and two of another are accepted at the same moment, while somebody rebuilds."""
    cast = await make_cast()
    indicator = await an_indicator(cast)
    reports = []
    for award in (await an_award(cast), await an_award(cast, organisation=cast.guria_women)):
        await a_promise(cast, award, indicator)
        reports += [await a_report(cast, award, "verified", number, reported=D(10) ** number) for number in (1, 2)]
    for report in reports:
        await transitions.agree(report, cast.manager)
    agreed = [await again(report) for report in reports]
    await asyncio.gather(
        *(transitions.agree(report, cast.finance) for report in agreed), *(summary.rebuild() for _ in range(3))
    )
    assert (await queries.overview())[0].figure.reported.value == 220
    await the_same()


async def test_a_hand_in_the_database_waits_for_who_sums_up(committing):
    """Somebody changes a value by SQL while the same grant is being summed up from the value as it was."""
    cast = await make_cast()
    report = await a_report(cast, state="accepted", reported=D(40))
    summed, may_go_on = asyncio.Event(), asyncio.Event()

    async def sum_up_slowly():
        async with transaction():
            await summary.sum_up(report.award_id)
            summed.set()
            await may_go_on.wait()

    async def change():
        await summed.wait()
        async with importing():
            await execute(CHANGES["a value"], report.id)

    slow, changing = asyncio.create_task(sum_up_slowly()), asyncio.create_task(change())
    await summed.wait()
    await until_somebody_waits()
    may_go_on.set()
    await asyncio.gather(slow, changing)
    assert (await queries.overview())[0].figure.reported.value == 41
    await summary.sum_up_what_waits()
    await the_same()


async def again(report):
    return await one_of(Report, f"{REPORT} WHERE r.id = $1", report.id)
