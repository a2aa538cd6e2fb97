"""The arithmetic of bars, lines and maps. What comes out is numbers and words for web/templates/drawings.html."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

Amount = Decimal | int | float
GEO = Path(__file__).parent / "geo"
MAP_WIDTH = 640
SPELLINGS = {"baghdati": "bagdati"}


@dataclass(frozen=True)
class Step:
    """One bar of the money chart; width in per cent of the longest, depth 1 (light) to 5 (dark)."""

    label: str
    value: str
    note: str
    href: str
    width: float
    depth: int
    inside: bool


def money_steps(rows: Sequence[Mapping]) -> list[Step]:
    """Rows hold `label`, `amount` (None when not known), `value` (the amount in words), and maybe `note` and `href`."""
    longest = max((row["amount"] or 0 for row in rows), default=0)
    steps = []
    for place, row in enumerate(rows):
        width = share(row["amount"], longest)
        depth = 1 + round(place * 4 / max(len(rows) - 1, 1))
        # Words stand in the bar when there is room, else right of it.
        steps.append(
            Step(row["label"], row["value"], row.get("note", ""), row.get("href", ""), width, depth, width >= 42)
        )
    return steps


@dataclass(frozen=True)
class Bullet:
    """All in per cent of the bar; the target is None where none was set."""

    reported: float
    verified: float
    target: float | None


def bullet(target: Amount | None, reported: Amount | None, verified: Amount | None) -> Bullet:
    """The longest of the three leaves a little room at the end, so that its tick is seen."""
    longest = float(max(target or 0, reported or 0, verified or 0)) * 1.06
    return Bullet(
        share(reported, longest), share(verified, longest), None if target is None else share(target, longest)
    )


def share(part: Amount | None, whole: Amount) -> float:
    """In per cent, never below 0 or above 100; nothing of nothing is 0."""
    if part is None or whole <= 0:
        return 0.0
    return round(min(max(float(part) / float(whole) * 100, 0.0), 100.0), 2)


def shades(values: Mapping[str, Amount | None]) -> dict[str, int]:
    """0 (least or none) to 3 (most), in equal steps up to the largest value."""
    largest = max((value or 0 for value in values.values()), default=0)
    return {slug: min(3, int(share(value, largest) // 25)) for slug, value in values.items()}


@dataclass(frozen=True)
class Area:
    slug: str
    name: str
    figure: str
    href: str
    shade: int
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Choropleth:
    width: int
    height: int
    land: list[str]
    areas: list[Area]
    most: str  # the figure of the darkest


def choropleth(places: Sequence[Mapping]) -> Choropleth:
    """Places as for the tile map: `slug`, `name`, `figure`, `href`, `shade`. Unknown slugs are left out."""
    outlines, height = drawn()
    areas = []
    for place in places:
        slug = SPELLINGS.get(place["slug"], place["slug"])
        if slug not in outlines:
            continue
        path, x, y = outlines[slug]
        areas.append(
            Area(place["slug"], place["name"], place["figure"], place["href"], place.get("shade", 0), path, x, y)
        )
    return Choropleth(MAP_WIDTH, height, [outlines[slug][0] for slug in geometry("regions")], areas, _most(places))


def _most(places: Sequence[Mapping]) -> str:
    """Places with an `amount` say the largest; others the figure of one in the darkest shade."""
    darkest = max(places, key=lambda place: (place.get("amount") or 0, place.get("shade", 0)), default=None)
    return darkest["figure"] if darkest else ""


@cache
def drawn() -> tuple[dict[str, tuple[str, int, int]], int]:
    """Every outline with the place for its name, in whole pixels, and the height of the map."""
    shapes = {**geometry("regions"), **geometry("municipalities")}
    corners = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
    south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    narrow = math.cos(math.radians((south + north) / 2))
    margin = 4
    scale = (MAP_WIDTH - 2 * margin) / ((east - west) * narrow)

    def pixel(lon: float, lat: float) -> tuple[int, int]:
        return round(margin + (lon - west) * narrow * scale), round(margin + (north - lat) * scale)

    outlines = {}
    for slug, rings in shapes.items():
        pixels = [[pixel(lon, lat) for lon, lat in ring] for ring in rings]
        outlines[slug] = ("".join(path(ring) for ring in pixels), *middle(pixels[0]))
    return outlines, round((north - south) * scale + 2 * margin)


@cache
def geometry(name: str) -> dict[str, list]:
    features = json.loads((GEO / f"{name}.geojson").read_text("utf-8"))["features"]
    return {feature["properties"]["slug"]: feature["geometry"]["coordinates"] for feature in features}


def path(points: Sequence[tuple[int, int]]) -> str:
    """Relative steps are shorter; points that fall on one pixel are drawn once."""
    (x, y), *rest = points
    steps = []
    for next_x, next_y in rest:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def middle(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The centre of gravity of a ring."""
    doubled = total_x = total_y = 0
    for (x, y), (next_x, next_y) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x * next_y - next_x * y
        doubled += cross
        total_x += (x + next_x) * cross
        total_y += (y + next_y) * cross
    return (round(total_x / (3 * doubled)), round(total_y / (3 * doubled))) if doubled else points[0]


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    label: str = ""


@dataclass(frozen=True)
class LineChart:
    """Positions in per cent of the drawing, from its top left corner."""

    grid: list[Mark]
    steps: list[Mark]
    line: str
    area: str
    plan: str
    end: Mark | None
    line_label: str
    plan_label: str


def line_chart(
    steps: Sequence[str],
    done: Sequence[Amount],
    plan: Sequence[Amount] = (),
    *,
    words: Callable[[Amount], str] = str,
    done_label: str = "",
    plan_label: str = "",
) -> LineChart:
    """`done` may be shorter than `steps`: what has not happened is not drawn."""
    top = round_top(max([*done, *plan, 0]))

    def x(place: int) -> float:
        return round(place * 100 / max(len(steps) - 1, 1), 2)

    def y(value: Amount) -> float:
        return round(100 - share(value, top), 2)

    def drawn_line(values: Sequence[Amount]) -> str:
        return "M" + "L".join(f"{x(place)} {y(value)}" for place, value in enumerate(values)) if values else ""

    line = drawn_line(done)
    end = Mark(x(len(done) - 1), y(done[-1])) if done else None
    return LineChart(
        grid=[Mark(0, y(value), words(value)) for value in (top * part / 4 for part in range(5))],
        # only those with a name are drawn; on phones every second of them
        steps=[Mark(x(place), 100, label) for place, label in enumerate(steps) if label],
        line=line,
        area=f"{line}L{end.x} 100L0 100Z" if end else "",
        plan=drawn_line(plan),
        end=end,
        line_label=done_label if done else "",
        plan_label=plan_label if plan else "",
    )


def round_top(largest: Amount) -> float:
    """The first of 1, 2, 4, 6, 8, 10 times a power of ten that the largest value fits under: quarters stay round."""
    if largest <= 0:
        return 4
    power = 10.0 ** math.floor(math.log10(float(largest)))
    return next(round(step * power, 6) for step in (1, 2, 4, 6, 8, 10) if float(largest) <= step * power)
