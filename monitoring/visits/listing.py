"""The list of monitoring visits."""

from __future__ import annotations

from accounts.listing import ORGANISATION, in_municipality, organisation_of
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND, place_choices
from foundation.database import Row
from foundation.language import N_, label
from foundation.language import gettext as _
from grants.awards.queries import AWARDS_FOUND
from monitoring.visits import queries
from monitoring.visits.lifecycle import State
from web.lists.listing import Column, Filter, Listing

# who leads what is not finished, as long as they can act
LEAD = "CASE WHEN visit_pending(v.state) AND NOT curates(v.lead_id, v.municipality_id) THEN NULL ELSE l.name END"
MISSED = queries.MISSED.replace("$1", ":today")


def plans_visits(person: Person, _row: object = None) -> bool:
    return person.is_manager or person.is_curator


def state_of(row: Row) -> str:
    return _("missed") if row["missed"] else label(State(row["state"]))


VISITS = Listing[Person](
    name="visits",
    path="/visits",
    title=N_("Monitoring visits"),
    source="visit v",
    key="v.id",
    origin="v.source",
    joins={
        "w": "JOIN award w ON w.id = v.award_id",
        **organisation_of("w"),
        "m": "JOIN municipality m ON m.id = v.municipality_id",
        "l": "JOIN account l ON l.id = v.lead_id",
    },
    visible_to=queries.visible_to,
    order="-day",
    orders={"place": "m.position"},
    columns=[
        Column("reference", "v.reference", N_("Visit"), sort="v.reference"),
        Column("day", "coalesce(v.visited_on, v.planned_from)", N_("Day"), "day", file=False,
               sort="coalesce(v.visited_on, v.planned_from, '-infinity')"),
        Column("municipality", "m", N_("Where"), "place", sort="m.position", titles=(N_("Municipality"),)),
        ORGANISATION,
        Column("lead_name", LEAD, N_("Lead"), value=lambda row: row["lead_name"] or _("nobody yet")),
        Column("state", "v.state", N_("State"), "state", of=State, sort="v.state", value=state_of),
        Column("planned_from", "v.planned_from", N_("First possible day"), page=False),
        Column("planned_to", "v.planned_to", N_("Last possible day"), page=False),
        Column("visited_on", "v.visited_on", N_("Day of the visit"), page=False),
        Column("place", "v.place", N_("Place"), page=False),
        Column("award_reference", "w.reference", N_("Grant"), page=False),
        Column("title", "w.title", N_("Title"), "pair", page=False),
        Column("women", "v.women", N_("Women"), page=False),
        Column("men", "v.men", N_("Men"), page=False),
        Column("id", "v.id"), Column("missed", f"coalesce({MISSED}, false)"),
    ],
    filters=[
        Filter("state", N_("State"), "v.state = ?", of=State, each={"missed": (N_("missed"), MISSED)}),
        in_municipality("v"),
        Filter("grant", N_("Grant"), "v.award_id = (SELECT id FROM award WHERE reference = ?)", kind="hidden",
               known="SELECT 1 FROM award WHERE reference = ?"),
        Filter("mine", called=N_("Lead"), each={"true": ("", "v.lead_id = :me"), "false": ("", "true")}),
    ],
    search=(
        f"words(v.reference, v.place, v.purpose_ka, v.purpose_en) ILIKE ? OR v.award_id = {AWARDS_FOUND}"
        f" OR v.award_id = ANY(ARRAY(SELECT id FROM award f WHERE f.organisation_id = {ORGANISATIONS_FOUND}))"
        " OR v.municipality_id = ANY(ARRAY(SELECT id FROM municipality f WHERE words(f.name_ka, f.name_en) ILIKE ?))"
        " OR v.lead_id = ANY(ARRAY(SELECT id FROM account f WHERE f.name ILIKE ?))"
    ),
    choices=place_choices,
    template="monitoring/visits/templates/list.html",
    context=lambda person: {"may_plan": plans_visits(person)},
    empty=(N_("No visits yet"),
           N_("Visits appear here once they are planned, and for grantees once they have taken place."), "map-pin"),
)  # fmt: skip
