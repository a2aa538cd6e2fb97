"""Publications as they are read: the list, for everybody what is published, and one of them with its parts."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from accounts.named import named, names_in, read_names
from accounts.person import Person
from foundation.database import Row, one_of, rows, value
from foundation.language import N_, days, label
from foundation.language import gettext as _
from monitoring.publications.lifecycle import Kind, Precision, State, Tongue, may_write, sees_drafts
from monitoring.publications.tables import Publication
from web.lists.listing import Column, Filter, Listing
from web.sources import sources

# what the list was narrowed by when kinds stood in it as the sources word them; such links are out there
FORMER = {
    "TV": Kind.TV, "local news article": Kind.ARTICLE, "monitoring report": Kind.MONITORING_REPORT,
    "monitoring reports": Kind.MONITORING_REPORT, "press release": Kind.PRESS_RELEASE,
    "research report": Kind.RESEARCH_REPORT, "success story": Kind.SUCCESS_STORY,
}  # fmt: skip
# an edition that is known of, and how it is told
KNOWN = {"inferred": N_("probably {language}"), "not_found": N_("not found: {language}")}


def visible_to(person: Person, _first: int = 1) -> tuple[str, list[Any]]:
    return ("true" if sees_drafts(person) else "publication_public(p.state)"), []


async def by_reference(person: Person, reference: str) -> Publication | None:
    """The address of a withdrawn one stays, and tells why."""
    seen = "true" if sees_drafts(person) else "publication_told(p.state)"
    names = names_in("p.publisher")
    return await one_of(
        Publication, f"SELECT p.*, {names} AS names FROM publication p WHERE p.reference = $1 AND {seen}", reference
    )


def reads(person: Person, one: Publication) -> bool:
    return sees_drafts(person) or one.state in State.in_set("public")


async def editions_of(one: Publication) -> list[Row]:
    """A file is named after the publication: the name it came with may tell of who made it."""
    return await rows(
        "SELECT e.*, CASE WHEN u.id IS NOT NULL THEN $2 || '-' || e.language ||"
        " coalesce(lower(substring(u.filename FROM '\\.[A-Za-z0-9]{1,5}$')), '') END AS filename"
        " FROM publication_edition e LEFT JOIN upload u ON u.id = e.upload_id"
        " WHERE e.publication_id = $1 ORDER BY e.language, e.id",
        one.id,
        one.reference,
    )


async def file_of(person: Person, one: Publication, key: UUID) -> UUID | None:
    sql = "SELECT upload_id FROM publication_edition WHERE publication_id = $1 AND id = $2"
    return await value(sql, one.id, key) if reads(person, one) else None


def when(row: Any) -> str:
    return days(row["when_first"], row["when_last"], row["when_precision"]) or _("not known")


def language_told(language: str, basis: str) -> str:
    word, known = label(Tongue(language)), KNOWN.get(basis)
    return _(known, language=word) if known else word


def languages(row: Any) -> str:
    return ", ".join(language_told(**each) for each in json.loads(row["editions"] or "[]")) or _("not known")


def publisher(row: Any) -> str:
    told = named(row["publisher"], read_names(row["names"]))
    return _("the programme") if told == "project" else told or _("not known")


PUBLICATIONS = Listing[Person](
    name="publications",
    path="/publications",
    title=N_("Publications"),
    meta=N_("Reports, research and stories the programme published."),
    source="publication p",
    key="p.id",
    origin="p.source",
    visible_to=visible_to,
    public=True,
    order="-when",
    columns=[
        Column("title", "p.title", N_("Title"), "pair"),
        Column("kind", "p.kind", N_("Kind"), "word", of=Kind),
        Column("when", "p.when_precision", N_("When"), value=when, sort="coalesce(p.when_first, '-infinity')"),
        Column("publisher", "p.publisher", N_("Publisher"), value=publisher),
        Column("languages", "", N_("Languages"), value=languages),
        Column("source", "p.source", N_("Source")),
        Column("state", "p.state", N_("State"), "state", of=State, shown_to=sees_drafts),
        Column("reference", "p.reference", N_("Reference"), page=False),
        Column("when_first", "p.when_first", N_("From"), page=False),
        Column("when_last", "p.when_last", N_("Until"), page=False),
        Column("when_precision", "p.when_precision", N_("How exactly"), page=False, of=Precision),
        Column("when_note", "p.when_note"), Column("about", "p.about", kind="pair"), Column("basis", "p.basis"),
        Column("names", names_in("p.publisher")),
        Column("editions", "(SELECT json_agg(json_build_object('language', f.language, 'basis', f.basis)"
               " ORDER BY f.language)::text FROM publication_edition f WHERE f.publication_id = p.id)"),
    ],
    filters=[
        Filter("kind", N_("Kind"), "p.kind = ?", of=Kind, each={
            former: ("", f"p.kind = '{kind}'") for former, kind in FORMER.items()}),
        Filter("state", N_("State"), "p.state = ?", of=State, shown_to=sees_drafts),
    ],
    search="words(p.reference, p.title_ka, p.title_en, p.about_ka, p.about_en, p.publisher) ILIKE ?",
    template="monitoring/publications/templates/list.html",
    context=lambda person: {
        "sources": sources, "when": when, "languages": languages, "publisher": publisher,
        "may_write": may_write(person),
    },
)  # fmt: skip
