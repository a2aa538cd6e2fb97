"""Numbers as people type and read them: a comma or a point, spaces that group, rounding half away from zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from foundation.database import Columns
from foundation.language import N_, ngettext, number, pick_text
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.typed import MOST_DIGITS, NOT_A_NUMBER, TOO_LARGE, in_a_form, read_number
from monitoring.indicators.terms import CARRY_OF, Kind, Pair, Total, rounded

PLACES = 4
UNITLESS = (Kind.RATIO, Kind.ORDINAL, Kind.TEXT)
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
    if indicator["kind"] == Kind.ORDINAL:
        return grade(indicator, value)
    short = rounded(value, 2)
    return number(short.to_integral_value() if short == short.to_integral_value() else short)


def grade(indicator: Columns, value: Decimal) -> str:
    """The word of a grade in the current language."""
    words = {name: indicator[name] or [] for name in ("grades_ka", "grades_en")}
    at = int(value) - 1
    if value != int(value) or not 0 <= at < len(words["grades_ka"]):
        return number(value)
    return str(pick_text({name: own[at] for name, own in words.items()}, "grades"))


def grades(indicator: Columns) -> list[tuple[str, str]]:
    """To choose from, the lowest first."""
    return [(str(n), grade(indicator, Decimal(n))) for n in range(1, len(indicator["grades_ka"] or []) + 1)]


def part_of_whole(part: Decimal, whole: Decimal) -> str:
    """A share in counts, and what it comes to."""
    share = _("{number}%", number=number(rounded(part / whole * 100, 1), 1)) if whole else _("not known")
    return _("{part} of {whole} ({share})", part=number(part), whole=number(whole), share=share)


def leaf(indicator: Columns, value: Columns, series: str = "reported") -> str:
    """One value of a report, as `reported` or as `verified`: of a share the part and its whole, of a mean how many
    answers it is of. A part is no share: 12 of 20 are 60%, not 1,200%."""
    part, of = value[series], value[f"{series}_of"]
    if indicator["kind"] == Kind.TEXT and part is not None:
        return str(pick_text(value, "words")) if series == "reported" else _("as it was written")
    if part is None or indicator["kind"] not in CARRY_OF:
        return formatted(indicator, part)
    if of is None:
        return number(part)
    if indicator["kind"] == Kind.MEAN:
        return _("{mean}, mean of {n} answers", mean=number(part), n=number(of))
    return part_of_whole(part, of)


def leaf_with_unit(indicator: Columns, value: Columns, series: str = "reported") -> str:
    """The same and what it counts."""
    said = leaf(indicator, value, series)
    if indicator["kind"] in (*UNITLESS, Kind.MEAN) or not (indicator["unit_ka"] or indicator["unit_en"]):
        return said
    return f"{said}\u00a0{pick_text(indicator, 'unit')}"


def progress_said(reported: str | None, verified: str | None) -> str:
    """Both in words; where nothing is verified that is no zero: nobody may have looked, or it cannot be verified."""
    if reported is None:
        return _("nothing reported yet")
    if verified is None:
        return _("{reported} reported, none of it verified", reported=reported)
    return _("{verified} verified of {reported} reported", verified=verified, reported=reported)


def target_said(indicator: Columns, target: Decimal | None, aim: Pair | None = None) -> str:
    """As it was asked for: of a share the part and its whole; a mean with what it is the mean of."""
    if aim is not None and indicator["kind"] == Kind.RATIO:
        return part_of_whole(*aim)
    return with_unit(indicator, target)


def promise_said(indicator: Columns, target: Decimal | None, of: Decimal | None) -> str:
    """One number of one grant's promise."""
    if target is None:
        return ""
    if indicator["kind"] == Kind.MEAN and of is not None:
        return _("{mean}, mean of {n} answers", mean=number(target), n=number(of))
    return target_said(indicator, target, (target, of) if of else None)


def with_unit(indicator: Columns, value: Decimal | None) -> str:
    """The value and what it counts."""
    if value is None or indicator["kind"] in UNITLESS or not (indicator["unit_ka"] or indicator["unit_en"]):
        return formatted(indicator, value)
    return f"{formatted(indicator, value)}\u00a0{pick_text(indicator, 'unit')}"


def total_shown(indicator: Columns, total: Total) -> str:
    """People counted without a registry have bounds, and the bounds are said. Grades are counted, the highest first."""
    if indicator["kind"] == Kind.TEXT and total.there:
        return ngettext("{n} account in words", "{n} accounts in words", sum(total.levels.values()))
    if indicator["kind"] == Kind.ORDINAL and total.there:
        return ", ".join(
            _("{grade}: {n}", grade=grade(indicator, level), n=number(n))
            for level, n in sorted(total.levels.items(), reverse=True)
        )
    if total.at_most is not None and total.at_most != total.value:
        least, most = formatted(indicator, total.value), formatted(indicator, total.at_most)
        return _("at least {least}, at most {most}", least=least, most=most)
    return formatted(indicator, total.value)
