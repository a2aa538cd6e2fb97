"""Which grants and which time a page of results looks at: filters in the address, the same for every page."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from foundation.clock import today
from foundation.database import Row, rows
from foundation.language import N_, pick_text
from foundation.language import gettext as _
from foundation.refused import Missing
from monitoring.indicators.queries import Filters

UNKNOWN = "unknown"
NOWHERE = UUID(int=0)


def looked_at(alias: str) -> str:
    """A condition over what has a municipality and a call; its arguments are the first three of `Scope.args`."""
    return (
        f"($1::uuid[] IS NULL OR {alias}.municipality_id = ANY($1)) AND ($2::uuid IS NULL OR {alias}.call_id = $2)"
        f" AND (NOT $3 OR {alias}.municipality_id IS NULL)"
    )


# Signed by both sides: from here on a grant is public and its money counts. Over `award a`.
INSIDE = f"award_signed(a.state) AND {looked_at('a')}"
# The same over `result_cell c`.
IN_CELLS = looked_at("c")


def within(day: str) -> str:
    """A condition that this date lies in the period; without a period also dates nobody knows."""
    return f"($4::date IS NULL OR {day} >= $4) AND ($5::date IS NULL OR {day} <= $5)"


# A grant whose run overlaps the period; one without an end runs on until it is finished.
BEGAN = "coalesce(a.starts_on, (a.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date)"
RAN = (
    f"{INSIDE} AND ($5::date IS NULL OR {BEGAN} <= $5) AND ($4::date IS NULL OR"
    f" coalesce(a.ends_on, CASE WHEN award_running(a.state) THEN 'infinity' ELSE {BEGAN} END) >= $4)"
)


def numbered_from(first: int, sql: str) -> str:
    """The same condition where other arguments stand before its own."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + first - 1}", sql)


@dataclass(frozen=True)
class Scope:
    """`query` is what stands in the address; the rest is what it means. `kept`: everything there is to count is summed
    up already (in a transaction that changes it, not yet)."""

    query: dict[str, str] = field(default_factory=dict)
    municipality: Any = None
    call: Any = None
    curator: Any = None
    unknown_place: bool = False
    since: date | None = None
    until: date | None = None
    places: list[Any] = field(default_factory=list)
    envelopes: list[Any] = field(default_factory=list)
    kept: bool = False

    @property
    def calls(self) -> list[Any]:
        """Calls that led to a grant: those worth choosing."""
        return [call for call in self.envelopes if call["signed"]]

    @property
    def args(self) -> list[Any]:
        return [
            self.where,
            self.call["id"] if self.call else None,
            self.unknown_place,
            self.since,
            self.until,
        ]

    @property
    def where(self) -> list[UUID] | None:
        """The municipalities looked at; None means all, those nobody knows included."""
        own = [place["id"] for place in self.places if self.curator and self.curator["id"] in place["curators"]]
        if self.municipality:
            here = self.municipality["id"]
            return [here] if not self.curator or here in own else []
        return own if self.curator else None

    @property
    def curators(self) -> list[Any]:
        """Who looks after municipalities, in their order; one alone is no choice."""
        found = {curator["id"]: curator for place in self.places for curator in place["curators"].values()}
        return list(found.values()) if len(found) > 1 else []

    @property
    def filters(self) -> Filters:
        """The same for the calculator."""
        places = [NOWHERE] if self.unknown_place else self.where
        return Filters(places=places, call=self.args[1], since=self.since, until=self.until)

    @property
    def narrowed(self) -> dict[str, str]:
        """What is looked at, where it is not everything: by the name each filter has in the address."""
        said = {}
        if self.municipality:
            said["municipality"] = pick_text(self.municipality, "full_name")
        if self.unknown_place:
            said["municipality"] = _("municipality not known")
        if self.curator:
            said["curator"] = _("{curator} (curator)", curator=pick_text(self.curator, "name"))
        if self.call:
            said["call"] = _("“{call}”", call=pick_text(self.call, "title"))
        if self.query.get("period"):
            said["period"] = period_word(self.query["period"])
        return said

    @property
    def words(self) -> list[str]:
        return list(self.narrowed.values())

    @property
    def where_words(self) -> str:
        """The same without the period."""
        return ", ".join(said for name, said in self.narrowed.items() if name != "period")

    def covers(self, place: Any) -> bool:
        """Whether grants of this municipality are looked at."""
        return not self.unknown_place and (self.where is None or place["id"] in self.where)

    @property
    def of_all_time(self) -> Scope:
        """For what has no period."""
        query = {name: typed for name, typed in self.query.items() if name != "period"}
        return replace(self, query=query, since=None, until=None)


