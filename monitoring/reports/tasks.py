"""What of the reports waits for whom, for the page of today."""

from __future__ import annotations

from accounts.person import Person
from foundation.clock import today
from foundation.language import N_, pick_text
from foundation.language import gettext as _
from lifecycle.tasks import Task
from monitoring.reports import queries

VERBS = {
    "write": N_("Write report {number}"),
    "correct": N_("Correct report {number}"),
    "start": N_("Verify report {number}"),
    "verify": N_("Continue verifying report {number}"),
    "accept": N_("Agree to report {number}"),
}
SINCE = {"write": "updated", "start": "submitted_at", "verify": "submitted_at", "accept": "verified_at"}


async def reports(person: Person) -> list[Task]:
    """The grantee has until the due day; the others are asked at once."""
    if not person:
        return []
    found = []
    for row in await queries.waiting_for(person):
        step = row["step"]
        mine = step == "write"
        overdue = mine and row["due_on"] < today()
        verb = VERBS["correct" if row["state"] == "returned" else step]
        path = f"/reports/{row['reference']}/{row['number']}"
        found.append(
            Task(
                "overdue" if overdue else "waiting",
                _(verb, number=row["number"]),
                path + ("/verification" if step == "verify" else ""),
                since=row[SINCE[step]],
                who="" if mine else pick_text(row, "organisation"),
                about=pick_text(row, "title"),
                due=row["due_on"] if mine else None,
                slug=row["slug"] or "",
            )
        )
    return found
