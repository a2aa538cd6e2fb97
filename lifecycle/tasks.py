"""What waits for a person: each room names its own in its front, and the page of today puts them together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from foundation.extension import ExtensionPoint

Group = Literal["overdue", "today", "waiting"]


@dataclass(frozen=True)
class Task:
    """One line: `verb` says what to do ("Check eligibility"), `about` on what (a title), `who` waits for it, `since`
    when; `due` is the last day, and what is past it stands in the group "overdue". Sentences are translated already,
    `href` has no language. `slug` is a municipality, for its hue."""

    group: Group
    verb: str
    href: str
    since: datetime | date | None = None
    who: str = ""
    about: str = ""
    due: date | None = None
    slug: str = ""

    def __post_init__(self) -> None:
        if self.href.startswith(("/ka/", "/en/")):
            raise ValueError(f"{self.href} names a language: the page it stands on adds its own")


# So many of one kind are looked for: the oldest, or those due first. Nobody does more in a day, and no more are shown.
MOST = 50
# From a person to what waits for them: one or two statements, never one per row.
TaskSource = Callable[[Any], Awaitable[list[Task]]]
TASKS: ExtensionPoint[TaskSource] = ExtensionPoint()


async def tasks_of(person: Any) -> list[Task]:
    """All that waits for the person, most pressing first: by the day it is due, then by how long it has waited."""
    found = [task for asked in TASKS for task in await asked(person)]
    own = person.organisation_name if person else None
    # nobody waits for their own organisation
    found = [replace(task, who="") if own and task.who == own else task for task in found]
    order = {"overdue": 0, "today": 1, "waiting": 2}
    return sorted(found, key=lambda task: (order[task.group], task.due or date.max, _day(task.since), task.verb))


def _day(since: datetime | date | None) -> str:
    return since.isoformat() if since else "9999"
