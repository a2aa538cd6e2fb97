"""What every list of things that belong to an organisation, or lie in a municipality, says of these: written once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foundation.language import N_
from web.lists.listing import Column, Filter, each_language

# walks the index of the other table; what lies nowhere stands first
ORGANISATION = Column("organisation", "o.name", N_("Organisation"), "pair", sort=each_language("o.name"))
KNOWN_PLACE = "SELECT 1 FROM municipality WHERE slug = ?"
KNOWN_CALL = "SELECT 1 FROM call WHERE reference = ?"
MUNICIPALITY = Column("municipality", "m", N_("Municipality"), "place", sort="p.position")


def organisation_of(row: str) -> dict[str, str]:
    return {"o": f"JOIN organisation o ON o.id = {row}.organisation_id"}


def municipality_of(row: str) -> dict[str, str]:
    return {
        "m": f"LEFT JOIN municipality m ON m.id = {row}.municipality_id",
        "p": f"JOIN position_of_place p ON p.id = place_or_none({row}.municipality_id)",
    }


def in_municipality(row: str, blank: str = N_("All"), shown_to: Callable[[Any], bool] = Filter.shown_to) -> Filter[Any]:
    sql = f"{row}.municipality_id = (SELECT id FROM municipality WHERE slug = ?)"
    return Filter("municipality", N_("Municipality"), sql, blank=blank, shown_to=shown_to, known=KNOWN_PLACE)
