"""People of the programme: the list, one person with their roles, invitations, closed accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts import rights
from accounts.offers.queries import offers_to
from accounts.offers.transitions import STEPS as OFFER_STEPS
from accounts.offers.words import choices
from accounts.people import actions, forms, queries
from accounts.people.leaving import ending_account, left_by
from accounts.people.listing import PEOPLE
from accounts.people.transitions import STEPS, close_account, refuse_others
from accounts.person import Person, Role
from accounts.tables import Account
from accounts.tables import Role as RoleHeld
from foundation.database import get as get_row
from foundation.language import gettext as _
from foundation.language import label
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition, open_steps
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
        back_words=_("People"), kinds=choices(kinds), places=[],
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
        offers=[(each, open_steps(person, each, OFFER_STEPS)) for each in await offers_to(account.id)],
        keeps=rights.keeps_account(person, await queries.kinds_of(account.id)) and account.id != person.id,
        kinds=choices(rights.kinds_given(person)) if account.id != person.id else [],
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

    said = _("The role is offered. It is held once {name} accepts it.", name=account.name)
    return redirect(f"/people/{account.id}", said)


# leaving -----------------------------------------------------------------------------------------------------------


async def this_role(number: FromPath[UUID], person: NamedDependency[Person]) -> RoleHeld:
    """404 unless this person may end it; whoever comes second is told."""
    return or_404(await queries.role_to_end(person, number))


@get(
    "/roles/{number:uuid}/end", name="roles.ending", include_in_schema=False, guards=[signed_in],
    dependencies={"role": Provide(this_role)},
)  # fmt: skip
async def ask_to_end(role: NamedDependency[RoleHeld], person: NamedDependency[Person], request: Request) -> Response:
    back = request.query_params.get("back", "")
    return await ending_page(role, person, form=Form([("back", back)]) if back == "organisation" else None)


async def ending_page(
    role: RoleHeld, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    """What would stay with nobody, before anything ends."""
    account = await get_row(Account, role.account_id)
    back = form.get("back", "") if form else ""
    home = f"/organisations/{role.organisation_id}" if back and role.organisation_id else _home(person, role)
    return page(
        f"{HERE}/leaving.html", status=status, errors=errors, form=form, title=_("End the role"),
        who=_("{role}, {name}", role=label(Role(role.kind)), name=account.name if account else ""), stood_on=back,
        back_to_page=home, back_words=_("Back"), action=f"/roles/{role.id}/end", button=_("End the role"),
        left=await left_by(role.account_id, [role], person), **_kinds(),
    )  # fmt: skip


def _home(person: Person, role: RoleHeld) -> str:
    return f"/people/{role.account_id}" if rights.sees_people(person) else "/today"


def _kinds() -> dict[str, Any]:
    return {"kind_words": {str(each): label(each) for each in Role}}


@post(
    "/roles/{number:uuid}/end", name="roles.end", include_in_schema=False, guards=[signed_in],
    dependencies={"role": Provide(this_role)},
)  # fmt: skip
@given_back(ending_page)
async def end_role(
    role: NamedDependency[RoleHeld], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    given = parse(forms.Leaving, form)
    _account, organisation_id = await actions.end_role(role.id, person, given)
    if given.back and organisation_id:
        return redirect(f"/organisations/{organisation_id}", _("The role has ended."))
    return redirect(_home(person, role), _("The role has ended."))


async def around(account: Account, person: Person, step: Transition) -> dict[str, Any]:
    if step is not close_account:
        return {}
    await refuse_others(person, account)
    home = f"/people/{account.id}"
    return {
        "left": await ending_account(account.id, person), "who": account.name, "stood_on": "", "back_to_page": home,
        "back_words": account.name, "action": f"{home}/closing", "button": _("Close the account"), **_kinds(),
    }  # fmt: skip


SERVED = Served(
    "people", STEPS, "/people/{number:uuid}", this_account, account_page, lambda account: f"/people/{account.id}",
    title=lambda account: _("Close the account"), back=lambda account: account.name, around=around,
    templates={close_account.noun: f"{HERE}/leaving.html"},
)  # fmt: skip
ROUTES: list[Route] = [
    *PEOPLE.pages(guards=[signed_in], include_in_schema=False), invite_form, invite, show, give_role,
    ask_to_end, end_role,
    Router("/", route_handlers=SERVED.handlers(), guards=[signed_in], include_in_schema=False),
]  # fmt: skip
