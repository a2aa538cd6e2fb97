"""The register of organisations as a list."""

from __future__ import annotations

from accounts import rights
from accounts.listing import MUNICIPALITY, in_municipality, municipality_of
from accounts.person import Person
from accounts.queries import place_choices
from foundation.language import N_
from web.lists.listing import Column, Filter, Listing, each_language

KINDS = {"cso": N_("Civil society organisation"), "curator": N_("Curator"), "donor": N_("Donor")}
EXPERIENCE = {"experienced": N_("Experienced"), "new": N_("New"), "unknown": N_("Not known")}


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    if rights.sees_organisations(person):
        return "true", []
    return f"o.id = ANY(${first}::uuid[])", [list(person.organisations)]


ORGANISATIONS = Listing[Person](
    name="organisations",
    path="/organisations",
    title=N_("Organisations"),
    source="organisation o",
    key="o.id",
    joins=municipality_of("o"),
    visible_to=visible_to,
    order="name",
    size=30,
    downloads=False,
    columns=[
        Column("name", "o.name", N_("Name"), "pair", sort=each_language("o.name")),
        MUNICIPALITY,
        Column("code", "o.identification_code", N_("Identification code"),
               sort="coalesce(o.identification_code, '')"),
        Column("experience", "o.experience", N_("Experience")),
        Column("id", "o.id"), Column("kind", "o.kind"), Column("identification_code", "o.identification_code"),
        Column("unconfirmed", "o.registered_by IS NOT NULL AND o.confirmed_at IS NULL"),
    ],
    orders={"created": "o.created"},
    filters=[
        in_municipality("o"),
        Filter("kind", N_("Kind"), each={kind: (words, f"o.kind = '{kind}'") for kind, words in KINDS.items()}),
        Filter("experience", N_("Experience"), each={
            "experienced": (EXPERIENCE["experienced"], "o.experience = 'experienced'"),
            "new": (EXPERIENCE["new"], "o.experience = 'new'"),
            "unknown": (EXPERIENCE["unknown"], "o.experience IS NULL AND o.kind = 'cso'"),
        }),
    ],
    search="words(o.name_ka, o.name_en, o.other_names, o.identification_code) ILIKE ?",
    search_title=N_("Name or identification code"),
    choices=place_choices,
    template="accounts/organisations/templates/list.html",
    context=lambda person: {
        "registers": rights.registers(person), "registers_others": person.is_admin, "kinds": KINDS,
        "experience": EXPERIENCE,
    },
    empty=(N_("No organisations yet"), N_("They appear here once they register or are registered."), "users"),
)  # fmt: skip
