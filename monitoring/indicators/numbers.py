"""Numbers as people type and read them: a comma or a point, spaces that group, rounding half away from zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from foundation.database import Columns
from foundation.language import N_, number, pick_text
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.typed import MOST_DIGITS, NOT_A_NUMBER, TOO_LARGE, in_a_form, read_number
from monitoring.indicators.terms import CARRY_OF, Kind, Total, rounded

PLACES = 4
TOO_FINE = N_("Write at most four decimals.")


def parse_number(typed: object) -> Decimal:
    """ValueError when it is not a number: “about 30” or “yes” is no value."""
    if isinstance(typed, (int, Decimal)) and not isinstance(typed, bool):
        typed = f"{typed:f}" if isinstance(typed, Decimal) and typed.is_finite() else str(typed)
        value = Decimal(typed) if "." in typed else read_number(typed)  # 1.250 of a machine is 1.25
    elif isinstance(typed, str):
        value = read_number(typed)
    else:
        raise ValueError(NOT_A_NUMBER)
    if value != round(value, PLACES):
        raise ValueError(TOO_FINE)
    if abs(value) >= 10**MOST_DIGITS:
        raise ValueError(TOO_LARGE)
    return value


Number = Annotated[
    Decimal,
    BeforeValidator(parse_number, json_schema_input_type=str),
    PlainSerializer(str, return_type=str, when_used="json"),
]


# A part of a count: a correction may be below zero.
Count = Annotated[int, Field(gt=-(10**MOST_DIGITS), lt=10**MOST_DIGITS)]


def whole_people(indicator: Columns, value: Decimal | None) -> None:
    """Nobody is half a person; a mean and a share may have decimals."""
    if indicator["people"] and indicator["kind"] not in CARRY_OF and value is not None and value != int(value):
        raise Refused(_("People are counted in whole numbers."))


def plain(value: Decimal | None) -> str:
    """For form fields: empty for what is not known."""
    return "" if value is None else in_a_form(value)


def formatted(indicator: Columns, value: Decimal | None) -> str:
    """A value of this indicator in words of the current language: a share as per cent, other numbers with at most
    two places."""
    if value is None:
        return _("not known")
    if indicator["kind"] == Kind.RATIO:
        return _("{number}%", number=number(rounded(value * 100, 1), 1))
    short = rounded(value, 2)
    return number(short.to_integral_value() if short == short.to_integral_value() else short)


def leaf(indicator: Columns, value: Columns, series: str = "reported") -> str:
    """One value of a report, as `reported` or as `verified`: of a share the part and its whole, of a mean how many
    answers it is of. A part is no share: 12 of 20 are 60%, not 1,200%."""
    part, of = value[series], value[f"{series}_of"]
    if part is None or indicator["kind"] not in CARRY_OF:
        return formatted(indicator, part)
    if of is None:
        return number(part)
    if indicator["kind"] == Kind.MEAN:
        return _("{mean}, mean of {n} answers", mean=number(part), n=number(of))
    share = formatted(indicator, part / of) if of else _("not known")
    return _("{part} of {whole} ({share})", part=number(part), whole=number(of), share=share)


def progress_said(reported: str | None, verified: str | None) -> str:
    """Both in words; where nothing is verified that is no zero: nobody may have looked, or it cannot be verified."""
    if reported is None:
        return _("nothing reported yet")
    if verified is None:
        return _("{reported} reported, none of it verified", reported=reported)
    return _("{verified} verified of {reported} reported", verified=verified, reported=reported)


def with_unit(indicator: Columns, value: Decimal | None) -> str:
    """The value and what it counts."""
    if value is None or indicator["kind"] == Kind.RATIO or not (indicator["unit_ka"] or indicator["unit_en"]):
        return formatted(indicator, value)
    return f"{formatted(indicator, value)}\u00a0{pick_text(indicator, 'unit')}"


def total_shown(indicator: Columns, total: Total) -> str:
    """People counted without a registry have bounds, and the bounds are said."""
    if total.at_most is not None and total.at_most != total.value:
        least, most = formatted(indicator, total.value), formatted(indicator, total.at_most)
        return _("at least {least}, at most {most}", least=least, most=most)
    return formatted(indicator, total.value)
