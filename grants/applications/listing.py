"""The list of applications that were sent: for staff, auditors and the committee's chair."""

from __future__ import annotations

import json
from dataclasses import replace

from accounts.listing import KNOWN_CALL, MUNICIPALITY, ORGANISATION, in_municipality, municipality_of, organisation_of
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND
from foundation.database import row
from foundation.language import N_, pick_text
from grants.applications import queries
from grants.applications.lifecycle import State
from grants.applications.statuses import SENT_STATES
from web.lists.listing import Choices, Column, Filter, Listing, each_language


async def choices(_person: Person) -> Choices:
    """Municipalities and calls to filter by, in one statement."""
    found = await row(CHOICES_SQL)
    assert found is not None
    places, calls = json.loads(found["municipalities"]), json.loads(found["calls"])
    return {
        "municipality": [(each["slug"], pick_text(each, "name")) for each in places],
        "call": [(each["reference"], f"{each['reference']} · {pick_text(each, 'title')}") for each in calls],
    }


CHOICES_SQL = """SELECT
  (SELECT coalesce(json_agg(json_build_object('slug', slug, 'name_ka', name_ka, 'name_en', name_en)
    ORDER BY position), '[]') FROM municipality)::text AS municipalities,
  (SELECT coalesce(json_agg(json_build_object('reference', reference, 'title_ka', title_ka, 'title_en', title_en)
    ORDER BY deadline DESC), '[]') FROM call
    WHERE opened_at IS NOT NULL OR NOT call_unpublished(state))::text AS calls"""

APPLICATIONS = Listing[Person](
    name="applications",
    path="/applications",
    title=N_("Applications"),
    source="application a",
    key="a.id",
    origin="(SELECT i_.source FROM award i_ WHERE i_.application_id = a.id)",
    joins={
        **organisation_of("a"),
        "c": "JOIN call c ON c.id = a.call_id",
        **municipality_of("a"),
    },
    where="a.submitted_at IS NOT NULL",
    visible_to=queries.visible_to,
    who=queries.triages,
    order="-submitted",
    size=50,
    columns=[
        Column("number", "a.number", N_("Number"), "link", sort="a.number", nowrap=True),
        Column("title", "a.title", N_("Project"), "pair", sort=each_language("a.title"),
               titles=(N_("Title, in Georgian"), N_("Title, in English"))),
        replace(ORGANISATION, titles=(N_("Organisation, in Georgian"), N_("Organisation, in English"))),
        Column("identification_code", "o.identification_code", N_("Identification code"), page=False),
        MUNICIPALITY,
        Column("call", "c.reference", N_("Call"), page=False),
        Column("requested", "a.requested", N_("Asked"), "money", sort="a.requested"),
        Column("currency", "a.currency", N_("Currency"), page=False),
        Column("submitted", "a.submitted_at", N_("Sent"), "day", sort="a.submitted_at"),
        Column("submitted_at", "a.submitted_at"),
        Column("state", "a.state", N_("State"), "state", of=State, sort="a.state"),
    ],
    filters=[
        Filter("state", N_("State"), "a.state = ?", of=State, among=SENT_STATES),
        in_municipality("a"),
        Filter("call", N_("Call"), "a.call_id = (SELECT id FROM call WHERE reference = ?)", known=KNOWN_CALL),
    ],
    search=(
        f"words(a.number, a.title_ka, a.title_en) ILIKE ? OR a.organisation_id = {ORGANISATIONS_FOUND}"
    ),
    search_title=N_("Title, organisation, number or identification code"),
    choices=choices,
    empty=(N_("No application has been sent yet"), N_("Applications appear here once organisations send them."),
           "file-text"),
)  # fmt: skip
