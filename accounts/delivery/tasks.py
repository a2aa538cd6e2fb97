"""What failed stands on the page of today of those who can see to it."""

from __future__ import annotations

from accounts.delivery.queries import counted
from accounts.person import Person
from foundation.language import ngettext
from lifecycle.tasks import Task


async def what_failed(person: Person) -> list[Task]:
    if not person.is_admin:
        return []
    found = await counted()
    if not found["n"]:
        return []
    verb = ngettext("{n} email or follow-up has failed", "{n} emails or follow-ups have failed", found["n"])
    return [Task("today", verb, "/delivery", since=found["since"])]
