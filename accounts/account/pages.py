"""One's own account: name, language, password, and the devices that are signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from accounts.account.queries import sessions_of
from accounts.entry import actions, forms
from accounts.entry.attempts import TooMany
from accounts.entry.pages import address_of, agent_of, entered, session_of, speaks
from accounts.passwords import Busy, Weak
from accounts.people.queries import roles_of
from accounts.person import Person
from accounts.tables import Account
from foundation.database import get as row_by_id
from foundation.language import gettext as _
from foundation.language import speaking
from web.doors import signed_in
from web.forms import Invalid, parse, read_form
from web.pages import Given, found, page, see

HERE = "accounts/account/templates"


@get("/account", name="account", include_in_schema=False, guards=[signed_in])
async def account(request: Request, person: Given[Person]) -> Response[Any]:
    return await _account(request, person)


@post("/account", name="account.post", include_in_schema=False, guards=[signed_in])
async def change_account(request: Request, person: Given[Person]) -> Response[Any]:
    try:
        given = parse(forms.Preferences, await read_form(request))
    except Invalid as bad:
        return await _account(request, person, status=422, form=bad.form, errors=bad.errors)
    await actions.change_preferences(person, given.name, given.phone, given.language, given.revision)
    with speaking(given.language):
        answer = see("/account", _("Saved."))
    return speaks(answer, given.language)


@get("/account/password", name="account.password", include_in_schema=False, guards=[signed_in])
async def password_form() -> Response[Any]:
    return page(f"{HERE}/change_password.html")


@post("/account/password", name="account.password.post", include_in_schema=False, guards=[signed_in])
async def change_password(request: Request, person: Given[Person]) -> Response[Any]:
    try:
        given = parse(forms.Changed, await read_form(request))
        person, token = await actions.change_password(
            person, given.current, given.password, address_of(request), agent_of(request),
            session_of(request),
        )  # fmt: skip
    except Invalid as bad:
        return page(f"{HERE}/change_password.html", status=422, errors=bad.errors)
    except Weak as no:
        return page(f"{HERE}/change_password.html", status=422, errors={"password": no.sentence})
    except (actions.WrongPassword, TooMany, Busy) as no:
        status = 422 if isinstance(no, actions.WrongPassword) else no.status
        return page(f"{HERE}/change_password.html", status=status, errors={"current": no.sentence})
    return entered(see("/account", _("Your password is changed. Other devices are signed out.")), person, token)


@post("/account/sessions/{number:uuid}/end", name="account.session.end", include_in_schema=False, guards=[signed_in])
async def end_session(person: Given[Person], number: FromPath[UUID]) -> Response[Any]:
    await actions.end_session(number, person)
    return see("/account", _("That device is signed out."))


async def _account(request: Request, person: Person, status: int = 200, **more: Any) -> Response[Any]:
    return page(
        f"{HERE}/account.html",
        status=status,
        account=found(await row_by_id(Account, person.id)),  # type: ignore[arg-type]
        roles=[each for each in await roles_of(person.id) if each["live"]],  # type: ignore[arg-type]
        sessions=await sessions_of(person.id, session_of(request)),  # type: ignore[arg-type]
        **more,
    )


ROUTES = [account, change_account, password_form, change_password, end_session]
