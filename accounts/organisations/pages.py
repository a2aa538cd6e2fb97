"""The register of organisations: the list, one organisation with its people, registering and describing."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from accounts import rights
from accounts.offers.queries import offers_in
from accounts.offers.words import choices
from accounts.organisations import actions, forms, queries, tasks  # noqa: F401 (tells what waits)
from accounts.organisations.listing import EXPERIENCE, KINDS, ORGANISATIONS
from accounts.organisations.transitions import STEPS
from accounts.people import actions as people_actions
from accounts.people import forms as people_forms
from accounts.people.queries import curated, people_of
from accounts.person import Person, Role, visitor
from accounts.places import place_options
from accounts.tables import Organisation
from foundation.language import gettext as _
from foundation.language import pick_text
from foundation.merging import seen_of
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import open_steps
from web.forms import Errors, Form, given_back, parse
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect

HERE = "accounts/organisations/templates"


async def this_organisation(number: FromPath[UUID], person: NamedDependency[Person]) -> Organisation:
    """The organisation in the address; 404 unless this person may see it."""
    return or_404(await queries.visible_to(person, number))


async def described(number: FromPath[UUID], person: NamedDependency[Person]) -> Organisation:
    organisation = await this_organisation(number, person)
    return or_404(organisation if rights.describes(person, organisation) else None)


async def joined(number: FromPath[UUID], person: NamedDependency[Person]) -> Organisation:
    """The organisation, for whoever may invite people into it."""
    organisation = await this_organisation(number, person)
    return or_404(organisation if rights.invites_into(person, organisation) else None)


@get("/organisations", name="organisations", include_in_schema=False, guards=[signed_in])
async def index(request: Request, person: NamedDependency[Person]) -> Response:
    """Who has one of their own alone is led there."""
    if not (rights.sees_organisations(person) or request.query_params) and len(person.organisations) == 1:
        return redirect(f"/organisations/{next(iter(person.organisations))}")
    return await ORGANISATIONS.page(person, request.query_params)


def registering(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """A guard: whoever may register an organisation; 404 for others."""
    or_404(rights.registers(visitor(connection)) or None)


@get("/organisations/new", name="organisations.new", include_in_schema=False, guards=[signed_in])
async def new_form(
    person: NamedDependency[Person], kind: FromQuery[Literal["cso", "curator", "donor"]] = "cso"
) -> Response:
    or_404(person if rights.registers(person) and (kind == "cso" or person.is_admin) else None)
    return await edit_page(person, kind=kind)


async def edit_page(
    person: Person, organisation: Organisation | None = None, kind: str = "cso",
    status: int = 200, errors: Errors = None, form: Form | None = None,
) -> Response:  # fmt: skip
    kind = organisation.kind if organisation else _asked_kind(person, form) if form is not None else kind
    stored = await actions.as_described(organisation) if organisation else None
    return page(
        f"{HERE}/edit.html", status=status, organisation=organisation, kind=kind, places=await place_options(),
        seen=seen_of(_model(person, organisation), stored) if organisation else "",
        curates=[str(each) for each in stored["municipalities"]] if stored else [],
        classifies=rights.classifies(person, organisation) if organisation else rights.registers_for_others(person),
        for_others=rights.registers_for_others(person),
        experience=[(each, _(EXPERIENCE[each])) for each in ("experienced", "new")], errors=errors, form=form,
    )  # fmt: skip


def _asked_kind(person: Person, form: Form) -> str:
    return form["kind"] if person.is_admin and form.get("kind") in KINDS else "cso"


def _model(person: Person, organisation: Organisation) -> type[forms.Description]:
    """What this person may write about it."""
    if organisation.kind != "cso":
        return forms.CuratorsDescription
    return forms.Classification if rights.classifies(person, organisation) else forms.Description


@post("/organisations", name="organisations.register", include_in_schema=False, guards=[signed_in, registering])
@given_back(edit_page)
async def register(person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    if _asked_kind(person, form) == "cso":
        organisation = await actions.register(parse(forms.Registration, form), person)
    else:
        organisation = await actions.register_other(parse(forms.OtherRegistration, form), person)
    return redirect(f"/organisations/{organisation.id}", _("Organisation registered."))


@get(
    "/organisations/{number:uuid}", name="organisations.show", include_in_schema=False, guards=[signed_in],
    dependencies={"organisation": Provide(this_organisation)},
)  # fmt: skip
async def show(organisation: NamedDependency[Organisation], person: NamedDependency[Person]) -> Response:
    return await organisation_page(organisation, person)


async def organisation_page(
    organisation: Organisation, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    sees_people = rights.sees_people_of(person, organisation)
    return page(
        f"{HERE}/show.html", status=status, errors=errors or {}, organisation=organisation,
        place=await queries.place_of(organisation),
        kind=_(KINDS[organisation.kind]),
        experience=_(EXPERIENCE[organisation.experience]) if organisation.experience else "",
        people=[_shown(each, person) for each in await people_of(organisation.id)] if sees_people else None,
        offers=await offers_in(organisation.id, person) if sees_people else [],
        curated=await curated(organisation.id) if organisation.kind == "curator" else [],
        describes=rights.describes(person, organisation), invites=rights.invites_into(person, organisation),
        open_steps=open_steps(person, organisation, STEPS),
        unconfirmed=rights.waits_for_confirmation(organisation),
        history=await history_of(organisation, newest_first=True) if sees_people else [],
    )  # fmt: skip


@get(
    "/organisations/{number:uuid}/description", name="organisations.edit", include_in_schema=False, guards=[signed_in],
    dependencies={"organisation": Provide(described)},
)  # fmt: skip
async def edit(organisation: NamedDependency[Organisation], person: NamedDependency[Person]) -> Response:
    return await edit_page(person, organisation)


@post(
    "/organisations/{number:uuid}/description", name="organisations.change", include_in_schema=False,
    guards=[signed_in], dependencies={"organisation": Provide(described)},
)  # fmt: skip
@given_back(edit_page)
async def change(
    organisation: NamedDependency[Organisation], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    given = parse(_model(person, organisation), form)
    if isinstance(given, forms.CuratorsDescription):
        await actions.change_curator(organisation, given, person)
    else:
        await actions.change(organisation, given, person)
    return redirect(f"/organisations/{organisation.id}", _("Saved."))


@get(
    "/organisations/{number:uuid}/people/new", name="organisations.invite", include_in_schema=False,
    guards=[signed_in], dependencies={"organisation": Provide(joined)},
)  # fmt: skip
async def invite_form(organisation: NamedDependency[Organisation], person: NamedDependency[Person]) -> Response:
    return await invitation_page(organisation, person)


async def invitation_page(
    organisation: Organisation, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    kinds = rights.kinds_given(person, organisation)
    places = await curated(organisation.id) if Role.CURATOR in kinds else []
    return page(
        "accounts/people/templates/invite.html", status=status, organisation=organisation,
        action=f"/organisations/{organisation.id}/people", back=f"/organisations/{organisation.id}",
        back_words=pick_text(organisation, "name"), kinds=choices(kinds),
        places=[(str(each["id"]), pick_text(each, "name")) for each in places], errors=errors, form=form,
    )  # fmt: skip


@post(
    "/organisations/{number:uuid}/people", name="organisations.invite.post", include_in_schema=False,
    guards=[signed_in], dependencies={"organisation": Provide(joined)},
)  # fmt: skip
@given_back(invitation_page)
async def invite(
    organisation: NamedDependency[Organisation], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    given = parse(people_forms.Invitation, form)
    await people_actions.invite(
        given.email, given.name, given.kind, person, organisation, given.language, given.municipalities
    )
    return redirect(f"/organisations/{organisation.id}", _("Invitation sent to {email}.", email=given.email))


def _shown(held: dict[str, Any], person: Person) -> dict[str, object]:
    ends = rights.gives(person, held["kind"], held["organisation_id"]) and held["account_id"] != person.id
    return {**held, "ends": ends}


SERVED = Served(
    "organisations", STEPS, "/organisations/{number:uuid}", this_organisation, organisation_page,
    lambda organisation: f"/organisations/{organisation.id}",
)  # fmt: skip
ROUTES: list[Route] = [
    index, new_form, register, show, edit, change, invite_form, invite,
    Router("/", route_handlers=SERVED.handlers(), guards=[signed_in], include_in_schema=False),
]  # fmt: skip
