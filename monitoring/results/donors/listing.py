"""The lists behind the donor's numbers: each has the rows its number counts, and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from monitoring.reports.lifecycle import State as ReportState
from monitoring.results import evidence, gallery
from monitoring.results.donors.access import may_look, reads_everywhere
from monitoring.results.queries import DUE, ON_TIME, VISITED
from monitoring.results.scope import INSIDE, NAMES, TITLES, Scope, looked_at, numbered_from, within
from monitoring.results.trouble import Trouble, described
from monitoring.visits.lifecycle import State as VisitState
from web.lists.listing import Column, Filter, Listing

HERE = "monitoring/results/donors/templates"


@dataclass(frozen=True)
class Look:
    """Who looks, at what of the programme, and at which indicator alone. `ran`: grants by the time they ran in, not by
    the day they were signed."""

    person: Person
    scope: Scope
    code: str = ""
    ran: bool = False


Seen = Callable[[Look, int], tuple[str, list[Any]]]
# What the address says of the whole of these pages is asked of every list by `visible_to`.
SCOPE = [Filter[Look](name, kind="scope") for name in NAMES]


def looks(look: Look) -> bool:
    return may_look(look.person)


def narrowed_to(look: Look) -> dict[str, str]:
    """What a file says of it."""
    shown = {_(TITLES[name]): words for name, words in look.scope.narrowed.items()}
    return shown | ({_("Indicator"): look.code} if look.code else {})


def everywhere(look: Look, _row: Row) -> bool:
    return reads_everywhere(look.person)


def visits_seen(look: Look, first: int) -> tuple[str, list[Any]]:
    """Those that prove an indicator are found by the period their reports tell of, others by their own day."""
    args = look.scope.args
    if look.code:
        return numbered_from(first, f"{INSIDE} AND {evidence.PROVING}"), [*args, look.code]
    return numbered_from(first, f"{INSIDE} AND {within(VISITED)}"), args


def pictures(whose: str) -> str:
    return f"(SELECT count(*) FROM visit_photo f WHERE f.visit_id = v.id AND {whose})"


VISITS = Listing[Look](
    name="donor.visits",
    path="/donor/visits",
    title=N_("Monitoring visits"),
    source="visit v",
    key="v.id",
    origin="v.source",
    joins={"a": "JOIN award a ON a.id = v.award_id", "m": "JOIN municipality m ON m.id = v.municipality_id"},
    visible_to=visits_seen,
    file_name="visits",
    who=looks,
    said=narrowed_to,
    downloads=False,
    order="-day",
    orders={"day": "coalesce(v.visited_on, v.planned_from, '-infinity')"},
    size=24,
    columns=[
        Column("reference", "v.reference", N_("Visit")),
        Column("day", VISITED, N_("Date")),
        Column("award", "a.reference", N_("Grant")),
        Column("title", "a.title", N_("Title"), "pair"),
        Column("name", "m.name", N_("Municipality"), "pair"),
        Column("state", "v.state", N_("State"), "state", of=VisitState),
        Column("located", "v.latitude IS NOT NULL", N_("Position")),
        Column("photos", pictures(evidence.AGREED), N_("Photos"), read_by=everywhere,
               instead=lambda row: row["public_photos"]),
        Column("public_photos", pictures(evidence.PUBLIC)), Column("purpose", "v.purpose", kind="pair"),
        Column("visited_on", "v.visited_on"), Column("planned_from", "v.planned_from"),
        Column("planned_to", "v.planned_to"), Column("slug", "m.slug"),
    ],
    filters=[
        *SCOPE,
        Filter("show", called=N_("Which ones"), kind="tab", otherwise=evidence.WHICH[""],
               unchosen=N_("all that were not called off"),
               each={name: ("", sql) for name, sql in evidence.WHICH.items() if name}),
        Filter("indicator", kind="scope"),
    ],
    template=f"{HERE}/visits.html",
)  # fmt: skip


def reports_seen(look: Look, first: int) -> tuple[str, list[Any]]:
    """Every report that was due by today."""
    return numbered_from(first, f"{INSIDE} AND {DUE} AND {within('d.due_on')}"), [*look.scope.args, today()]


def reports_told(found: list[Row]) -> list[Mapping[str, Any]]:
    """One without a row yet is scheduled."""
    return [{**row, "state": row["state"] or ReportState.SCHEDULED} for row in found]


REPORTS = Listing[Look](
    name="donor.reports",
    path="/donor/reports",
    title=N_("Reports on time"),
    source="report_due d",
    key="d.id",
    origin="a.source",
    joins={
        "a": "JOIN award a ON a.id = d.award_id",
        "o": "JOIN organisation o ON o.id = a.organisation_id",
        "m": "LEFT JOIN municipality m ON m.id = a.municipality_id",
        "r": "LEFT JOIN report r ON r.report_due_id = d.id",
    },
    visible_to=reports_seen,
    file_name="reports",
    who=looks,
    said=narrowed_to,
    downloads=False,
    order="-due",
    orders={"due": "d.due_on"},
    size=50,
    columns=[
        Column("reference", "a.reference", N_("Grant")),
        Column("name", "o.name", N_("Organisation"), "pair"),
        Column("place", "m.name", N_("Municipality"), "pair",
               value=lambda row: pick_text(row, "place") if row["slug"] else None),
        Column("number", "d.number", N_("Report")),
        Column("due_on", "d.due_on", N_("Due on")),
        Column("sent_on", "(r.first_submitted_at AT TIME ZONE 'Asia/Tbilisi')::date", N_("Sent on")),
        Column("on_time", f"coalesce({ON_TIME}, false)", N_("On time")),
        Column("state", "r.state", N_("State"), value=lambda row: label(ReportState(row["state"]))),
        Column("title", "a.title", kind="pair"), Column("slug", "m.slug"), Column("kind", "d.kind"),
        Column("municipality_id", "a.municipality_id"),
        Column("period_from", "d.period_from"), Column("period_to", "d.period_to"),
    ],
    filters=[
        *SCOPE,
        Filter("show", called=N_("Which ones"), kind="tab", each={
            "on_time": ("", f"coalesce({ON_TIME}, false)"), "late": ("", f"NOT coalesce({ON_TIME}, false)"),
        }),
    ],
    made=reports_told,
    template=f"{HERE}/reports.html",
)  # fmt: skip


def photos_seen(look: Look, first: int) -> tuple[str, list[Any]]:
    """Of the visits that prove accepted values, or those of one indicator."""
    sql = f"f.visit_id IN (SELECT e.visit_id {gallery.PROOF})"
    return numbered_from(first, sql), [*look.scope.args, look.code, None]


# Cards; one that may not be shown stands there without its picture, and the reason beside it.
PHOTOS = Listing[Look](
    name="donor.evidence",
    path="/donor/evidence",
    title=N_("Evidence"),
    source="visit_photo f",
    key="f.id",
    joins={
        "v": "JOIN visit v ON v.id = f.visit_id",
        "u": "JOIN upload u ON u.id = f.upload_id",
        "w": "JOIN award w ON w.id = v.award_id",
        "m": "JOIN municipality m ON m.id = v.municipality_id",
    },
    visible_to=photos_seen,
    who=looks,
    said=narrowed_to,
    downloads=False,
    order="-day",
    orders={"day": "coalesce(v.visited_on, v.planned_from, '-infinity')"},
    size=24,
    columns=[
        Column("id", "f.id"), Column("caption", "f.caption", kind="pair"), Column("taken_at", "f.taken_at"),
        Column("consent", "f.consent"), Column("approved", "visit_is_approved(v.state)"),
        Column("shown", f"visit_is_approved(v.state) AND {evidence.AGREED}", read_by=everywhere,
               instead=lambda row: row["shown_to_all"]),
        Column("shown_to_all", f"visit_is_approved(v.state) AND {evidence.PUBLIC}"),
        Column("illustration", "u.illustration"), Column("sha256", "encode(u.blob_sha256, 'hex')"),
        Column("visit", "v.reference"), Column("visited_on", "v.visited_on"), Column("reference", "w.reference"),
        Column("title", "w.title", kind="pair"), Column("slug", "m.slug"), Column("place", "m.name", kind="pair"),
    ],
    filters=[*SCOPE, Filter("indicator", kind="scope")],
    template=f"{HERE}/evidence.html",
)  # fmt: skip


def trouble_seen(look: Look, first: int) -> tuple[str, list[Any]]:
    """Findings and what grantees were recommended stay inside the programme; what municipalities were is public."""
    told = "" if may_look(look.person) else " AND t.told"
    return numbered_from(first, looked_at("t") + told), look.scope.args[:3]


def without_marks(row: Row) -> str:
    """The note without the marks of its language."""
    note = row["note"]
    return note.striptags() if isinstance(note, Markup) else note


# As it stands today, the gravest and oldest first; a period changes nothing of it.
TROUBLE = Listing[Look](
    name="donor.trouble",
    path="/donor/trouble",
    title=N_("Problems and delays"),
    source="trouble t",
    key="t.id",
    joins={
        "o": "LEFT JOIN organisation o ON o.id = t.organisation_id",
        "m": "LEFT JOIN municipality m ON m.id = t.municipality_id",
    },
    visible_to=trouble_seen,
    where="t.late_from < :today",
    few=True,
    file_name="trouble",
    who=looks,
    said=narrowed_to,
    downloads=False,
    order="gravest",
    orders={"gravest": ("t.rank", "coalesce(t.since, 'infinity')", "coalesce(t.reference, '')")},
    size=50,
    columns=[
        Column("kind", "t.kind", N_("Kind"), of=Trouble),
        Column("said", "", N_("What"), value=lambda row: row["said"]),
        Column("note", "", N_("More"), value=without_marks),
        Column("whose", "", N_("Whose turn"), value=lambda row: row["whose"]),
        Column("since", "t.since", N_("Since")),
        Column("reference", "t.reference"), Column("title", "t.title", kind="pair"),
        Column("name", "o.name", kind="pair"), Column("slug", "m.slug"), Column("place", "m.name", kind="pair"),
        Column("number", "t.number"), Column("severity", "t.severity"), Column("text", "t.text", kind="pair"),
        Column("other", "t.other"), Column("addressee", "t.addressee"),
    ],
    filters=[
        *SCOPE,
        Filter("kind", called=N_("Kind"), of=Trouble, sql="t.kind = ?"),
        Filter("older", called=N_("Since"), each={"30": (N_("older than 30 days"), "t.since < :today - 30")}),
    ],
    made=described,
    template=f"{HERE}/trouble.html",
)  # fmt: skip
