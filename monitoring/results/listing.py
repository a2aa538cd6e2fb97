"""Grants as everybody may see them, as a list people narrow: facets say what each of their values would leave."""

from __future__ import annotations

from functools import partial
from typing import Any

from accounts.listing import KNOWN_CALL, KNOWN_PLACE, municipality_of, organisation_of
from accounts.queries import ORGANISATIONS_FOUND
from foundation.database import Row
from foundation.language import N_, pick_text
from foundation.language import gettext as _
from grants.awards.lifecycle import State as AwardState
from monitoring.results.grants import FACETS, KEPT_MONEY, MONEY, YEAR
from monitoring.results.money import Step
from monitoring.results.scope import UNKNOWN, Scope
from web.context import href
from web.lists import ListQuery
from web.lists.listing import Column, Filter, Listing, each_language, everything

EXACT = {"day": N_("to the day"), "month": N_("to the month"), "year": N_("to the year")}


def told(step: Step, row: Row) -> Any:
    """Of a grant of the past that no source tells of: not known, which is no zero."""
    return None if row["source"] and not row[str(step)] else row[str(step)]


def exact(precision: str) -> str:
    return _(EXACT[precision])


GRANTS = Listing[object](
    name="grants",
    path="/grants",
    title=N_("Grants"),
    meta=N_("Every grant whose agreement both sides have signed: who, where, how much, and what came of it."),
    source="award a",
    key="a.id",
    origin="a.source",
    joins={"c": "JOIN call c ON c.id = a.call_id", "k": KEPT_MONEY, **organisation_of("a"), **municipality_of("a")},
    where="award_signed(a.state)",
    visible_to=everything,
    public=True,
    downloads=False,
    order="-newest",
    orders={
        "newest": (YEAR, "a.reference"),
        "grant": each_language("a.title"),
        "place": ("p.position", "a.reference"),
        "start": "coalesce(a.starts_on, '-infinity')",
        **{str(step): sql for step, sql in MONEY.items()},
    },
    columns=[
        Column("reference", "a.reference", N_("Grant")),
        Column("title", "a.title", N_("Title"), "pair"),
        Column("name", "o.name", N_("Organisation"), "pair"),
        Column("place", "m.name", N_("Municipality"), "pair",
               value=lambda row: pick_text(row, "place") if row["slug"] else None),
        Column("call", "c.title", N_("Call"), "pair"),
        Column("state", "a.state", N_("State"), "state", of=AwardState),
        Column("starts_on", "a.starts_on", N_("From")),
        Column("ends_on", "a.ends_on", N_("Until")),
        Column("date_precision", "a.date_precision", N_("How exact the dates are"),
               value=lambda row: exact(row["date_precision"])),
        *(Column(str(step), sql, label_of, "money", value=partial(told, step))
          for (step, sql), label_of in zip(MONEY.items(), (
            N_("Awarded"), N_("Paid out"), N_("Reported spent"), N_("Verified")), strict=True)),
        Column("currency", "a.currency", N_("Currency")),
        Column("source", "a.source", N_("Source")),
        Column("slug", "m.slug"), Column("call_reference", "c.reference"), Column("amount", "a.amount"),
    ],
    filters=[
        Filter("municipality", called=N_("Municipality"),
               sql="a.municipality_id = (SELECT id FROM municipality WHERE slug = ?)",
               each={UNKNOWN: ("", "a.municipality_id IS NULL")}, known=KNOWN_PLACE),
        Filter("call", called=N_("Call"), sql="a.call_id = (SELECT id FROM call WHERE reference = ?)",
               known=KNOWN_CALL),
        Filter("year", called=N_("Year"), sql=f"({YEAR})::text = ?", known="SELECT 1 WHERE ?::text ~ '^20[0-9]{2}$'"),
        Filter("state", called=N_("State"), each={
            "running": ("", "award_running(a.state)"), "finished": ("", "NOT award_running(a.state)"),
        }),
    ],
    search=(
        "words(a.reference, a.title_ka, a.title_en, a.summary_ka, a.summary_en) ILIKE ?"
        f" OR a.organisation_id = {ORGANISATIONS_FOUND}"
    ),
    template="monitoring/results/templates/grants.html",
)  # fmt: skip


async def sums_of(here: ListQuery) -> list[Any]:
    """What the whole list adds up to, one row for each currency."""
    return await GRANTS.sums(
        None, here, ["a.currency"], n="count(*)", **{str(step): f"sum({sql})" for step, sql in MONEY.items()}
    )


def words_of(scope: Scope) -> dict[str, dict[str, str]]:
    """What each value of a facet is called."""
    return {
        "municipality": {p["slug"]: pick_text(p, "name") for p in scope.places}
        | {UNKNOWN: _("municipality not known")},
        "call": {call["reference"]: pick_text(call, "title") for call in scope.calls},
        "state": {"running": _("running"), "finished": _("finished")},
    }


def facets(here: ListQuery, counted: dict[str, dict[str, int]], scope: Scope) -> list[dict[str, object]]:
    names = {
        "municipality": _("Municipality"), "call": _("Call"), "year": _("Year"), "state": _("State"),
    }  # fmt: skip
    words, made = words_of(scope), []
    for name, title in names.items():
        values = counted[name]
        listed = list(words[name]) if name in words else sorted(values, reverse=True)
        made.append(
            {
                "title": title,
                "open": bool(here[name]),
                "values": [
                    {
                        "text": words.get(name, {}).get(value, value),
                        "n": values[value],
                        "current": here[name] == value,
                        "href": href("/grants", **here.also(**{name: "" if here[name] == value else value})),
                    }
                    for value in listed
                    if value in values
                ],
            }
        )
    return made


def chips(here: ListQuery, scope: Scope) -> list[dict[str, str]]:
    words = words_of(scope)
    return [
        {"text": words.get(name, {}).get(here[name], here[name]), "href": href("/grants", **here.without(name))}
        for name in ("q", *FACETS)
        if here[name]
    ]
