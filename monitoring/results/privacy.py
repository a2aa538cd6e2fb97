"""Which public counts of people are not told: one to four, and as many others as keep those from being worked out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from foundation.database import Columns, row, rows, snapshot
from foundation.language import day
from foundation.language import gettext as _
from monitoring.indicators.numbers import formatted, leaf, total_shown
from monitoring.indicators.terms import Series, Total
from monitoring.results.counting import Told
from monitoring.results.groups import Key, Pair, is_few
from monitoring.results.publishing import told_of


@dataclass(frozen=True)
class Privacy:
    """Asked by every public page and file before it tells a count: `hidden`, or told otherwise than it is by now
    (`sums`), since a day."""

    hidden: frozenset[Key] = frozenset()
    sums: dict[Key, Pair] = field(default_factory=dict)
    since: dict[Key, datetime] = field(default_factory=dict)
    version: str | None = None

    def hides(self, what: str, indicator: Columns, which: object = None) -> bool:
        return (what, indicator["id"], which) in self.hidden or ("all", indicator["id"], None) in self.hidden

    def public(
        self, what: str, indicator: Columns, which: object, series: str, value: Decimal | None
    ) -> Decimal | None:
        """The number everybody may have; None also where it is hidden. Nobody is nobody, hidden or not."""
        if value and self.hides(what, indicator, which):
            return None
        pair = self.sums.get((what, indicator["id"], which))
        return value if pair is None or value is None else pair[0] if series == "reported" else pair[1]

    def told(self, what: str, indicator: Columns, which: object, series: str, value: Decimal | None) -> str:
        if value and self.hides(what, indicator, which):
            return _("hidden")
        return formatted(indicator, self.public(what, indicator, which, series, value))

    def leaf(self, indicator: Columns, value: Columns, series: str) -> str:
        if value[series] and self.hides("value", indicator, value["id"]):
            return _("fewer than 5") if is_few(value[series]) else _("hidden")
        return leaf(indicator, value, series)

    def total(self, what: str, indicator: Columns, which: object, total: Total) -> str:
        """Of a sum it is not said whether it is small: of several small counts that would say too much."""
        if total.value and self.hides(what, indicator, which):
            return _("hidden")
        return total_shown(indicator, self.shown(what, indicator, which, total))

    def shown(self, what: str, indicator: Columns, which: object, total: Total) -> Total:
        """The same with what is told of it."""
        series = "verified" if total.series is Series.VERIFIED else "reported"
        public = self.public(what, indicator, which, series, total.value)
        return total if public == total.value else replace(total, value=public, at_most=None)

    def stood(self, what: str, indicator: Columns, which: object = None) -> datetime | None:
        """Since when a sum stands there without what came then."""
        return self.since.get((what, indicator["id"], which))

    def waiting(self, what: str, indicator: Columns, which: object = None) -> str:
        """Why a sum stands there as it stood."""
        since = self.stood(what, indicator, which)
        if since is None:
            return ""
        return _("As it stood before {day}: a small count came then. It is added together with another, so that nobody"
                 " can work it out.", day=day(since))  # fmt: skip


_kept: Privacy | None = None
TRIES = 20


async def privacy() -> Privacy:
    """Decided anew where any count has changed, and remembered."""
    global _kept
    kept, now = _kept, await version()
    if kept is None or now is None or kept.version != now:
        told = {each["id"]: await told_of(each) for each in await rows(PEOPLE)}
        _kept = kept = _together(told, now)
    return kept


@asynccontextmanager
async def published() -> AsyncIterator[Privacy]:
    """What everybody may know of the counts that are read inside, all as of one moment: no count comes in between that
    nothing was decided of."""
    kept = _kept if _kept is not None and _kept.version is not None else None
    for _again in range(TRIES):
        private = kept or await privacy()
        async with snapshot():
            if private.version is None or await version() == private.version:
                yield private
                return
        kept = None
    raise TimeoutError("counts of people changed all the time")


def _together(told: dict[object, Told], now: str | None) -> Privacy:
    hidden: set[Key] = set()
    sums: dict[Key, Pair] = {}
    since: dict[Key, datetime] = {}
    for indicator, each in told.items():
        hidden |= {("all", indicator, None)} if each.wholly else each.hidden
        sums |= each.sums
        since |= each.since
    return Privacy(frozenset(hidden), sums, since, now)


PEOPLE = "SELECT * FROM indicator WHERE people ORDER BY position, code"


async def version() -> str | None:
    """Changes with whatever was summed up; None while something waits to be."""
    found = await row(
        "SELECT sum(extract(epoch FROM made)) AS made, count(*) AS n,"
        " (SELECT sum(extract(epoch FROM updated)) FROM indicator) AS indicators,"
        " EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_unsummed) AS waits FROM result_work"
    )
    return None if found is None or found["waits"] else f"{found['made']} {found['n']} {found['indicators']}"
