"""What of visits and findings waits for whom, for the page of today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from accounts.person import Person, Role
from foundation.clock import today
from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import pick_text
from lifecycle.owned import Owned, Work
from lifecycle.tasks import Group, Task
from monitoring.visits import queries
from monitoring.visits.lifecycle import FindingState, State
from monitoring.visits.transitions import could_keep, could_lead, hand_over, hand_over_finding
from monitoring.visits.working_days import ANSWER_DAYS, working_days_after


async def visits(person: Person) -> list[Task]:
    if not (person.is_curator or person.is_manager or person.organisations):
        return []
    waiting = await queries.waiting(person)
    return [_of_visit(visit) for visit in waiting["visits"]] + [_of_finding(each) for each in waiting["findings"]]


async def visits_to_plan(person: Person) -> list[Task]:
    """A tranche waits for nothing but a visit, and nobody has planned one."""
    if not (person.is_curator or person.is_manager):
        return []
    return [
        Task(
            "waiting", _("Plan a visit: a tranche waits for it"),
            f"/visits/new?grant={quote(grant['reference'])}", who=pick_text(grant, "organisation"),
            about=_("{award}, tranche {number}", award=grant["reference"], number=grant["number"]), slug=grant["slug"],
        )
        for grant in await queries.to_be_visited(person)
    ]  # fmt: skip


def _of_visit(visit: Row) -> Task:
    place = f"/visits/{visit['reference']}"
    match visit["state"]:
        case State.PLANNED:
            return _ahead(visit, _("Confirm this visit"), place)
        case State.CONFIRMED:
            return _ahead(visit, _("Make the visit"), place)
        case State.IN_FIELD:
            return _told(visit, _("Send what you saw on the visit"), f"{place}/record", visit["updated"])
        case State.RECEIVED:
            return _told(visit, _("Add what the visit still lacks"), f"{place}/record", visit["received_at"])
        case State.COMPLETE:
            return _told(visit, _("Submit the visit for review"), place, visit["completed_at"])
        case _:
            return _told(visit, _("Review the visit"), place, visit["updated"], who=visit["lead_name"])


def _ahead(visit: Row, verb: str, href: str) -> Task:
    first, last = visit["planned_from"], visit["planned_to"]
    group: Group = "overdue" if last and last < today() else "today" if first and first <= today() else "waiting"
    return Task(group, verb, href, since=first, about=_about(visit), due=last, slug=visit["slug"])


def _told(visit: Row, verb: str, href: str, since: datetime | date | None, who: str = "") -> Task:
    return Task("waiting", verb, href, since=since, who=who, about=_about(visit), slug=visit["slug"])


def _about(visit: Row) -> str:
    return _place_of(visit["reference"], visit)


def _place_of(reference: str, visit: Any) -> str:
    return _("{reference}, {organisation}", reference=reference, organisation=pick_text(visit, "organisation"))


def _of_finding(finding: Row) -> Task:
    place = f"/visits/{finding['reference']}/findings/{finding['id']}"
    match finding["state"]:
        case FindingState.SHARED:
            due: date | None = working_days_after(finding["shared_at"], ANSWER_DAYS)
            verb, since, who = _("Answer the finding"), finding["shared_at"], finding["author_name"]
        case FindingState.DRAFT:
            verb, since, who, due = _("Share the finding or withdraw it"), finding["created"], "", None
        case _:
            verb, since, due = _("Make the finding final"), finding["responded_at"], None
            who = pick_text(finding, "organisation")
    group: Group = "overdue" if due and due < today() else "waiting"
    return Task(
        group, verb, place, since=since, who=who, about=pick_text(finding, "title"), due=due, slug=finding["slug"]
    )


# what stays with one person -------------------------------------------------------------------------------------


async def _visits_held(account_id: UUID | None) -> list[Work]:
    return [
        Work(
            visit, _place_of(visit.reference, visit), f"/visits/{visit.reference}",
            since=visit.updated, slug=visit.slug,
        )
        for visit in await queries.held(account_id)
    ]  # fmt: skip


async def _findings_held(account_id: UUID | None) -> list[Work]:
    return [
        Work(
            finding, _("{reference}, finding", reference=finding.visit_reference),
            f"/visits/{finding.visit_reference}/findings/{finding.id}", since=finding.created,
        )
        for finding in await queries.held_findings(account_id)
    ]  # fmt: skip


VISITS = Owned(hand_over, {Role.CURATOR}, _visits_held, could_lead)
FINDINGS = Owned(hand_over_finding, {Role.CURATOR}, _findings_held, could_keep)