EVERYTHING = Scope()
# What may stand in the address.
TITLES = {
    "municipality": N_("Municipality"), "call": N_("Call"), "curator": N_("Curator"), "period": N_("Period"),
}  # fmt: skip
NAMES = tuple(TITLES)
PLACES = """
SELECT m.id, m.slug, m.position, m.name_ka, m.name_en, m.full_name_ka, m.full_name_en,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'code', coalesce(o.code, o.id::text), 'name_ka', o.name_ka,
     'name_en', o.name_en) ORDER BY o.code, o.id), '[]')::text
   FROM curated_municipality c JOIN organisation o ON o.id = c.organisation_id
   WHERE c.municipality_id = m.id) AS curators, EXISTS (SELECT 1 FROM result_mark) AS waits
FROM municipality m ORDER BY m.position
"""


# What is kept says so at once, also of a call with none among ten thousand grants.
LED_TO_GRANTS = (
    "(EXISTS (SELECT 1 FROM result_cell k JOIN result_work w ON w.cell_id = k.id"
    " WHERE k.call_id = c.id AND w.grants > 0)"
    " OR EXISTS (SELECT 1 FROM result_mark)"
    " AND EXISTS (SELECT 1 FROM award a WHERE a.call_id = c.id AND award_signed(a.state)))"
)


async def scope_of(typed: Mapping[str, str]) -> Scope:
    """From the address; a municipality, call or period that does not exist is a page that does not exist."""
    places = [_with_curators(place) for place in await rows(PLACES)]
    calls = await rows(
        "SELECT * FROM (SELECT c.id, c.reference, c.title_ka, c.title_en, c.envelope, c.currency, c.state, c.opens_at,"
        f" c.opened_at, {LED_TO_GRANTS} AS signed FROM call c) x WHERE signed OR (opened_at IS NOT NULL"
        " AND NOT call_dropped(state))"
        " ORDER BY opens_at DESC"
    )
    query = {name: typed[name] for name in NAMES if typed.get(name)}
    since, until = period_of(query.get("period", ""))
    if since is None and query.get("period"):
        raise Missing(_("There is no such period: write a year, or a quarter as 2026-Q3."))
    unknown = query.get("municipality") == UNKNOWN
    return Scope(
        query,
        None if unknown else _named(places, "slug", query.get("municipality")),
        _named(calls, "reference", query.get("call")),
        _named([each for place in places for each in place["curators"].values()], "code", query.get("curator")),
        unknown,
        since,
        until,
        places,
        calls,
        # of a period only some of what is summed up counts
        kept=since is None and not any(place["waits"] for place in places),
    )


def _with_curators(place: Row) -> dict[str, Any]:
    curators = [each | {"id": UUID(each["id"])} for each in json.loads(place["curators"])]
    return dict(place) | {"curators": {each["id"]: each for each in curators}}


def _named(found: list[Any], name: str, asked: str | None) -> Any:
    if not asked:
        return None
    for each in found:
        if each[name] == asked:
            return each
    raise Missing(_("There is no such page, or you do not have access to it."))


def period_of(typed: str) -> tuple[date | None, date | None]:
    """2026 or 2026-Q3: its first and last day; (None, None) for anything else."""
    match = re.fullmatch(r"(20[0-9]{2})(?:-Q([1-4]))?", typed)
    if not match:
        return None, None
    year, quarter = int(match[1]), int(match[2] or 0)
    first, last = (quarter * 3 - 2, quarter * 3) if quarter else (1, 12)
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def period_word(typed: str) -> str:
    year, _dash, quarter = typed.partition("-Q")
    return _("{year}, quarter {quarter}", year=year, quarter=quarter) if quarter else year


def periods(first: date | None) -> list[tuple[str, str]]:
    """This year's quarters so far, then the years since the programme began."""
    now = today()
    quarters = [f"{now.year}-Q{quarter}" for quarter in range((now.month + 2) // 3, 0, -1)]
    years = [str(year) for year in range(now.year, (first or now).year - 1, -1)]
    return [(typed, period_word(typed)) for typed in (*quarters, *years)]
