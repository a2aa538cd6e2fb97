"""Reviews, ranking, decisions and minutes as JSON: the same reads and actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.clock import now
from foundation.database import get as row_by_id
from foundation.language import clock
from foundation.money import MoneyOrZero
from grants.applications.content import content_of
from grants.applications.pages import this_application
from grants.applications.tables import Application
from grants.calls.forms import Reason as CallReason
from grants.calls.lifecycle import its_chair as chairs
from grants.calls.manage.pages import extends, its
from grants.calls.pages import this_call
from grants.calls.tables import Call
from grants.calls.transitions import reopen_evaluation as reopen_call
from grants.reviews import actions, forms, queries
from grants.reviews.committee import actions as committee
from grants.reviews.lifecycle import MinutesState, Outcome, State, its_reviewer
from grants.reviews.listing import REVIEWS
from grants.reviews.outcome import outcome_for
from grants.reviews.pages import of_review, overseers, reviewers_only, this_review
from grants.reviews.ranking import Place
from grants.reviews.tables import MeetingMinutes, Review
from grants.reviews.transitions import reopened, replaced
from web.guards import signed_in
from web.pages import Route, or_404


class ScoreShown(BaseModel):
    criterion_id: UUID
    points: str | None
    comment: str | None


class ReviewShort(BaseModel):
    id: UUID
    number: str
    call: str
    organisation_ka: str | None
    organisation_en: str | None
    title_ka: str | None
    title_en: str | None
    state: State
    due_on: date | None


class ReviewSaved(ReviewShort):
    """`seen` is the revision to save upon next, `saved` the time of day in words."""

    seen: str
    saved: str


class OtherReview(BaseModel):
    """Somebody's review of the same application; `total`, `comment` and `scores` only where one may read them."""

    id: UUID
    reviewer: str
    state: State
    total: str | None
    comment: str | None
    scores: list[ScoreShown]


class ReviewWhole(ReviewShort):
    """`content` is the application, from a clean declaration on."""

    revision: int
    conflict: bool | None
    total: str | None
    comment: str | None
    scores: list[ScoreShown]
    content: dict[str, Any] | None
    others: list[OtherReview]


class AssignmentShown(BaseModel):
    number: str
    lacking: int
    reviews: list[AssignedShown]


class AssignedShown(BaseModel):
    id: UUID
    reviewer: str
    state: State
    due_on: date | None


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
    requested: MoneyOrZero
    running: MoneyOrZero | None
    fits: bool
    outcome: Outcome | None
    amount: MoneyOrZero | None
    minutes: int | None
    minutes_state: MinutesState | None


class RankingShown(BaseModel):
    envelope: MoneyOrZero
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
    amount: MoneyOrZero | None
    reason: str
    exception_note: str | None
    correction: str | None
    correct_by: date | None


class OutcomeShown(BaseModel):
    outcome: Outcome
    amount: MoneyOrZero | None
    reason: str
    correction: str | None
    correct_by: date | None
    reviews: int
    average: str | None
    criteria: list[dict[str, Any]]
    comments: list[str]


class Assigned(BaseModel):
    assigned: int


# a reviewer's own ---------------------------------------------------------------------------------------------------


queue = REVIEWS.operation("/reviews", ReviewShort, guards=[signed_in, reviewers_only])


@get("/reviews/{review_id:uuid}", guards=[signed_in], summary="One review")
async def show(review: NamedDependency[Review], person: NamedDependency[Person]) -> ReviewWhole:
    application = or_404(await row_by_id(Application, review.application_id))
    seen = await queries.reviews_of(application, person)
    own = its_reviewer(person, review)
    this = next((each for each in seen if each.id == review.id), None)
    opened = this is not None and this.open_to_me and (own or review.state == State.LOCKED)
    return ReviewWhole(
        **short(review).model_dump(),
        revision=review.revision,
        conflict=review.conflict,
        total=text(this.total) if opened and this else None,
        comment=this.comment if opened and this else None,
        scores=scores(this) if opened and this else [],
        content=await content_of(application) if own and review.state in State.in_set("reading") else None,
        others=[other(each) for each in seen if each.id != review.id]
        if not own or review.state == State.LOCKED
        else [],
    )


@post(
    "/reviews/{review_id:uuid}/declaration",
    guards=[signed_in, of_review(its_reviewer)],
    status_code=200,
    summary="Declare whether there is a conflict of interest",
)
async def declare(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Declaration]
) -> ReviewShort:
    await actions.declare(review, person, data)
    return short(review)


@put(
    "/reviews/{review_id:uuid}/scores",
    guards=[signed_in, of_review(its_reviewer)],
    summary="Save the scores of a review",
)
async def save(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Scores]
) -> ReviewSaved:
    await actions.save_scores(review, person, data)
    return ReviewSaved(**vars(short(review)), seen=str(review.revision), saved=clock(now()))


