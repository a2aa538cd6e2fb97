"""Every read of applications: which a person may see, one of them, lists of them."""

from __future__ import annotations

from typing import Any

from accounts.person import Person
from foundation.database import one_of
from grants.applications.tables import Application


def visible_to(person: Person, first: int = 1) -> tuple[str, list[Any]]:
    """A condition over `application a` and its arguments, numbered from `first`: an organisation's people see theirs,
    staff and auditors what was submitted, a curator that of their municipalities. A draft is its people's alone."""
    if person.is_system:
        return "true", []
    if person.reads_all or person.is_chair:
        return (
            f"(a.submitted_at IS NOT NULL OR a.organisation_id = ANY(${first}::uuid[]))",
            [list(person.organisations)],
        )
    return (
        f"(a.organisation_id = ANY(${first}::uuid[])"
        f" OR (a.submitted_at IS NOT NULL AND a.municipality_id = ANY(${first + 1}::uuid[])))",
        [list(person.organisations), list(person.municipalities)],
    )


async def application_of(person: Person, number: str) -> Application | None:
    """The application with this number; None unless this person may see it."""
    condition, args = visible_to(person, 2)
    return await one_of(
        Application, f"SELECT a.* FROM application a WHERE a.number = $1 AND {condition}", number, *args
    )
