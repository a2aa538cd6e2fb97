"""Money between a person, our code and JSON: typed as text, a Decimal inside, text again only in JSON."""

from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from foundation.money import Money, MoneyOrZero, money, parse_money, rounded, split
from monitoring.indicators.numbers import Number


class Given(BaseModel):
    amount: Money
    nothing: MoneyOrZero
    number: Number


def test_money_and_numbers_stay_decimals_inside_and_are_text_in_json():
    """An action that gets a form's fields compares and adds them."""
    given = Given.model_validate({"amount": "1 250,5", "nothing": "0", "number": "12,5"})
    assert given.model_dump() == {"amount": Decimal("1250.50"), "nothing": Decimal("0.00"), "number": Decimal("12.5")}
    assert {type(each) for each in given.model_dump().values()} == {Decimal}
    assert given.model_dump(mode="json") == {"amount": "1250.50", "nothing": "0.00", "number": "12.5"}
    assert given.model_dump_json() == '{"amount":"1250.50","nothing":"0.00","number":"12.5"}'
    schema = Given.model_json_schema(mode="serialization")["properties"]
    assert {schema[name]["type"] for name in schema} == {"string"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0", "0"), ("7", "7.00"), ("1.5", "1.50"), ("1,05", "1.05"), ("12 345.67", "12345.67"),
        ("12\u00a0345,6", "12345.60"), ("1\u202f000", "1000"), ("999999999999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_what_people_type_is_read(typed, read):
    assert parse_money(typed) == Decimal(read) and parse_money(typed).as_tuple().exponent == -2


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-1", "+1", "1.234", "1.", ".5", "1e3", "1,000", "1000000000000", "NaN", "١٢", None, 5, 1.5, True],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError):
        parse_money(typed)


@pytest.mark.parametrize("given", [0, 5, 1.5, True, None, "0", "0.00", Decimal("0"), Decimal("-1"), Decimal("1.005")])
def test_an_amount_above_zero_comes_as_text_or_decimal(given):
    with pytest.raises(ValidationError):
        Given.model_validate({"amount": given, "nothing": "0", "number": "1"})


def test_nothing_is_an_amount_where_zero_is_allowed():
    given = Given.model_validate({"amount": Decimal("0.01"), "nothing": Decimal("0"), "number": 1})
    assert (given.amount, given.nothing) == (Decimal("0.01"), Decimal("0"))


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.004", "0.00"), ("0.005", "0.01"), ("0.015", "0.02"), ("-0.005", "-0.01"), ("2.675", "2.68")],
)
def test_rounding_goes_half_away_from_zero(amount, cents):
    assert str(rounded(Decimal(amount))) == cents


def test_parts_add_up_to_the_amount_and_the_last_takes_the_rest():
    thirds = split(Decimal("100.00"), [Decimal(1)] * 3)
    assert thirds == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert split(Decimal("10.00"), [Decimal(3), Decimal(1)]) == [Decimal("7.50"), Decimal("2.50")]
    assert split(Decimal("0.05"), [Decimal("1")]) == [Decimal("0.05")]
    assert split(Decimal("1.00"), [Decimal("0.5"), Decimal("0.25")]) == [Decimal("0.67"), Decimal("0.33")]
    for shares in ([], [Decimal(0)], [Decimal(1), Decimal(-1)], [Decimal(1), Decimal(-2)]):
        with pytest.raises(ValueError):
            split(Decimal("1.00"), shares)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("12500.50", "GEL", "ka", "12\u00a0500,50\u00a0₾"),
        ("12500.50", "GEL", "en", "GEL\u00a012,500.50"),
        ("12500.50", "EUR", "en", "€12,500.50"),
        ("12500.50", "USD", "ka", "12\u00a0500,50\u00a0$"),
        ("12500.00", "USD", "en", "$12,500"),
        ("0", "EUR", "en", "€0"),
        ("-5.00", "EUR", "en", "−€5"),
        ("-5.10", "GEL", "en", "GEL\u00a0−5.10"),
        ("-5.10", "EUR", "ka", "−5,10\u00a0€"),
        (None, "EUR", "en", ""),
    ],
)
def test_amounts_are_shown_as_each_language_writes_them(amount, currency, language, shown):
    from foundation.language import speaking

    with speaking(language):
        assert money(None if amount is None else Decimal(amount), currency) == shown
