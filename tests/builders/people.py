"""People beside those of the cast."""

from accounts.person import Person
from accounts.sessions import person_by_id
from foundation.database import execute, value
from tests.importing import importing


async def a_second_curator(cast) -> Person:
    """Somebody else of the curator's organisation, who looks after the same places."""
    async with importing():
        account = await value("INSERT INTO account (email, name) VALUES ('nino@example.org', 'Nino') RETURNING id")
        await execute(
            "INSERT INTO role (account_id, kind, organisation_id) VALUES ($1, 'curator', $2)",
            account,
            cast.curator_imereti.id,
        )
        return await person_by_id(account)
