"""Calls as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.language import gettext as _
from foundation.money import Amount
from foundation.refused import NotAllowed
from foundation.typed import exact
from grants.calls import actions, forms, parts, queries, transitions
from grants.calls.checklist import gaps_of
from grants.calls.kinds import Kind, Part
from grants.calls.lifecycle import State, its_curator, may_clone
from grants.calls.listing import CALLS
from grants.calls.manage.pages import SERVED, curators, reads
from grants.calls.pages import this_call
from grants.calls.tables import Call
from lifecycle.api import operations_of
from web.forms import allowed, parse_body
from web.guards import signed_in
from web.pages import Route


class CallShort(BaseModel):
    reference: str
    state: State
    title_ka: str | None
    title_en: str | None
    summary_ka: str | None
    summary_en: str | None
    currency: str
    envelope: Amount
    min_award: Amount
    max_award: Amount
    opens_at: datetime
    deadline: datetime
    invited_only: bool
    decision_due: date | None
    municipality_ids: list[UUID]


class SectionShown(BaseModel):
    id: UUID
    title_ka: str | None
    title_en: str | None
    help_ka: str | None
    help_en: str | None
    questions: list[QuestionShown]


class QuestionShown(BaseModel):
    id: UUID
    kind: Kind
    label_ka: str | None
    label_en: str | None
    help_ka: str | None
    help_en: str | None
    required: bool
    word_guide: int | None
    options: list[dict[str, Any]]


class CriterionShown(BaseModel):
    id: UUID
    title_ka: str | None
    title_en: str | None
    help_ka: str | None
    help_en: str | None
    max_points: int
    weight: str


class DocumentShown(BaseModel):
    id: UUID
    title_ka: str | None
    title_en: str | None
    help_ka: str | None
    help_en: str | None
    required: bool


class EligibilityShown(BaseModel):
    id: UUID
    title_ka: str | None
    title_en: str | None


class CallWhole(CallShort):
    text_ka: str | None
    text_en: str | None
    eligibility_ka: str | None
    eligibility_en: str | None
    min_reviews: int
    wide_spread: int
    complaint_days: int
    cancel_reason: str | None
    revision: int
    sections: list[SectionShown]
    criteria: list[CriterionShown]
    documents: list[DocumentShown]
    eligibility: list[EligibilityShown]


class GapShown(BaseModel):
    sentence: str
    page: str


@get("/{reference:str}", opt={"public": True}, summary="One call with all its parts")
async def show(call: NamedDependency[Call]) -> CallWhole:
    whole = await queries.whole(call)
    return CallWhole(
        **as_dict(call),
        sections=[
            SectionShown(**{**as_dict(each), "questions": [QuestionShown(**as_dict(q)) for q in each.questions]})
            for each in whole.sections
        ],
        criteria=[CriterionShown(**{**as_dict(each), "weight": exact(each.weight)}) for each in whole.criteria],
        documents=[DocumentShown(**as_dict(each)) for each in whole.documents],
        eligibility=[EligibilityShown(**as_dict(each)) for each in whole.eligibility],
    )


@post("/", guards=[signed_in, curators], summary="Draft a call")
async def create(person: NamedDependency[Person], data: JSONBody[forms.NewCall]) -> CallShort:
    call = await actions.create(person, data)
    return CallShort(**as_dict(call))


@put("/{reference:str}/terms", summary="Write the terms of a call")
async def change_terms(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Terms]
) -> CallShort:
    await actions.change_terms(call, person, data)
    return CallShort(**as_dict(call))


@put("/{reference:str}/texts", summary="Write the texts of a call")
async def change_texts(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Texts]
) -> CallShort:
    await actions.change_texts(call, person, data)
    return CallShort(**as_dict(call))


@put(
    "/{reference:str}/invitations",
    status_code=204,
    summary="Say which organisations are invited",
)
async def invite(call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Invited]) -> None:
    await actions.invite(call, person, data)


@post("/{reference:str}/parts/{part:str}", summary="Add a part to a call")
async def add_part(
    call: NamedDependency[Call], part: FromPath[Part], person: NamedDependency[Person], data: JSONBody[dict[str, Any]]
) -> dict[str, UUID]:
    """The fields are those the call shows for this kind of part; a question also names its `section_id`."""
    made = await parts.add(call, person, part, parse_body(forms.FORMS[part], data))
    return {"id": made.id}


@put(
    "/{reference:str}/parts/{part:str}/{part_id:uuid}",
    status_code=204,
    summary="Change a part of a call",
)
async def change_part(
    call: NamedDependency[Call],
    part: FromPath[Part],
    part_id: FromPath[UUID],
    person: NamedDependency[Person],
    data: JSONBody[dict[str, Any]],
) -> None:
    row = await parts.part_of(call, part, part_id)
    await parts.change(call, person, part, row, parse_body(forms.FORMS[part], data))


@post(
    "/{reference:str}/parts/{part:str}/{part_id:uuid}/position",
    status_code=204,
    summary="Move a part of a call",
)
async def move_part(
    call: NamedDependency[Call],
    part: FromPath[Part],
    part_id: FromPath[UUID],
    person: NamedDependency[Person],
    data: JSONBody[forms.Direction],
) -> None:
    await parts.move(call, person, part, await parts.part_of(call, part, part_id), data.direction)


@delete(
    "/{reference:str}/parts/{part:str}/{part_id:uuid}",
    summary="Take a part out of a call",
)
async def remove_part(
    call: NamedDependency[Call], part: FromPath[Part], part_id: FromPath[UUID], person: NamedDependency[Person]
) -> None:
    await parts.remove(call, person, part, await parts.part_of(call, part, part_id))


@get("/{reference:str}/gaps", summary="What a call still lacks")
async def gaps(call: NamedDependency[Call]) -> list[GapShown]:
    """Everything that keeps the call from being approved."""
    return [GapShown(sentence=gap.sentence, page=gap.page) for gap in gaps_of(await queries.whole(call))]


async def call_now(call: Call, person: Person) -> CallShort:
    """After a suspension the deadline is later by the time the call stood still."""
    return CallShort(**as_dict(call))


@post(
    "/{reference:str}/copies",
    dependencies={"call": allowed(this_call, may_clone)},
    summary="Draft a call from an earlier one",
)
async def clone(call: NamedDependency[Call], person: NamedDependency[Person]) -> CallShort:
    made = await actions.clone(call, person)
    seen = await queries.call_of(person, made.reference)
    if seen is None:
        raise NotAllowed(_("You may not do this here."))
    return CallShort(**as_dict(seen))


def incomplete(_request: object, error: transitions.Incomplete) -> Response:
    """The refusal with the whole list, so that a client can show it."""
    body = {
        "type": "about:blank",
        "title": error.sentence,
        "status": error.status,
        "gaps": [{"sentence": gap.sentence, "page": gap.page} for gap in error.gaps],
    }
    return Response(body, status_code=error.status, media_type="application/problem+json")


def as_dict(row: object) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


READ = [gaps, clone]
WRITTEN = [change_terms, change_texts, invite, add_part, change_part, move_part, remove_part]
ROUTES: list[Route] = [
    Router(
        "/api/v1/calls",
        exception_handlers={transitions.Incomplete: incomplete},
        route_handlers=[
            CALLS.operation("/", CallShort, opt={"public": True}),
            create,
            Router("/", route_handlers=[show], dependencies={"call": Provide(this_call)}),
            Router("/", route_handlers=READ, dependencies={"call": allowed(this_call, reads)}, guards=[signed_in]),
            Router(
                "/", route_handlers=WRITTEN, dependencies={"call": allowed(this_call, its_curator)}, guards=[signed_in]
            ),
            Router("/", route_handlers=operations_of(SERVED, call_now), guards=[signed_in]),
        ],
    )
]
