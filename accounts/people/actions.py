"""Inviting people, giving and ending their roles; what becomes of an account is in transitions.py."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts import rights
from accounts.entry.tokens import give_token
from accounts.letters import write
from accounts.people.forms import Leaving
from accounts.people.leaving import left_by, pass_on
from accounts.people.queries import holds, others_with
from accounts.person import SYSTEM, Person, Role
from accounts.queries import recipients
from accounts.tables import Account, Organisation
from accounts.tables import Role as RoleHeld
from foundation.database import execute, get, insert, lock, one_of, row, row_of, transaction, update
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from foundation.refused import Missing, NotAllowed, Refused
from lifecycle.record import record, sentences

sentences(
    {
        "role.given": N_("Role given"),
        "role.ended": N_("Role ended"),
    }
)


async def invite(
    email: str, name: str, kind: Role, person: Person, organisation: Organisation | None = None,
    language: str = "ka", municipalities: Sequence[UUID] = (),
) -> Account:  # fmt: skip
    """A role for whoever reads this e-mail. Who has an account gets it at once; others choose a password first."""
    if not rights.gives(person, kind, organisation.id if organisation else None):
        raise NotAllowed(_("You may not do this here."))
    async with transaction():
        account, token = await _account_for(email, name, language)
        await _give(account, kind, person, organisation, municipalities)
        if token:
            await send_invitation(account, token, person)
            await record("account.invited", person, account)
        else:
            await _tell(account, kind, organisation)
    return account


async def add_person(
    email: str, name: str, role: str, organisation_code: str | None = None, language: str = "ka",
    password: str | None = None, example: bool = False,
) -> str:  # fmt: skip
    """From the command line: the path where they choose their password, or where they sign in if they have one."""
    from accounts.passwords import hash_password

    organisation = None
    if organisation_code:
        organisation = await one_of(
            Organisation, "SELECT * FROM organisation WHERE code = $1 OR identification_code = $1", organisation_code
        )
        if organisation is None:
            raise Missing(_("There is no organisation with this code."))
    hashed = await hash_password(password) if password else None
    async with transaction():
        account, token = await _account_for(email.strip(), name.strip(), language)
        if example:
            await update(account, example=True)
        await _give(account, Role(role), SYSTEM, organisation)
        if hashed:
            await update(account, password_hash=hashed)
        elif token:
            await record("account.invited", SYSTEM, account)
    needs_password = token and not hashed
    return f"/{language}/invitation/{token}" if needs_password else f"/{language}/sign-in"


async def give_role(
    account: Account, kind: Role, person: Person, organisation: Organisation | None = None,
    municipalities: Sequence[UUID] = (),
) -> None:  # fmt: skip
    async with transaction():
        await lock(account)
        if not rights.gives(person, kind, organisation.id if organisation else None):
            raise NotAllowed(_("You may not do this here."))
        if not account.active:
            raise Refused(_("This account is closed."))
        await _give(account, kind, person, organisation, municipalities)
        await _tell(account, kind, organisation)


async def end_role(role_id: UUID, person: Person, given: Leaving | None = None) -> tuple[Account, UUID | None]:
    """From today on it gives no rights; it stays in the record. What it carried goes to somebody else first."""
    async with transaction():
        found = await row("SELECT * FROM role WHERE id = $1 FOR NO KEY UPDATE", role_id)
        if found is None or not rights.gives(person, Role(found["kind"]), found["organisation_id"]):
            raise Missing(_("There is no such role, or it is not for you to end."))
        role = row_of(RoleHeld, found)
        if role.until is not None:
            raise Refused(_("This role has ended already."))
        await _refuse_to_leave_nobody(role, person)
        given = given or Leaving()
        await pass_on(await left_by(role.account_id, [role], person), given, person)
        await execute("UPDATE role SET until = day_here() WHERE id = $1", role.id)
        account = await get(Account, role.account_id)
        why = {"reason": given.reason.strip()} if given.reason else {}
        await record("role.ended", person, account, kind=role.kind, organisation=role.organisation_id, **why)
    return account, role.organisation_id


async def _account_for(email: str, name: str, language: str) -> tuple[Account, str | None]:
    """Theirs, or a new one; with a token where they still have to choose a password."""
    account = await one_of(Account, "SELECT * FROM account WHERE email = $1::text::citext FOR NO KEY UPDATE", email)
    if account is None:
        account = await insert(Account, email=email, name=name, language=language)
    elif not account.active:
        raise Refused(_("This account is closed."))
    return account, None if account.password_hash else await give_token(account.id, "invitation")


async def _give(
    account: Account, kind: Role, person: Person, organisation: Organisation | None, municipalities: Sequence[UUID] = ()
) -> None:
    if account.id == person.id:
        raise Refused(_("Nobody gives a role to themselves. Ask another person who may."))
    if organisation is not None and kind not in rights.OF_ORGANISATION.get(organisation.kind, ()):
        raise Refused(_("This kind of organisation does not have this role."))
    if organisation is None and kind not in rights.OF_PROGRAMME:
        raise Refused(_("This role belongs to an organisation: choose which."))
    if await holds(account.id, kind, organisation.id if organisation else None):
        raise Refused(_("This person has this role already."))
    role = await insert(
        RoleHeld, account_id=account.id, kind=str(kind), organisation_id=organisation.id if organisation else None
    )
    if municipalities and kind is Role.CURATOR and organisation is not None:
        await execute(NARROW, role.id, organisation.id, list(municipalities))
    await record(
        "role.given", person, account, kind=str(kind), organisation=role.organisation_id,
        municipalities=[str(each) for each in municipalities],
    )  # fmt: skip


async def send_invitation(account: Account, token: str, person: Person) -> None:
    await write(
        await recipients(account.id), None, INVITATION[0], INVITATION[1],
        link=f"/invitation/{token}", secret=True, by=person.name,
    )  # fmt: skip


async def _tell(account: Account, kind: Role, organisation: Organisation | None) -> None:
    """Who works with the service already is told about the new role."""
    people = await recipients(account.id)
    if organisation is None:
        await write(people, None, GIVEN[0], GIVEN[1], link="/sign-in", role=lambda: label(kind))
    else:
        await write(
            people, None, GIVEN[0], GIVEN[2], link="/sign-in", role=lambda: label(kind),
            organisation=lambda: pick_text(organisation, "name"),
        )  # fmt: skip


async def _refuse_to_leave_nobody(role: RoleHeld, person: Person) -> None:
    if role.kind == Role.ADMIN and not await others_with(role):
        raise Refused(_("This is the last administrator. Appoint another one first."))
    if role.kind == Role.SIGNATORY and role.account_id == person.id and not await others_with(role):
        raise Refused(_("You are the only signatory. Invite another one first."))


NARROW = """
INSERT INTO role_municipality SELECT $1, municipality_id FROM curated_municipality
WHERE organisation_id = $2 AND municipality_id = ANY($3::uuid[])
"""
INVITATION = (
    N_("Your invitation to the grants service"),
    N_(
        "{by} invites you to work in the grants service. Open this page within seven days and choose a password:\n\n"
        "{link}\n\nIf you did not expect this, you need not do anything."
    ),
)
GIVEN = (
    N_("You have a new role in the grants service"),
    N_("Your new role is: {role}. Sign in as usual:\n\n{link}"),
    N_("Your new role is: {role}, {organisation}. Sign in as usual:\n\n{link}"),
)
