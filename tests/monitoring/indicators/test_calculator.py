"""The worked examples of how numbers add up, one test for each, and the properties that hold for every input."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.indicators.calculator import (
    AgainstDirection,
    Attention,
    Coverage,
    Definition,
    Direction,
    Kind,
    Leaf,
    Missing,
    Progress,
    Rule,
    Twice,
    Verdict,
    converted,
    deltas,
    figure,
    planned,
    progress,
    refuse_target_against_direction,
    restatement,
    rounded,
)

FLOW = Definition(Kind.FLOW)
STOCK = Definition(Kind.STOCK, time=Rule.LAST)
RUNNING = Definition(Kind.RUNNING_TOTAL, time=Rule.LAST)
RATIO = Definition(Kind.RATIO)


def leaf(value, period=1, award="a", place="vani", **more):
    return Leaf(award, place, period, None if value is None else D(value), **more)


def total(definition, *leaves, **more):
    return figure(definition, leaves, **more).reported.value


def share(value, of, award="a", **more):
    return leaf(value, award=award, of=D(of), **more)


def test_a1_a_flow_is_summed_over_time():
    assert total(FLOW, leaf(20, 1), leaf(30, 2)) == 50


def test_a2_a_running_total_belongs_to_its_series_and_not_to_who_typed_it():
    assert total(RUNNING, leaf(100, 1), leaf(150, 2)) == 150


def test_a3_correcting_an_earlier_period_leaves_the_later_total():
    assert total(RUNNING, leaf(60, 1), leaf(80, 2), as_of=2) == 80


def test_a4_a_falling_running_total_counts_and_asks_for_a_reason():
    told = figure(RUNNING, [leaf(40, 1), leaf(40, 2), leaf(65, 3), leaf(60, 4)])
    assert told.reported.value == 60
    assert told.attention == (Attention("falling", "a", "vani", 4, explained=False),)
    assert deltas([D(40), D(40), D(65), D(60)]) == [40, 0, 25, -5]
    explained = figure(RUNNING, [leaf(65, 3), leaf(60, 4, reason="five had been counted twice")])
    assert explained.attention == (Attention("falling", "a", "vani", 4, explained=True),)


def test_a5_a_stock_carries_its_latest_value_and_zero_is_a_value():
    values = [leaf(12, 1), leaf(None, 2, no_data="the register was closed"), leaf(0, 3)]
    second, third = figure(STOCK, values, as_of=2), figure(STOCK, values, as_of=3)
    assert (second.reported.value, second.stale) == (12, True)
    assert second.coverage == Coverage(reported=0, expected=1, carried=1)
    assert (third.reported.value, third.stale) == (0, False)


def test_a6_a_ratio_is_the_sum_of_parts_over_the_sum_of_wholes():
    told = total(RATIO, share(45, 50, "a"), share(20, 100, "b"))
    assert rounded(told * 100, 1) == D("43.3")


def test_a7_and_a_whole_starts_at_nothing():
    assert total(RATIO, share(30, 50, "a"), share(20, 50, "b")) == D("0.5")


def test_a8_nothing_of_nothing_is_not_available():
    told = figure(RATIO, [share(0, 0, "a", place="vani"), share(5, 10, "b", place="khoni")])
    assert told.reported.value == D("0.5")
    assert told.reported.places == {"vani": None, "khoni": D("0.5")}
    assert total(RATIO, share(0, 0)) is None


def test_a9_a_mean_is_weighted_by_its_count():
    assert total(Definition(Kind.MEAN), share("4.2", 10, "a"), share("3.0", 90, "b")) == D("3.12")


TEN = ["10", "0", "20", "30", "15", "25", None, None]


def test_a10_place_rule_mean_is_over_those_that_reported():
    leaves = [leaf(v, place=f"m{n}", award=f"a{n}", no_data=None if v else "none came") for n, v in enumerate(TEN)]
    expected = {(f"a{n}", f"m{n}", 1) for n in range(8)}
    assert total(STOCK, *leaves, expected=expected) == 100
    told = figure(Definition(Kind.STOCK, Rule.LAST, Rule.MEAN), leaves, expected=expected)
    assert rounded(told.reported.value, 2) == D("16.67")
    assert (told.coverage.reported, told.coverage.expected) == (6, 8)


def test_a11_time_comes_before_place_unless_the_peak_is_asked_for():
    leaves = [
        leaf(100, 1, place="m1"),
        leaf(60, 2, place="m1"),
        leaf(40, 1, "b", "m2"),
        leaf(90, 2, "b", "m2"),
    ]
    assert total(Definition(Kind.STOCK, time=Rule.MAX), *leaves) == 190
    assert total(Definition(Kind.STOCK, time=Rule.MAX, peak=True), *leaves) == 150


def people(first, last):
    return frozenset(str(n) for n in range(first, last))


def test_a12_people_of_a_registry_are_counted_once_across_places():
    khoni = leaf(40, award="a", place="khoni", people=people(0, 40))
    vani = leaf(35, award="b", place="vani", people=people(35, 70))
    assert total(Definition(Kind.UNIQUE), khoni, vani) == 70


def test_a13_and_once_across_periods():
    assert total(Definition(Kind.UNIQUE), leaf(40, 1, people=people(0, 40)), leaf(30, 2, people=people(28, 58))) == 58


def test_a14_without_a_registry_there_are_bounds():
    leaves = [
        leaf(120, 1, place="khoni"), leaf(200, 2, place="khoni"), leaf(90, 3, place="khoni"),
        leaf(80, 1, "b", "vani"), leaf(60, 2, "b", "vani"),
    ]  # fmt: skip
    told = figure(Definition(Kind.UNIQUE), leaves).reported
    assert (told.value, told.at_most) == (280, 550)


def test_a15_what_is_in_no_cell_is_unknown_and_to_be_confirmed():
    told = figure(FLOW, [leaf(100), leaf(55, cell="women"), leaf(40, cell="men")])
    assert told.reported.value == 100 and told.splits[0].unknown == 5


def test_a16_independent_dimensions_are_not_added_to_each_other():
    cells = [
        leaf(60, cell="women"), leaf(40, cell="men"),
        leaf(30, cell="under 30", dimension="age"), leaf(70, cell="30 and over", dimension="age"),
    ]  # fmt: skip
    assert total(FLOW, *cells) == 100


def test_a17_tags_are_never_added():
    tagged = Definition(Kind.FLOW, tags=frozenset({"group"}))
    cells = [leaf(v, cell=c, dimension="group") for c, v in (("idp", 30), ("pwd", 15), ("rural", 90))]
    told = figure(tagged, [leaf(100), *cells])
    assert told.reported.value == 100 and told.splits == ()
    assert told.tags == {"group": {"idp": 30, "pwd": 15, "rural": 90}}


def test_a18_the_split_says_how_much_of_the_total_it_covers():
    told = figure(FLOW, [leaf(250), leaf(110, cell="women"), leaf(90, cell="men")])
    assert told.splits[0].coverage == D("0.8") and told.splits[0].unknown == 50


def test_a19_progress_starts_at_the_baseline():
    assert progress(Definition(Kind.STOCK, baseline=D(20)), D(50), D(80)).share == D("0.5")


@pytest.mark.parametrize(("actual", "moved", "bar"), [(20, "0.5", "0.5"), (35, "-0.25", "0"), (5, "1.25", "1")])
def test_a20_progress_downwards_is_unclamped_and_its_bar_is_not(actual, moved, bar):
    falling = Definition(Kind.STOCK, direction=Direction.DOWN, baseline=D(30), target=D(10))
    told = progress(falling, D(actual), D(10))
    assert (told.share, told.bar) == (D(moved), D(bar))


@pytest.mark.parametrize(("actual", "kept"), [(41, True), (40, True), (39, False)])
def test_a21_a_level_to_hold_is_maintained_or_not(actual, kept):
    level = Definition(Kind.STOCK, baseline=D(40), target=D(40))
    assert progress(level, D(actual), D(40)) == Progress(share=None, maintained=kept)


def test_a22_without_a_baseline_there_is_no_progress_except_from_zero():
    assert progress(Definition(Kind.STOCK), D(5), D(10)) == Progress()
    assert progress(FLOW, D(5), D(10)).share == D("0.5")


def test_a23_only_accepted_reports_count():
    kept = [leaf(10, 1), leaf(20, 2, accepted=False), leaf(30, 3)]
    assert total(FLOW, leaf(10, 1), leaf(20, 2), leaf(30, 3)) == 60
    assert total(FLOW, *kept) == 40


def test_a24_verified_stands_apart_with_its_coverage_and_factor():
    told = figure(
        FLOW,
        [
            leaf(120, award="a", verified=D(110), verdict=Verdict.CORRECTED),
            leaf(80, award="b", verified=D(80), verdict=Verdict.VERIFIED),
            leaf(200, award="c"),
        ],
    )
    assert (told.reported.value, told.verified.value, told.best.value) == (400, 190, 390)
    checked = told.verification
    assert (checked.leaves, checked.of_leaves, checked.share, checked.factor) == (2, 3, D("0.5"), D("0.95"))


def test_a25_a_later_change_restates_what_was_published():
    told = restatement([D(300)], D(290))
    assert (told.published, told.restated, told.change) == (300, 290, -10)
    assert restatement([D(300), D(290)], D(290)) is None


def test_a26_one_grant_in_two_places_is_counted_once_in_each():
    assert total(FLOW, leaf(60, place="khoni"), leaf(40, place="vani")) == 100


def test_a27_statistics_convert_exactly_and_round_once():
    assert converted([(D(2900), D("2.90")), (D(6200), D("3.10"))]) == D("3000.00")


def test_a28_targets_add_up_by_the_same_rule():
    targets = [leaf(25, quarter) for quarter in (1, 2, 3, 4)]
    reached = total(FLOW, leaf(20, 1), leaf(30, 2))
    start_at_zero = Definition(Kind.FLOW, baseline=D(0))
    assert progress(start_at_zero, reached, planned(start_at_zero, targets, as_of=2)).share == 1
    assert progress(start_at_zero, reached, planned(start_at_zero, targets)).share == D("0.5")


# rules that the table leaves to words --------------------------------------------------------------------------------


def test_two_values_for_one_leaf_are_refused():
    with pytest.raises(Twice):
        figure(FLOW, [leaf(1), leaf(2)])


def test_a_target_against_the_direction_is_refused():
    with pytest.raises(AgainstDirection):
        Definition(Kind.STOCK, baseline=D(20), target=D(10))
    with pytest.raises(AgainstDirection):
        Definition(Kind.STOCK, direction=Direction.DOWN, baseline=D(20), target=D(30))


def test_a_part_larger_than_its_whole_counts_nothing_and_is_named():
    told = figure(RATIO, [share(12, 10, "a"), share(5, 10, "b")])
    assert told.reported.value == D("0.5")
    assert told.attention == (Attention("above_whole", "a", "vani", 1),)
    # the sum per series is what is checked: one quarter may correct another
    assert total(RATIO, share(12, 10, period=1), share(3, 10, period=2)) == D("0.75")
    assert total(Definition(Kind.RATIO, above_whole=True), share(12, 10)) == D("1.2")


def test_an_older_verified_stock_does_not_verify_a_newer_one():
    told = figure(STOCK, [leaf(10, 1, verified=D(10), verdict=Verdict.VERIFIED), leaf(14, 2)])
    assert (told.reported.value, told.verified.value, told.best.value) == (14, None, 14)


@pytest.mark.parametrize("verdict", [Verdict.CONTRADICTED, Verdict.NOT_VERIFIABLE])
def test_what_was_contradicted_or_cannot_be_verified_is_not_in_the_best_available(verdict):
    told = figure(FLOW, [leaf(10, 1, verdict=verdict), leaf(5, 2)])
    assert (told.reported.value, told.verified.value, told.best.value) == (15, None, 5)


def test_require_all_gives_nothing_until_everybody_has_reported():
    strict = Definition(Kind.FLOW, missing=Missing.REQUIRE_ALL)
    due = {("a", "vani", 1), ("b", "vani", 1)}
    assert total(strict, leaf(5), expected=due) is None
    assert total(strict, leaf(5), leaf(0, award="b"), expected=due) == 5


def test_coverage_names_who_said_no_data_and_which_periods_are_missing():
    due = {(a, "vani", p) for a in "abc" for p in (1, 2)}
    told = figure(FLOW, [leaf(5, 1), leaf(None, 1, award="b", no_data="lists were lost")], expected=due)
    assert told.coverage == Coverage(reported=1, expected=3, no_data=1, missing_periods=1)


def test_ordinals_are_counted_and_never_averaged():
    told = figure(Definition(Kind.ORDINAL), [leaf(1, award="a"), leaf(3, award="b"), leaf(3, award="c")])
    assert told.reported.value is None and told.levels == {D(1): 1, D(3): 2}


def test_a_negative_correction_of_a_flow_is_allowed_and_asks_for_a_reason():
    told = figure(FLOW, [leaf(20, 1), leaf(-3, 2, reason="three were from another village")])
    assert told.reported.value == 17
    assert told.attention == (Attention("negative", "a", "vani", 2, explained=True),)


def test_targets_of_ratios_and_means_need_what_they_are_of():
    assert planned(RATIO, [leaf(5)]) is None
    assert planned(RATIO, [share(5, 10, "a"), share(10, 10, "b")]) == D("0.75")
    assert planned(Definition(Kind.UNIQUE), [leaf(5)]) is None


def test_every_total_names_the_rows_behind_it():
    told = figure(FLOW, [leaf(20, 1, key="v1"), leaf(30, 2, key="v2", verified=D(30), verdict=Verdict.VERIFIED)])
    assert (told.reported.rows, told.verified.rows) == (("v1", "v2"), ("v2",))


def test_rounding_is_half_away_from_zero():
    assert [rounded(D(n)) for n in ("2.5", "-2.5", "0.5")] == [3, -3, 1]


# for every input -----------------------------------------------------------------------------------------------------

numbers = st.decimals(-100_000, 100_000, places=4) | st.integers(0, 500).map(D)
OPEN = [Verdict.UNVERIFIED, Verdict.CONTRADICTED, Verdict.NOT_VERIFIABLE]
DEFINITIONS = st.builds(
    Definition,
    kind=st.sampled_from([Kind.FLOW, Kind.STOCK, Kind.RUNNING_TOTAL, Kind.RATIO, Kind.MEAN, Kind.UNIQUE]),
    time=st.sampled_from([Rule.SUM, Rule.LAST, Rule.MAX, Rule.MEAN]),
    place=st.sampled_from([Rule.SUM, Rule.MEAN, Rule.MAX, Rule.MIN]),
    missing=st.sampled_from(Missing),
    above_whole=st.booleans(),
    peak=st.booleans(),
)


@st.composite
def reports(draw):
    places = draw(
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(1, 4)), unique=True, max_size=12
        )
    )
    made = []
    for award, place, period in places:
        value = draw(st.none() | numbers)
        checked = draw(st.none() | numbers) if value is not None else None
        verdict = Verdict.CORRECTED if checked is not None else draw(st.sampled_from(OPEN))
        made.append(
            Leaf(
                award, place, period, value, of=draw(st.integers(0, 50).map(D)), verified=checked,
                verdict=verdict,
                no_data="none" if value is None else None, key=f"{award}{place}{period}",
            )
        )  # fmt: skip
    return made


@given(DEFINITIONS, reports(), st.randoms())
@settings(max_examples=300, deadline=None)
def test_the_order_of_rows_does_not_matter(definition, leaves, chance):
    shuffled = list(leaves)
    chance.shuffle(shuffled)
    assert figure(definition, shuffled) == figure(definition, leaves)


@given(DEFINITIONS, reports(), numbers)
@settings(max_examples=200, deadline=None)
def test_adding_a_value_and_taking_it_away_restores_every_total(definition, leaves, value):
    before = figure(definition, leaves)
    added = Leaf("new", "x", 2, value, of=D(7), key="new")
    figure(definition, [*leaves, added])
    returned = Leaf("new", "x", 2, value, of=D(7), key="new", accepted=False)
    assert figure(definition, [*leaves, returned]) == before


@given(DEFINITIONS, reports())
@settings(max_examples=200, deadline=None)
def test_reported_does_not_know_what_was_verified(definition, leaves):
    untouched = [
        Leaf(own.award, own.municipality, own.period, own.reported, of=own.of, no_data=own.no_data, key=own.key)
        for own in leaves
    ]
    with_verdicts, without = figure(definition, leaves), figure(definition, untouched)
    assert without.verified.value is None and without.best.value == without.reported.value
    assert with_verdicts.reported == without.reported


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 4)), unique=True, min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_null_is_not_zero(keys):
    silent = [leaf(None, period, award, no_data="nothing counted") for award, period in keys]
    zeros = [leaf(0, period, award) for award, period in keys]
    assert total(FLOW, *silent) is None and total(FLOW, *zeros) == 0
    assert figure(FLOW, silent).coverage.reported == 0
    assert figure(FLOW, zeros).coverage.reported == len({award for award, _ in keys})


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xy"), numbers), unique_by=lambda r: r[:2], min_size=1)
)
@settings(max_examples=100, deadline=None)
def test_places_add_up_to_the_programme(values):
    told = figure(FLOW, [leaf(value, award=award, place=place) for award, place, value in values])
    assert sum(told.reported.places.values()) == told.reported.value


def test_what_is_due_later_is_not_missing_yet():
    expected = [("a", "vani", 1), ("a", "vani", 2), ("b", "vani", 3)]
    told = {at: figure(FLOW, [leaf(1, 1)], expected, as_of=at).coverage for at in (1, 2, 3, None)}
    assert {at: (each.expected, each.missing_periods) for at, each in told.items()} == {
        1: (1, 0), 2: (1, 1), 3: (2, 1), None: (2, 1),
    }  # fmt: skip


def test_where_all_is_required_a_missing_period_withholds_the_total():
    whole = Definition(Kind.FLOW, missing=Missing.REQUIRE_ALL)
    expected = [("a", "vani", 1), ("a", "vani", 2)]
    assert total(whole, leaf(1, 1), expected=expected, as_of=1) == 1
    assert total(whole, leaf(1, 1), expected=expected, as_of=2) is None


def test_a_target_of_its_own_replaces_the_definitions():
    aimed = Definition(Kind.FLOW, target=D(10), baseline=D(0))
    assert figure(aimed, [leaf(5)]).reported.progress.share == D("0.5")
    assert figure(aimed, [leaf(5)], target=D(20)).reported.progress.share == D("0.25")


def test_only_a_level_of_an_earlier_period_is_stale():
    assert [figure(STOCK, [leaf(1, 1)], as_of=at).stale for at in (None, 1, 2)] == [False, False, True]
    assert not figure(FLOW, [leaf(1, 1)], as_of=2).stale


@pytest.mark.parametrize(("actual", "kept"), [(39, True), (40, True), (41, False)])
def test_a_level_not_to_exceed_is_maintained_or_not(actual, kept):
    level = Definition(Kind.STOCK, direction=Direction.DOWN, baseline=D(40), target=D(40))
    assert progress(level, D(actual), D(40)).maintained is kept


def test_without_a_number_or_a_target_there_is_no_progress():
    assert progress(FLOW, None, D(10)) == progress(FLOW, D(5), None) == Progress()


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "against"),
    [
        (Direction.UP, 5, 4, True), (Direction.UP, 5, 5, False), (Direction.UP, 5, 6, False),
        (Direction.DOWN, 5, 6, True), (Direction.DOWN, 5, 5, False), (Direction.DOWN, 5, 4, False),
        (Direction.UP, None, 4, False), (Direction.UP, 5, None, False),
    ],
)  # fmt: skip
def test_a_target_must_lie_in_the_direction_or_on_the_baseline(direction, baseline, target, against):
    asked = [None if number is None else D(number) for number in (baseline, target)]
    if not against:
        return refuse_target_against_direction(direction, *asked)
    with pytest.raises(AgainstDirection):
        refuse_target_against_direction(direction, *asked)
