"""Does a typed answer have the shape its question asks for? A draft keeps anything; sending does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from foundation.language import N_, language, number
from foundation.language import day as date_words
from foundation.language import gettext as _
from foundation.money import money, parse_money
from foundation.typed import read_day, read_number

CHOICE = N_("Choose one of the answers.")
READS: dict[str, Callable[[str], object]] = {"number": read_number, "money": parse_money, "date": read_day}


def wrong(question: Mapping[str, Any], typed: str) -> str | None:
    """The sentence for an answer that is there but not of its question's kind; None when it is fine."""
    kind = question["kind"]
    if kind in READS:
        try:
            READS[kind](typed)
        except ValueError as error:
            return _(str(error))
    if kind == "yes_no" and typed not in ("yes", "no"):
        return _(CHOICE)
    if kind == "choice" and typed not in {option["value"] for option in question["options"]}:
        return _(CHOICE)
    return None


def in_words(question: Mapping[str, Any], typed: str | None, currency: str) -> str:
    """The answer as people read it; what does not have its shape stays as typed."""
    typed = (typed or "").strip()
    if not typed or wrong(question, typed):
        return typed
    kind = question["kind"]
    if kind == "number":
        return number(read_number(typed))
    if kind == "money":
        return money(parse_money(typed), currency)
    if kind == "date":
        return date_words(read_day(typed))
    if kind == "yes_no":
        return _("Yes") if typed == "yes" else _("No")
    if kind == "choice":
        return next(option_words(option) for option in question["options"] if option["value"] == typed)
    return typed


def option_words(option: Mapping[str, Any]) -> str:
    code = language.get()
    return option.get(code) or option.get("en" if code == "ka" else "ka") or option["value"]


def read_date(typed: str) -> date | None:
    """A day that may not be one yet."""
    try:
        return read_day(typed)
    except ValueError:
        return None
