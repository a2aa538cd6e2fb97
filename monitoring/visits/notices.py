"""Letters that follow a visit and its findings, and what the clock does with an unanswered finding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts import letters
from accounts.person import Role
from accounts.queries import Recipient, curators_of, holders_of, recipients, workers_of
from foundation.clock import now
from foundation.database import Row, row
from foundation.language import N_, day, days, pick_text
from lifecycle.record import Event
from monitoring.visits import findings, queries
from monitoring.visits.working_days import ANSWER_DAYS, passed, working_days_after


async def tell_the_lead(event: Event) -> None:
    visit = await _visit(event.object_id)
    if visit["lead_id"] != visit["planned_by"]:
        await _write(
            await recipients(visit["lead_id"]),
            event,
            visit,
            N_("A visit was planned for you: {title}"),
            N_("You lead a monitoring visit to “{title}” ({organisation}), {days}. Please confirm it.\n\n{link}"),
        )


async def ask_the_reviewers(event: Event) -> None:
    visit = await _visit(event.object_id)
    people = {each.id: each for each in await curators_of(visit["municipality_id"])}
    people |= {each.id: each for each in await holders_of(Role.MANAGER)}
    people.pop(visit["lead_id"], None)
    await _write(
        people.values(),
        event,
        visit,
        N_("A visit waits for your review: {title}"),
        N_("{lead} submitted the visit {reference} to “{title}”. Another person approves it.\n\n{link}"),
    )


async def tell_the_lead_why(event: Event) -> None:
    visit = await _visit(event.object_id)
    await _write(
        await recipients(visit["lead_id"]),
        event,
        visit,
        N_("A visit came back to you: {title}"),
        N_("The visit {reference} to “{title}” was returned to you, with this reason:\n\n{reason}\n\n{link}"),
        reason=event.reason,
    )


async def tell_both_about_the_visit(event: Event) -> None:
    """Who has it now, and who had it."""
    visit = await _visit(event.object_id)
    await _tell_both(
        event, visit, f"/visits/{visit['reference']}",
        N_("You lead the visit {reference} to “{title}” ({organisation}) from now on. What was recorded is in it. The"
           " reason:\n\n{reason}\n\n{link}"),
        N_("Somebody else leads the visit {reference} to “{title}” from now on. The reason:\n\n{reason}"),
    )  # fmt: skip


async def tell_both_about_the_finding(event: Event) -> None:
    """Nobody is told twice: what goes along with its visit is told with the visit."""
    finding, visit = await _finding(event.object_id)
    if str(visit["lead_id"]) == event.payload["after"]:
        return
    await _tell_both(
        event, visit, f"/visits/{visit['reference']}/findings/{finding['id']}",
        N_("You continue with a finding of the visit {reference} to “{title}” ({organisation}). The"
           " reason:\n\n{reason}\n\n{link}"),
        N_("Someone else continues with your finding of the visit {reference} to “{title}”. The reason:\n\n{reason}"),
    )  # fmt: skip


async def _tell_both(event: Event, visit: Any, link: str, given: str, taken: str) -> None:
    now_with, was_with = UUID(event.payload["after"]), UUID(event.payload["before"])
    subject = N_("Work was given to you: {title}")
    await _write(await recipients(now_with), event, visit, subject, given, link=link, reason=event.reason)
    subject = N_("Your work was given to somebody else: {title}")
    await _write(await recipients(was_with), event, visit, subject, taken, link=link, reason=event.reason)


async def tell_the_author_why(event: Event) -> None:
    finding, visit = await _finding(event.object_id)
    await _write(
        await recipients(finding["author_id"], visit["lead_id"]), event, visit,
        N_("A finding came back to you: {title}"),
        N_(
            "Your finding of the visit {reference} to “{title}” was returned to you, with this reason:\n\n{reason}\n\n"
            "{link}"
        ),
        link=f"/visits/{visit['reference']}/findings/{finding['id']}", reason=event.reason,
    )  # fmt: skip


async def ask_the_organisation(event: Event) -> None:
    finding, visit = await _finding(event.object_id)
    await _write(
        await workers_of(visit["organisation_id"]),
        event,
        visit,
        N_("A finding of the monitoring visit: {title}"),
        N_(
            "The curator shared a finding of the visit {reference} to “{title}” with you. You have ten working days"
            " to say whether you agree with it, until {last_day}.\n\n{link}"
        ),
        link=f"/visits/{visit['reference']}/findings/{finding['id']}",
        last_day=lambda: day(working_days_after(finding["shared_at"], ANSWER_DAYS)),
    )


async def tell_the_author(event: Event) -> None:
    finding, visit = await _finding(event.object_id)
    sentence = (
        N_("{organisation} answered your finding of the visit {reference}.\n\n{link}")
        if event.name == "finding.responded"
        else N_("{organisation} did not answer your finding of the visit {reference} in time.\n\n{link}")
    )
    await _write(
        await recipients(finding["author_id"]),
        event,
        visit,
        N_("Your finding: {title}"),
        sentence,
        link=f"/visits/{visit['reference']}/findings/{finding['id']}",
    )


async def take_silence_for_an_answer() -> None:
    for finding in await queries.unanswered_since(now()):
        if passed(finding.shared_at, ANSWER_DAYS):
            await findings.lapse(finding)


async def _visit(visit_id: UUID | None) -> Any:
    assert visit_id is not None
    return await queries.whole(visit_id)


async def _finding(finding_id: UUID | None) -> tuple[Any, Any]:
    finding = await row("SELECT id, visit_id, author_id, shared_at FROM finding WHERE id = $1", finding_id)
    assert finding is not None
    return finding, await _visit(finding["visit_id"])


async def _write(
    people: Any, event: Event, visit: Row, subject: str, body: str, link: str | None = None, **values: Any
) -> None:
    to: list[Recipient] = list(people)
    await letters.write(
        to,
        f"{event.name}:{event.seq}",
        subject,
        body,
        link=link or f"/visits/{visit['reference']}",
        reference=visit["reference"],
        lead=visit["lead_name"],
        title=lambda: pick_text(visit, "title"),
        organisation=lambda: pick_text(visit, "organisation"),
        days=lambda: days(visit["planned_from"], visit["planned_to"]),
        **values,
    )
