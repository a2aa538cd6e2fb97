"""Does a typed answer have the shape its question asks for? A draft keeps anything; sending does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.language import N_, language, number
from foundation.language import day as date_words
from foundation.language import gettext as _
from foundation.money import money, parse_money

NUMBER = N_("Write a number in digits, for example 120.")
AMOUNT = N_("Write an amount as digits with at most two decimals, for example 1250.50.")
DAY = N_("Write a date as day, month and year, for example 31.12.2026.")
CHOICE = N_("Choose one of the answers.")


def wrong(question: Mapping[str, Any], typed: str) -> str | None:
    """The sentence for an answer that is there but not of its question's kind; None when it is fine."""
    kind = question["kind"]
    if kind == "number" and read_number(typed) is None:
        return _(NUMBER)
    if kind == "money" and read_amount(typed) is None:
        return _(AMOUNT)
    if kind == "date" and read_date(typed) is None:
        return _(DAY)
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
        return money(read_amount(typed), currency)
    if kind == "date":
        return date_words(read_date(typed))
    if kind == "yes_no":
        return _("Yes") if typed == "yes" else _("No")
    if kind == "choice":
        return next(option_words(option) for option in question["options"] if option["value"] == typed)
    return typed


def option_words(option: Mapping[str, Any]) -> str:
    code = language.get()
    return option.get(code) or option.get("en" if code == "ka" else "ka") or option["value"]


def read_number(typed: str) -> Decimal | None:
    """Digits, perhaps grouped by spaces, perhaps with a decimal comma or point."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", typed)
    return Decimal(bare.replace(",", ".")) if re.fullmatch(r"-?[0-9]{1,12}([.,][0-9]{1,6})?", bare) else None


def read_amount(typed: str) -> Decimal | None:
    try:
        return parse_money(typed)
    except ValueError:
        return None


def read_date(typed: str) -> date | None:
    """2026-12-31 as browsers send it, or 31.12.2026 as people write it."""
    typed = typed.strip()
    if people := re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})", typed):
        typed = f"{people[3]}-{people[2]:0>2}-{people[1]:0>2}"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
