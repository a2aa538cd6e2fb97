"""Reviews, and what an applicant reads of them, as JSON: the same reads and actions as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from pydantic import BaseModel

from accounts.person import Person
from foundation.clock import now
from foundation.database import get as row_by_id
from foundation.language import clock
from foundation.money import Amount
from foundation.typed import exact
from grants.applications.content import content_of
from grants.applications.pages import this_application
from grants.applications.tables import Application
from grants.calls.pages import this_call
from grants.calls.tables import Call
from grants.reviews import actions, forms, queries
from grants.reviews.lifecycle import Outcome, State, its_reviewer, may_read
from grants.reviews.listing import REVIEWS
from grants.reviews.outcome import outcome_for
from grants.reviews.pages import EVALUATION, MANAGED, OWN, SERVED, overseers, reviewers_only, this_review
from grants.reviews.tables import Review
from grants.reviews.transitions import declare
from lifecycle.api import operations_of
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
    """`revision` is the one to save upon next, `seen` the same for a form that is merged; `saved` the time of day."""

    revision: int
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


class OutcomeShown(BaseModel):
    outcome: Outcome
    amount: Amount | None
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


queue = REVIEWS.operation("/reviews", ReviewShort, guards=[reviewers_only])


@get("/reviews/{review_id:uuid}", summary="One review")
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
        content=await content_of(application) if may_read(person, review) else None,
        others=[other(each) for each in seen if each.id != review.id]
        if not own or review.state == State.LOCKED
        else [],
    )


@put("/reviews/{review_id:uuid}/scores", dependencies=OWN, summary="Save the scores of a review")
async def save(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Scores]
) -> ReviewSaved:
    await actions.save_scores(review, person, data)
    seen = await actions.seen_in_scores(review)
    return ReviewSaved(**vars(short(review)), revision=review.revision, seen=seen, saved=clock(now()))


@post(
    "/reviews/{review_id:uuid}/declaration",
    dependencies=OWN,
    status_code=200,
    summary="Declare whether there is a conflict of interest",
)
async def declaration(
    review: NamedDependency[Review], person: NamedDependency[Person], data: JSONBody[forms.Declaration]
) -> ReviewShort:
    """One body for two steps: what it says chooses between them."""
    await declare(review, person, data)
    return short(review)


async def shortly(review: Review, person: Person) -> ReviewShort:
    return short(review)


# a call's ----------------------------------------------------------------------------------------------------------


@get("/reviews", guards=[overseers], summary="Who reviews what in a call")
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


@post("/reviews", dependencies=MANAGED, summary="Assign reviewers")
async def assign(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Assignment]
) -> Assigned:
    application = or_404(await queries.application_in(call, data.number))
    made = await actions.assign(call, application, person, data.reviewers, data.due_on)
    return Assigned(assigned=len(made))


@post("/reviews/suggestion", dependencies=MANAGED, summary="Assign reviewers as suggested")
async def assign_suggested(
    call: NamedDependency[Call], person: NamedDependency[Person], data: JSONBody[forms.Due]
) -> Assigned:
    """Every application in review gets the reviewers it lacks, evenly."""
    return Assigned(assigned=await actions.assign_suggested(call, person, data.due_on))


@get("/applications/{number:str}/decision", summary="What was decided on an application")
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


def text(number: Any) -> str | None:
    return exact(number) if number is not None else None


ROUTES: list[Route] = [
    Router(
        "/api/v1",
        guards=[signed_in],
        route_handlers=[
            queue,
            Router("/", route_handlers=[show, declaration, save], dependencies={"review": Provide(this_review)}),
            *operations_of(SERVED, shortly),
            Router(
                "/calls/{reference:str}",
                route_handlers=[assignments, assign, assign_suggested],
                dependencies={"call": Provide(this_call)},
            ),
            *operations_of(EVALUATION),
            Router("/", route_handlers=[outcome], dependencies={"application": Provide(this_application)}),
        ],
    )
]
