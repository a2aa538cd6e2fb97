"""What of visits and findings waits for whom, for the page of today."""

from __future__ import annotations

from datetime import date, datetime

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import pick_text
from lifecycle.tasks import Group, Task
from monitoring.visits import queries
from monitoring.visits.lifecycle import FindingState, State
from monitoring.visits.working_days import ANSWER_DAYS, working_days_after


async def visits(person: Person) -> list[Task]:
    if not (person.is_curator or person.is_manager or person.organisations):
        return []
    waiting = await queries.waiting(person)
    return [_of_visit(visit) for visit in waiting["visits"]] + [_of_finding(each) for each in waiting["findings"]]


def _of_visit(visit: Row) -> Task:
    place = f"/visits/{visit['reference']}"
    match visit["state"]:
        case State.PLANNED:
            return _ahead(visit, _("Confirm the visit"), place)
        case State.CONFIRMED:
            return _ahead(visit, _("Make the visit"), place)
        case State.IN_FIELD:
            return _told(visit, _("Send what you saw on the visit"), f"{place}/record", visit["updated"])
        case State.RECEIVED:
            return _told(visit, _("Add what the visit still lacks"), f"{place}/record", visit["received_at"])
        case State.COMPLETE:
            return _told(visit, _("Hand in the visit for review"), place, visit["completed_at"])
        case _:
            return _told(visit, _("Review the visit"), place, visit["updated"], who=visit["lead_name"])


def _ahead(visit: Row, verb: str, href: str) -> Task:
    first, last = visit["planned_from"], visit["planned_to"]
    group: Group = "overdue" if last and last < today() else "today" if first and first <= today() else "waiting"
    return Task(group, verb, href, since=first, about=_about(visit), due=last, slug=visit["slug"])


def _told(visit: Row, verb: str, href: str, since: datetime | date | None, who: str = "") -> Task:
    return Task("waiting", verb, href, since=since, who=who, about=_about(visit), slug=visit["slug"])


def _about(visit: Row) -> str:
    return _(
        "{reference}, {organisation}",
        reference=visit["reference"],
        organisation=pick_text(visit, "organisation"),
    )


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
