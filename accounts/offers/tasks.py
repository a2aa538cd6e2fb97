"""Roles that are offered to a person wait for their answer."""

from __future__ import annotations

from accounts.offers.queries import offers_to
from accounts.person import Person, Role
from foundation.language import gettext as _
from foundation.language import label, pick_text
from lifecycle.tasks import Task


async def roles_to_answer(person: Person) -> list[Task]:
    return [
        Task("today", _("A role is offered to you: {role}. Accept or decline", role=label(Role(each.kind))),
             f"/offers/{each.id}", each.created, about=pick_text(each, "name") if each.organisation_id else "")
        for each in (await offers_to(person.id) if person.id else [])
    ]  # fmt: skip
