"""Dates as far as they are known: a day, a month, a year, or only the words of the source."""

from __future__ import annotations

from datetime import date

from foundation.language import day
from foundation.language import gettext as _


def when(start: date | None, end: date | None = None, precision: str = "day") -> str:
    """Never more precise than what is known; empty when nothing is."""
    if precision == "unknown":
        return ""
    first, last = day(start, precision), day(end, precision)
    if first and last and first != last:
        return _("{first} to {last}", first=first, last=last)
    return first or last
