"""What waits for the person who asks, from every room, most pressing first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from pydantic import BaseModel

from accounts.person import Person
from foundation.clock import TBILISI, today
from foundation.database import row
from foundation.language import N_, day, ngettext
from foundation.language import gettext as _
from lifecycle.tasks import Group, Task, tasks_of
from web.guards import signed_in
from web.pages import page

# More than anybody does in a day; those behind them come up as these are done.
SHOWN = 50
HEADINGS: dict[Group, str] = {
    "overdue": N_("Overdue tasks"),
    "today": N_("Due today"),
    "waiting": N_("Waiting for you"),
}


def begins_here(person: Any) -> bool:
    """Those who only look at results have nothing to do here."""
    return bool(person) and not (person.is_donor and len(person.kinds) == 1)


class TaskOut(BaseModel):
    group: Group
    verb: str
    about: str
    href: str
    who: str
    since: datetime | date | None
    due: date | None
    days_overdue: int | None


@get("/today", name="today", include_in_schema=False, guards=[signed_in])
async def show(person: NamedDependency[Person]) -> Response[bytes]:
    tasks = await waiting_for(person)
    groups = []
    for group, heading in HEADINGS.items():
        own = [each for each in tasks if each.group == group]
        if own:
            groups.append((_(heading), group, len(own), [(each, describe(each)) for each in own[:SHOWN]]))
    return page(
        "entrypoints/templates/today.html",
        groups=groups,
        count=len(tasks),
        date=day(today()),
    )


@get("/api/v1/today", name="api.today", guards=[signed_in], summary="What waits for the person signed in")
async def list_tasks(person: NamedDependency[Person]) -> list[TaskOut]:
    return [
        TaskOut(
            group=each.group, verb=each.verb, about=str(each.about), href=each.href, who=str(each.who),
            since=each.since, due=each.due, days_overdue=days_overdue(each),
        )
        for each in await waiting_for(person)
    ]  # fmt: skip


async def waiting_for(person: Person) -> list[Task]:
    """What waits for the person; while nothing does and the programme is empty, the first steps of its beginning."""
    return await tasks_of(person) or await first_steps(person)


async def first_steps(person: Person) -> list[Task]:
    if not (person.is_admin or person.is_manager):
        return []
    there = await row(BEGUN)
    steps = [
        (
            person.is_admin,
            "curators",
            _("Register the curator organisations and their municipalities"),
            "/organisations/new",
        ),
        (person.is_admin or person.is_manager, "people", _("Invite the people of the programme"), "/people/new"),
        (person.is_manager, "indicators", _("Add what the programme measures"), "/indicators/new"),
    ]
    return [
        Task("waiting", verb, path)
        for may, what, verb, path in steps
        if may and there is not None and not there[what]
    ]  # fmt: skip


# Curators write the calls: a programme that has one has begun.
BEGUN = """
SELECT EXISTS (SELECT 1 FROM organisation WHERE kind = 'curator') AS curators,
  (SELECT count(DISTINCT kind) FROM role
    WHERE kind IN ('curator', 'director', 'finance') AND until IS NULL) = 3 AS people,
  EXISTS (SELECT 1 FROM indicator) AS indicators
"""


def describe(task: Task) -> str:
    """When, in one short phrase: how late it is, when it is due, or since when it waits."""
    late = days_overdue(task)
    if late:
        return ngettext("{n} day late", "{n} days late", late)
    if task.due:
        return _("today") if task.due == today() else _("by {day}", day=day(task.due))
    if task.since is None:
        return ""
    waited = (today() - _date(task.since)).days
    if waited <= 0:
        return _("since today")
    return ngettext("waiting {n} day", "waiting {n} days", waited)


def days_overdue(task: Task) -> int | None:
    return (today() - task.due).days if task.due and task.due < today() else None


def _date(moment: datetime | date) -> date:
    return moment.astimezone(TBILISI).date() if isinstance(moment, datetime) else moment


ROUTES = [show, list_tasks]
