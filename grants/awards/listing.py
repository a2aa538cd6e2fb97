"""The list of grants, and of what the committee recommends to the director."""

from __future__ import annotations

from accounts.listing import KNOWN_CALL, MUNICIPALITY, ORGANISATION, in_municipality, municipality_of, organisation_of
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND, municipalities
from foundation.language import N_, pick_text
from grants.applications.queries import visible_to as applications_visible_to
from grants.awards import queries
from grants.awards.lifecycle import State
from web.lists.listing import Choices, Column, Filter, Listing, each_language


def sees_lists(person: Person) -> bool:
    return bool(person) and (person.reads_all or person.is_curator)


def decides(person: Person) -> bool:
    return bool(person) and (person.is_director or person.is_manager or person.is_auditor)


async def choices(person: Person) -> Choices:
    calls = await queries.calls_with_awards(person)
    places = [(place["slug"], pick_text(place, "name")) for place in await municipalities()]
    return {"municipality": places, "call": [(call["reference"], call["reference"]) for call in calls]}


AWARDS = Listing[Person](
    name="awards",
    path="/awards",
    title=N_("Agreements"),
    meta=N_("Every grant from the director's approval until it is closed."),
    source="award a",
    key="a.id",
    origin="a.source",
    joins={
        **organisation_of("a"),
        "c": "JOIN call c ON c.id = a.call_id",
        **municipality_of("a"),
    },
    visible_to=queries.visible_to,
    order="-reference",
    columns=[
        Column("reference", "a.reference", N_("Grant"), sort="a.reference", titles=(N_("Reference"),)),
        Column("title", "a.title", N_("Title"), "pair", page=False),
        ORGANISATION,
        MUNICIPALITY,
        Column("call_reference", "c.reference", N_("Call"), page=False),
        Column("state", "a.state", N_("State"), "state", of=State, sort="a.state"),
        Column("amount", "a.amount", N_("Awarded"), "money", sort="a.amount"),
        Column("paid", f"(SELECT coalesce(sum(t.amount), 0) FROM tranche t WHERE t.award_id = a.id AND {queries.PAID})",
               N_("Paid"), "money"),
        Column("currency", "a.currency", N_("Currency"), page=False),
        Column("starts_on", "a.starts_on", N_("Start"), page=False),
        Column("ends", "a.ends_on", N_("End"), "day", sort="coalesce(a.ends_on, 'infinity')"),
        Column("ends_on", "a.ends_on"),
        Column("date_precision", "a.date_precision"),
    ],
    filters=[
        Filter("state", N_("State"), "a.state = ?", of=State, blank=N_("Any state")),
        in_municipality("a", N_("All municipalities"), sees_lists),
        Filter("call", N_("Call"), "a.call_id = (SELECT id FROM call WHERE reference = ?)", blank=N_("All calls"),
               shown_to=sees_lists, known=KNOWN_CALL),
    ],
    search=(
        f"words(a.reference, a.title_ka, a.title_en) ILIKE ? OR a.organisation_id = {ORGANISATIONS_FOUND}"
    ),
    search_title=N_("Reference, title or organisation"),
    choices=choices,
    template="grants/awards/templates/list.html",
    context=lambda person: {"heading": "" if sees_lists(person) else N_("My grants")},
    empty=(N_("No grants yet"), N_("A grant appears here when the director approves it."), "handshake"),
)  # fmt: skip

APPROVALS = Listing[Person](
    name="approvals",
    path="/approvals",
    title=N_("Approvals"),
    meta=N_("Applications the committee recommends, waiting for the director."),
    source="application a",
    key="a.id",
    joins={
        **organisation_of("a"),
        "c": "JOIN call c ON c.id = a.call_id",
        "m": "LEFT JOIN municipality m ON m.id = a.municipality_id",
        "d": "LEFT JOIN LATERAL (SELECT x.amount, x.rank FROM decision x JOIN meeting_minutes y ON y.id = x.minutes_id"
             " WHERE x.application_id = a.id AND meeting_minutes_is_signed(y.state)"
             " ORDER BY y.number DESC LIMIT 1) d ON true",
        "s": "LEFT JOIN LATERAL (SELECT round(avg(r.total), 1) AS score FROM review r WHERE r.application_id = a.id"
             " AND review_is_locked(r.state)) s ON true",
    },
    where="application_is_recommended(a.state)",
    visible_to=applications_visible_to,
    who=decides,
    order="call",
    few=True,
    downloads=False,
    columns=[
        Column("title", "a.title", N_("Application"), "pair", sort=each_language("a.title")),
        ORGANISATION,
        Column("call", "c.reference", N_("Call"), sort=("c.reference", "coalesce(d.rank, 1000000)", "a.number")),
        Column("rank", "d.rank", N_("Rank"), "number", sort="coalesce(d.rank, 1000000)"),
        Column("score", "s.score", N_("Score"), "number", sort="coalesce(s.score, -1)"),
        Column("requested", "a.requested", N_("Asked for"), "money", sort="a.requested"),
        Column("decided_amount", "d.amount", N_("Recommended"), "money"),
        Column("number", "a.number"), Column("currency", "a.currency"), Column("place", "m", kind="place"),
    ],
    search=(
        "words(a.number, a.title_ka, a.title_en) ILIKE ? OR c.reference ILIKE ? OR o.name_ka ILIKE ?"
        " OR o.name_en ILIKE ?"
    ),
    search_title=N_("Reference, title or organisation"),
    template="grants/awards/templates/approvals.html",
    empty=(N_("Nothing waits for a decision"),
           N_("When the committee signs its minutes, what it recommends appears here."), "gavel"),
)  # fmt: skip
