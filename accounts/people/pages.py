"""People of the programme: the list, one person with their roles, invitations, closed accounts."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts import rights
from accounts.people import actions, forms, queries
from accounts.people.listing import PEOPLE
from accounts.people.transitions import STEPS
from accounts.person import Person, Role
from accounts.tables import Account
from foundation.language import alone, label
from foundation.language import gettext as _
from lifecycle.pages import Served
from lifecycle.record import history_of
from web.forms import Errors, Form, given_back, parse
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect

HERE = "accounts/people/templates"


async def this_account(number: FromPath[UUID], person: NamedDependency[Person]) -> Account:
    """Whose account is in the address; 404 unless this person may see people."""
    return or_404(await queries.account_visible_to(person, number))


async def inviting(person: NamedDependency[Person]) -> list[Role]:
    """What this person can invite somebody as, into the programme; 404 for those who cannot."""
    return or_404(rights.kinds_given(person) or None)


@get(
    "/people/new", name="people.invite", include_in_schema=False, guards=[signed_in],
    dependencies={"kinds": Provide(inviting)},
)  # fmt: skip
async def invite_form(kinds: NamedDependency[list[Role]]) -> Response:
    return invitation_page(kinds)


def invitation_page(kinds: list[Role], status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    return page(
        "accounts/people/templates/invite.html", status=status, organisation=None, action="/people", back="/people",
        back_words=_("People"), kinds=[(str(each), alone(label(each))) for each in kinds], places=[],
        errors=errors, form=form,
    )  # fmt: skip


@post(
    "/people", name="people.invite.post", include_in_schema=False, guards=[signed_in],
    dependencies={"kinds": Provide(inviting)},
)  # fmt: skip
@given_back(invitation_page)
async def invite(
    person: NamedDependency[Person], kinds: NamedDependency[list[Role]], form: NamedDependency[Form]
) -> Response:
    given = parse(forms.Invitation, form)
    account = await actions.invite(given.email, given.name, given.kind, person, language=given.language)
    return redirect(f"/people/{account.id}", _("Invitation sent to {email}.", email=given.email))


@get(
    "/people/{number:uuid}", name="people.show", include_in_schema=False, guards=[signed_in],
    dependencies={"account": Provide(this_account)},
)  # fmt: skip
async def show(account: NamedDependency[Account], person: NamedDependency[Person]) -> Response:
    return await account_page(account, person)


async def account_page(
    account: Account, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    return page(
        f"{HERE}/show.html", status=status, account=account,
        roles=[
            {**each, "ends": each["live"] and rights.gives(person, each["kind"], each["organisation_id"])}
            for each in await queries.roles_of(account.id)
        ],
        keeps=rights.keeps_account(person, await queries.kinds_of(account.id)) and account.id != person.id,
        kinds=[
            (str(each), alone(label(each))) for each in rights.kinds_given(person) if account.id != person.id
        ],
        history=await history_of(account, newest_first=True), errors=errors, form=form,
    )  # fmt: skip


@post(
    "/people/{number:uuid}/roles", name="people.role", include_in_schema=False, guards=[signed_in],
    dependencies={"account": Provide(this_account), "kinds": Provide(inviting)},
)  # fmt: skip
@given_back(account_page)
async def give_role(
    account: NamedDependency[Account],
    person: NamedDependency[Person],
    kinds: NamedDependency[list[Role]],
    form: NamedDependency[Form],
) -> Response:
    await actions.give_role(account, parse(forms.RoleForm, form).kind, person)
    return redirect(f"/people/{account.id}", _("The role is given."))


SERVED = Served(
    "people", STEPS, "/people/{number:uuid}", this_account, account_page, lambda account: f"/people/{account.id}"
)
ROUTES: list[Route] = [
    *PEOPLE.pages(guards=[signed_in], include_in_schema=False), invite_form, invite, show, give_role,
    Router("/", route_handlers=SERVED.handlers(), guards=[signed_in], include_in_schema=False),
]  # fmt: skip
