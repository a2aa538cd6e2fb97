"""Everything read about tranches, bank accounts and the ledger."""

from accounts.person import Person
from foundation.database import all_of, one_of
from grants.awards.queries import Visible
from grants.awards.queries import visible_to as awards_visible_to
from grants.awards.tables import Award
from grants.disbursements.tables import Tranche

# A tranche with the facts of its award that its lifecycle asks for.
TRANCHE = (
    "SELECT t.*, a.reference AS award_reference, a.state AS award_state, a.municipality_id, a.curator_id,"
    " a.title_ka, a.title_en, p.director_threshold, p.bank_cooling"
    " FROM tranche t JOIN award a ON a.id = t.award_id JOIN call c ON c.id = a.call_id"
    " JOIN programme p ON p.id = c.programme_id"
)


def visible_to(person: Person) -> Visible:
    """A tranche is as visible as its award `a`."""
    return awards_visible_to(person)


async def by_number(person: Person, reference: str, number: int) -> Tranche | None:
    seen = visible_to(person)
    return await one_of(
        Tranche, f"{TRANCHE} WHERE a.reference = $4 AND t.number = $5 AND {seen.sql}", *seen.args, reference, number
    )


async def of_award(award: Award) -> list[Tranche]:
    return await all_of(Tranche, f"{TRANCHE} WHERE t.award_id = $1 ORDER BY t.number", award.id)
