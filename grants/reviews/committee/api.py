"""Ranking, decisions and minutes as JSON: the same reads and actions as the committee's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.money import Amount
from foundation.typed import exact
from grants.calls.pages import this_call
from grants.calls.tables import Call
from grants.reviews import forms, queries
from grants.reviews.api import text
from grants.reviews.committee import actions
from grants.reviews.committee.pages import CALL, CHAIR, RESERVE, minutes_page, these
from grants.reviews.committee.transitions import sign
from grants.reviews.lifecycle import MinutesState, Outcome
from grants.reviews.pages import overseers
from grants.reviews.ranking import Place
from grants.reviews.tables import MeetingMinutes
from lifecycle.api import operations_of
from lifecycle.pages import Served
from web.guards import signed_in
from web.pages import Route, or_404


class PlaceShown(BaseModel):
    number: str
    state: str
    organisation_ka: str | None
    organisation_en: str | None
    title_ka: str | None
    title_en: str | None
    rank: int | None
    tied: bool
    average: str | None
    spread: str | None
    totals: list[str]
    hidden: bool
    flags: list[str]
    requested: Amount
    running: Amount | None
    fits: bool
    outcome: Outcome | None
    amount: Amount | None
    minutes: int | None
    minutes_state: MinutesState | None


class RankingShown(BaseModel):
    envelope: Amount
    currency: str
    places: list[PlaceShown]


class MinutesShown(BaseModel):
    number: int
    state: MinutesState
    held_on: date
    present: str | None
    text: str | None
    reserve_until: date | None
    signed_at: datetime | None
    sha256: str | None
    revision: int
    decisions: list[DecisionShown]


class DecisionShown(BaseModel):
    number: str
    outcome: Outcome
    rank: int | None
    amount: Amount | None
    reason: str
    exception_note: str | None
    correction: str | None
    correct_by: date | None


OF_PLACE = ("rank", "tied", "hidden", "running", "fits", "outcome")
OF_MINUTES = ("number", "state", "held_on", "present", "text", "reserve_until", "signed_at", "revision")


@get("/ranking", summary="The ranking of a call")
async def ranking(call: NamedDependency[Call], person: NamedDependency[Person]) -> RankingShown:
    places = await queries.ranking_of(call, person)
    return RankingShown(envelope=call.envelope, currency=call.currency, places=[ranked(each) for each in places])


@put("/decisions/{number:str}", dependencies=CHAIR, status_code=204, summary="Write a decision into the minutes")
async def decide(
    call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person], data: JSONBody[forms.Decided]
) -> None:
    """Written into the open minutes; it takes effect when they are signed."""
    await actions.decide(call, or_404(await queries.application_in(call, number)), person, data)


@delete("/decisions/{number:str}", dependencies=CHAIR, summary="Take a decision out of the minutes")
async def undo(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> None:
    await actions.undo(call, or_404(await queries.application_in(call, number)), person)


@get("/minutes", summary="The minutes of a call")
async def all_minutes(call: NamedDependency[Call], person: NamedDependency[Person]) -> list[MinutesShown]:
    return [await minuted(each, person) for each in await queries.minutes_of(call)]


@post("/minutes", dependencies=CHAIR, summary="Open minutes")
async def open_minutes(call: NamedDependency[Call], person: NamedDependency[Person]) -> MinutesShown:
    return await minuted(await actions.open_minutes(call, person), person)


@put("/minutes/{number:int}", dependencies=CHAIR, summary="Change minutes")
async def change_minutes(
    call: NamedDependency[Call], number: FromPath[int], person: NamedDependency[Person], data: JSONBody[forms.Minutes]
) -> MinutesShown:
    row = or_404(await queries.minutes_number(call, number))
    await actions.change_minutes(call, row, person, data)
    return await minuted(row, person)


def ranked(place: Place) -> PlaceShown:
    application, decision = place.application, place.decision
    return PlaceShown(
        **{name: getattr(place, name) for name in OF_PLACE},
        **{name: getattr(application, name) for name in ("number", "state", "title_ka", "title_en", "requested")},
        organisation_ka=application.organisation_name_ka,
        organisation_en=application.organisation_name_en,
        average=text(place.average),
        spread=text(place.spread),
        totals=[exact(total) for total in place.totals],
        flags=list(place.flags),
        amount=decision.amount if decision else None,
        minutes=decision.minutes_number if decision else None,
        minutes_state=MinutesState(decision.minutes_state) if decision else None,
    )


async def minuted(row: MeetingMinutes, person: Person) -> MinutesShown:
    return MinutesShown(
        **{name: getattr(row, name) for name in OF_MINUTES},
        sha256=row.body_sha256.hex() if row.body_sha256 else None,
        decisions=[
            DecisionShown(**{name: getattr(each, name) for name in DecisionShown.model_fields})
            for each in await queries.decisions_in(row)
        ],
    )


# its page saves the fields of the meeting with the signature; over JSON the step stands alone
SIGNING = Served(
    "calls.minutes", (sign,), "/calls/{reference:str}/minutes/{number:int}", these, minutes_page,
    lambda row: f"minutes/{row.number}",
)  # fmt: skip
ON_RESERVE = replace(RESERVE, path="/calls/{reference:str}/decisions/{number:str}")
ROUTES: list[Route] = [
    Router(
        "/api/v1",
        guards=[signed_in, overseers],
        route_handlers=[
            Router(
                "/calls/{reference:str}",
                route_handlers=[ranking, decide, undo, all_minutes, open_minutes, change_minutes],
            ),
            *operations_of(CALL),
            *operations_of(ON_RESERVE),
        ],
        dependencies={"call": Provide(this_call)},
    ),
    Router(
        "/api/v1",
        guards=[signed_in],
        route_handlers=operations_of(SIGNING, minuted),
        dependencies=CHAIR,
    ),
]
