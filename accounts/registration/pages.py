"""An organisation registers itself: what is asked, and the page the letter leads to."""

from __future__ import annotations

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from accounts.entry.forms import Chosen
from accounts.entry.pages import address_of, agent_of, device_of, entered, letters_stay_here, own_path
from accounts.person import Person
from accounts.places import place_options
from accounts.registration import actions, forms
from accounts.tables import Registration
from foundation.language import gettext as _
from web.forms import Errors, Form, given_back, parse
from web.pages import page, redirect

HERE = "accounts/registration/templates"
CHECK_MAIL = "accounts/entry/templates/check_mail.html"
PUBLIC = {"public": True}


@get("/register", name="register", include_in_schema=False, opt=PUBLIC)
async def register_form(person: NamedDependency[Person], next: FromQuery[str] = "") -> Response:
    if person:
        return redirect("/organisations/new")
    return await registration_page(next=next)


async def registration_page(
    status: int = 200, errors: Errors = None, form: Form | None = None, next: str = ""
) -> Response:
    asked_for = form.get("next", "") if form else next
    return page(
        f"{HERE}/register.html", status=status, errors=errors, form=form, next=asked_for, places=await place_options()
    )


@post("/register", name="register.post", include_in_schema=False, opt=PUBLIC)
@given_back(registration_page)
async def register(request: Request, form: NamedDependency[Form]) -> Response:
    given = parse(forms.SignUp, form)
    await actions.ask(given, address_of(request))
    return page(CHECK_MAIL, email=given.email, purpose="registration", preview=letters_stay_here())


async def this_registration(token: FromPath[str]) -> Registration:
    return await actions.waiting(token)


@get(
    "/register/{token:str}", name="register.confirm", include_in_schema=False, opt=PUBLIC,
    dependencies={"registration": Provide(this_registration)},
)  # fmt: skip
async def confirm_form(token: FromPath[str], registration: NamedDependency[Registration]) -> Response:
    return confirmation_page(token, registration)


def confirmation_page(token: str, registration: Registration, status: int = 200, errors: Errors = None) -> Response:
    return page(
        f"{HERE}/confirm_registration.html", status=status, token=token, email=registration.email,
        facts=actions.written(registration), errors=errors,
    )  # fmt: skip


@post(
    "/register/{token:str}", name="register.confirm.post", include_in_schema=False, opt=PUBLIC,
    dependencies={"registration": Provide(this_registration)},
)  # fmt: skip
@given_back(confirmation_page)
async def confirm(
    request: Request, token: FromPath[str], registration: NamedDependency[Registration], form: NamedDependency[Form]
) -> Response:
    person, session = await actions.confirm(
        token, parse(Chosen, form).password, agent_of(request), address_of(request), device_of(request)
    )
    back = own_path(actions.written(registration).get("next", "")) or "/today"
    return entered(redirect(back, _("Your organisation is registered. Welcome!")), person, session, request)


ROUTES = [register_form, register, confirm_form, confirm]
