"""What stands in one cell of a file: written in one way, whatever list it comes from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from foundation.clock import TBILISI
from foundation.language import gettext as _
from foundation.money import in_cents
from foundation.typed import exact

# A spreadsheet takes what begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BREAKS = ("\t", "\r", "\n")
# Of the signs that show nothing: controls, marks of direction, spaces, marks without a letter to stand on.
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Cn", "Co"})
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a picture that are drawn as nothing


@dataclass(frozen=True)
class Head:
    """What stands above a column. `kind`: money (two decimals), share (of one, read as per cent), else any fact."""

    text: str
    kind: str = ""


def unseen(sign: str) -> bool:
    return sign in BLANK or unicodedata.category(sign) in UNSEEN


def begins_unseen(text: str) -> int:
    """How many signs stand before the first that can be seen."""
    return next((at for at, sign in enumerate(text) if not unseen(sign)), len(text))


def plain(cell: Any, kind: str = "") -> str:
    """As a CSV says it. Text that begins like a formula, or would once what is not seen is dropped, gets an apostrophe
    in front; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if kind == "money" and isinstance(cell, (Decimal, int)):
        return in_cents(Decimal(cell))
    if isinstance(cell, Decimal):
        return exact(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(TBILISI).isoformat(timespec="minutes")
    if isinstance(cell, (int, float, date)):
        return str(cell)
    text = str(cell)
    return "'" + text if text.startswith(BREAKS) or text[begins_unseen(text) :].startswith(FORMULA) else text


def as_number(cell: Any) -> float | int | None:
    """The number a workbook keeps; None where it would not come out as it went in."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return None
    number = float(cell)
    return number if isinstance(cell, float) or Decimal(repr(number)) == cell else None
