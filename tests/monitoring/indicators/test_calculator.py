"""The worked examples of how numbers add up, one test for each, and the properties that hold for every input."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.indicators.calculator import (
    added_up,
    converted,
    deltas,
    figure,
    part_of,
    planned,
    planned_together,
    progress,
    restatement,
)
from monitoring.indicators.terms import (
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
    Told,
    Twice,
    Verdict,
    refuse_target_against_direction,
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


# over time and over places -------------------------------------------------------------------------------------


def test_the_highest_and_the_lowest_of_three_places():
    places = [leaf(30, place="vani"), leaf(10, place="khoni"), leaf(20, place="terjola")]
    assert total(Definition(Kind.STOCK, place=Rule.MAX), *places) == 30
    assert total(Definition(Kind.STOCK, place=Rule.MIN), *places) == 10
    assert total(Definition(Kind.STOCK, place=Rule.MEAN), *places) == 20


def test_levels_are_averaged_over_time_where_declared_but_parts_of_a_whole_never():
    assert total(Definition(Kind.STOCK, time=Rule.MEAN), leaf(10, 1), leaf(40, 2)) == 25
    assert total(Definition(Kind.RATIO, time=Rule.MEAN), share(1, 2, period=1), share(2, 8, period=2)) == D("0.3")


def test_a_level_without_a_rule_is_its_latest_value():
    for kind in (Kind.STOCK, Kind.RUNNING_TOTAL):
        assert total(Definition(kind), leaf(40, 1), leaf(10, 2)) == 10
        assert total(Definition(kind, time=Rule.MAX), leaf(40, 1), leaf(10, 2)) == 40
    assert total(Definition(Kind.FLOW, time=Rule.LAST), leaf(40, 1), leaf(10, 2)) == 10


def test_a_level_of_ordinals_is_the_latest_of_each_place():
    told = figure(Definition(Kind.ORDINAL), [leaf(1, 1), leaf(3, 2), leaf(2, 1, place="khoni")])
    assert told.levels == {D(2): 1, D(3): 1} and told.reported.value is None


def test_of_two_highest_values_the_later_counts_with_its_verification():
    highest = Definition(Kind.STOCK, time=Rule.MAX)
    told = figure(highest, [leaf(40, 1, verified=D(39)), leaf(40, 2, verified=D(38)), leaf(7, 3)])
    assert (told.reported.value, told.verified.value) == (40, 38)


def test_the_busiest_moment_is_the_period_in_which_all_places_together_had_most():
    busiest = Definition(Kind.STOCK, peak=True)
    leaves = [leaf(30, 1), leaf(5, 2), leaf(1, 1, place="khoni"), leaf(20, 2, place="khoni"), leaf(1, 3)]
    assert total(busiest, *leaves) == 31
    # of two alike it is the later one, whose verification counts
    told = figure(busiest, [leaf(9, 1, verified=D(8)), leaf(9, 2, verified=D(7)), leaf(2, 3)])
    assert (told.reported.value, told.verified.value) == (9, 7)


@pytest.mark.parametrize("how", [{"peak": True}, {"time": Rule.MAX}])
def test_nothing_of_nothing_is_less_than_a_part_of_something(how):
    assert total(
        Definition(Kind.RATIO, **how), share(0, 0, period=1), share(1, 2, period=2), share(0, 0, period=3)
    ) == D("0.5")
    assert total(Definition(Kind.RATIO, **how), share(0, 0, period=1), share(0, 0, period=2)) is None


# cells and dimensions ------------------------------------------------------------------------------------------


def differing(told):
    return [each.what for each in told.attention]


def test_without_a_total_the_fullest_dimension_is_the_least_it_can_be():
    by_sex = [leaf(10, cell="women"), leaf(5, cell="men")]
    by_age = [leaf(12, cell="young", dimension="age"), leaf(8, cell="old", dimension="age")]
    for leaves in ([*by_sex, *by_age], [*by_age, *by_sex]):
        told = figure(FLOW, leaves)
        assert (told.reported.value, differing(told)) == (20, ["dimensions_differ"])
    alike = figure(FLOW, [*by_sex, leaf(15, cell="young", dimension="age")])
    assert (alike.reported.value, differing(alike)) == (15, [])
    # a dimension in which nothing is known says nothing against the others
    silent = figure(FLOW, [*by_sex, leaf(None, cell="young", dimension="zone", no_data="lost")])
    assert (silent.reported.value, differing(silent)) == (15, [])
    assert total(FLOW, leaf(None, cell="women", no_data="lost")) is None
    assert total(FLOW, leaf(None, cell="women"), leaf(-2, cell="young", dimension="age")) == -2


def test_one_total_each_and_one_value_for_a_cell_of_a_dimension():
    two_dimensions = [leaf(3, cell="other"), leaf(3, cell="other", dimension="age")]
    assert total(FLOW, *two_dimensions) == 3
    for twice in ([leaf(3), leaf(3, dimension="age")], [leaf(1, cell="men"), leaf(1, cell="men")]):
        with pytest.raises(Twice):
            figure(FLOW, twice)
        with pytest.raises(Twice):
            part_of(FLOW, twice)


def test_cells_may_make_the_total_but_not_exceed_it():
    cells = [leaf(10, cell="women"), leaf(5, cell="men")]
    assert differing(figure(FLOW, [leaf(15), *cells])) == []
    assert differing(figure(FLOW, [leaf(14), *cells])) == ["cells_above_total"]
    assert differing(figure(FLOW, [leaf(0), leaf(0, cell="women")])) == []
    assert differing(figure(FLOW, [leaf(0), leaf(1, cell="women")])) == ["cells_above_total"]
    tagged = Definition(Kind.FLOW, tags=frozenset({"topic"}))
    topics = [leaf(15, cell=topic, dimension="topic") for topic in ("youth", "roads")]
    assert differing(figure(tagged, [leaf(15), *topics])) == []
    assert figure(tagged, [leaf(15), *topics]).tags == {"topic": {"youth": 15, "roads": 15}}
    assert figure(tagged, topics).reported.value is None  # tags alone make no total
    mixed = [leaf(15), leaf(9, cell="women"), leaf(None, cell="youth", dimension="topic", no_data="lost"), topics[1]]
    assert figure(tagged, mixed).tags == {"topic": {"roads": 15}}
    # people counted once may stand in several cells
    assert differing(figure(Definition(Kind.UNIQUE), [leaf(14), *cells])) == []


# verified ------------------------------------------------------------------------------------------------------


def test_what_was_verified_is_of_what_was_verified_or_else_of_what_was_reported():
    told = figure(RATIO, [share(5, 10, verified=D(4))])
    assert (told.reported.value, told.verified.value, told.best.value) == (D("0.5"), D("0.4"), D("0.4"))
    assert figure(RATIO, [share(5, 10, verified=D(4), verified_of=D(8))]).verified.value == D("0.5")


def test_a_total_made_of_cells_is_verified_when_each_cell_is():
    one = [leaf(12, cell="women", verified=D(9)), leaf(3, cell="men")]
    assert figure(FLOW, one).verified.value is None and figure(FLOW, one).best.value == 12
    both = [leaf(12, cell="women", verified=D(9)), leaf(3, cell="men", verified=D(3))]
    assert figure(FLOW, both).verified.value == 12
    told = figure(FLOW, [*both, leaf(85, 2)]).verification
    assert (told.leaves, told.of_leaves, told.share, told.factor) == (1, 2, D("0.15"), D("0.8"))
    mean = figure(Definition(Kind.MEAN), [share(5, 10, verified=D(4))]).verification
    assert (mean.leaves, mean.of_leaves, mean.share, mean.factor) == (1, 1, None, None)


# people --------------------------------------------------------------------------------------------------------


def test_people_without_names_are_at_least_the_most_of_each_place_and_at_most_all():
    unique = Definition(Kind.UNIQUE)
    leaves = [leaf(30, 1), leaf(20, 2), leaf(5, 1, place="khoni", award="b", verified=D(4))]
    told = figure(unique, leaves)
    assert (told.reported.value, told.reported.at_most, told.reported.places) == (35, 55, {"vani": 30, "khoni": 5})
    assert (told.verified.value, told.verified.at_most) == (4, 4)
    assert figure(unique, []).reported.at_most is None
    withheld = figure(Definition(Kind.UNIQUE, missing=Missing.REQUIRE_ALL), leaves, [("z", "vani", 1)]).reported
    assert (withheld.value, withheld.at_most) == (None, None)


def test_people_of_a_registry_are_counted_by_name_where_all_are_known():
    unique = Definition(Kind.UNIQUE)
    named = [leaf(2, people=frozenset("ab")), leaf(2, 2, place="khoni", people=frozenset("bc"))]
    told = figure(unique, named).reported
    assert (told.value, told.at_most, told.places) == (3, None, {"vani": 2, "khoni": 2})
    told = figure(unique, [*named, leaf(9, 3)]).reported
    assert (told.value, told.at_most) == (11, 13)
    # who was met when it was verified has no names
    assert figure(unique, [leaf(2, people=frozenset("ab"), verified=D(1))]).verified.value == 1


# coverage ------------------------------------------------------------------------------------------------------


def test_coverage_counts_places_and_says_why_others_are_not_in():
    expected = [(award, "vani", period) for award in "abc" for period in (1, 2)]
    leaves = [leaf(5, 1), leaf(None, 1, award="b", no_data="lost"), leaf(7, 1, award="d", no_data="late")]
    assert figure(FLOW, leaves, expected).coverage == Coverage(2, 4, no_data=1, missing_periods=1)
    assert figure(FLOW, leaves, expected, as_of=1).coverage == Coverage(2, 4, no_data=1)
    # a level of an earlier period is carried; only what is reported at that moment counts as in
    assert figure(STOCK, [leaf(5, 1), leaf(6, 2, award="b")], expected, as_of=2).coverage == Coverage(1, 3, carried=1)
    assert figure(STOCK, [leaf(5, 1)], expected).coverage == Coverage(1, 3)
    assert figure(FLOW, [leaf(5, 1)], expected, as_of=2).coverage == Coverage(1, 3, missing_periods=1)
    assert figure(FLOW, [leaf(None)]).coverage == Coverage(0, 0)
    assert figure(RATIO, [leaf(5, no_data="late")]).coverage == Coverage(0, 0)


def test_a_number_beside_a_reason_for_having_none_is_a_number():
    assert part_of(FLOW, [leaf(5, no_data="late")])[1] == Told((1,), False)
    assert part_of(FLOW, [leaf(None, no_data="lost"), leaf(5, 2), leaf(None, 3)])[1] == Told((2,), True)


# attention -----------------------------------------------------------------------------------------------------


def test_what_falls_or_is_negative_is_named_with_its_place_and_whether_it_is_explained():
    fell = figure(RUNNING, [leaf(9, 1), leaf(9, 2), leaf(8, 3, reason="counted twice"), leaf(7, 4)])
    assert fell.attention == (Attention("falling", "a", "vani", 3, True), Attention("falling", "a", "vani", 4))
    assert figure(FLOW, [leaf(0, 1), leaf(-1, 2)]).attention == (Attention("negative", "a", "vani", 2),)
    assert figure(STOCK, [leaf(9, 1), leaf(-8, 2)]).attention == ()


def test_a_part_may_be_all_of_its_whole_and_more_where_declared():
    assert total(RATIO, share(5, 5)) == 1
    over = figure(RATIO, [share(6, 5), share(1, 2, award="b", place="khoni")])
    assert (over.reported.value, over.attention) == (D("0.5"), (Attention("above_whole", "a", "vani", 1),))
    assert total(Definition(Kind.RATIO, above_whole=True), share(6, 5)) == D("1.2")
    checked = figure(RATIO, [share(4, 5, verified=D(6))])
    assert (checked.reported.value, checked.verified.value, checked.best.value) == (D("0.8"), None, None)


# splits --------------------------------------------------------------------------------------------------------


def test_a_total_is_split_where_it_adds_up_over_time_and_places():
    cells = [leaf(10, cell="women"), leaf(5, cell="men"), leaf(3, cell="unknown"), leaf(20)]
    for how in ({}, {"time": Rule.LAST}):
        (split,) = figure(Definition(Kind.FLOW, **how), cells).splits
        assert (split.cells, split.unknown, split.coverage) == ({"women": 10, "men": 5}, 5, D("0.75"))
    for how in ({"time": Rule.MEAN}, {"time": Rule.MAX}, {"place": Rule.MEAN}, {"place": Rule.MAX}):
        assert figure(Definition(Kind.FLOW, **how), cells).splits == ()
    assert figure(Definition(Kind.UNIQUE), cells).splits == ()
    (nothing,) = figure(FLOW, [leaf(0), leaf(0, cell="women")]).splits
    assert (nothing.unknown, nothing.coverage) == (0, None)


# targets and what was published --------------------------------------------------------------------------------


def test_the_target_of_one_place_is_measured_where_the_programme_has_another():
    own = Definition(Kind.FLOW, target=D(100))
    assert figure(own, [leaf(20)]).reported.progress.share == D("0.2")
    assert figure(own, [leaf(20)], target=D(40)).reported.progress.share == D("0.5")
    assert figure(own, [leaf(20)], target=D(0)).reported.progress == Progress(maintained=True)


def test_targets_of_places_come_together_unless_one_lacks_what_it_is_of():
    parts = {"vani": (D(3), D(4)), "khoni": (D(1), D(4))}
    assert planned_together(RATIO, parts, lacking=False) == D("0.5")
    assert planned_together(RATIO, parts, lacking=True) is None
    assert planned_together(FLOW, parts, lacking=False) == 4
    for kind in (Kind.UNIQUE, Kind.ORDINAL, Kind.TEXT):
        assert planned_together(Definition(kind), parts, lacking=False) is None
        assert planned(Definition(kind), [leaf(5)]) is None
    assert planned(FLOW, []) is None


def test_nothing_published_is_not_restated_and_money_has_two_places():
    assert restatement([], D(5)) is None
    assert restatement([D(4), D(5)], D(5)) is None
    assert restatement([D(5), D(4)], D(5)).change == 1
    assert str(converted([(D(10), D(3)), (D(1), D(3))])) == "3.67"
    assert [str(rounded(D("2.345"), places)) for places in (0, 1, 2, 3)] == ["2", "2.3", "2.35", "2.345"]


@pytest.mark.parametrize(
    "definition", [Definition(Kind.STOCK, peak=True), Definition(Kind.ORDINAL), Definition(Kind.TEXT)]
)
def test_what_counts_places_together_is_not_made_of_parts(definition):
    with pytest.raises(AssertionError):
        part_of(definition, [leaf(1)])
    with pytest.raises(AssertionError):
        added_up(definition, [], Coverage(0, 0))
