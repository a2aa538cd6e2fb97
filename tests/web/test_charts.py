"""Bars, lines and maps: the numbers behind the drawings."""

import re
from decimal import Decimal

import pytest

from web import charts


def test_each_step_is_measured_against_the_longest():
    rows = [
        {"label": "budget", "amount": Decimal("240000"), "value": "€240,000"},
        {"label": "awarded", "amount": Decimal("120000"), "value": "€120,000", "note": "half", "href": "/awards"},
        {"label": "verified", "amount": Decimal("60000"), "value": "€60,000"},
    ]
    assert charts.money_steps(rows) == [
        charts.Step("budget", "€240,000", "", "", 100.0, 1, True),
        charts.Step("awarded", "€120,000", "half", "/awards", 50.0, 3, True),
        charts.Step("verified", "€60,000", "", "", 25.0, 5, False),
    ]


def test_an_unknown_amount_is_an_empty_bar():
    steps = charts.money_steps([{"label": "budget", "amount": None, "value": "not known"}])
    assert steps == [charts.Step("budget", "not known", "", "", 0.0, 1, False)]


def test_no_steps_draw_nothing():
    assert charts.money_steps([]) == []


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 4, 25.0), (None, 4, 0.0), (5, 4, 100.0), (-1, 4, 0.0), (1, 0, 0.0), (Decimal("1"), Decimal("3"), 33.33)],
)
def test_shares_stay_inside_the_bar(part, whole, expected):
    assert charts.share(part, whole) == expected


def test_a_bullet_leaves_room_after_the_longest():
    assert charts.bullet(100, 50, 25) == charts.Bullet(47.17, 23.58, 94.34)


def test_a_bullet_without_target_has_no_tick():
    assert charts.bullet(None, 39, 0) == charts.Bullet(94.34, 0.0, None)


def test_a_bullet_of_nothing_is_empty():
    assert charts.bullet(0, None, None) == charts.Bullet(0.0, 0.0, 0.0)


def test_shades_go_in_equal_steps_up_to_the_largest():
    assert charts.shades({"a": 100, "b": 75, "c": 74, "d": 25, "e": 0, "f": None}) == {
        "a": 3, "b": 3, "c": 2, "d": 1, "e": 0, "f": 0,
    }  # fmt: skip


def test_shades_of_nothing_are_all_light():
    assert charts.shades({"a": 0, "b": None}) == {"a": 0, "b": 0}


def test_the_map_draws_the_places_it_is_given():
    drawing = charts.choropleth([place("vani"), place("baghdati"), place("atlantis")])
    assert [area.slug for area in drawing.areas] == ["vani", "baghdati"]
    assert len(drawing.land) == 3
    assert drawing.width == charts.MAP_WIDTH


def test_the_eight_municipalities_are_all_on_the_map_and_in_it():
    slugs = ["lanchkhuti", "ozurgeti", "khoni", "vani", "bagdati", "terjola", "tsageri", "ambrolauri"]
    drawing = charts.choropleth([place(slug) for slug in slugs])
    assert [area.slug for area in drawing.areas] == slugs
    for area in drawing.areas:
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", area.path)
        assert 0 < area.x < drawing.width
        assert 0 < area.y < drawing.height
    where = {area.slug: area for area in drawing.areas}
    assert where["ozurgeti"].x < where["vani"].x < where["terjola"].x
    assert where["tsageri"].y < where["vani"].y


def test_the_map_is_light():
    places = [place(slug) for slug in charts.geometry("municipalities")]
    drawing = charts.choropleth(places)
    assert sum(len(path) for path in drawing.land) + sum(len(area.path) for area in drawing.areas) < 12_000


def test_points_on_one_pixel_are_drawn_once():
    assert charts.path([(5, 5), (5, 5), (8, 5), (8, 3), (5, 5)]) == "M5 5l3 0 0-2-3 2z"


def test_the_middle_of_a_square_is_its_middle():
    assert charts.middle([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]) == (5, 5)
    assert charts.middle([(3, 3), (3, 3)]) == (3, 3)


def test_a_line_stops_where_time_has_come():
    drawing = charts.line_chart(["a", "b", "c"], [10, 20], [10, 20, 40], done_label="done", plan_label="plan")
    assert drawing == charts.LineChart(
        grid=[
            charts.Mark(0, y, label)
            for y, label in ((100, "0.0"), (75, "10.0"), (50, "20.0"), (25, "30.0"), (0, "40.0"))
        ],
        steps=[charts.Mark(0, 100, "a"), charts.Mark(50, 100, "b"), charts.Mark(100, 100, "c")],
        line="M0.0 75.0L50.0 50.0",
        area="M0.0 75.0L50.0 50.0L50.0 100L0 100Z",
        plan="M0.0 75.0L50.0 50.0L100.0 0.0",
        end=charts.Mark(50, 50),
        line_label="done",
        plan_label="plan",
    )


def test_a_chart_before_the_first_payment_has_a_grid_and_no_line():
    drawing = charts.line_chart(["a"], [], done_label="done")
    assert (drawing.line, drawing.area, drawing.end, drawing.line_label) == ("", "", None, "")
    assert len(drawing.grid) == 5


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (3, 4), (160, 200), (148250, 200000), (1000, 1000), (0.7, 0.8), (9.5, 10)]
)
def test_the_grid_ends_on_a_round_number(largest, top):
    assert charts.round_top(largest) == top


def place(slug):
    return {"slug": slug, "name": slug, "figure": "1", "href": f"/{slug}", "shade": 1}
