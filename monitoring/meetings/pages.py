"""What the programme held, wrote and achieved: three public lists, each row with its source."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from accounts.queries import municipalities
from foundation.language import gettext as _
from foundation.language import label, pick_text
from lifecycle.freshness import mark
from monitoring.meetings import queries, telling
from monitoring.meetings.kinds import Kind, kind_of
from monitoring.meetings.sources import sources
from web.fresh import already, kept, tag_of
from web.lists import asked, order
from web.pages import page
from web.sheets import CSV, XLSX, sheet

PUBLIC = {"public": True}
# a file holds at most so many rows
MOST = 100_000
HERE = "monitoring/meetings/templates"
ORDERS = {"date": ["m.date_from", "m.code"], "kind": ["m.kind", "m.date_from"]}


@get("/meetings", name="meetings.list", include_in_schema=False, opt=PUBLIC)
async def meetings(request: Request[Any, Any, Any]) -> Response[Any]:
    tag = tag_of(await mark())
    if answer := already(request, tag):
        return answer
    here = asked(request.query_params, "q", "municipality", "kind", "sort")
    told = await queries.kinds_told()
    wanted = next((told[kind] for kind in told if kind == here["kind"]), [] if here["kind"] else None)
    by = order(here["sort"], ORDERS, "m.date_from DESC NULLS LAST, m.code")
    found = await queries.meetings(here["q"], here["municipality"], wanted, by, here.size, here.offset)
    places = await municipalities()
    return page(
        f"{HERE}/meetings.html", headers=kept(tag), here=here, rows=found, total=found[0]["total"] if found else 0,
        places={place["slug"]: pick_text(place, "name") for place in places},
        kinds=[(str(kind), label(kind)) for kind in told], kind_of=kind_of, sources=sources,
        names=await queries.organisation_names(), named=queries.named, chips=_chips(here, places),
    )  # fmt: skip


@get(["/meetings.csv", "/meetings.xlsx"], name="meetings.export", include_in_schema=False, opt=PUBLIC)
async def meetings_sheet(request: Request[Any, Any, Any]) -> Response[Any]:
    """The same filters, all pages, each row with its source."""
    here = asked(request.query_params, "q", "municipality", "kind", "sort")
    told = await queries.kinds_told()
    wanted = next((told[kind] for kind in told if kind == here["kind"]), [] if here["kind"] else None)
    by = order(here["sort"], ORDERS, "m.date_from DESC NULLS LAST, m.code")
    rows = await queries.meetings(here["q"], here["municipality"], wanted, by, MOST, 0)
    names = {place["slug"]: pick_text(place, "name") for place in await municipalities()}
    organisations = await queries.organisation_names()
    head = [
        _("What it was about"), _("From"), _("Until"), _("Kind"), _("Municipality"), _("Where"), _("Who"), _("With"),
        _("Finding or decision"), _("Source"),
    ]  # fmt: skip
    lines = [
        [
            pick_text(row, "subject"), row["date_from"], row["date_to"], label(kind_of(row["kind"])),
            ", ".join(names[slug] for slug in row["slugs"]), row["place"],
            queries.named(row["organiser"], organisations), queries.named(row["participants"], organisations),
            pick_text(row, "decision"), row["source"],
        ]
        for row in rows
    ]  # fmt: skip
    return sheet("meetings", head, lines, _kind_of_file(request))


@get("/publications", name="publications", include_in_schema=False, opt=PUBLIC)
async def publications(request: Request[Any, Any, Any]) -> Response[Any]:
    tag = tag_of(await mark())
    if answer := already(request, tag):
        return answer
    here = asked(request.query_params, "q", "kind")
    found = await queries.publications(here["q"], here["kind"], here.size, here.offset)
    return page(
        f"{HERE}/publications.html", headers=kept(tag), here=here, rows=found, total=found[0]["total"] if found else 0,
        kinds=[(kind, telling.words(telling.kind(kind))) for kind in await queries.publication_kinds()],
        sources=sources, names=await queries.organisation_names(), telling=telling, chips=_chips(here, []),
    )  # fmt: skip


@get(["/publications.csv", "/publications.xlsx"], name="publications.export", include_in_schema=False, opt=PUBLIC)
async def publications_sheet(request: Request[Any, Any, Any]) -> Response[Any]:
    here = asked(request.query_params, "q", "kind")
    names = await queries.organisation_names()
    head = [_("Title"), _("Kind"), _("When"), _("Publisher"), _("Languages"), _("Source")]
    lines = [
        [
            pick_text(row, "title"),
            *map(telling.words, (telling.kind(row["kind"]), telling.when(row["date_text"]),
                                 telling.publisher(row["publisher"], names), telling.languages(row["languages"]))),
            row["source"],
        ]
        for row in await queries.publications(here["q"], here["kind"], MOST, 0)
    ]  # fmt: skip
    return sheet("publications", head, lines, _kind_of_file(request))


@get("/achievements", name="achievements", include_in_schema=False, opt=PUBLIC)
async def achievements(request: Request[Any, Any, Any]) -> Response[Any]:
    tag = tag_of(await mark())
    if answer := already(request, tag):
        return answer
    here = asked(request.query_params, "q", "municipality")
    places = await municipalities()
    found = await queries.achievements(here["q"], here["municipality"], here.size, here.offset)
    return page(
        f"{HERE}/achievements.html", headers=kept(tag), here=here, rows=found, total=found[0]["total"] if found else 0,
        places=[*((p["slug"], pick_text(p, "name")) for p in places), ("all", _("the whole programme"))],
        sources=sources, telling=telling, chips=_chips(here, places),
    )  # fmt: skip


@get(["/achievements.csv", "/achievements.xlsx"], name="achievements.export", include_in_schema=False, opt=PUBLIC)
async def achievements_sheet(request: Request[Any, Any, Any]) -> Response[Any]:
    here = asked(request.query_params, "q", "municipality")
    head = [_("What changed"), _("Municipality"), _("Numbers"), _("When"), _("Source")]
    lines = [
        [
            pick_text(row, "text"), pick_text(row, "name") if row["slug"] else _("the whole programme"),
            row["numbers"], telling.words(telling.when(row["period"])), row["source"],
        ]
        for row in await queries.achievements(here["q"], here["municipality"], MOST, 0)
    ]  # fmt: skip
    return sheet("achievements", head, lines, _kind_of_file(request))


def _kind_of_file(request: Request[Any, Any, Any]) -> str:
    return XLSX if request.scope["path"].endswith("xlsx") else CSV


def _chips(here: Any, places: list[Any]) -> list[dict[str, Any]]:
    """What narrows the list, each with the address that takes it away."""
    words = {place["slug"]: pick_text(place, "name") for place in places} | {"all": _("the whole programme")}
    words |= {str(kind): label(kind) for kind in Kind} | {kind: _(word) for kind, word in telling.KINDS.items()}
    return [
        {"text": words.get(here[name], here[name]), "query": here.without(name)}
        for name in ("q", "municipality", "kind")
        if here[name]
    ]


ROUTES = [meetings, meetings_sheet, publications, publications_sheet, achievements, achievements_sheet]
