"""What of the recommendations waits for whom, for the page of today; what is late goes up from level to level."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import STAFF, Person
from foundation.clock import today
from foundation.database import row_of
from foundation.language import gettext as _
from foundation.language import pick_text
from foundation.ties import tied
from lifecycle.owned import Owned, Work
from lifecycle.tasks import Task
from monitoring.recommendations import queries
from monitoring.recommendations.lifecycle import State, its_head, its_lead, its_owner, its_verifier, may_edit
from monitoring.recommendations.tables import Recommendation
from monitoring.recommendations.transitions import could_own, hand_over

LEAD_AFTER, HEAD_AFTER = 7, 21


async def recommendations(person: Person) -> list[Task]:
    if not person:
        return []
    found = []
    for row in await queries.waiting_for(person):
        told = _told(person, row_of(Recommendation, row))
        if told:
            verb, group, due = told
            found.append(
                Task(
                    group, verb, f"/recommendations/{row['reference']}", since=row["updated"],
                    who=pick_text(row, "organisation") if row["organisation_id"] else pick_text(row, "place"),
                    about=_short(pick_text(row, "text")), due=due, slug=row["slug"],
                )
            )  # fmt: skip
    return found


def _told(person: Person, row: Any) -> tuple[str, Any, Any] | None:
    """Verb, group and due day of this person's next step; None when it is not theirs."""
    state, late = State(row.state), (today() - row.due_current).days if row.due_current else None
    if may_edit(person, row):
        return _("Issue or withdraw the draft"), "waiting", None
    if state is State.REPORTED_DONE:
        return (_("Verify a recommendation"), "waiting", None) if its_verifier(person, row) else None
    if state is State.DISPUTED and its_head(person, row):
        return _("Decide about a disputed recommendation"), "waiting", None
    if its_owner(person, row) and state in State.in_set("running"):
        if state is State.ISSUED:
            return _("Answer a recommendation"), "overdue" if late and late > 0 else "waiting", row.due_current
        if late is not None and late >= -queries.SOON and state is not State.DISPUTED:
            return _("Carry out a recommendation"), "overdue" if late > 0 else "today", row.due_current
        return None
    if late is None or state not in State.in_set("running"):
        return None
    if (its_lead(person, row) and late >= LEAD_AFTER) or (
        person.is_manager and not tied(person, row) and late >= HEAD_AFTER
    ):
        return _("Ask about a late recommendation"), "overdue", row.due_current
    return None


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:87].rsplit(" ", 1)[0] + "…"


# what stays with one person ---------------------------------------------------------------------------------------


async def _held(account_id: UUID | None) -> list[Work]:
    return [
        Work(one, _short(pick_text(one, "text")), f"/recommendations/{one.reference}", since=one.updated, slug=one.slug)
        for one in await queries.held(account_id)
    ]


OF_STAFF = Owned(hand_over, STAFF, _held, could_own)
