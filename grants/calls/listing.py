"""The calls somebody may see, drafts included: for those who write and manage them, and as JSON for everybody."""

from __future__ import annotations

from accounts.person import Person
from foundation.language import N_
from grants.calls.lifecycle import State
from grants.calls.queries import visible_to
from web.lists.listing import Column, Filter, Listing

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
