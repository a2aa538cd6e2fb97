"""Georgian and English: gettext for the interface, paired columns for content, numbers and dates in Python."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from asyncpg import Record
from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from foundation.clock import TBILISI

LANGUAGES = ("ka", "en")
NAMES = {"ka": "ქართული", "en": "English"}
WORDS = Path(__file__).parent / "words"

language: ContextVar[str] = ContextVar("language", default="ka")


@contextmanager
def speaking(code: str):
    """Within the block every sentence, number and date is in this language."""
    token = language.set(code if code in LANGUAGES else "ka")
    try:
        yield
    finally:
        language.reset(token)


def N_(message: str) -> str:
    """Marks a sentence for translation where it is written; it is translated where it is shown."""
    return message


def gettext(message: str, **values: Any) -> str:
    """The sentence in the current language; `{name}` placeholders are filled from the keywords."""
    return _fill(catalogue(language.get()).get(message) or message, values)


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """`{n}` is available as a placeholder, formatted as a number."""
    forms = catalogue(language.get()).get((singular, plural))
    own = (forms[0] if n == 1 else forms[-1]) if forms else (singular if n == 1 else plural)
    return _fill(own, {"n": number(n), **values})


def _fill(message: str, values: dict[str, Any]) -> str:
    if not values:
        return message
    if any(isinstance(part, Markup) for part in values.values()):
        return Markup(message).format(**values)
    return message.format(**values)


@cache
def catalogue(code: str) -> dict:
    """Every translated message of a language, merged from its .po files, one per room."""
    merged: dict = {}
    for path in sorted((WORDS / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and message.string and not message.fuzzy:
                    if isinstance(message.id, (tuple, list)):
                        if all(message.string):
                            merged[tuple(message.id)] = tuple(message.string)
                            merged.setdefault(message.id[0], message.string[0])
                    else:
                        merged[message.id] = message.string
    return merged


def _locale() -> Locale:
    return _locale_of(language.get())


@cache
def _locale_of(code: str) -> Locale:
    return Locale.parse("ka" if code == "ka" else "en_GB")


# A page prints the same numbers and days over and over, and babel takes its time for each.
KEPT = 8192


def number(amount: Decimal | int | float | None, places: int | None = None) -> str:
    """1 234,5 in Georgian, 1,234.5 in English; nothing for None."""
    return "" if amount is None else _number(amount or 0, places, language.get())  # minus nothing is nothing


@lru_cache(KEPT)
def _number(amount: Decimal | int | float, places: int | None, code: str) -> str:
    pattern = "#,##0.###" if places is None else "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(amount, pattern, locale=_locale_of(code))


def percent(share: Decimal | float | None, places: int = 0) -> str:
    """A share of one as per cent: 0.433 → 43%."""
    if share is None:
        return ""
    return format_percent(share, "#,##0" + ("." + "0" * places if places else "") + "%", locale=_locale())


def day(moment: date | datetime | None, precision: str = "day") -> str:
    """14 ნოემბერი, 2026 / 14 November 2026. `precision` may be day, month or year: what is really known."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = moment.astimezone(TBILISI).date()
    return _day(moment, precision, language.get())


@lru_cache(KEPT)
def _day(moment: date, precision: str, code: str) -> str:
    pattern = {"day": "d MMMM y", "month": "LLLL y", "year": "y"}[precision]
    if code == "ka":
        pattern = {"day": "d MMMM, y", "month": "LLLL, y", "year": "y"}[precision]
    return format_date(moment, pattern, locale=_locale_of(code))


def days(first: date | None, last: date | None, precision: str = "day") -> str:
    """From a day to a day without saying anything twice: 9–10 September 2021. Empty when neither is known."""
    if precision == "unknown":
        return ""
    if precision == "range":  # of whole months, where it begins with one and ends with one
        ends = last is not None and (last + timedelta(days=1)).day == 1
        precision = "month" if first is not None and first.day == 1 and ends else "day"
    if first is None or last is None or day(first, precision) == day(last, precision):
        return day(first or last, precision)
    if precision == "year" or first.year != last.year:
        return f"{day(first, precision)} – {day(last, precision)}"
    if precision == "day" and first.month == last.month:
        return f"{first.day}–{day(last)}"
    without_year = {"day": "d MMMM", "month": "LLLL"}[precision]
    return f"{format_date(first, without_year, locale=_locale())} – {day(last, precision)}"


LONG_WORD = re.compile("[\u10d0-\u10f0]{12,}")
SYLLABLE = re.compile("(?<=[\u10d0-\u10f0]{3})(?=[ბგდვზთკლმნპჟრსტფქღყშჩცძწჭხჯჰ][აეიოუ][\u10d0-\u10f0]{2})")


def soft(words: str) -> str:
    """The words with soft hyphens in long Georgian ones, for the narrowest places: before a consonant that a vowel
    follows, with three letters on either side."""
    broken = LONG_WORD.sub(lambda word: SYLLABLE.sub("\u00ad", word[0]), words)
    return Markup(broken) if isinstance(words, Markup) else broken


def clock(moment: datetime | None) -> str:
    """The time of day in Tbilisi, 24 hours."""
    return format_time(moment, "HH:mm", tzinfo=TBILISI, locale=_locale()) if moment else ""


def moment(at: datetime | None) -> str:
    """Day and time in Tbilisi: 14 ნოემბერი, 2026, 18:00."""
    return f"{day(at)}, {clock(at)}" if at else ""


def in_tbilisi(at: datetime | None) -> str:
    """A deadline: whoever reads it elsewhere knows whose clock it goes by."""
    return gettext("{moment} (Tbilisi time)", moment=moment(at)) if at else ""


def pick(row: Any, field: str, code: str | None = None) -> Markup:
    """Content from paired columns; where one language is missing, the other, marked with its lang; where both
    are, words that say so."""
    code = code or language.get()
    other = "en" if code == "ka" else "ka"
    own, theirs = _content(row, f"{field}_{code}"), _content(row, f"{field}_{other}")
    if own:
        return escape(own)
    if theirs:
        return Markup('<span lang="{}">{}</span>').format(other, theirs)
    return Markup('<span class="unknown">{}</span>').format(gettext("not known"))


def pick_text(row: Any, field: str, code: str | None = None) -> str:
    """The same as plain text, for titles, mail and files."""
    code = code or language.get()
    other = "en" if code == "ka" else "ka"
    return _content(row, f"{field}_{code}") or _content(row, f"{field}_{other}") or gettext("not known")


def _content(row: Any, name: str) -> str | None:
    if isinstance(row, Record):
        return row[name]
    if isinstance(row, dict):
        return row.get(name)
    try:
        return getattr(row, name)
    except AttributeError:
        return row[name]


# State and choice labels: enum class → {member: English word marked with N_}. Rooms add theirs.
LABELS: dict[type, dict[Any, str]] = {}


def labels(kind: type, words: dict[Any, str]) -> None:
    LABELS[kind] = words


def label(member: Any) -> str:
    """The word for an enum member in the current language."""
    return gettext(LABELS[type(member)][member])


def alone(words: str) -> str:
    """Words that stand alone, not inside a sentence: English begins them large, Georgian has no such letters."""
    return words[:1].upper() + words[1:] if language.get() == "en" else words
