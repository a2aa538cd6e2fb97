"""Official exchange rates, read from the files in which they are published: InforEuro of the European Commission, and
the National Bank of Georgia."""

from __future__ import annotations

import calendar
import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from accounts.person import SYSTEM
from accounts.tables import Programme
from foundation.database import one_of, row, transaction
from foundation.language import N_, day
from foundation.language import gettext as _
from foundation.money import CURRENCIES
from foundation.refused import Refused
from foundation.typed import exact
from lifecycle.record import record, sentences


class Method(StrEnum):
    INFOREURO = "inforeuro"
    NBG = "nbg"


sentences({"programme.rates_imported": N_("Exchange rates were imported")})


@dataclass(frozen=True)
class Rate:
    """So many units of `currency` for one of `base`, from a day on, or until a last day where one is said."""

    base: str
    currency: str
    rate: Decimal
    valid_from: date
    valid_to: date | None = None


def read(method: Method, text: str, month: str = "") -> list[Rate]:
    """ValueError for a file that is not of this source. Currencies the service does not know are left out."""
    found = list(_inforeuro(_rows_of(text), month) if method is Method.INFOREURO else _national_bank(_rows_of(text)))
    if not found:
        raise ValueError("no rate of a currency that is used here")
    return found


def _rows_of(text: str) -> list[dict[str, Any]]:
    """JSON or CSV, the names of columns without spaces and in small letters."""
    text = text.lstrip("\ufeff").strip()
    if text[:1] in "[{":
        told = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        listed = told if isinstance(told, list) else [told]
        rows = [inner for each in listed for inner in each.get("currencies", [each])]
    else:
        head = text.partition("\n")[0]
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ","))
    return [{_plain(name): value for name, value in each.items() if name} for each in rows]


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _first(one: Mapping[str, Any], *names: str) -> str:
    return next((str(one[name]).strip() for name in names if one.get(name) not in (None, "")), "")


def _inforeuro(rows: Iterable[Mapping[str, Any]], month: str) -> Iterator[Rate]:
    """All currencies of one month (`isoA3Code`, `value`), which the file does not name, or the history of one currency
    (`currencyIso`, `amount`, `dateStart`, `dateEnd`). Units for one euro."""
    for one in rows:
        code, value = _first(one, "isoa3code", "currencyiso"), _first(one, "value", "amount")
        if code not in CURRENCIES or code == "EUR":
            continue
        if begins := _first(one, "datestart"):
            first, last = _day(begins), _day(_first(one, "dateend"))
        else:
            first, last = _month(month)
        yield Rate("EUR", code, _number(value), first, last)


def _national_bank(rows: Iterable[Mapping[str, Any]]) -> Iterator[Rate]:
    """`rate` lari for `quantity` units, from `validFromDate` on."""
    for one in rows:
        code = _first(one, "code", "currency", "isocode")
        if code not in CURRENCIES or code == "GEL":
            continue
        each = _number(_first(one, "rate", "officialrate", "rateformated")) / _number(_first(one, "quantity") or "1")
        yield Rate(code, "GEL", each, _day(_first(one, "validfromdate", "validfrom", "date")))


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"“{text}” is no rate") from None
    if not number.is_finite() or number <= 0:
        raise ValueError(f"“{text}” is no rate")
    return number


def _day(text: str) -> date:
    """2026-12-01, also with an hour behind it, or 01/12/2026."""
    bare = text.partition("T")[0].partition(" ")[0]
    if "/" in bare or "." in bare:
        day, month, year = bare.replace(".", "/").split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(bare)


def _month(text: str) -> tuple[date, date]:
    year, dash, month = text.partition("-")
    if not (dash and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise ValueError("the file does not say its month: give --month, for example 2026-12")
    first = date(int(year), int(month), 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


async def keep(method: Method, rates: Iterable[Rate], text: str) -> int:
    """How many are new. A rate that was published stays; another number for the same day is refused."""
    async with transaction():
        programme = await one_of(Programme, "SELECT * FROM programme LIMIT 1 FOR NO KEY UPDATE")
        if programme is None:
            raise Refused(_("There is no programme yet. An administrator sets it up first."))
        new = 0
        for one in rates:
            there = await row(
                "SELECT rate FROM exchange_rate WHERE (source, base, currency, valid_from) = ($1, $2, $3, $4)",
                str(method), one.base, one.currency, one.valid_from,
            )  # fmt: skip
            if there is not None and there["rate"] != one.rate.quantize(EXACT):
                raise Refused(
                    _("Another rate of {currency} is here for {day}: {rate}.", currency=one.currency,
                      day=day(one.valid_from), rate=exact(there["rate"]))
                )  # fmt: skip
            if there is None:
                await row(
                    "INSERT INTO exchange_rate (source, base, currency, rate, valid_from, valid_to)"
                    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                    str(method), one.base, one.currency, one.rate.quantize(EXACT), one.valid_from, one.valid_to,
                )  # fmt: skip
                new += 1
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        await record("programme.rates_imported", SYSTEM, programme, source=str(method), new=new, file=sha256)
    return new


EXACT = Decimal("1e-8")


async def rate_between(base: str, currency: str, on: date) -> tuple[Decimal, str] | None:
    """By the programme's method: units of `currency` for one of `base` on that day, and who says so."""
    found = await row(
        "SELECT p.exchange_method AS method, rate_between(p.exchange_method, $1, $2, $3) AS rate"
        " FROM programme p LIMIT 1",
        base, currency, on,
    )  # fmt: skip
    if found is None or found["method"] is None or found["rate"] is None:
        return None
    return found["rate"], str(found["method"])
