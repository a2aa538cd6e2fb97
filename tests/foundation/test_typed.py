"""What people type as numbers and days: one reading, or a question."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.language import speaking
from foundation.money import parse_money
from foundation.typed import read_day, read_number, read_whole

NUMBERS = [
    ("1250", "1250"), ("1 250", "1250"), ("1\u00a0250", "1250"), ("1\u202f250", "1250"), ("1\u2009250", "1250"),
    ("1'250", "1250"), ("1’250", "1250"), ("12.5", "12.5"), ("12,5", "12.5"), ("1,250.5", "1250.5"),
    ("1.250,5", "1250.5"), ("1 250,5", "1250.5"), ("1.250,50", "1250.50"), ("1,250,000", "1250000"),
    ("1.250.000", "1250000"), ("1 250 000,75", "1250000.75"), ("2,000,000.00", "2000000.00"), ("-5", "-5"),
    ("−5", "-5"), ("–5", "-5"), ("0.250", "0.250"), ("1250.500", "1250.500"), ("1 250,500", "1250.500"),
    ("\u200e12.5\u200b", "12.5"), (" 7 ", "7"), ("0", "0"), ("007", "7"), ("1.2340", "1.2340"),
]  # fmt: skip
REFUSED = ["", " ", "abc", "12e3", "٣", "1,25,000", "1.250.00", "1,250.500,1", "12 50", "1  250", "1..2", ".5", "5.",
           "--5", "5-", "€ 100", "1_000", "0x10", "inf", "nan", "1/2", "1234567890123", "½"]  # fmt: skip


@pytest.mark.parametrize(("typed", "value"), NUMBERS)
def test_a_number_has_one_reading(typed, value):
    assert read_number(typed) == Decimal(value)
    if Decimal(value) == abs(round(Decimal(value), 2)):
        assert parse_money(typed) == Decimal(value)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_number_is_refused(typed):
    for reads in (read_number, read_whole, parse_money):
        with pytest.raises(ValueError):
            reads(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1,250", "Is it 1250 or 1,25?"), ("1.250", "Is it 1250 or 1.25?"), ("100,555", "Is it 100555 or 100,5550?"),
     ("-1,250", "Is it -1250 or -1,25?"), ("3.000", "Is it 3000 or 3?")],
)  # fmt: skip
def test_a_thousand_or_a_fraction_is_asked_about(typed, said):
    with speaking("en"), pytest.raises(ValueError) as refused:
        read_number(typed)
    assert said in str(refused.value)
    for choice in said.removeprefix("Is it ").removesuffix("?").split(" or "):
        assert read_number(choice) in (read_number(choice), Decimal(choice.replace(",", ".")))  # each is unambiguous
    with pytest.raises(ValueError):
        parse_money(typed)


def test_what_cannot_be_a_thousand_is_a_fraction():
    assert read_number("42.083", Decimal(90)) == Decimal("42.083")
    with pytest.raises(ValueError):
        read_number("42.083", Decimal(100_000))


@pytest.mark.parametrize(
    ("typed", "value"), [("1,250", 1250), ("1.250", 1250), ("1 250", 1250), ("12.0", 12), ("12,00", 12), ("-3", -3)]
)
def test_a_count_has_no_decimals(typed, value):
    assert read_whole(typed) == value


@pytest.mark.parametrize("typed", ["600.5", "0,5", "0.250", "1250.500", "12.01"])
def test_what_is_no_count(typed):
    with pytest.raises(ValueError):
        read_whole(typed)


@pytest.mark.parametrize("typed", ["€ 100", "100 €", "EUR 100", "100EUR", "€100.00"])
def test_the_sign_of_its_own_currency_may_stand_beside_an_amount(typed):
    assert parse_money(typed, "EUR") == Decimal("100.00")
    for currency in ("GEL", "USD"):
        with pytest.raises(ValueError):
            parse_money(typed, currency)


@pytest.mark.parametrize("typed", ["-1", "1.255", "1.2345", "0.001"])
def test_what_is_no_amount(typed):
    with pytest.raises(ValueError):
        parse_money(typed)


def test_the_sign_that_cannot_be_read_is_named():
    with speaking("en"), pytest.raises(ValueError, match="“В”"):
        read_number("1В5")


DAYS = [("2026-12-31", date(2026, 12, 31)), ("31.12.2026", date(2026, 12, 31)), ("1/2/2026", date(2026, 2, 1)),
        ("31-12-2026", date(2026, 12, 31)), ("2000-01-01", date(2000, 1, 1)), ("31.12.2100", date(2100, 12, 31)),
        ("\u200e31.12.2026\u200b", date(2026, 12, 31))]  # fmt: skip


@pytest.mark.parametrize(("typed", "day"), DAYS)
def test_a_day(typed, day):
    assert read_day(typed) == day


@pytest.mark.parametrize(
    "typed",
    ["31.12.26", "0026-12-31", "0206-12-31", "26-12-31", "1999-12-31", "2101-01-01", "31.02.2026", "2026-13-01", "2026",
     "12.2026", "2026-12-31T00:00:00", "yesterday", "1735689600", "", "٣١.12.2026"],
)  # fmt: skip
def test_what_is_no_day_of_our_time(typed):
    with pytest.raises(ValueError):
        read_day(typed)
