"""What tests of accounts share: a password everybody has, and signing in by typing it."""

import re

from accounts.offers.queries import offers_to
from accounts.offers.transitions import accept
from accounts.passwords import hash_password
from accounts.sessions import cookie_name, csrf_token, person_by_id
from accounts.tables import Account
from foundation.database import execute, one_of, rows

PASSWORD = "blue kettle under the stairs"
OTHER = "seven quiet herons at noon"
_hashed = []


async def give_passwords() -> None:
    if not _hashed:
        _hashed.append(await hash_password(PASSWORD))
    await execute("UPDATE account SET password_hash = $1", _hashed[0])


async def type_in(client, email, password=PASSWORD, url="/en/sign-in", **more):
    """The answer to the sign-in form; afterwards the client carries the session's token."""
    answer = await client.send_form(url, {"email": email, "password": password, **more})
    remember(client)
    return answer


def remember(client) -> str:
    """The session in the cookie jar, and its token for forms from now on."""
    session = next((cookie.value for cookie in client.cookies.jar if cookie.name == cookie_name()), "")
    client.token = csrf_token(session) if session else ""
    client.headers["x-csrf-token"] = client.token
    return session


async def links() -> list[str]:
    """The paths of links in letters, newest last."""
    letters = await rows("SELECT body FROM mail ORDER BY created, id")
    return [re.search(r"https?://[^/\s]+(/\S+)", letter["body"]).group(1) for letter in letters]


async def events(*names: str) -> list[str]:
    return [
        r["name"]
        for r in await rows(
            "SELECT name FROM event WHERE $1::text[] = '{}' OR name = ANY($1) ORDER BY seq", list(names)
        )
    ]


async def accept_all(email: str) -> None:
    """Whoever has this e-mail takes every role that is offered to them."""
    found = await one_of(Account, "SELECT * FROM account WHERE email = $1::text::citext", email)
    for offer in await offers_to(found.id):
        await accept(offer, await person_by_id(found.id))
