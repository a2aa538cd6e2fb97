"""What publications bring to the house."""

from __future__ import annotations

from typing import Any

from foundation.language import N_, pick_text
from lifecycle.resource.api import routes_of
from lifecycle.resource.declared import Resource
from lifecycle.room import Room
from monitoring.publications import listing
from monitoring.publications.lifecycle import State, may_write, sees_drafts
from monitoring.publications.tables import Publication
from monitoring.publications.transitions import EDITIONS, REACH, STEPS, Entry, enter
from uploads.pages import download
from web.shell import MenuEntry
from web.sources import sources


def context(one: Publication) -> dict[str, Any]:
    facts = vars(one)
    told = {"when": listing.when(facts), "publisher": listing.publisher(facts)}
    return told | {"language_told": listing.language_told, "sources": sources}


RESOURCE = Resource(
    listing=listing.PUBLICATIONS, table=Publication, state=State, steps=STEPS, form=Entry, find=listing.by_reference,
    enter=enter, may_enter=may_write, heading=lambda one: pick_text(one, "title"), title=N_("Enter a publication"),
    entered=N_("The draft is saved. Add its editions, then publish it."), parts={"editions": EDITIONS, "reach": REACH},
    reads=listing.reads, withheld=("about_ka", "about_en"), tells=sees_drafts, context=context,
    template="monitoring/publications/templates/show.html",
)  # fmt: skip
ROOM = Room(
    "publications",
    routes=[
        *routes_of(RESOURCE),
        download("/publications/{reference:str}/editions/{key:uuid}", "publications.file", RESOURCE.find,
                 listing.file_of, named=lambda one: one.reference),
    ],
    no_letter={
        "whoever looks after publications does it, and the page tells everybody": [
            "publication.entered", "publication.edited", "publication.published", "publication.withdrawn",
            "publication.reopened", "publication.edition_added", "publication.edition_removed",
            "publication.reach_added", "publication.reach_removed",
        ],
    },
    menu=[MenuEntry(44, N_("Publications"), "/publications", lambda person: bool(person) and may_write(person))],
)  # fmt: skip
