"""Numbers and days as people type them, read one way everywhere. What can be read in two ways is asked about, never
guessed; what was not understood is named."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Le, Lt
from pydantic import BaseModel, PlainSerializer, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from foundation.language import N_
from foundation.language import gettext as _

NOT_A_NUMBER = N_("Write a number with digits only, for example 1250 or 12.5.")
NOT_WHOLE = N_("Enter a whole number.")
TOO_LARGE = N_("This number is too large.")
TWO_READINGS = N_("Is it {whole} or {part}? Write the one you mean just so.")
STRAY = N_("Write the number in digits alone: “{sign}” cannot be read here.")
OTHER_LETTER = N_("Sign {place}, “{sign}”, is of another alphabet ({alphabet}). Write it with Latin letters.")
ALPHABETS = {"CYRILLIC": N_("Cyrillic"), "GREEK": N_("Greek"), "GEORGIAN": N_("Georgian")}
ANOTHER = N_("not Latin")
NOT_A_DAY = N_("Write a date as day, month and year, for example 31.12.2026.")
NO_SUCH_DAY = N_("There is no such day. Write day, month and year, for example 31.12.2026.")
YEARS = N_("Write a day between {first} and {last}, the year with four digits.")

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DIGITS = 12  # before the decimal sign
GROUPING = " \u00a0\u2009\u202f'’"
MINUS = "-−–‐‑"
_GROUPED = re.compile(rf"[0-9]{{1,3}}([{GROUPING}][0-9]{{3}})+(?![0-9])")


def seen_signs(typed: str) -> str:
    """Without what cannot be seen: marks of direction, joiners, soft hyphens (Unicode's category Cf), and the space
    around. They come along when something is pasted."""
    return "".join(sign for sign in typed if unicodedata.category(sign) != "Cf").strip()


def one_alphabet(typed: str) -> str:
    """For what a machine compares, in Latin letters: nothing unseen, every hyphen the plain one. ValueError names a
    letter of another alphabet, which may look the same."""
    bare = re.sub("[‐‑‒–—−]", "-", seen_signs(typed))
    for place, sign in enumerate(bare, 1):
        if sign.isalpha() and not sign.isascii():
            alphabet = unicodedata.name(sign, "").partition(" ")[0]
            raise ValueError(_(OTHER_LETTER, place=place, sign=sign, alphabet=_(ALPHABETS.get(alphabet, ANOTHER))))
    return bare


def read_number(typed: str, most: Decimal | None = None) -> Decimal:
    """1250, 1 250, 12.5, 12,5, 1.250,50, 1,250,000. ValueError for 1,250 and 1.250, which people write for 1250 and
    for 1.25, unless a thousand is more than it can be, and for what is no number. Places are as typed."""
    whole, part = _apart(typed)
    if part is not None and _could_group(whole, part, typed) and (most is None or Decimal(whole + part) <= most):
        least = part.rstrip("0") if part.endswith("0") else f"{part}0"  # 1.2 and 1.2340 have one reading
        sign = next(sign for sign in typed if sign in ".,")
        raise ValueError(_(TWO_READINGS, whole=whole + part, part=f"{whole}{sign}{least}" if least else whole))
    return Decimal(f"{whole}.{part}" if part else whole)


def exact(value: Decimal | int) -> str:
    """A number for machines: no grouping, no zeros at the end."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


FINEST = Decimal("0.000001")


def out(value: Decimal) -> str:
    """A mean or a share is told to six places; what was typed has no more."""
    return exact(value if value.as_tuple().exponent >= -6 else value.quantize(FINEST))  # type: ignore[operator]


# Any other number going out.
Quantity = Annotated[Decimal, PlainSerializer(out, return_type=str, when_used="json")]


def in_a_form(value: Decimal | int) -> str:
    """A stored number as a form shows it again, so that it has one reading: 1.2340, not 1.234."""
    text = exact(value)
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def read_whole(typed: str) -> int:
    """A count: 1 250 and 1,250 are both 1250, for a count has no decimals; 12.5 is none."""
    whole, part = _apart(typed, NOT_WHOLE)
    if part is not None and _could_group(whole, part, typed):
        return int(whole + part)
    if part and part.strip("0"):
        raise ValueError(NOT_WHOLE)
    return int(whole)


def read_day(typed: str) -> date:
    """2026-12-31 as browsers send it, or 31.12.2026 as people write it. Years of our own time alone: 26 is no year,
    and 0206 a slip."""
    bare = seen_signs(typed)
    if people := re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]+)", bare):
        day, month, year = people.groups()
    elif machine := re.fullmatch(r"([0-9]+)-([0-9]{1,2})-([0-9]{1,2})", bare):
        year, month, day = machine.groups()
    else:
        raise ValueError(NOT_A_DAY)
    if len(year) != 4 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(_(YEARS, first=f"01.01.{FIRST_YEAR}", last=f"31.12.{LAST_YEAR}"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(NO_SUCH_DAY) from None


def _apart(typed: str, otherwise: str = NOT_A_NUMBER) -> tuple[str, str | None]:
    """The digits before and after the decimal sign, grouping taken away; None where there is no decimal sign."""
    bare = seen_signs(typed)
    minus = bare[:1] in tuple(MINUS)
    bare = bare[1:].lstrip() if minus else bare
    stray = [sign for sign in bare if sign not in f"0123456789.,{GROUPING}"]
    if stray:
        raise ValueError(_(STRAY, sign=stray[0]) if len(stray) == 1 else otherwise)
    if grouped := _GROUPED.match(bare):
        bare = re.sub(rf"[{GROUPING}]", "", grouped[0]) + bare[grouped.end() :]
    signs = re.findall(r"[.,]", bare)
    if not signs:
        whole, part = bare, None
    elif len(signs) == 1 or (len(set(signs)) == 2 and signs.count(signs[-1]) == 1):
        whole, _sign, part = bare.rpartition(signs[-1])
    elif len(set(signs)) == 1:  # 1,250,000
        whole, part = bare, None
    else:
        raise ValueError(otherwise)
    whole = _ungrouped(whole)
    if not whole or (part is not None and not re.fullmatch("[0-9]+", part)):
        raise ValueError(otherwise)
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise ValueError(TOO_LARGE)
    return ("-" if minus else "") + whole, part


def _ungrouped(whole: str) -> str:
    if re.fullmatch("[0-9]+", whole):
        return whole
    return re.sub("[.,]", "", whole) if re.fullmatch(r"[0-9]{1,3}([.,][0-9]{3})+", whole) else ""


def _could_group(whole: str, part: str, typed: str) -> bool:
    """Whether the one sign could set thousands apart: not in 0.250, 1250.500, nor in 1 250,500, where spaces do."""
    alone = len(re.findall(rf"[.,{GROUPING}]", seen_signs(typed))) == 1
    return alone and len(part) == 3 and re.fullmatch("-?[1-9][0-9]{0,2}", whole) is not None


@cache
def reader(model: type[BaseModel], name: str) -> Callable[[str], Any] | None:
    """What reads the text of a field; None where it is no number and no day."""
    field = model.model_fields[name]
    kinds, most = _kinds(field.annotation, field.metadata)
    if kinds == {Decimal}:
        return partial(read_number, most=most)
    return {int: read_whole, date: read_day}.get(next(iter(kinds))) if len(kinds) == 1 else None


def _kinds(annotation: Any, said: Iterable[Any] = ()) -> tuple[set[Any], Decimal | None]:
    """The types it may have, and the most it may be."""
    limits = [each for one in said for each in (one.metadata if isinstance(one, FieldInfo) else [one])]
    bounds = [
        Decimal(str(each.le if isinstance(each, Le) else each.lt)) for each in limits if isinstance(each, (Le, Lt))
    ]
    most = min(bounds, default=None)
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        kinds, within = _kinds(inner, more)
        return kinds, within if most is None else most
    if get_origin(annotation) in (Union, types.UnionType):
        found = [_kinds(each) for each in get_args(annotation) if each is not type(None)]
        within = next((each for _types, each in found if each is not None), None)
        return {kind for each, _most in found for kind in each}, within if most is None else most
    return {annotation if isinstance(annotation, type) else None}, most


class Typing(BaseModel):
    """Every form and every body: its numbers and days are read here, whatever the form."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_typed(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, str) or not given.strip() or info.field_name is None:
            return given
        reads = reader(cls, info.field_name)
        return reads(given) if reads else given
