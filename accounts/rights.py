"""Who may give which role, see whom, and change which organisation; pure."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person, Role
from accounts.tables import Organisation

# Roles of one organisation, by its kind; every other role is of the whole programme.
OF_ORGANISATION = {"cso": (Role.SIGNATORY, Role.EDITOR), "curator": (Role.CURATOR,), "donor": (Role.DONOR,)}
OF_PROGRAMME = (
    Role.REVIEWER, Role.CHAIR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.DONOR, Role.AUDITOR, Role.ADMIN,
)  # fmt: skip
# Those who decide, pay and sign are appointed by an administrator alone.
BY_ADMIN_ALONE = frozenset({Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.ADMIN, Role.AUDITOR})
# Those who apply; every other role judges, pays or watches them, and nobody does both.
OF_APPLICANTS = frozenset({Role.EDITOR, Role.SIGNATORY})


def gives(person: Person, kind: Role, organisation_id: UUID | None) -> bool:
    """May give this role, and end it. Nobody gives one to themselves: the actions see to that."""
    if person.is_admin:
        return True
    if kind in BY_ADMIN_ALONE:
        return False
    if kind in (Role.EDITOR, Role.SIGNATORY) and organisation_id and person.signs_for(organisation_id):
        return True
    return person.is_manager


def stands_against(kind: Role, held: frozenset[Role]) -> bool:
    """Whether whoever holds these cannot hold this one as well: the database refuses it too."""
    against = set(Role) - OF_APPLICANTS if kind in OF_APPLICANTS else OF_APPLICANTS
    return bool(held & against)


def kinds_given(person: Person, organisation: Organisation | None = None) -> list[Role]:
    """What this person can invite somebody as: into the organisation, or into the programme."""
    kinds = OF_ORGANISATION.get(organisation.kind, ()) if organisation else OF_PROGRAMME
    return [kind for kind in kinds if gives(person, kind, organisation.id if organisation else None)]


def invites_into(person: Person, organisation: Organisation) -> bool:
    return bool(kinds_given(person, organisation))


def sees_people(person: Person) -> bool:
    return person.reads_all


def keeps_account(person: Person, kinds: frozenset[Role]) -> bool:
    """May close the account of somebody with these roles, open it again, and send an invitation anew."""
    return person.is_admin or (person.is_manager and not kinds & BY_ADMIN_ALONE)


def sees_organisations(person: Person) -> bool:
    """The whole register: it holds nothing that is not public, people apart."""
    return person.is_staff or person.reads_all or person.is_donor


def sees_people_of(person: Person, organisation: Organisation) -> bool:
    return person.works_for(organisation.id) or person.reads_all or looks_after(person, organisation)


def looks_after(person: Person, organisation: Organisation) -> bool:
    """A curator for the organisations of their municipalities, and of their own organisation."""
    if not person.is_curator:
        return False
    own = {held.organisation_id for held in person.roles if held.kind is Role.CURATOR}
    return person.curates(organisation.municipality_id) or bool({organisation.curator_id, organisation.id} & own)


def registers(person: Person) -> bool:
    """Staff register organisations for others; whoever does not work for the programme registers their own."""
    return registers_for_others(person) or not stands_against(Role.SIGNATORY, person.kinds)


def registers_for_others(person: Person) -> bool:
    return person.is_admin or person.is_manager or person.is_curator


def describes(person: Person, organisation: Organisation) -> bool:
    """Names, website, since when it exists."""
    return person.signs_for(organisation.id) or classifies(person, organisation)


def classifies(person: Person, organisation: Organisation) -> bool:
    """Identification code, municipality, experience: what eligibility rests on is not for the applicant to change, nor
    for anybody who has to do with it."""
    if person.tied_to(organisation.id):
        return False
    if organisation.kind != "cso":
        return person.is_admin
    return person.is_admin or person.is_manager or looks_after(person, organisation)


def waits_for_confirmation(organisation: Organisation) -> bool:
    return organisation.registered_by is not None and organisation.confirmed_at is None
