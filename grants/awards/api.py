"""Awards as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.money import Amount
from grants.applications.budget import Category
from grants.applications.tables import Application
from grants.awards import actions, forms, lifecycle, queries
from grants.awards.lifecycle import State
from grants.awards.listing import AWARDS, decides
from grants.awards.pages import DECISIONS, SERVED, this_award
from grants.awards.tables import Award
from grants.awards.transitions import STEPS
from lifecycle.api import operations_of
from lifecycle.transition import open_steps
from web.forms import allowed
from web.guards import signed_in
from web.pages import Route, or_404


class AwardShort(BaseModel):
    reference: str
    state: State
    title_ka: str | None
    title_en: str | None
    amount: Amount
    paid: Amount
    currency: str
    starts_on: date | None
    ends_on: date | None
    call_reference: str
    organisation_ka: str | None
    organisation_en: str | None
    municipality: str | None


class ReportShown(BaseModel):
    number: int
    kind: forms.ReportKind
    period_from: date
    period_to: date
    due_on: date


class LineShown(BaseModel):
    """The grant pays `amount` less `own_share`; `asked` and `own_asked` are those of the application."""

    id: UUID
    position: int
    category: Category
    item: str
    amount: Amount
    own_share: Amount
    asked: Amount
    own_asked: Amount


class AgreementShown(BaseModel):
    version: int
    made_at: datetime
    sha256: str
    cso_signed_at: datetime | None
    funder_signed_at: datetime | None


class AwardWhole(BaseModel):
    reference: str
    state: State
    title_ka: str | None
    title_en: str | None
    summary_ka: str | None
    summary_en: str | None
    amount: Amount
    currency: str
    starts_on: date | None
    ends_on: date | None
    offer_expires_on: date | None
    agreement_language: str
    prevailing_language: str
    special_conditions_ka: str | None
    special_conditions_en: str | None
    revision: int
    reports: list[ReportShown]
    budget: list[LineShown]
    agreements: list[AgreementShown]
    moves: list[str]


class Recommended(BaseModel):
    number: str
    title_ka: str | None
    title_en: str | None
    requested: Amount
    amount: Amount | None
    currency: str
    rank: int | None
    call_reference: str


class Reference(BaseModel):
    reference: str


class Closed(BaseModel):
    closed: bool


DRAFTER = {"award": allowed(this_award, lifecycle.its_drafter)}


@get("/approvals", summary="What waits for the director's approval")
async def approvals(person: NamedDependency[Person]) -> list[Recommended]:
    or_404(decides(person) or None)
    return [
        Recommended(
            number=each.number,
            title_ka=each.title_ka,
            title_en=each.title_en,
            requested=each.requested,
            amount=each.decided_amount,
            currency=each.currency,
            rank=each.rank,
            call_reference=each.call_reference,
        )
        for each in await queries.recommended_to(person)
    ]


async def granted(application: Application, person: Person) -> Reference:
    return Reference(reference=or_404(await queries.award_for(application))["reference"])


@get("/awards/{reference:str}", summary="One grant")
async def show(award: NamedDependency[Award], person: NamedDependency[Person]) -> AwardWhole:
    return await whole(award, person)


async def whole(award: Award, person: Person) -> AwardWhole:
    hidden = award.state == State.DRAFTING and person.works_for(award.organisation_id)
    facts = {name: getattr(award, name) for name in AwardWhole.model_fields if hasattr(award, name)}
    return AwardWhole(
        **facts,
        reports=[]
        if hidden
        else [ReportShown(**_fields(each, ReportShown)) for each in await queries.calendar_of(award)],
        budget=[]
        if hidden
        else [
            LineShown(**{name: each[name] for name in LineShown.model_fields})
            for each in await queries.budget_of(award)
        ],
        agreements=[
            AgreementShown(**{name: each[name] for name in AgreementShown.model_fields})
            for each in await queries.agreements_of(award)
        ],
        moves=sorted(open_steps(person, award, STEPS)),
    )


def _fields(row: object, model: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields}


@put("/awards/{reference:str}/terms", dependencies=DRAFTER, summary="Write the terms of an agreement")
async def write_terms(
    award: NamedDependency[Award], person: NamedDependency[Person], data: JSONBody[forms.Terms]
) -> AwardWhole:
    await actions.write_terms(award, person, data)
    return await whole(award, person)


@put("/awards/{reference:str}/calendar", dependencies=DRAFTER, summary="Write the calendar of reports")
async def write_calendar(
    award: NamedDependency[Award], person: NamedDependency[Person], data: JSONBody[forms.Calendar]
) -> AwardWhole:
    await actions.write_calendar(award, person, data)
    return await whole(award, person)


@put("/awards/{reference:str}/budget", dependencies=DRAFTER, summary="Write the budget of a grant")
async def write_budget(
    award: NamedDependency[Award], person: NamedDependency[Person], data: JSONBody[forms.Budget]
) -> AwardWhole:
    await actions.write_budget(award, person, data)
    return await whole(award, person)


async def closed(award: Award, person: Person) -> Closed:
    """Two people agree, each in their own role: whether it has closed with this."""
    return Closed(closed=award.state == State.CLOSED)


ROUTES: list[Route] = [
    Router(
        "/api/v1",
        route_handlers=[
            approvals, AWARDS.operation("/awards", AwardShort),
            *operations_of(DECISIONS, answers={"approval": granted}, created={"approval"}),
        ],
        guards=[signed_in],
    ),
    Router(
        "/api/v1",
        route_handlers=[
            show, write_terms, write_calendar, write_budget,
            *operations_of(SERVED, whole, {"closure": closed, "settlement": closed}),
        ],
        dependencies={"award": Provide(this_award)},
        guards=[signed_in],
    ),
]  # fmt: skip
