"""Numbers as people type and read them: a comma or a point, spaces that group, rounding half away from zero."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from foundation.database import Columns
from foundation.language import N_, number, pick_text
from foundation.language import gettext as _
from monitoring.indicators.calculator import Kind, Total, rounded

NOT_A_NUMBER = N_("Write a number with digits only, for example 1250 or 12.5.")
_TYPED = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,4})?")


def parse_number(typed: object) -> Decimal:
    """ValueError when it is not a number: “about 30” or “yes” is no value."""
    if isinstance(typed, (int, Decimal)) and not isinstance(typed, bool):
        typed = str(typed)
    bare = re.sub(r"[\s\u00a0\u202f]", "", typed) if isinstance(typed, str) else ""
    if not _TYPED.fullmatch(bare.replace("−", "-")):
        raise ValueError(NOT_A_NUMBER)
    return Decimal(bare.replace("−", "-").replace(",", "."))


Number = Annotated[
    Decimal,
    BeforeValidator(parse_number, json_schema_input_type=str),
    PlainSerializer(str, return_type=str, when_used="json"),
]


def plain(value: Decimal | None) -> str:
    """For form fields and files: no grouping, no zeros at the end."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def formatted(indicator: Columns, value: Decimal | None) -> str:
    """A value of this indicator in words of the current language: a share as per cent, other numbers with at most
    two places."""
    if value is None:
        return _("not known")
    if indicator["kind"] == Kind.RATIO:
        return _("{number}%", number=number(rounded(value * 100, 1), 1))
    short = rounded(value, 2)
    return number(short.to_integral_value() if short == short.to_integral_value() else short)


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
