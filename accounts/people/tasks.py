"""What of people and their work waits for those who arrange it: what nobody can go on with, and roles nobody holds."""

from __future__ import annotations

from accounts.people.queries import unheld_roles
from accounts.person import Person, Role
from foundation.language import gettext as _
from foundation.language import label
from lifecycle.owned import waits_for_nobody
from lifecycle.tasks import MOST, Task


async def without_owner(person: Person) -> list[Task]:
    """Unfinished work of somebody whose role has ended, whose account is closed, or who has to do with the grantee."""
    if not person.is_manager:
        return []
    return [
        Task("today", owned.step.name_for(work.row), work.href + owned.path, since=work.since, about=work.about,
             slug=work.slug)
        for owned, work in (await waits_for_nobody())[:MOST]
        if owned.step.open_to(person, work.row)
    ]  # fmt: skip


async def roles_nobody_holds(person: Person) -> list[Task]:
    """Others would wait for nobody; also what a new programme begins with."""
    if not person.is_admin:
        return []
    return [
        Task("today", _("Invite somebody: {role}", role=label(Role(kind))), "/people/new")
        for kind in await unheld_roles()
    ]