@post(
    "/reviews/{review_id:uuid}/lock",
    guards=[signed_in, of_review(its_reviewer)],
    status_code=200,
    summary="Lock a review",
)
async def lock(review: NamedDependency[Review], person: NamedDependency[Person]) -> ReviewShort:
    await actions.lock_review(review, person)
    return short(review)


@post(
    "/reviews/{review_id:uuid}/replacement",
    guards=[signed_in, of_review(replaced.who)],
    status_code=200,
    summary="Replace a reviewer",
)
async def replace(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Replacement]
) -> ReviewShort:
    await actions.replace(review, person, data.reason, data.reviewer)
    return short(review)


@post(
    "/reviews/{review_id:uuid}/reopening",
    guards=[signed_in, of_review(reopened.who)],
    status_code=200,
    summary="Reopen a review",
)
async def reopen(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Reason]
) -> ReviewShort:
    await actions.reopen(review, person, data.reason)
    return short(review)


# a call's ----------------------------------------------------------------------------------------------------------


@get("/reviews", guards=[signed_in, overseers], summary="Who reviews what in a call")
async def assignments(call: NamedDependency[Call]) -> list[AssignmentShown]:
    """Who reviews what and how far they are; never a score."""
    applications = await queries.applications_in_review(call)
    lacking = {need.application_id: max(need.lacking, 0) for need in queries.needs(call, applications)}
    return [
        AssignmentShown(
            number=each.number,
            lacking=lacking.get(each.id, 0),
            reviews=[
                AssignedShown(id=r["id"], reviewer=r["name"], state=State(r["state"]), due_on=r["due_on"])
                for r in each.reviews
            ],
        )
        for each in applications
    ]


@post("/reviews", guards=[signed_in, its(extends)], summary="Assign reviewers")
async def assign(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Assignment]
) -> Assigned:
    application = or_404(await queries.application_in(call, data.number))
    made = await actions.assign(call, application, person, data.reviewers, data.due_on)
    return Assigned(assigned=len(made))


@post("/reviews/suggestion", guards=[signed_in, its(extends)], summary="Assign reviewers as suggested")
async def assign_suggested(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Due]
) -> Assigned:
    """Every application in review gets the reviewers it lacks, evenly."""
    return Assigned(assigned=await actions.assign_suggested(call, person, data.due_on))


@post("/evaluation", guards=[signed_in, its(extends)], status_code=204, summary="Begin the evaluation of a call")
async def start_evaluation(call: NamedDependency[Call], person: NamedDependency[Person]) -> None:
    await actions.start_evaluation(call, person)


@post(
    "/evaluation-reopening",
    guards=[signed_in, its(extends)],
    status_code=204,
    summary="Reopen the evaluation of a call",
)
async def reopen_evaluation(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[CallReason]
) -> None:
    await reopen_call(call, person, data.reason)


@get("/ranking", guards=[signed_in, overseers], summary="The ranking of a call")
async def ranking(call: NamedDependency[Call], person: NamedDependency[Person]) -> RankingShown:
    places = await queries.ranking_of(call, person)
    return RankingShown(envelope=call.envelope, currency=call.currency, places=[ranked(each) for each in places])


@put(
    "/decisions/{number:str}",
    guards=[signed_in, its(chairs)],
    status_code=204,
    summary="Write a decision into the minutes",
)
async def decide(
    call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person], data: JSONBody[forms.Decided]
) -> None:
    """Written into the open minutes; it takes effect when they are signed."""
    await committee.decide(call, or_404(await queries.application_in(call, number)), person, data)


