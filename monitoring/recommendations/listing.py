"""The list of recommendations: what somebody still has to do comes first."""

from __future__ import annotations

from accounts.listing import in_municipality
from accounts.person import Person, Role
from accounts.queries import ORGANISATIONS_FOUND, place_choices
from foundation.database import Columns, Row
from foundation.language import N_, label, pick_text
from monitoring.recommendations import queries
from monitoring.recommendations.lifecycle import Addressee, Priority, State
from monitoring.recommendations.queries import OWNER
from web.lists.listing import Column, Filter, Listing

SEES = (
    Role.EDITOR, Role.SIGNATORY, Role.CURATOR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.AUDITOR, Role.DONOR,
    Role.CHAIR, Role.ADMIN,
)  # fmt: skip
DUE = "coalesce(x.due_current, 'infinity')"
OVERDUE = "(recommendation_running(x.state) AND x.due_current < :today)"


def sees_recommendations(person: Person) -> bool:
    return bool(person) and person.has(*SEES)


WHOSE = (
    "addressee", "organisation_id", "organisation_ka", "organisation_en", "place_ka", "place_en", "owner_name",
)  # fmt: skip


def addressee_of(row: Columns) -> str:
    """Who it is for, by name as far as it is known."""
    if row["addressee"] == Addressee.CSO and row["organisation_id"]:
        return pick_text(row, "organisation")
    if row["addressee"] == Addressee.MUNICIPALITY:
        return pick_text(row, "place")
    return row["owner_name"] or label(Addressee(row["addressee"]))


def priority_of(row: Row) -> str:
    """What came from the sources has none of its own."""
    return "" if row["source"] else label(Priority(row["priority"]))


def may_draft(person: Person) -> bool:
    return bool(person.municipalities)


RECOMMENDATIONS = Listing[Person](
    name="recommendations",
    path="/recommendations",
    title=N_("Recommendations"),
    meta=N_("What organisations and municipalities were asked to do, and how far it is."),
    source="recommendation x",
    key="x.id",
    origin="x.source",
    joins={
        "m": "JOIN municipality m ON m.id = x.municipality_id",
        "a": "LEFT JOIN award a ON a.id = x.award_id",
        "o": "LEFT JOIN organisation o ON o.id = x.organisation_id",
        "w": "LEFT JOIN account w ON w.id = x.owner_id",
    },
    visible_to=queries.visible_to,
    who=sees_recommendations,
    order="first",
    orders={
        "first": ("recommendation_final(x.state)", DUE, "x.reference"),
        "priority": ("priority_rank(x.priority)", DUE),
    },
    columns=[
        Column("reference", "x.reference", N_("Recommendation"), sort="x.reference", titles=(N_("Reference"),)),
        Column("addressee", "x.addressee", N_("Addressed to"), value=addressee_of),
        Column("place", "m", N_("Municipality"), "place", sort=("m.position", DUE)),
        Column("text", "x.text", kind="pair",
               titles=(N_("Recommendation, in Georgian"), N_("Recommendation, in English"))),
        Column("theme", "x.theme", N_("Theme"), page=False),
        Column("priority", "x.priority", N_("Priority"), page=False, value=priority_of),
        Column("due_original", "x.due_original", N_("First due date"), page=False),
        Column("due", "x.due_current", N_("Due"), "day", sort=DUE, titles=(N_("Due date"),)),
        Column("overdue", f"coalesce({OVERDUE}, false)", N_("Overdue"), page=False),
        Column("state", "x.state", N_("State"), "state", of=State, sort=("x.state", DUE)),
        Column("adopted_on", "x.adopted_on", N_("Adopted on"), page=False),
        Column("grant", "a.reference", N_("Grant"), page=False),
        Column("source_status", "x.source_status", N_("State in the source"), page=False),
        Column("source", "x.source", N_("Source"), page=False),
        Column("due_current", "x.due_current"), Column("municipality", "m.slug"), Column("owner_name", OWNER),
        Column("organisation", "o.name", kind="pair"), Column("organisation_id", "x.organisation_id"),
    ],
    filters=[
        in_municipality("x"),
        Filter("state", N_("State"), "x.state = ?", of=State, each={
            "open": (N_("all that are open"), "recommendation_live(x.state)"),
            "closed": (N_("all that are closed"), "recommendation_final(x.state)"),
        }),
        Filter("priority", N_("Priority"), "x.priority = ?", of=Priority),
        Filter("overdue", N_("In time"), each={"yes": (N_("only overdue ones"), OVERDUE)}),
    ],
    search=(
        f"words(x.reference, x.text_ka, x.text_en, x.theme) ILIKE ? OR x.organisation_id = {ORGANISATIONS_FOUND}"
    ),
    choices=place_choices,
    empty=(N_("No recommendations yet"), N_("They come from what visits find, or from monitoring of a municipality."),
           "clipboard-check"),
    template="monitoring/recommendations/templates/list.html",
    context=lambda person: {"may_draft": may_draft(person), "Addressee": Addressee},
)  # fmt: skip
