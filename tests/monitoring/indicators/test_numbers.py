"""Numbers as people type and read them."""

from decimal import Decimal as D

import pytest

from foundation.language import speaking
from monitoring.indicators.numbers import formatted, leaf, parse_number, plain, progress_said, total_shown, with_unit
from monitoring.indicators.terms import Series, Total

PEOPLE = {"kind": "flow", "unit_ka": "ადამიანი", "unit_en": "people"}
SHARE = {"kind": "ratio", "unit_ka": "პროცენტი", "unit_en": "per cent"}


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1250", D(1250)), ("12,5", D("12.5")), ("12.5", D("12.5")), ("1 250", D(1250)), ("1\u00a0250", D(1250)),
        ("1\u202f250", D(1250)), ("-3", D(-3)), ("−3", D(-3)), (7, D(7)), (D("7.25"), D("7.25")), (0, D(0)),
    ],
)  # fmt: skip
def test_what_people_type_is_read_as_the_number_they_meant(typed, number):
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["about 30", "", "yes", True, None, ["1"], "1.23456", "1" * 13, "1.2.3", "+4", 1e400])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"Write|too large|cannot be read"):
        parse_number(typed)


@pytest.mark.parametrize(
    ("value", "told"), [(None, ""), (D("5.00"), "5"), (D(500), "500"), (D("0.50"), "0.5"), (D("1E+3"), "1000")]
)
def test_a_form_shows_no_zeros_that_say_nothing(value, told):
    assert plain(value) == told


@pytest.mark.parametrize(
    ("indicator", "value", "told", "counted"),
    [
        (PEOPLE, None, "not known", "not known"), (PEOPLE, D("1250.00"), "1,250", "1,250\u00a0people"),
        (PEOPLE, D("2.345"), "2.35", "2.35\u00a0people"), (PEOPLE, D("2.004"), "2", "2\u00a0people"),
        (SHARE, D("0.12345"), "12.3%", "12.3%"), (SHARE, None, "not known", "not known"),
        ({"kind": "flow", "unit_ka": None, "unit_en": None}, D(3), "3", "3"),
        ({"kind": "flow", "unit_ka": "ცალი", "unit_en": None}, D(3), "3", "3\u00a0ცალი"),
        ({"kind": "flow", "unit_ka": None, "unit_en": "pieces"}, D(3), "3", "3\u00a0pieces"),
    ],
)  # fmt: skip
def test_a_value_is_shown_short_and_with_what_it_counts(indicator, value, told, counted):
    assert (formatted(indicator, value), with_unit(indicator, value)) == (told, counted)


@pytest.mark.parametrize(
    ("value", "at_most", "told"),
    [(D(40), None, "40"), (D(40), D(40), "40"), (D(40), D(55), "at least 40, at most 55"), (None, None, "not known")],
)
def test_people_counted_without_a_registry_are_between_two_numbers(value, at_most, told):
    assert total_shown(PEOPLE, Total(Series.REPORTED, value, at_most)) == told


@pytest.mark.parametrize(
    ("kind", "value", "of", "said"),
    [
        ("ratio", 12, 20, "12 of 20 (60.0%)"), ("ratio", 1, 3, "1 of 3 (33.3%)"), ("ratio", 0, 0, "0 of 0 (not known)"),
        ("ratio", 12, None, "12"), ("mean", "4.2", 20, "4.2, mean of 20 answers"), ("mean", "4.2", None, "4.2"),
        ("flow", 1250, None, "1,250"), ("stock", None, None, "not known"), ("ratio", None, 20, "not known"),
    ],
)  # fmt: skip
def test_a_part_is_no_share(kind, value, of, said):
    """12 of 20 were once told as 1,200%, and a mean of 20 answers as 4.2 of 20."""
    told = {series: None if value is None else D(value) for series in ("reported", "verified")}
    told |= {f"{series}_of": None if of is None else D(of) for series in ("reported", "verified")}
    with speaking("en"):
        assert leaf({"kind": kind}, told) == said
        assert leaf({"kind": kind}, told, "verified") == said


def test_what_is_not_verified_is_no_zero():
    with speaking("en"):
        assert progress_said(None, None) == "nothing reported yet"
        assert progress_said("40", None) == "40 reported, none of it verified"
        assert progress_said("40", "0") == "0 verified of 40 reported"
