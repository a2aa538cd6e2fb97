"""Inviting people, giving and ending their roles; what becomes of an account is in transitions.py."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts import rights
from accounts.entry.tokens import give_token
from accounts.letters import write
from accounts.offers.queries import waiting_for
from accounts.offers.transitions import accept, write_to_them
from accounts.people.forms import Leaving
from accounts.people.leaving import left_by, pass_on
from accounts.people.queries import holds, kinds_of, others_with
from accounts.person import SYSTEM, Person, Role
from accounts.queries import recipients
from accounts.sessions import person_by_id
from accounts.tables import ON_ONE_SIDE, Account, Organisation, RoleOffer
from accounts.tables import Role as RoleHeld
from foundation.database import execute, get, insert, lock, one_of, row, row_of, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Missing, NotAllowed, Refused
from lifecycle.record import record, sentences

sentences({"role.ended": N_("Role ended")})


async def invite(
    email: str, name: str, kind: Role, person: Person, organisation: Organisation | None = None,
    language: str = "ka", municipalities: Sequence[UUID] = (),
) -> Account:  # fmt: skip
    """A role is offered to whoever reads this e-mail. The answer is the same for every address: what an account is
    already, only those learn who see people."""
    if not rights.gives(person, kind, organisation.id if organisation else None):
        raise NotAllowed(_("You may not do this here."))
    async with transaction():
        account, new = await _account_for(email, name, language)
        if rights.sees_people(person):
            _refuse_what_stands_against(account, kind, await kinds_of(account.id))
        offer = await _offer(account, kind, person, organisation, municipalities, email, name)
        await write_to_them(offer, person)
        if new:
            await record("account.invited", person, account)
    return account


async def add_person(
    email: str, name: str, role: str, organisation_code: str | None = None, language: str = "ka",
    password: str | None = None, example: bool = False,
) -> str:  # fmt: skip
    """From the command line: the path where they choose their password, or where they sign in if they have one.
    Whoever types the password for them accepts the role for them, too."""
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
        account, new = await _account_for(email.strip(), name.strip(), language)
        if not account.active:
            raise Refused(_("This account is closed."))
        if example:
            await update(account, example=True)
        offer = await _offer(account, Role(role), SYSTEM, organisation, (), email.strip(), name.strip())
        if hashed:
            await update(account, password_hash=hashed)
            await accept(offer, await as_person(account))
        if new and not hashed:
            await record("account.invited", SYSTEM, account)
        if account.password_hash:
            return f"/{language}/sign-in"
        return f"/{language}/invitation/{await give_token(account.id, 'invitation', offer.id)}"


async def give_role(
    account: Account, kind: Role, person: Person, organisation: Organisation | None = None,
    municipalities: Sequence[UUID] = (),
) -> RoleOffer:  # fmt: skip
    """Offered to somebody who has an account; held once they accept it."""
    async with transaction():
        await lock(account)
        if not rights.gives(person, kind, organisation.id if organisation else None):
            raise NotAllowed(_("You may not do this here."))
        _refuse_what_stands_against(account, kind, await kinds_of(account.id))
        offer = await _offer(account, kind, person, organisation, municipalities, account.email, account.name)
        await write_to_them(offer, person)
    return offer


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


async def as_person(account: Account) -> Person:
    person = await person_by_id(account.id)
    assert person is not None, "an open account"
    return person


async def _account_for(email: str, name: str, language: str) -> tuple[Account, bool]:
    """Theirs, or a new one; whether it is new."""
    account = await one_of(Account, "SELECT * FROM account WHERE email = $1::text::citext FOR NO KEY UPDATE", email)
    if account is None:
        return await insert(Account, email=email, name=name, language=language), True
    return account, False


def _refuse_what_stands_against(account: Account, kind: Role, held: frozenset[Role]) -> None:
    if not account.active:
        raise Refused(_("This account is closed."))
    if rights.stands_against(kind, held):
        raise Refused(_(ON_ONE_SIDE))


async def _offer(
    account: Account, kind: Role, person: Person, organisation: Organisation | None, municipalities: Sequence[UUID],
    email: str, name: str,
) -> RoleOffer:  # fmt: skip
    """A new one, or the one that waits for an answer already."""
    if account.id == person.id:
        raise Refused(_("Nobody gives a role to themselves. Ask another person who may."))
    if organisation is not None and kind not in rights.OF_ORGANISATION.get(organisation.kind, ()):
        raise Refused(_("This kind of organisation does not have this role."))
    if organisation is None and kind not in rights.OF_PROGRAMME:
        raise Refused(_("This role belongs to an organisation: choose which."))
    organisation_id = organisation.id if organisation else None
    if await holds(account.id, kind, organisation_id):
        raise Refused(_("This person has this role already."))
    if waiting := await waiting_for(account.id, kind, organisation_id):
        return waiting
    offer = await insert(
        RoleOffer, account_id=account.id, kind=str(kind), organisation_id=organisation_id, email=email, name=name,
        municipality_ids=list(municipalities), offered_by=person.id,
    )  # fmt: skip
    by_organisation = organisation_id is not None and person.signs_for(organisation_id)
    await record(
        "role.offered", person, account, kind=str(kind), organisation=organisation_id, by_organisation=by_organisation,
    )  # fmt: skip
    return offer


async def send_invitation(account: Account, token: str, person: Person) -> None:
    await write(
        await recipients(account.id), None, INVITATION[0], INVITATION[1],
        link=f"/invitation/{token}", secret=True, by=person.name,
    )  # fmt: skip


async def _refuse_to_leave_nobody(role: RoleHeld, person: Person) -> None:
    if role.kind == Role.ADMIN and not await others_with(role):
        raise Refused(_("This is the last administrator. Appoint another one first."))
    if role.kind == Role.SIGNATORY and role.account_id == person.id and not await others_with(role):
        raise Refused(_("You are the only signatory. Invite another one first."))


INVITATION = (
    N_("Your invitation to the grants service"),
    N_(
        "{by} invites you to work in the grants service. Open this page within seven days and choose a password:\n\n"
        "{link}\n\nIf you did not expect this, you need not do anything."
    ),
)
