"""What of the calls waits for whom, for the page of today."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person, Role
from foundation.language import gettext as _
from foundation.language import pick_text
from grants.calls import queries
from grants.calls.lifecycle import State
from grants.calls.transitions import could_write, hand_over
from lifecycle.owned import Owned, Work
from lifecycle.tasks import Task


async def calls_that_wait(person: Person) -> list[Task]:
    if not (person.is_curator or person.is_manager):
        return []
    return [
        Task(
            "waiting",
            _("Finish the draft of a call") if row["state"] == State.DRAFT else _("Approve or send back a call"),
            f"/manage/calls/{row['reference']}",
            since=row["updated"],
            who="" if row["state"] == State.DRAFT else row["author"] or "",
            about=pick_text(row, "title"),
        )
        for row in await queries.waiting_for(person)
    ]


# what stays with one person ---------------------------------------------------------------------------------------


async def _held(account_id: UUID | None) -> list[Work]:
    return [
        Work(call, pick_text(call, "title"), f"/manage/calls/{call.reference}", since=call.updated)
        for call in await queries.held(account_id)
    ]


DRAFTS = Owned(hand_over, {Role.CURATOR}, _held, could_write)
