"""Getting in and out: the pages of sign-in, new passwords and invitations."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery

from accounts.entry import actions, forms
from accounts.entry.attempts import TooMany
from accounts.entry.tokens import account_of
from accounts.passwords import Busy, Weak
from accounts.people.queries import roles_of
from accounts.person import Person
from accounts.sessions import cookie_name, life_of
from foundation.language import LANGUAGES, speaking
from foundation.language import gettext as _
from foundation.settings import settings
from web.forms import Invalid, parse, read_form
from web.pages import Given, page, see

HERE = "accounts/entry/templates"
PUBLIC = {"public": True}


def home_of(person: Person) -> str:
    """Where a day begins: donors with results, everybody else with what waits for them."""
    return "/donor" if person.kinds and all(each.value == "donor" for each in person.kinds) else "/today"


@get("/sign-in", name="sign_in", include_in_schema=False, opt=PUBLIC)
async def sign_in_form(person: Given[Person], next: FromQuery[str] = "") -> Response[Any]:
    if person:
        return see(own_path(next) or home_of(person))
    return page(f"{HERE}/sign_in.html", next=next)


@post("/sign-in", name="sign_in.post", include_in_schema=False, opt=PUBLIC)
async def sign_in(request: Request) -> Response[Any]:
    form = await read_form(request)
    asked_for = form.get("next", "")
    try:
        given = parse(forms.SignIn, form)
        person, token = await actions.sign_in(
            given.email, given.password, address_of(request), agent_of(request), session_of(request)
        )
    except Invalid as bad:
        return page(f"{HERE}/sign_in.html", status=422, form=bad.form, errors=bad.errors, next=asked_for)
    except (actions.WrongPassword, TooMany, Busy) as no:
        status = 422 if isinstance(no, actions.WrongPassword) else no.status
        return page(f"{HERE}/sign_in.html", status=status, form=form, errors={"": no.sentence}, next=asked_for)
    return entered(see(own_path(given.next) or home_of(person)), person, token)


@post("/sign-out", name="sign_out", include_in_schema=False, opt=PUBLIC)
async def sign_out(request: Request, person: Given[Person]) -> Response[Any]:
    if person:
        await actions.sign_out(person, session_of(request))
    return left(see("/", _("You have signed out.")))


@get("/password/reset", name="reset.ask", include_in_schema=False, opt=PUBLIC)
async def reset_form() -> Response[Any]:
    return page(f"{HERE}/reset_ask.html")


@post("/password/reset", name="reset.ask.post", include_in_schema=False, opt=PUBLIC)
async def ask_for_reset(request: Request) -> Response[Any]:
    form = await read_form(request)
    try:
        given = parse(forms.Asked, form)
        await actions.ask_for_reset(given.email, address_of(request))
    except Invalid as bad:
        return page(f"{HERE}/reset_ask.html", status=422, form=bad.form, errors=bad.errors)
    except TooMany as no:
        return page(f"{HERE}/reset_ask.html", status=no.status, form=form, errors={"": no.sentence})
    return page(f"{HERE}/check_mail.html", email=given.email, purpose="reset", preview=letters_stay_here())


@get("/password/reset/{token:str}", name="reset", include_in_schema=False, opt=PUBLIC)
async def choose_form(token: FromPath[str]) -> Response[Any]:
    await account_of(token, "reset")
    return page(f"{HERE}/choose_password.html", token=token)


@post("/password/reset/{token:str}", name="reset.post", include_in_schema=False, opt=PUBLIC)
async def choose(request: Request, token: FromPath[str]) -> Response[Any]:
    await account_of(token, "reset")
    try:
        given = parse(forms.Chosen, await read_form(request))
        await actions.reset_password(token, given.password)
    except Invalid as bad:
        return page(f"{HERE}/choose_password.html", status=422, errors=bad.errors, token=token)
    except Weak as no:
        return page(f"{HERE}/choose_password.html", status=422, errors={"password": no.sentence}, token=token)
    return see("/sign-in", _("Your new password is set. Sign in with it."))


@get("/invitation/{token:str}", name="invitation", include_in_schema=False, opt=PUBLIC)
async def invitation_form(token: FromPath[str]) -> Response[Any]:
    return await _invitation(token)


@post("/invitation/{token:str}", name="invitation.post", include_in_schema=False, opt=PUBLIC)
async def accept(request: Request, token: FromPath[str]) -> Response[Any]:
    form = await read_form(request)
    try:
        given = parse(forms.Accepted, form)
        person, session = await actions.accept_invitation(
            token, given.password, given.name, given.language, agent_of(request)
        )
    except Invalid as bad:
        return await _invitation(token, status=422, form=bad.form, errors=bad.errors)
    except Weak as no:
        return await _invitation(token, status=422, form=form, errors={"password": no.sentence})
    with speaking(person.language):
        return entered(see(home_of(person), _("Welcome, {name}.", name=person.name)), person, session)


async def _invitation(token: str, **more: Any) -> Response[Any]:
    account = await account_of(token, "invitation")
    return page(f"{HERE}/invitation.html", token=token, account=account, roles=await roles_of(account.id), **more)


def entered(answer: Response[Any], person: Person, token: str) -> Response[Any]:
    """The answer, carrying the new session to the browser."""
    answer.set_cookie(_session_cookie(token, int(life_of(person).total_seconds())))
    return speaks(answer, person.language)


def left(answer: Response[Any]) -> Response[Any]:
    answer.set_cookie(_session_cookie("", 0))
    return answer


def _session_cookie(token: str, seconds: int) -> Cookie:
    secure = settings().address.startswith("https://")
    return Cookie(cookie_name(), value=token, path="/", httponly=True, samesite="lax", secure=secure, max_age=seconds)


def speaks(answer: Response[Any], code: str) -> Response[Any]:
    """An address without a language opens in this one from now on."""
    if code in LANGUAGES:
        answer.set_cookie(Cookie("language", value=code, path="/", httponly=True, samesite="lax", max_age=31_536_000))
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
    """The token of the session this request came with, as the outermost layer found it."""
    return str(dict(request.scope).get("session_token", ""))


def agent_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def letters_stay_here() -> bool:
    """While trying out, nothing is sent: the page says where the letter is."""
    return not settings().production and not settings().smtp_url


ROUTES = [
    sign_in_form, sign_in, sign_out, reset_form, ask_for_reset, choose_form, choose, invitation_form, accept,
]  # fmt: skip
