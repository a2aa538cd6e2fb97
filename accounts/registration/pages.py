"""An organisation registers itself: what is asked, and the page the letter leads to."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from accounts.entry.forms import Chosen
from accounts.entry.pages import address_of, agent_of, entered, letters_stay_here
from accounts.passwords import Weak
from accounts.person import Person
from accounts.places import place_options
from accounts.registration import actions, forms
from foundation.language import gettext as _
from foundation.refused import Refused
from web.forms import Invalid, parse, read_form
from web.pages import Given, page, see

HERE = "accounts/registration/templates"
CHECK_MAIL = "accounts/entry/templates/check_mail.html"
PUBLIC = {"public": True}


@get("/register", name="register", include_in_schema=False, opt=PUBLIC)
async def register_form(person: Given[Person]) -> Response[Any]:
    if person:
        return see("/organisations/new")
    return page(f"{HERE}/register.html", places=await place_options())


@post("/register", name="register.post", include_in_schema=False, opt=PUBLIC)
async def register(request: Request) -> Response[Any]:
    form = await read_form(request)
    try:
        given = parse(forms.SignUp, form)
        await actions.ask(given, address_of(request))
    except Invalid as bad:
        return page(f"{HERE}/register.html", status=422, form=bad.form, errors=bad.errors, places=await place_options())
    except Refused as no:
        return page(
            f"{HERE}/register.html", status=no.status, form=form, errors={"": no.sentence}, places=await place_options()
        )
    return page(
        "accounts/entry/templates/check_mail.html",
        email=given.email,
        purpose="registration",
        preview=letters_stay_here(),
    )


@get("/register/{token:str}", name="register.confirm", include_in_schema=False, opt=PUBLIC)
async def confirm_form(token: FromPath[str]) -> Response[Any]:
    return await _confirmation(token)


@post("/register/{token:str}", name="register.confirm.post", include_in_schema=False, opt=PUBLIC)
async def confirm(request: Request, token: FromPath[str]) -> Response[Any]:
    try:
        given = parse(Chosen, await read_form(request))
        person, session = await actions.confirm(token, given.password, agent_of(request))
    except Invalid as bad:
        return await _confirmation(token, status=422, errors=bad.errors)
    except Weak as no:
        return await _confirmation(token, status=422, errors={"password": no.sentence})
    return entered(see("/today", _("Your organisation is registered. Welcome!")), person, session)


async def _confirmation(token: str, **more: Any) -> Response[Any]:
    asked = await actions.waiting(token)
    return page(
        f"{HERE}/confirm_registration.html", token=token, email=asked.email, facts=actions.written(asked), **more
    )


ROUTES = [register_form, register, confirm_form, confirm]
