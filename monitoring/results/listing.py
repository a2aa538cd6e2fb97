"""The list of grants as people narrow it: facets with what they would leave, chips that take one away, columns."""

from __future__ import annotations

from typing import Any

from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import label, pick_text
from grants.awards.lifecycle import State as AwardState
from monitoring.results.grants import FACETS, MONEY
from monitoring.results.scope import UNKNOWN, Scope
from web.context import href
from web.lists import ListQuery


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


def table(rows: list[Row]) -> tuple[list[str], list[list[Any]]]:
    """The same list as columns and lines of a file."""
    columns = [
        _("Grant"), _("Title"), _("Organisation"), _("Municipality"), _("Call"), _("State"), _("From"), _("Until"),
        _("How exact the dates are"), *(label(step) for step in MONEY), _("Currency"), _("Source"),
    ]  # fmt: skip
    exact = {"day": _("to the day"), "month": _("to the month"), "year": _("to the year")}
    return columns, [
        [
            row["reference"], pick_text(row, "title"), pick_text(row, "name"),
            pick_text(row, "place") if row["slug"] else None, pick_text(row, "call"),
            label(AwardState(row["state"])), row["starts_on"], row["ends_on"], exact[row["date_precision"]],
            row["amount"], row["paid"], row["reported"], row["verified"], row["currency"], row["source"],
        ]
        for row in rows
    ]  # fmt: skip
