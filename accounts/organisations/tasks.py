"""Organisations that registered themselves wait for somebody of the programme to look at them."""

from __future__ import annotations

from accounts.organisations.queries import to_confirm
from accounts.person import Person
from foundation.language import gettext as _
from foundation.language import pick_text
from lifecycle.tasks import Task


async def organisations_to_confirm(person: Person) -> list[Task]:
    return [
        Task(
            "waiting", _("Look at a new organisation"), f"/organisations/{each['id']}", each["created"],
            who=each["registered_by"], about=pick_text(each, "name"), slug=each["slug"] or "",
        )
        for each in await to_confirm(person)
    ]  # fmt: skip