@delete("/decisions/{number:str}", guards=[signed_in, its(chairs)], summary="Take a decision out of the minutes")
async def undo(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> None:
    await committee.undo(call, or_404(await queries.application_in(call, number)), person)


@post(
    "/decisions/{number:str}/promotion",
    guards=[signed_in, its(extends)],
    status_code=204,
    summary="Move an application up from the reserve list",
)
async def promote(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> None:
    """From the reserve list, in its order."""
    await committee.promote(call, or_404(await queries.application_in(call, number)), person)


@get("/minutes", guards=[signed_in, overseers], summary="The minutes of a call")
async def all_minutes(call: NamedDependency[Call]) -> list[MinutesShown]:
    return [await minuted(each) for each in await queries.minutes_of(call)]


@post("/minutes", guards=[signed_in, its(chairs)], summary="Open minutes")
async def open_minutes(call: NamedDependency[Call], person: NamedDependency[Person]) -> MinutesShown:
    return await minuted(await committee.open_minutes(call, person))


@put("/minutes/{number:int}", guards=[signed_in, its(chairs)], summary="Change minutes")
async def change_minutes(
    call: NamedDependency[Call], number: FromPath[int], person: NamedDependency[Person], data: JSONBody[forms.Minutes]
) -> MinutesShown:
    row = or_404(await queries.minutes_number(call, number))
    await committee.change_minutes(call, row, person, data)
    return await minuted(row)


@post("/minutes/{number:int}/signature", guards=[signed_in, its(chairs)], status_code=200, summary="Sign minutes")
async def sign(call: NamedDependency[Call], number: FromPath[int], person: NamedDependency[Person]) -> MinutesShown:
    row = or_404(await queries.minutes_number(call, number))
    await committee.sign(call, row, person)
    return await minuted(row)


@post(
    "/decision", guards=[signed_in, its(chairs)], status_code=204, summary="Say that the committee has decided on all"
)
async def finish(call: NamedDependency[Call], person: NamedDependency[Person]) -> None:
    await committee.finish(call, person)


@get("/applications/{number:str}/decision", guards=[signed_in], summary="What was decided on an application")
async def outcome(application: NamedDependency[Application]) -> OutcomeShown:
    """What the applicant reads, once the minutes are signed; reviewers are not named."""
    told = or_404(await outcome_for(application))
    decision = told["decision"]
    return OutcomeShown(
        outcome=told["outcome"],
        amount=decision.amount,
        reason=decision.reason,
        correction=decision.correction,
        correct_by=decision.correct_by,
        reviews=told["reviews"],
        average=text(told["average"]),
        criteria=[
            {
                "title_ka": each["row"].title_ka,
                "title_en": each["row"].title_en,
                "max_points": each["row"].max_points,
                "average": text(each["average"]),
                "comments": each["comments"],
            }
            for each in told["criteria"]
        ],
        comments=told["comments"],
    )


# -------------------------------------------------------------------------------------------------------------------


def short(review: Any) -> ReviewShort:
    return ReviewShort(
        id=review.id,
        number=review.number,
        call=review.reference,
        organisation_ka=review.organisation_name_ka,
        organisation_en=review.organisation_name_en,
        title_ka=review.title_ka,
        title_en=review.title_en,
        state=State(review.state),
        due_on=review.due_on,
    )


def scores(review: Any) -> list[ScoreShown]:
    return [
        ScoreShown(criterion_id=key, points=text(score["points"]), comment=score["comment"])
        for key, score in review.scores.items()
    ]


def other(review: Any) -> OtherReview:
    opened = review.open_to_me and review.state == State.LOCKED
    return OtherReview(
        id=review.id,
        reviewer=review.reviewer_name,
        state=State(review.state),
        total=text(review.total) if opened else None,
        comment=review.comment if opened else None,
        scores=scores(review) if opened else [],
    )


def ranked(place: Place) -> PlaceShown:
    application, decision = place.application, place.decision
    return PlaceShown(
        number=application.number,
        state=application.state,
        organisation_ka=application.organisation_name_ka,
        organisation_en=application.organisation_name_en,
        title_ka=application.title_ka,
        title_en=application.title_en,
        rank=place.rank,
        tied=place.tied,
        average=text(place.average),
        spread=text(place.spread),
        totals=[str(total) for total in place.totals],
        hidden=place.hidden,
        flags=list(place.flags),
        requested=application.requested,
        running=place.running,
        fits=place.fits,
        outcome=place.outcome,
        amount=decision.amount if decision else None,
        minutes=decision.minutes_number if decision else None,
        minutes_state=MinutesState(decision.minutes_state) if decision else None,
    )


async def minuted(row: MeetingMinutes) -> MinutesShown:
    return MinutesShown(
        number=row.number,
        state=MinutesState(row.state),
        held_on=row.held_on,
        present=row.present,
        text=row.text,
        reserve_until=row.reserve_until,
        signed_at=row.signed_at,
        sha256=row.body_sha256.hex() if row.body_sha256 else None,
        revision=row.revision,
        decisions=[
            DecisionShown(
                number=each.number,
                outcome=Outcome(each.outcome),
                rank=each.rank,
                amount=each.amount,
                reason=each.reason,
                exception_note=each.exception_note,
                correction=each.correction,
                correct_by=each.correct_by,
            )
            for each in await queries.decisions_in(row)
        ],
    )


def text(number: Any) -> str | None:
    return str(number) if number is not None else None


OF_REVIEW = [show, declare, save, lock, replace, reopen]
OF_CALL = [
    assignments, assign, assign_suggested, start_evaluation, reopen_evaluation, ranking, decide, undo, promote,
    all_minutes, open_minutes, change_minutes, sign, finish,
]  # fmt: skip
ROUTES: list[Route] = [
    Router("/api/v1", tags=["reviews"], route_handlers=[queue]),
    Router("/api/v1", tags=["reviews"], route_handlers=OF_REVIEW, dependencies={"review": Provide(this_review)}),
    Router(
        "/api/v1/calls/{reference:str}",
        tags=["reviews"],
        route_handlers=OF_CALL,
        dependencies={"call": Provide(this_call)},
    ),
    Router(
        "/api/v1",
        tags=["reviews"],
        route_handlers=[outcome],
        dependencies={"application": Provide(this_application)},
    ),
]
