"""Numbers as people type and read them."""

from decimal import Decimal as D

import pytest

from foundation.language import speaking
from monitoring.indicators.calculator import Series, Total
from monitoring.indicators.numbers import formatted, parse_number, plain, total_shown, with_unit

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
    with pytest.raises(ValueError, match="Write a number"):
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
