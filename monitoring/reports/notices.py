"""What follows an event of a report, and what falls due: letters, opening, reminders."""

from __future__ import annotations

from accounts.letters import write
from accounts.person import Role
from accounts.queries import curators_of, holders_of, workers_of
from foundation.clock import today
from foundation.database import get
from foundation.language import N_, day, pick_text
from grants.awards.tables import Award
from lifecycle.record import Event
from monitoring.reports import actions, queries
from monitoring.reports.tables import Report


async def _told(event: Event) -> Report | None:
    return await queries.by_id(event.object_id) if event.object_id else None


def _facts(report: Report) -> dict:
    return {
        "title": lambda: pick_text(report, "title"),
        "organisation": lambda: pick_text(report, "organisation"),
        "number": report.number,
        "due": lambda: day(report.due_on),
        "link": f"/reports/{report.award_reference}/{report.number}",
    }


async def tell_the_grantee_it_is_open(event: Event) -> None:
    if report := await _told(event):
        await write(
            await workers_of(report.organisation_id), f"{event.seq}:opened",
            N_("Report {number} of “{title}” can be written now"),
            N_("Report {number} of your grant “{title}” is open. Please submit it by {due}.\n\n{link}"),
            **_facts(report),
        )  # fmt: skip


async def tell_the_curator(event: Event) -> None:
    if (report := await _told(event)) and report.municipality_id:
        await write(
            await curators_of(report.municipality_id), f"{event.seq}:submitted",
            N_("Report {number} of “{title}” waits for you"),
            N_("{organisation} submitted report {number} of “{title}”. Verify its numbers and spending.\n\n{link}"),
            **_facts(report),
        )  # fmt: skip


async def tell_what_to_correct(event: Event) -> None:
    if report := await _told(event):
        await write(
            await workers_of(report.organisation_id), f"{event.seq}:returned",
            N_("Report {number} of “{title}” needs a correction"),
            N_("Your curator returned report {number} of “{title}”: {reason}\n\n"
               "Correct it and hand it in again by {due}: {link}"),
            reason=event.reason or "", **_facts(report),
        )  # fmt: skip


async def tell_those_who_accept(event: Event) -> None:
    if report := await _told(event):
        await write(
            await holders_of(Role.MANAGER, Role.FINANCE), f"{event.seq}:verified",
            N_("Report {number} of “{title}” is verified"),
            N_("The curator has verified report {number} of “{title}” by {organisation}. It is accepted when a"
               " manager and finance agree: {link}"),
            **_facts(report),
        )  # fmt: skip


async def tell_the_grantee_it_is_accepted(event: Event) -> None:
    if report := await _told(event):
        await write(
            await workers_of(report.organisation_id), f"{event.seq}:accepted",
            N_("Report {number} of “{title}” is accepted"),
            N_("Report {number} of your grant “{title}” is accepted. You can read it here: {link}"),
            **_facts(report),
        )  # fmt: skip


async def tell_the_grantee_it_ended(event: Event) -> None:
    if report := await _told(event):
        waived = event.name == "report.waived"
        await write(
            await workers_of(report.organisation_id), f"{event.seq}:ended",
            N_("Report {number} of “{title}” is not needed any more") if waived
            else N_("Report {number} of “{title}” has lapsed"),
            N_("The programme manager decided about report {number} of “{title}”: {reason}\n\n{link}"),
            reason=event.reason or "", **_facts(report),
        )  # fmt: skip


async def schedule_what_is_missing() -> None:
    """Activation does this at once; grants activated before this room knew of them get their calendar here."""
    for award_id in await queries.unscheduled():
        award = await get(Award, award_id)
        if award is not None:
            await actions.schedule(award)


async def open_what_is_due() -> None:
    for report in await queries.to_open(actions.AHEAD):
        await actions.open_for_writing(report)


async def remind() -> None:
    """Once in the last week, once when it is late; the key keeps it at that."""
    for report in await queries.to_remind():
        late = report.due_on < today()
        await write(
            await workers_of(report.organisation_id), f"{report.id}:{'late' if late else 'soon'}:{report.due_on}",
            N_("Report {number} of “{title}” is late") if late else N_("Report {number} of “{title}” is due soon"),
            N_("Report {number} of “{title}” was due on {due}.\n\n{link}") if late
            else N_("Report {number} of “{title}” is due on {due}.\n\n{link}"),
            **_facts(report),
        )  # fmt: skip
