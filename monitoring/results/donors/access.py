"""Who may look at the donor's pages, and which photos they get."""

from __future__ import annotations

from accounts.person import Person, Role
from foundation.database import Columns
from monitoring.results.evidence import AGREED, PUBLIC


def may_look(person: Person | None) -> bool:
    """Donors and auditors; of the programme's people those who answer for the numbers."""
    return person is not None and person.has(
        Role.DONOR, Role.AUDITOR, Role.MANAGER, Role.DIRECTOR, Role.FINANCE, Role.CURATOR
    )


def photos_for(person: Person) -> str:
    """A curator sees other curators' photos only where everybody may."""
    return AGREED if reads_everywhere(person) else PUBLIC


def opens(person: Person, row: Columns) -> bool:
    """Whether the records behind the numbers of a grant are theirs to read: its tranches, reports and receipts."""
    return person.reads_all or person.curates(row["municipality_id"])


def reads_everywhere(person: Person) -> bool:
    """Not only in municipalities of their own."""
    return person.reads_all or person.is_donor
