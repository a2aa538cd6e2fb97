"""A reviewer's own reviews: what is to be done first, then by the day it is due."""

from __future__ import annotations

from accounts.listing import organisation_of
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND
from foundation.language import N_
from grants.reviews.lifecycle import State
from web.lists.listing import Column, Filter, Listing

DUE = "coalesce(v.due_on, 'infinity')"


def own(person: Person, first: int = 1) -> tuple[str, list[object]]:
    return f"v.reviewer_id = ${first}", [person.id]


REVIEWS = Listing[Person](
    name="reviews",
    path="/reviews",
    title=N_("My reviews"),
    source="review v",
    key="v.id",
    joins={
        "a": "JOIN application a ON a.id = v.application_id",
        **organisation_of("a"),
        "c": "JOIN call c ON c.id = v.call_id",
    },
    where="NOT review_dropped(v.state)",
    visible_to=own,
    who=lambda person: person.is_reviewer,
    order="",
    size=50,
    few=True,
    downloads=False,
    columns=[
        Column("application", "a.title", N_("Application"), "pair", sort="a.number"),
        Column("call", "c.reference", N_("Call"), sort=("c.reference", "a.number")),
        Column("due", "v.due_on", N_("Due"), sort=(DUE, "a.number")),
        Column("state", "v.state", N_("State"), "state", of=State, sort=("v.state", "a.number")),
        Column("id", "v.id"), Column("number", "a.number"), Column("due_on", "v.due_on"),
        Column("title", "a.title", kind="pair"), Column("organisation", "o.name", kind="pair"),
        Column("overdue", "coalesce(v.due_on < :today AND NOT review_done(v.state), false)"),
    ],
    orders={"": ("review_done(v.state)", DUE, "a.number")},
    filters=[
        Filter("state", N_("State"), "v.state = ?", of=State, blank=N_("All states"),
               among=[state for state in State if state not in State.in_set("dropped")]),
    ],
    search=f"words(a.number, a.title_ka, a.title_en) ILIKE ? OR a.organisation_id = {ORGANISATIONS_FOUND}",
    template="grants/reviews/templates/queue.html",
    empty=(N_("No application is assigned to you"),
           N_("When a programme manager assigns one, you get an email and find it here."), "scale"),
)  # fmt: skip
