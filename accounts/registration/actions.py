"""An organisation registers itself: its person shows that the e-mail is theirs, then everything is made at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.entry.attempts import begin_letter, email_key, proved
from accounts.entry.tokens import Spent, hash_of, new_token
from accounts.letters import write
from accounts.organisations import actions as organisations
from accounts.organisations.forms import Registration as Facts
from accounts.organisations.queries import with_code
from accounts.passwords import hash_password, refuse_weak
from accounts.person import NOBODY, Person
from accounts.queries import Recipient
from accounts.registration.forms import SignUp
from accounts.sessions import open_session, person_by_id
from accounts.tables import Account, Municipality, Registration
from foundation.database import get, insert, one_of, row, transaction, value
from foundation.language import N_, language
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.record import record, sentences

sentences({"registration.asked": N_("Registration asked for"), "registration.confirmed": N_("Registration confirmed")})

LIFE = timedelta(days=7)


async def ask(given: SignUp, address: str) -> None:
    """Writes to the e-mail. The answer is the same for those who have an account: their letter says so."""
    if await get(Municipality, given.municipality_id) is None:
        raise Refused(_("Choose one of the municipalities."))
    if await with_code(given.identification_code):
        raise Refused(organisations.taken())
    if not await begin_letter(given.email, address, "registration"):
        return
    token = new_token()
    async with transaction():
        waiting = await value(ASK, hash_of(token), given.email, given.model_dump_json(exclude={"email", "signs"}), LIFE)
        known = await value("SELECT id FROM account WHERE email = $1::text::citext", given.email)
        to = [Recipient(known or waiting, given.name, given.email, language.get())]
        words, link = (KNOWN, "/sign-in") if known else (NEW, f"/register/{token}")
        await write(
            to,
            None,
            *words,
            link=link,
            secret=True,
            organisation=given.organisation_ka or given.organisation_en or "",
        )
        await record("registration.asked", NOBODY, key=email_key(given.email).hex())


async def waiting(token: str) -> Registration:
    """What the link is about, without using it up; Spent when it opens nothing any more."""
    found = await one_of(Registration, OPENS, hash_of(token))
    if found is None:
        raise Spent(_("This link has been used or is too old. Ask for a new one."))
    return found


async def confirm(token: str, password: str, agent: str, address: str = "", device: str = "") -> tuple[Person, str]:
    """Account, organisation and role, made by whoever reads the e-mail; they are signed in."""
    asked = await waiting(token)
    name = written(asked)["name"]
    hashed = await hash_password(refuse_weak(password, asked.email, *asked.email.split("@"), *name.split()))
    async with transaction():
        if await row(USE, asked.id) is None:
            raise Spent(_("This link has been used or is too old. Ask for a new one."))
        if await value("SELECT id FROM account WHERE email = $1::text::citext", asked.email):
            raise Refused(_("You have an account already. Sign in, and register the organisation there."))
        account = await insert(
            Account, email=asked.email, name=name, phone=written(asked).get("phone"), language=language.get(),
            password_hash=hashed,
        )  # fmt: skip
        await proved(account.email, address, device)
        person = await _entered(account)
        await organisations.register(facts_of(asked), person)
        person = await _entered(account)
        session = await open_session(person, agent)
        await record("registration.confirmed", person, account)
    return person, session


def facts_of(asked: Registration) -> Facts:
    told = written(asked)
    return Facts(
        name_ka=told["organisation_ka"], name_en=told["organisation_en"],
        identification_code=told["identification_code"], municipality_id=UUID(told["municipality_id"]),
    )  # fmt: skip


def written(asked: Registration) -> dict[str, Any]:
    """What was typed, as it is kept until the e-mail is shown to be theirs."""
    return dict(asked.facts)  # type: ignore[arg-type]


async def _entered(account: Account) -> Person:
    person = await person_by_id(account.id)
    assert person is not None
    return person


ASK = """
INSERT INTO registration (token_sha256, email, facts, expires)
VALUES ($1, $2::text::citext, $3::jsonb, clock_timestamp() + $4) RETURNING id
"""
OPENS = "SELECT * FROM registration WHERE token_sha256 = $1 AND used_at IS NULL AND expires > clock_timestamp()"
USE = """
UPDATE registration SET used_at = clock_timestamp() WHERE id = $1 AND used_at IS NULL AND expires > clock_timestamp()
RETURNING id
"""
NEW = (
    N_("Confirm your email"),
    N_(
        "You want to register the organisation “{organisation}” in the grants service. Open this page within seven days"
        " and choose a password:\n\n{link}\n\nIf it was not you, you need not do anything."
    ),
)
KNOWN = (
    N_("You have an account already"),
    N_(
        "Someone, perhaps you, wanted to register the organisation “{organisation}” with this email, which has an"
        " account already. Sign in and register the organisation there:\n\n{link}\n\n"
        "If it was not you, you need not do anything."
    ),
)
