"""Getting in and out: the pages of sign-in, new passwords and invitations."""

from __future__ import annotations

import secrets
from urllib.parse import unquote, urlsplit

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from accounts.entry import actions, forms
from accounts.entry.tokens import account_of
from accounts.offers.queries import offer_of_link
from accounts.offers.words import does
from accounts.people.queries import roles_of
from accounts.person import Person, Role
from accounts.sessions import cookie_name, life_of
from accounts.tables import Account
from foundation.language import LANGUAGES, alone, label, speaking
from foundation.language import gettext as _
from foundation.settings import settings
from web.cookies import cookie
from web.forms import Errors, Form, given_back, parse
from web.pages import page, redirect

HERE = "accounts/entry/templates"
PUBLIC = {"public": True}
DEVICE, KNOWN_FOR = "device", 90 * 86_400  # seconds, as long as attempts are kept


def home_of(person: Person) -> str:
    """Where a day begins: donors with results, everybody else with what waits for them."""
    return "/donor" if person.kinds and all(each.value == "donor" for each in person.kinds) else "/today"


@get("/sign-in", name="sign_in", include_in_schema=False, opt=PUBLIC)
async def sign_in_form(person: NamedDependency[Person], next: FromQuery[str] = "") -> Response:
    if person:
        return redirect(own_path(next) or home_of(person))
    return sign_in_page(next=next)


def sign_in_page(status: int = 200, errors: Errors = None, form: Form | None = None, next: str = "") -> Response:
    asked_for = form.get("next", "") if form else next
    return page(f"{HERE}/sign_in.html", status=status, errors=errors, form=form, next=asked_for)


@post("/sign-in", name="sign_in.post", include_in_schema=False, opt=PUBLIC)
@given_back(sign_in_page)
async def sign_in(request: Request, form: NamedDependency[Form]) -> Response:
    given = parse(forms.SignIn, form)
    person, token = await actions.sign_in(
        given.email, given.password, address_of(request), agent_of(request), session_of(request), device_of(request)
    )
    return entered(redirect(own_path(given.next) or home_of(person)), person, token, request)


@post("/sign-out", name="sign_out", include_in_schema=False, opt=PUBLIC)
async def sign_out(request: Request, person: NamedDependency[Person]) -> Response:
    if person:
        await actions.sign_out(person, session_of(request))
    return left(redirect("/", _("You have signed out.")))


@get("/password/reset", name="reset.ask", include_in_schema=False, opt=PUBLIC)
async def reset_form() -> Response:
    return reset_page()


def reset_page(status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    return page(f"{HERE}/reset_ask.html", status=status, errors=errors, form=form)


@post("/password/reset", name="reset.ask.post", include_in_schema=False, opt=PUBLIC)
@given_back(reset_page)
async def ask_for_reset(request: Request, form: NamedDependency[Form]) -> Response:
    given = parse(forms.Asked, form)
    await actions.ask_for_reset(given.email, address_of(request))
    return page(f"{HERE}/check_mail.html", email=given.email, purpose="reset", preview=letters_stay_here())


async def resetting(token: FromPath[str]) -> Account:
    """Whose password the letter lets choose anew."""
    return await account_of(token, "reset")


async def invited(token: FromPath[str]) -> Account:
    return await account_of(token, "invitation")


@get(
    "/password/reset/{token:str}", name="reset", include_in_schema=False, opt=PUBLIC,
    dependencies={"account": Provide(resetting)},
)  # fmt: skip
async def choose_form(token: FromPath[str], account: NamedDependency[Account]) -> Response:
    return choosing_page(token)


def choosing_page(token: str, status: int = 200, errors: Errors = None) -> Response:
    return page(f"{HERE}/choose_password.html", status=status, errors=errors, token=token)


@post(
    "/password/reset/{token:str}", name="reset.post", include_in_schema=False, opt=PUBLIC,
    dependencies={"account": Provide(resetting)},
)  # fmt: skip
@given_back(choosing_page)
async def choose(
    request: Request, token: FromPath[str], account: NamedDependency[Account], form: NamedDependency[Form]
) -> Response:
    await actions.reset_password(token, parse(forms.Chosen, form).password, address_of(request), device_of(request))
    return knows(redirect("/sign-in", _("Your new password is set. Sign in with it.")), request)


@get(
    "/invitation/{token:str}", name="invitation", include_in_schema=False, opt=PUBLIC,
    dependencies={"account": Provide(invited)},
)  # fmt: skip
async def invitation_form(token: FromPath[str], account: NamedDependency[Account]) -> Response:
    return await invitation_page(token, account)


async def invitation_page(
    token: str, account: Account, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    offer = await offer_of_link(token)
    return page(
        f"{HERE}/invitation.html", status=status, token=token, account=account, roles=await roles_of(account.id),
        offer=offer, role=alone(label(Role(offer.kind))) if offer else "", does=does(offer.kind) if offer else "",
        errors=errors, form=form,
    )  # fmt: skip


@post(
    "/invitation/{token:str}", name="invitation.post", include_in_schema=False, opt=PUBLIC,
    dependencies={"account": Provide(invited)},
)  # fmt: skip
@given_back(invitation_page)
async def accept(
    request: Request, token: FromPath[str], account: NamedDependency[Account], form: NamedDependency[Form]
) -> Response:
    given = parse(forms.Accepted, form)
    person, session = await actions.accept_invitation(
        token, given.password, given.name, given.language, agent_of(request), address_of(request), device_of(request)
    )
    with speaking(person.language):
        return entered(redirect(home_of(person), _("Welcome, {name}.", name=person.name)), person, session, request)


def entered(answer: Response, person: Person, token: str, request: Request) -> Response:
    """The answer, carrying the new session to the browser."""
    answer.set_cookie(cookie(cookie_name(), token, int(life_of(person).total_seconds())))
    return speaks(knows(answer, request), person.language)


def knows(answer: Response, request: Request) -> Response:
    """This browser is known from now on as one whose person has proved who they are: strangers' wrong passwords do not
    keep it out."""
    answer.set_cookie(cookie(DEVICE, device_of(request), KNOWN_FOR))
    return answer


def left(answer: Response) -> Response:
    answer.set_cookie(cookie(cookie_name(), "", 0))
    return answer


def speaks(answer: Response, code: str) -> Response:
    """An address without a language opens in this one from now on."""
    if code in LANGUAGES:
        answer.set_cookie(cookie("language", code, 31_536_000))
    return answer


def own_path(text: str) -> str:
    """Where to go after signing in, as a path of ours without its language; nothing for any other address."""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or not text.startswith("/") or text.startswith(("//", "/\\")):
        return ""
    if any(ord(sign) < 32 for sign in unquote(text)) or "\\" in text:
        return ""
    first, _slash, rest = text.lstrip("/").partition("/")
    bare = "/" + rest if first in LANGUAGES else text
    return "" if bare.startswith(("/sign-", "//")) else bare


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def session_of(request: Request) -> str:
    """The token of the session this request came with."""
    return str(request.auth)


def device_of(request: Request) -> str:
    """What the browser says of itself since it signed in first; made up for one that says nothing yet."""
    if not hasattr(request.state, "device"):
        said = request.cookies.get(DEVICE, "")
        request.state.device = said if 20 <= len(said) <= 100 else secrets.token_urlsafe(32)
    return request.state.device


def agent_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def letters_stay_here() -> bool:
    """While trying out, nothing is sent: the page says where the letter is."""
    return not settings().production and not settings().smtp_url


ROUTES = [
    sign_in_form, sign_in, sign_out, reset_form, ask_for_reset, choose_form, choose, invitation_form, accept,
]  # fmt: skip
