"""Where a visit says it was: asked about where that is unlikely, never refused; its reviewer sees the answer."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import cos, hypot, radians
from typing import Protocol

from foundation.language import gettext as _
from foundation.language import number, pick_text
from web.charts import geometry

MARGIN_KM = 5
ACCURATE_M = 200
KM_A_DEGREE = 111.2
Point = tuple[float, float]


class Somewhere(Protocol):
    """A visit with where it says it was. `slug` and the names of its municipality are there if it was read so."""

    @property
    def latitude(self) -> Decimal | None: ...
    @property
    def longitude(self) -> Decimal | None: ...
    @property
    def accuracy_m(self) -> int | None: ...


def doubts_of(visit: Somewhere) -> list[str]:
    """Why the position may be wrong. A visit that was read without its municipality is asked nothing about it."""
    found = []
    if visit.latitude is not None and visit.longitude is not None:
        away = kilometres(vars(visit).get("slug", ""), visit.latitude, visit.longitude)
        if away is not None and away > MARGIN_KM:
            place = pick_text(vars(visit), "municipality")
            found.append(_("The position is {n} km away from {place}.", n=number(round(away)), place=place))
            if exchanged(visit):
                found.append(_("Latitude and longitude seem to be exchanged."))
    if visit.accuracy_m is not None and visit.accuracy_m > ACCURATE_M:
        found.append(_("The position is only exact to {n} m.", n=number(visit.accuracy_m)))
    return found


def exchanged(visit: Somewhere) -> bool:
    """Whether the other way round it would lie in the municipality."""
    if visit.latitude is None or visit.longitude is None or abs(visit.longitude) > 90:
        return False
    away = kilometres(vars(visit).get("slug", ""), visit.longitude, visit.latitude)
    return away is not None and away <= MARGIN_KM


def kilometres(slug: str, latitude: Decimal, longitude: Decimal) -> float | None:
    """How far outside the municipality this is, 0 inside; None where its boundary is not known."""
    rings = geometry("municipalities").get(slug)
    if rings is None:
        return None
    at = (float(longitude), float(latitude))
    if _inside(at, rings[0]):
        return 0.0
    narrow = cos(radians(float(latitude)))
    return min(_to_line(at, a, b, narrow) for a, b in pairwise(rings[0])) * KM_A_DEGREE


def _inside(at: Point, ring: list[Point]) -> bool:
    x, y = at
    crossed = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def _to_line(at: Point, a: Point, b: Point, narrow: float) -> float:
    """In degrees of latitude, on a plane: good enough to ask."""
    (x, y), (x1, y1), (x2, y2) = ((px * narrow, py) for px, py in (at, a, b))
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0.0
    return hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
