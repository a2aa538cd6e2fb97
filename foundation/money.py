"""Money is a Decimal with two places and a currency: parsing, splitting into parts that add up, showing."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from foundation.language import N_, language, number
from foundation.typed import read_number, seen_signs

CURRENCIES = ("EUR", "GEL", "USD")
SIGNS = {"EUR": "€", "GEL": "₾", "USD": "$"}
CENT = Decimal("0.01")
MOST = Decimal("999999999999.99")

NOT_MONEY = N_("Write an amount as digits with at most two decimals, for example 1250.50.")
ABOVE_ZERO = N_("The amount must be above zero.")


def parse_money(typed: object, currency: str | None = None) -> Decimal:
    """From what a person types, as every number is read; the sign or the code of its own currency may stand beside it.
    ValueError if not so."""
    if not isinstance(typed, str):
        raise ValueError(NOT_MONEY)
    amount = read_number(_without(currency, typed) if currency else typed)
    if amount < 0 or amount != amount.quantize(CENT):
        raise ValueError(NOT_MONEY)
    return amount.quantize(CENT)


def _without(currency: str, typed: str) -> str:
    bare = seen_signs(typed)
    for sign in (SIGNS[currency], currency):
        bare = bare.removeprefix(sign).removesuffix(sign)
    return bare


def _at_the_door(given: object) -> Decimal:
    # never a float: JSON carries money as a string
    return parse_money(str(given) if isinstance(given, Decimal) else given)


def _above_zero(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise ValueError(ABOVE_ZERO)
    return amount


MoneyOrZero = Annotated[
    Decimal,
    BeforeValidator(_at_the_door, json_schema_input_type=str),
    PlainSerializer(str, return_type=str, when_used="json"),
]
Money = Annotated[MoneyOrZero, AfterValidator(_above_zero)]


def in_cents(amount: Decimal) -> str:
    """An amount for machines: 1250.50, and 0.00."""
    return f"{rounded(Decimal(amount)):f}"


# Going out; nothing of ours is judged as if somebody had typed it.
Amount = Annotated[Decimal, PlainSerializer(in_cents, return_type=str, when_used="json")]


def rounded(amount: Decimal) -> Decimal:
    """Half away from zero, to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split(amount: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """Parts in proportion to the shares that add up to the amount exactly; the last takes the remainder."""
    whole = sum(shares)
    if whole <= 0:
        raise ValueError("shares must add up to more than zero")
    parts = [rounded(amount * share / whole) for share in shares[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]


def money(amount: Decimal | None, currency: str) -> str:
    """12 500,50 ₾ in Georgian, GEL 12,500.50 / €12,500.50 in English. Whole amounts lose their zeros; a minus
    stands before the sign."""
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    figures, minus = number(abs(amount), places), "−" if amount < 0 else ""
    if language.get() == "ka":
        return f"{minus}{figures}\u00a0{SIGNS[currency]}"
    return f"{currency}\u00a0{minus}{figures}" if currency == "GEL" else f"{minus}{SIGNS[currency]}{figures}"
