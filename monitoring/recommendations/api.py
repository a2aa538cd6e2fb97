"""Recommendations as JSON: the same reads and the same actions as the pages. Files go through the pages' forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.database import Columns
from lifecycle.api import operations_of
from monitoring.recommendations import actions, forms, queries
from monitoring.recommendations.lifecycle import Addressee, FollowUpKind, Priority, State
from monitoring.recommendations.listing import RECOMMENDATIONS
from monitoring.recommendations.pages import SERVED, this_one, writer
from monitoring.recommendations.tables import Recommendation
from web.forms import Strict
from web.guards import signed_in
from web.pages import or_404


class DraftIn(forms.Draft, Strict):
    pass


class Short(BaseModel):
    reference: str
    state: State
    addressee: Addressee
    priority: Priority
    municipality: str
    text_ka: str | None
    text_en: str | None
    theme: str | None
    due_original: date | None
    due_current: date | None
    overdue: bool
    grant: str | None
    adopted_on: date | None
    source: str | None


class FollowUpOut(BaseModel):
    kind: FollowUpKind
    text: str
    at: datetime
    author: str | None
    approver: str | None
    new_due: date | None
    visit: str | None
    file: str | None


class Whole(Short):
    issued_at: datetime | None
    reported_at: datetime | None
    verified_at: datetime | None
    adoption_kind: str | None
    replaced_by: str | None
    follow_ups: list[FollowUpOut]
    revision: int


@get(
    "/{reference:str}",
    dependencies={"one": Provide(this_one)},
    summary="One recommendation",
)
async def show(one: NamedDependency[Recommendation]) -> Whole:
    return await to_json(one)


async def to_json(one: Recommendation) -> Whole:
    facts = vars(one)
    names = ("issued_at", "reported_at", "verified_at", "adoption_kind", "revision")
    return Whole(
        **_short(facts),
        **{name: facts[name] for name in names},
        replaced_by=facts["successor_reference"],
        follow_ups=[
            FollowUpOut(
                kind=each["kind"], text=each["text"], at=each["at"], author=each["author"], approver=each["approver"],
                new_due=each["new_due"], visit=each["visit_reference"],
                file=f"/recommendations/{one.reference}/files/{each['upload_id']}" if each["upload_id"] else None,
            )
            for each in await queries.follow_ups_of(one)
        ],
    )  # fmt: skip


def _short(row: Columns) -> dict[str, Any]:
    names = set(Short.model_fields) - {"municipality", "grant"}
    return {name: row[name] for name in names} | {"municipality": row["slug"], "grant": row["award_reference"]}


@post("/", dependencies={"writer": Provide(writer)}, summary="Draft a recommendation")
async def draft(writer: NamedDependency[Person], data: JSONBody[DraftIn]) -> Whole:
    made = await actions.draft(writer, data)
    return await to_json(or_404(await queries.by_id(made.id)))


async def afresh(one: Recommendation, person: Person) -> Whole:
    """The recommendation as it is now; it may be out of this person's sight."""
    return await to_json(or_404(await queries.by_id(one.id)))


ROUTES = [
    Router(
        "/api/v1/recommendations",
        route_handlers=[RECOMMENDATIONS.operation("/", Short), show, draft],
        guards=[signed_in],
    ),
    Router("/api/v1", route_handlers=operations_of(SERVED, afresh), guards=[signed_in]),
]
