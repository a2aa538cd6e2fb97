"""Calls: for everybody those open now and those of the past; for those who write and manage them, drafts too."""

from __future__ import annotations

from dataclasses import replace

from accounts.listing import KNOWN_PLACE
from accounts.person import Person
from accounts.queries import place_choices
from foundation.language import N_
from grants.calls.lifecycle import State
from grants.calls.queries import visible_to
from web.lists.listing import Column, Filter, Listing, everything

CALLS = Listing[Person](
    name="manage.calls",
    path="/manage/calls",
    title=N_("Manage calls"),
    source="call c",
    key="c.id",
    visible_to=visible_to,
    order="-created",
    orders={"created": "c.created"},
    downloads=False,
    columns=[
        Column("reference", "c.reference", N_("Call"), sort="c.reference"),
        Column("state", "c.state", N_("State"), "state", of=State),
        Column("deadline", "c.deadline", N_("Deadline"), "moment", sort="c.deadline"),
        Column("envelope", "c.envelope", N_("Envelope"), "money", sort="c.envelope"),
        Column("title", "c.title", kind="pair"), Column("summary", "c.summary", kind="pair"),
        Column("currency", "c.currency"), Column("min_award", "c.min_award"), Column("max_award", "c.max_award"),
        Column("opens_at", "c.opens_at"), Column("invited_only", "c.invited_only"),
        Column("decision_due", "c.decision_due"),
        Column("municipality_ids", "ARRAY(SELECT v.municipality_id FROM call_municipality v WHERE v.call_id = c.id)"),
    ],
    filters=[Filter("state", N_("State"), "c.state = ?", of=State, blank=N_("All states"))],
    search="words(c.reference, c.title_ka, c.title_en, c.summary_ka, c.summary_en) ILIKE ?",
    template="grants/calls/manage/templates/list.html",
    context=lambda person: {"writes": person.is_curator},
    empty=(N_("There are no calls yet"), N_("A curator drafts the first one."), "file-pen-line"),
)  # fmt: skip

PAST = Listing[Person](
    name="calls",
    path="/calls",
    title=N_("Calls"),
    meta=N_("You may read all the questions before you register."),
    source="call c",
    key="c.id",
    where="call_past(c.state) AND c.opened_at IS NOT NULL",
    visible_to=everything,  # once opened they are for everybody
    public=True,
    downloads=False,
    order="-deadline",
    columns=[
        Column("title", "c.title", N_("Call"), "pair"),
        Column("state", "c.state", N_("State"), "state", of=State),
        Column("deadline", "c.deadline", N_("Deadline"), "day", sort="c.deadline"),
        Column("envelope", "c.envelope", N_("Envelope"), "money", sort="c.envelope"),
        Column("reference", "c.reference"), Column("currency", "c.currency"),
    ],
    filters=[
        Filter("municipality", N_("Municipality"), "EXISTS (SELECT 1 FROM call_municipality v JOIN municipality f"
               " ON f.id = v.municipality_id WHERE v.call_id = c.id AND f.slug = ?)", known=KNOWN_PLACE),
    ],
    search="words(c.reference, c.title_ka, c.title_en, c.summary_ka, c.summary_en) ILIKE ?",
    choices=place_choices,
    template="grants/calls/templates/list.html",
)  # fmt: skip
# Those one can apply to now or when they go on, the nearest deadline first, as cards on the same page.
OPEN = replace(
    PAST,
    name="calls.open",
    where="call_before_deadline(c.state)",
    order="deadline",
    size=100,
    columns=[
        *PAST.columns,
        Column("summary", "c.summary", kind="pair"), Column("min_award", "c.min_award"),
        Column("max_award", "c.max_award"), Column("invited_only", "c.invited_only"),
        Column("places", "(SELECT coalesce(array_agg(ARRAY[f.slug, f.name_ka, f.name_en] ORDER BY f.position), '{}')"
               " FROM call_municipality v JOIN municipality f ON f.id = v.municipality_id WHERE v.call_id = c.id)"),
    ],
)  # fmt: skip
