"""The words of the tables: what an email says in either language, made here by hand and not by the service itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from lifecycle.record import record

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი".split(),
}
TBILISI = timezone(timedelta(hours=4))
REASON = "Rain fell for a week"


@dataclass(frozen=True)
class Both:
    """Words that are different in each language."""

    en: str
    ka: str

    def __format__(self, code: str) -> str:
        return getattr(self, code)


def day(on: date) -> Both:
    return Both(f"{on.day} {MONTHS['en'][on.month - 1]} {on.year}", f"{on.day} {MONTHS['ka'][on.month - 1]}, {on.year}")


def moment(at: datetime) -> Both:
    there = at.astimezone(TBILISI)
    return Both(*(f"{day(there.date()):{code}}, {there:%H:%M}" for code in ("en", "ka")))


def deadline(at: datetime) -> Both:
    return Both(f"{moment(at):en} (Tbilisi time)", f"{moment(at):ka} (თბილისის დროით)")


def euros(amount: Decimal | int) -> Both:
    whole, _, cents = f"{Decimal(amount):,.2f}".partition(".")
    thin = whole.replace(",", "\u00a0")
    if cents == "00":
        return Both(f"€{whole}", f"{thin}\u00a0€")
    return Both(f"€{whole}.{cents}", f"{thin},{cents}\u00a0€")


def named(row: Any, field: str) -> Both:
    return Both(getattr(row, f"{field}_en"), getattr(row, f"{field}_ka"))


Facts = dict[str, Both | str]


@dataclass(frozen=True)
class Email:
    """To these roles of the cast, with a space between. `says` names the facts its text holds beside the link;
    everything with a digit in it, and every word of the other language, must be one of them. `path` is where the link
    leads, without address and language, with * for what nobody can guess; None where there is none."""

    to: str
    subject: str
    says: str
    path: str | None


@dataclass(frozen=True)
class Told:
    """`happen` makes the rows and the event, and gives the facts by name. `name` tells two ways of one event apart."""

    event: str
    happen: Callable[[Any, str], Awaitable[Facts]]
    emails: Sequence[Email]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.event} {self.name}".strip()


def recorded(
    make: Callable[..., Awaitable[tuple[Any, Facts]]], /, *given: Any, by: str = "manager", tells: Any = None, **over: Any
) -> Callable[[Any, str], Awaitable[Facts]]:  # fmt: skip
    """The event alone, about a row put straight into its state; `tells` is its payload."""

    async def happen(cast: Any, event: str) -> Facts:
        row, facts = await make(cast, *given, **over)
        await record(event, cast.people[by], row, **(tells or {}))
        return {**facts, "reason": REASON}

    return happen


WITH_REASON = {"reason": REASON}
