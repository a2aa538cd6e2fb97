"""Getting in and out: sign in, sign out, choose and change passwords, accept an invitation."""

from __future__ import annotations

from uuid import UUID

from accounts.entry.attempts import begin, begin_letter, email_key, proved, succeeded
from accounts.entry.forms import Preferences
from accounts.entry.tokens import account_of, use_token
from accounts.letters import write
from accounts.offers.queries import offer_of_link
from accounts.offers.transitions import accept
from accounts.passwords import hash_password, matches, refuse_weak
from accounts.person import NOBODY, Person
from accounts.queries import recipients
from accounts.sessions import close_all, close_session, open_session, person_by_id
from accounts.tables import Account
from foundation.database import get, lock, one_of, row, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Missing, Refused
from foundation.settings import settings
from lifecycle.record import record, sentences

sentences(
    {
        "account.signed_in": N_("Signed in"),
        "account.sign_in_failed": N_("Sign-in refused"),
        "account.signed_out": N_("Signed out"),
        "account.session_ended": N_("Session ended"),
        "account.reset_asked": N_("New password asked for"),
        "account.password_reset": N_("New password set from an email"),
        "account.password_changed": N_("Password changed"),
        "account.invitation_accepted": N_("Invitation accepted"),
        "account.changed": N_("Account changed"),
    }
)


class WrongPassword(Refused):
    """Says the same whether the account is unknown, closed, or the password is another one."""

    status, on_page = 401, 422


async def sign_in(
    email: str, password: str, address: str, agent: str, before: str = "", device: str = ""
) -> tuple[Person, str]:
    """The person and the token of a new session; `before` is the token of the one they had, which ends."""
    attempt = await begin(email, address, device=device)
    account = await one_of(Account, "SELECT * FROM account WHERE email = $1::text::citext", email)
    right, newer = await matches(password, account.password_hash if account and _may_sign_in(account) else None)
    if account is None or not right:
        await record("account.sign_in_failed", NOBODY, account, key=email_key(email).hex())
        raise WrongPassword(_("The email or the password is incorrect. Check both, or set a new password."))
    async with transaction():
        await succeeded(attempt, device)
        if newer:
            await update(account, password_hash=newer)
        return await _enter(account, agent, "account.signed_in", before)


async def sign_out(person: Person, token: str) -> None:
    async with transaction():
        await close_session(token)
        await record("account.signed_out", person, await get(Account, person.id))  # type: ignore[arg-type]


async def end_session(session_id: UUID, person: Person) -> None:
    """Of one's own, on another device."""
    async with transaction():
        ended = await row("DELETE FROM session WHERE id = $1 AND account_id = $2 RETURNING id", session_id, person.id)
        if ended is None:
            raise Missing(_("There is no such session any more."))
        await record("account.session_ended", person, await get(Account, person.id), session=session_id)  # type: ignore[arg-type]


async def ask_for_reset(email: str, address: str) -> None:
    """The same work whoever asks: the worker finds out later whether there is anybody to write to."""
    if await begin_letter(email, address, "reset"):
        await record("account.reset_asked", NOBODY, key=email_key(email).hex())


async def reset_password(token: str, password: str, address: str = "", device: str = "") -> None:
    """From the link of a letter, once; every session ends, and so does the pause after wrong passwords."""
    account = await account_of(token, "reset")
    hashed = await _fit(password, account)
    async with transaction():
        account = await use_token(token, "reset")
        await update(account, password_hash=hashed)
        await proved(account.email, address, device)
        await close_all(account.id)
        await _tell_of_new_password(account)
        await record("account.password_reset", await _person(account), account)


async def accept_invitation(
    token: str, password: str, name: str, language: str, agent: str, address: str = "", device: str = ""
) -> tuple[Person, str]:
    """The first password, by whoever reads the e-mail; they are signed in with it, and hold the role the letter told
    of. Others that are offered to them they answer inside."""
    account = await account_of(token, "invitation")
    hashed = await _fit(password, account)
    async with transaction():
        offer = await offer_of_link(token)
        account = await use_token(token, "invitation")
        await update(account, password_hash=hashed, name=name, language=language)
        await close_all(account.id)
        await proved(account.email, address, device)
        if offer:
            await accept(offer, await _person(account))
        return await _enter(account, agent, "account.invitation_accepted")


async def change_password(
    person: Person, current: str, password: str, address: str, agent: str, before: str
) -> tuple[Person, str]:
    """By whoever knows the present one. Every session ends, and this one goes on under a new token."""
    account = await _own(person)
    attempt = await begin(account.email, address, "password")
    if not (await matches(current, account.password_hash))[0]:
        raise WrongPassword(_("This is not your present password."))
    hashed = await _fit(password, account)
    async with transaction():
        await succeeded(attempt)
        await lock(account)
        await update(account, password_hash=hashed)
        await close_all(account.id)
        await _tell_of_new_password(account)
        return await _enter(account, agent, "account.password_changed", before)


async def change_preferences(person: Person, given: Preferences) -> None:
    account = await _own(person)
    async with transaction():
        await lock(account, given.revision)
        wanted = given.over(account).model_dump()
        changed = [field for field, new in wanted.items() if getattr(account, field) != new]
        if changed:
            await update(account, **wanted)
            await record("account.changed", person, account, fields=changed)


def _may_sign_in(account: Account) -> bool:
    """The example's people have a password everybody knows: in production they stay outside."""
    return bool(account.active and not (account.example and settings().production))


async def _enter(account: Account, agent: str, event: str, before: str = "") -> tuple[Person, str]:
    if before:
        await close_session(before)
    person = await _person(account)
    token = await open_session(person, agent)
    await record(event, person, account)
    return person, token


async def _person(account: Account) -> Person:
    person = await person_by_id(account.id)
    if person is None:
        raise Refused(_("This account is closed."))
    return person


async def _own(person: Person) -> Account:
    account = await get(Account, person.id) if person.id else None
    if account is None:
        raise Missing(_("This record no longer exists."))
    return account


async def _fit(password: str, account: Account) -> str:
    local, _at, domain = account.email.partition("@")
    return await hash_password(refuse_weak(password, account.email, local, domain, *account.name.split()))


async def _tell_of_new_password(account: Account) -> None:
    await write(
        await recipients(account.id),
        None,
        N_("Your password was changed"),
        N_(
            "The password of your account in the grants service was changed just now.\n\n"
            "If it was not you, set a new one at once and tell the programme's people:\n\n{link}"
        ),
        link="/password/reset",
    )
