"""Words of the sources' tables in the reader's language, where they are of a few known shapes; others stay as told."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from markupsafe import Markup

from foundation.language import days, language
from foundation.language import gettext as _

DAY = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)( \(about\))?")
EITHER = re.compile(r"(\d{4})-(\d{2}) or (\d{2})")
# as exactly as it is told in so many letters
EXACT = {len("2021"): "year", len("2021-08"): "month", len("2021-08-09"): "day"}


def as_told(text: str | None) -> str:
    """Left in the language of the source, and marked so."""
    if not text:
        return Markup('<span class="unknown">{}</span>').format(_("not known"))
    return Markup('<span lang="en">{}</span>').format(text) if language.get() == "ka" else text


def when(text: str | None) -> str:
    """A year, a month or a day as dates are written here; “2021-08 or 09” as two months."""
    if found := EITHER.fullmatch(text or ""):
        year, *months = found.groups()
        one, other = (_day(f"{year}-{month}") for month in months)
        return _("{one} or {other}", one=one, other=other)
    found = DAY.fullmatch(text or "")
    if not found:
        return as_told(text)
    told, about = found.groups()
    return _("about {date}", date=_day(told)) if about else _day(told)


def _day(told: str) -> str:
    first = date.fromisoformat(told + "2021-01-01"[len(told) :])
    return days(first, None, EXACT[len(told)])


def words(told: Any) -> str:
    """For files: without the marks of language."""
    return told.striptags() if isinstance(told, Markup) else told
