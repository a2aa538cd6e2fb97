"""The public lists of meetings and achievements, each row with its source."""

from __future__ import annotations

import json

from accounts.listing import KNOWN_PLACE
from accounts.named import named, names_in, read_names
from accounts.queries import place_choices
from foundation.database import Row
from foundation.language import N_, alone, label, pick_text
from foundation.language import gettext as _
from monitoring.meetings import queries, telling
from monitoring.meetings.kinds import SIGNS, Kind
from web.lists.listing import Choices, Column, Filter, Listing, everything
from web.sources import sources

# our kind behind the source's own word, as kinds.kind_of tells it
KIND = (
    "CASE "
    + " ".join(f"WHEN strpos(lower(m.kind) || ' ', '{sign}') > 0 THEN '{kind}'" for sign, kind in SIGNS)
    + f" ELSE '{Kind.MEETING}' END"
)
DAY = "coalesce(m.date_from, '-infinity')"


async def places_and_kinds(_visitor: object) -> Choices:
    kinds = [(str(kind), alone(label(kind))) for kind in await queries.kinds_told()]
    return {**await place_choices(), "kind": kinds}


def meetings_told(found: list[Row]) -> list[dict[str, object]]:
    made = []
    for each in found:
        names = read_names(each["names"])
        said = {name: named(each[name], names) for name in ("organiser", "participants")}
        made.append({**each, **said, "places": json.loads(each["places"] or "[]")})
    return made


MEETINGS = Listing[object](
    name="meetings.list",
    path="/meetings",
    title=N_("Meetings and visits"),
    meta=N_("Consultations, working groups, trainings and visits of the programme, each with its source."),
    source="meeting m",
    key="m.id",
    origin="m.source",
    visible_to=everything,
    public=True,
    order="-date",
    columns=[
        Column("subject", "m.subject", N_("What it was about"), "pair"),
        Column("date", "m.date_from", N_("When"), sort=DAY, file=False),
        Column("date_from", "m.date_from", N_("From"), page=False),
        Column("date_to", "m.date_to", N_("Until"), page=False),
        Column("kind", KIND, N_("Kind"), "word", of=Kind, sort=("m.kind", DAY)),
        Column("places",
               "(SELECT json_agg(json_build_object('slug', f.slug, 'name_ka', f.name_ka, 'name_en', f.name_en)"
               " ORDER BY f.position)::text FROM meeting_municipality g JOIN municipality f ON f.id = g.municipality_id"
               " WHERE g.meeting_id = m.id)", N_("Municipality"), page=False,
               value=lambda row: ", ".join(pick_text(each, "name") for each in row["places"])),
        Column("place", "m.place", N_("Where")),
        Column("organiser", "m.organiser", N_("Who")),
        Column("participants", "m.participants", N_("With"), page=False),
        Column("decision", "m.decision", N_("Finding or decision"), "pair", page=False),
        Column("source", "m.source", N_("Source")),
        Column("names", names_in("m.organiser", "m.participants")),
        Column("code", "m.code"), Column("date_precision", "m.date_precision"), Column("date_note", "m.date_note"),
        Column("date_basis", "m.date_basis"),
    ],
    filters=[
        Filter("municipality", N_("Municipality"), "EXISTS (SELECT 1 FROM meeting_municipality g JOIN municipality f"
               " ON f.id = g.municipality_id WHERE g.meeting_id = m.id AND f.slug = ?)", known=KNOWN_PLACE),
        Filter("kind", N_("Kind"), f"{KIND} = ?", known=f"SELECT 1 WHERE ?::text = ANY('{{{','.join(Kind)}}}')"),
    ],
    search="words(m.subject_ka, m.subject_en, m.decision_ka, m.decision_en, m.place, m.participants) ILIKE ?",
    choices=places_and_kinds,
    made=meetings_told,
    template="monitoring/meetings/templates/meetings.html",
    context=lambda _visitor: {"sources": sources},
)  # fmt: skip


async def places_and_all(_visitor: object) -> Choices:
    return {"municipality": [*(await place_choices())["municipality"], ("all", _("the whole programme"))]}


ACHIEVEMENTS = Listing[object](
    name="achievements",
    path="/achievements",
    title=N_("Achievements"),
    meta=N_(
        "What changed in the municipalities, as the programme’s own pages tell it. Nobody has verified these in this"
        " service."
    ),
    source="achievement a",
    key="a.id",
    origin="a.source",
    joins={"m": "LEFT JOIN municipality m ON m.id = a.municipality_id"},
    visible_to=everything,
    public=True,
    order="-when",
    columns=[
        Column("text", "a.text", N_("What changed"), "pair"),
        Column("municipality", "m", N_("Municipality"), "place",
               value=lambda row: pick_text(row, "municipality") if row["municipality"] else _("the whole programme")),
        Column("numbers", "a.numbers", N_("Numbers")),
        Column("when", "a.period", N_("When"), value=lambda row: telling.words(telling.when(row["when"])),
               sort="coalesce(substring(a.period from '[0-9]{4}[0-9-]*'), '')"),
        Column("source", "a.source", N_("Source")),
        Column("code", "a.code"),
    ],
    filters=[
        # `all` is what concerns the whole programme
        Filter("municipality", N_("Municipality"),
               "coalesce((SELECT f.slug FROM municipality f WHERE f.id = a.municipality_id), 'all') = ?",
               known=f"{KNOWN_PLACE} OR ? = 'all'"),
    ],
    search="words(a.text_ka, a.text_en, a.numbers) ILIKE ?",
    choices=places_and_all,
    template="monitoring/meetings/templates/achievements.html",
    context=lambda _visitor: {"sources": sources, "telling": telling},
)  # fmt: skip
