"""Everything read about awards. Lists and single pages start from the same condition."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.database import one_of
from grants.awards.tables import Award


@dataclass(frozen=True)
class Visible:
    """A condition over `award a`, with its arguments for $1 to $3."""

    sql: str
    args: list[Any]


def visible_to(person: Person) -> Visible:
    """The grantee's people, the curator of the municipality, and those who see the whole programme."""
    return Visible(
        "(a.organisation_id = ANY($1::uuid[]) OR a.municipality_id = ANY($2::uuid[]) OR $3)",
        [list(person.organisations), list(person.municipalities), person.reads_all],
    )


async def by_reference(person: Person, reference: str) -> Award | None:
    seen = visible_to(person)
    return await one_of(Award, f"SELECT a.* FROM award a WHERE a.reference = $4 AND {seen.sql}", *seen.args, reference)


async def by_id(person: Person, award_id: UUID) -> Award | None:
    seen = visible_to(person)
    return await one_of(Award, f"SELECT a.* FROM award a WHERE a.id = $4 AND {seen.sql}", *seen.args, award_id)
