"""One's own account: name, language, password, and the devices that are signed in."""

from __future__ import annotations

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from accounts.account.queries import sessions_of
from accounts.entry import actions, forms
from accounts.entry.pages import address_of, agent_of, entered, session_of, speaks
from accounts.offers.queries import offers_to
from accounts.people.queries import roles_of
from accounts.person import Person
from accounts.tables import Account
from foundation.database import get as row_by_id
from foundation.language import gettext as _
from foundation.language import speaking
from foundation.merging import seen_of
from web.forms import Errors, Form, given_back, parse
from web.guards import signed_in
from web.pages import or_404, page, redirect

HERE = "accounts/account/templates"


@get("/account", name="account", include_in_schema=False, guards=[signed_in])
async def account(request: Request, person: NamedDependency[Person]) -> Response:
    return await account_page(request, person)


async def account_page(
    request: Request, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    account = or_404(await row_by_id(Account, person.id))  # type: ignore[arg-type]
    return page(
        f"{HERE}/account.html",
        status=status,
        account=account,
        seen=seen_of(forms.Preferences, account),
        roles=[each for each in await roles_of(person.id) if each["live"]],  # type: ignore[arg-type]
        offers=await offers_to(person.id),  # type: ignore[arg-type]
        sessions=await sessions_of(person.id, session_of(request)),  # type: ignore[arg-type]
        errors=errors,
        form=form,
    )


@post("/account", name="account.post", include_in_schema=False, guards=[signed_in])
@given_back(account_page)
async def change_account(request: Request, person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    given = parse(forms.Preferences, form)
    await actions.change_preferences(person, given)
    with speaking(given.language):
        answer = redirect("/account", _("Saved."))
    return speaks(answer, given.language)


@get("/account/password", name="account.password", include_in_schema=False, guards=[signed_in])
async def password_form() -> Response:
    return password_page()


def password_page(status: int = 200, errors: dict[str, str] | None = None) -> Response:
    """What is said about the whole form is about the password that was to prove who asks."""
    wrong = {name or "current": sentence for name, sentence in (errors or {}).items()}
    return page(f"{HERE}/change_password.html", status=status, errors=wrong)


@post("/account/password", name="account.password.post", include_in_schema=False, guards=[signed_in])
@given_back(password_page)
async def change_password(request: Request, person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    given = parse(forms.Changed, form)
    person, token = await actions.change_password(
        person, given.current, given.password, address_of(request), agent_of(request), session_of(request)
    )
    return entered(
        redirect("/account", _("Your password is changed. Other devices are signed out.")), person, token, request
    )


@post("/account/sessions/{number:uuid}/end", name="account.session.end", include_in_schema=False, guards=[signed_in])
async def end_session(person: NamedDependency[Person], number: FromPath[UUID]) -> Response:
    await actions.end_session(number, person)
    return redirect("/account", _("That device is signed out."))


ROUTES = [account, change_account, password_form, change_password, end_session]
