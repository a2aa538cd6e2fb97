"""Words of the sources' tables in the reader's language, where they are of a few known shapes; others stay as told."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from markupsafe import Markup

from foundation.language import N_, days, language
from foundation.language import gettext as _
from monitoring.meetings.queries import named

KINDS = {
    "TV": N_("television programme"),
    "booklet": N_("booklet"),
    "brochure": N_("brochure"),
    "local news article": N_("article in local news"),
    "monitoring report": N_("monitoring report"),
    "monitoring reports": N_("monitoring reports"),
    "press release": N_("press release"),
    "research report": N_("research report"),
    "success story": N_("success story"),
}
WRITTEN_IN = {
    "ka": N_("Georgian"),
    "en": N_("English"),
    "ka; en": N_("Georgian and English"),
    "ka (inferred)": N_("probably Georgian"),
    "en (ka not found)": N_("English; a Georgian version was not found"),
}
DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?( \(about\))?")
EITHER = re.compile(r"(\d{4})-(\d{2}) or (\d{2})")


def as_told(text: str | None) -> str:
    """Left in the language of the source, and marked so."""
    if not text:
        return Markup('<span class="unknown">{}</span>').format(_("not known"))
    return Markup('<span lang="en">{}</span>').format(text) if language.get() == "ka" else text


def kind(text: str | None) -> str:
    return _(KINDS[text]) if text in KINDS else as_told(text)


def languages(text: str | None) -> str:
    return _(WRITTEN_IN[text]) if text in WRITTEN_IN else as_told(text)


def publisher(text: str | None, names: dict[str, str]) -> str:
    """Organisations by their names; where it is only names, they are in the reader's language already."""
    if text == "project":
        return _("the programme")
    return named(text, names) if text and text.startswith("ORG-") else as_told(named(text, names))


def when(text: str | None) -> str:
    """A year, a month or a day as dates are written here; “2021-08 or 09” as two months."""
    if found := EITHER.fullmatch(text or ""):
        year = int(found[1])
        one, other = (days(date(year, int(month), 1), None, "month") for month in found.groups()[1:])
        return _("{one} or {other}", one=one, other=other)
    found = DAY.fullmatch(text or "")
    if not found:
        return as_told(text)
    precision = "day" if found[3] else "month" if found[2] else "year"
    said = days(date(int(found[1]), int(found[2] or 1), int(found[3] or 1)), None, precision)
    return _("about {date}", date=said) if found[4] else said


def words(told: Any) -> str:
    """For files: without the marks of language."""
    return told.striptags() if isinstance(told, Markup) else told
