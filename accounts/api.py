"""The same as JSON: who I am, signing in and out, organisations, municipalities."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict

from accounts import rights
from accounts.entry import actions
from accounts.entry.forms import SignIn
from accounts.entry.pages import address_of, agent_of, device_of, entered, left, session_of
from accounts.organisations import queries
from accounts.organisations.actions import register
from accounts.organisations.forms import Registration
from accounts.organisations.listing import ORGANISATIONS
from accounts.people.queries import people_of
from accounts.person import Person
from accounts.queries import municipalities
from accounts.sessions import csrf_token, person_by_id
from web.guards import signed_in
from web.pages import or_404


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RoleOut(Out):
    kind: str
    organisation_id: UUID | None
    municipalities: list[UUID]


class Me(Out):
    """`csrf_token` goes back in the header X-CSRF-Token of everything that changes something."""

    id: UUID
    name: str
    email: str
    language: str
    roles: list[RoleOut]
    csrf_token: str


class MunicipalityOut(Out):
    id: UUID
    slug: str
    name_ka: str
    name_en: str
    full_name_ka: str
    full_name_en: str
    region: str


class OrganisationOut(Out):
    id: UUID
    kind: str
    name_ka: str | None
    name_en: str | None
    identification_code: str | None
    experience: str | None
    municipality: str | None


class WorkerOut(Out):
    name: str
    kind: str
    since: date


class OrganisationWhole(OrganisationOut):
    """`people` is null for those who may not see them."""

    established: str | None
    website: str | None
    revision: int
    people: list[WorkerOut] | None


@get("/api/v1/me", name="api.me", guards=[signed_in], summary="Who is signed in")
async def me(request: Request, person: NamedDependency[Person]) -> Me:
    return _me(person, session_of(request))


@post("/api/v1/session", name="api.session.open", opt={"public": True}, status_code=200, summary="Sign in")
async def open_session(request: Request, data: JSONBody[SignIn]) -> Response[Me]:
    person, token = await actions.sign_in(
        data.email, data.password, address_of(request), agent_of(request), session_of(request), device_of(request)
    )
    return entered(Response(_me(person, token)), person, token, request)


@delete("/api/v1/session", name="api.session.close", guards=[signed_in], summary="Sign out")
async def close_session(request: Request, person: NamedDependency[Person]) -> Response[None]:
    await actions.sign_out(person, session_of(request))
    return left(Response(None, status_code=204))


@get(
    "/api/v1/municipalities",
    name="api.municipalities",
    opt={"public": True},
    summary="The municipalities of the programme",
)
async def list_municipalities() -> list[MunicipalityOut]:
    return [MunicipalityOut(**each) for each in await municipalities()]


list_organisations = ORGANISATIONS.operation(
    "/api/v1/organisations", OrganisationOut, name="api.organisations", guards=[signed_in]
)


@post(
    "/api/v1/organisations", name="api.organisations.register", guards=[signed_in], summary="Register an organisation"
)
async def register_organisation(data: JSONBody[Registration], person: NamedDependency[Person]) -> OrganisationWhole:
    organisation = await register(data, person)
    # Its signatory has the role only since a moment ago.
    return await _whole(organisation.id, await person_by_id(person.id) or person)  # type: ignore[arg-type]


@get("/api/v1/organisations/{number:uuid}", name="api.organisation", guards=[signed_in], summary="One organisation")
async def one_organisation(number: FromPath[UUID], person: NamedDependency[Person]) -> OrganisationWhole:
    return await _whole(number, person)


async def _whole(number: UUID, person: Person) -> OrganisationWhole:
    organisation = or_404(await queries.visible_to(person, number))
    place = await queries.place_of(organisation)
    people = await people_of(organisation.id) if rights.sees_people_of(person, organisation) else None
    return OrganisationWhole(
        **{name: getattr(organisation, name) for name in (*COLUMNS, "established", "website", "revision")},
        municipality=place["slug"],
        people=None
        if people is None
        else [WorkerOut(**{k: each[k] for k in ("name", "kind", "since")}) for each in people],
    )


COLUMNS = ("id", "kind", "name_ka", "name_en", "identification_code", "experience")


def _named(each: Any, *names: str) -> dict[str, object]:
    return {name: each[name] for name in names}


def _me(person: Person, token: str) -> Me:
    return Me(
        id=person.id,  # type: ignore[arg-type]
        name=person.name, email=person.email, language=person.language, csrf_token=csrf_token(token),
        roles=[
            RoleOut(
                kind=str(held.kind), organisation_id=held.organisation_id, municipalities=sorted(held.municipalities)
            )
            for held in person.roles
        ],
    )  # fmt: skip


ROUTES = [
    me, open_session, close_session, list_municipalities, list_organisations, register_organisation, one_organisation,
]  # fmt: skip
