"""Who acts: a person with their roles, the system itself, or nobody. Predicates of every lifecycle ask this object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from foundation.language import N_, label, labels, language


class Role(StrEnum):
    EDITOR = "editor"
    SIGNATORY = "signatory"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    CURATOR = "curator"
    MANAGER = "manager"
    FINANCE = "finance"
    DIRECTOR = "director"
    DONOR = "donor"
    AUDITOR = "auditor"
    ADMIN = "admin"


labels(
    Role,
    {
        Role.EDITOR: N_("editor"),
        Role.SIGNATORY: N_("signatory"),
        Role.REVIEWER: N_("reviewer"),
        Role.CHAIR: N_("committee chair"),
        Role.CURATOR: N_("curator"),
        Role.MANAGER: N_("programme manager"),
        Role.FINANCE: N_("finance officer"),
        Role.DIRECTOR: N_("director"),
        Role.DONOR: N_("donor"),
        Role.AUDITOR: N_("auditor"),
        Role.ADMIN: N_("administrator"),
    },
)

# who works for the programme, as opposed to those who apply, and to donors and auditors who only read
STAFF = frozenset({Role.CURATOR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.CHAIR, Role.ADMIN})


@dataclass(frozen=True)
class Held:
    """One role: of an organisation for editors, signatories and curators, else of the programme. `municipalities`
    are those a curator looks after."""

    kind: Role
    organisation_id: UUID | None = None
    municipalities: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Person:
    """A false value when nobody is signed in. Staff never hold two roles on one record: lifecycles compare ids."""

    id: UUID | None
    name: str
    roles: tuple[Held, ...] = ()
    email: str = ""
    language: str = "ka"
    organisation_name_ka: str | None = None
    organisation_name_en: str | None = None
    is_system: bool = field(default=False)
    # calls in which somebody applies whom this person has to do with
    closed_calls: frozenset[UUID] = frozenset()
    # organisations this person, being of the programme, has to do with; empty for an organisation's own people
    ties: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.id is not None

    def has(self, *kinds: Role) -> bool:
        return any(held.kind in kinds for held in self.roles)

    @property
    def kinds(self) -> frozenset[Role]:
        return frozenset(held.kind for held in self.roles)

    @property
    def role_name(self) -> str:
        """Goes into the event log beside the name."""
        return "system" if self.is_system else ",".join(sorted(self.kinds)) or "none"

    @property
    def role_words(self) -> str:
        return ", ".join(label(kind) for kind in Role if kind in self.kinds)

    @property
    def organisation_name(self) -> str | None:
        names = (self.organisation_name_ka, self.organisation_name_en)
        return (names[0] or names[1]) if language.get() == "ka" else (names[1] or names[0])

    # organisations -------------------------------------------------------------------------------------------
    @property
    def organisations(self) -> frozenset[UUID]:
        """Those this person applies and reports for."""
        return frozenset(
            held.organisation_id
            for held in self.roles
            if held.kind in (Role.EDITOR, Role.SIGNATORY) and held.organisation_id
        )

    def works_for(self, organisation_id: UUID) -> bool:
        return organisation_id in self.organisations

    def edits_for(self, organisation_id: UUID) -> bool:
        """Signatories may edit too: in a small organisation they are often one person."""
        return self.works_for(organisation_id)

    def signs_for(self, organisation_id: UUID) -> bool:
        return any(h.kind is Role.SIGNATORY and h.organisation_id == organisation_id for h in self.roles)

    # programme -----------------------------------------------------------------------------------------------
    @property
    def municipalities(self) -> frozenset[UUID]:
        """Those this person curates."""
        return frozenset().union(*(held.municipalities for held in self.roles if held.kind is Role.CURATOR))

    def curates(self, municipality_id: UUID | None) -> bool:
        return municipality_id in self.municipalities

    def judges_in(self, call_id: UUID | None) -> bool:
        """Nobody checks, scores or decides where somebody competes whom they work for, worked for within two years, or
        declared an interest in; the database says who that is."""
        return call_id not in self.closed_calls

    def tied_to(self, *organisation_ids: UUID | None) -> bool:
        """Nobody decides about, pays, visits, verifies or closes anything of an organisation they work for, worked for
        within two years, or declared an interest in; foundation/ties.py asks this for every step."""
        return not self.ties.isdisjoint(organisation_ids)

    @property
    def is_staff(self) -> bool:
        return bool(self.kinds & STAFF)

    @property
    def reads_all(self) -> bool:
        """Sees every record of the programme: staff above the municipalities, and auditors."""
        return self.has(Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.AUDITOR, Role.ADMIN)

    @property
    def is_manager(self) -> bool:
        return self.has(Role.MANAGER)

    @property
    def is_finance(self) -> bool:
        return self.has(Role.FINANCE)

    @property
    def is_director(self) -> bool:
        return self.has(Role.DIRECTOR)

    @property
    def is_chair(self) -> bool:
        return self.has(Role.CHAIR)

    @property
    def is_reviewer(self) -> bool:
        return self.has(Role.REVIEWER)

    @property
    def is_admin(self) -> bool:
        return self.has(Role.ADMIN)

    @property
    def is_curator(self) -> bool:
        return self.has(Role.CURATOR)

    @property
    def is_donor(self) -> bool:
        return self.has(Role.DONOR)

    @property
    def is_auditor(self) -> bool:
        return self.has(Role.AUDITOR)


def having(*kinds: Role) -> Callable[[Person | None], bool]:
    """Whether somebody is signed in and holds one of these; what menus ask."""
    return lambda person: bool(person) and person.has(*kinds)  # type: ignore[union-attr]


NOBODY = Person(None, "")


class Connection(Protocol):
    """A request as a guard gets it."""

    @property
    def scope(self) -> Mapping[str, Any]: ...


def visitor(connection: Connection) -> Person:
    """Who asks, for guards: where the session's middleware has put them, and nobody where nobody signed in."""
    person = connection.scope.get("user")
    return person if isinstance(person, Person) else NOBODY


SYSTEM = Person(None, "system", is_system=True)
