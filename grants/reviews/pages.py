"""A reviewer's own queue and scoring; the manager's assignments; what an applicant reads of its scores at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from accounts.person import Person, visitor
from foundation.clock import today
from foundation.database import get as row_by_id
from foundation.language import gettext as _
from foundation.language import ngettext, pick_text
from grants.applications.content import content_of
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.pages import this_application
from grants.applications.queries import attachment_of, clarifications_of
from grants.applications.reading import readable
from grants.applications.tables import Application
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_manager as manages
from grants.calls.pages import this_call
from grants.calls.queries import criteria_of
from grants.calls.tables import Call
from grants.reviews import actions, forms, queries
from grants.reviews.lifecycle import (
    State,
    its_reviewer,
    looks_over_reviews,
    may_read,
)
from grants.reviews.listing import REVIEWS
from grants.reviews.outcome import outcome_for
from grants.reviews.ranking import weighted
from grants.reviews.suggestion import Need, able_to, loads, suggested
from grants.reviews.tables import Review
from grants.reviews.transitions import STEPS, conflicted, declare, reopen, replace, start_evaluation
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition
from uploads.pages import send
from web.forms import Errors, Form, Invalid, Typed, allowed, given_back, parse
from web.guards import signed_in
from web.lists import ListQuery, only_paged
from web.pages import Route, or_404, page, redirect

HERE = "grants/reviews/templates"


# who may open which door ------------------------------------------------------------------------------------------


async def this_review(review_id: FromPath[UUID], person: NamedDependency[Person]) -> Review:
    """404 unless this person may know of it."""
    return or_404(await queries.review_of(person, review_id))


OWN = {"review": allowed(this_review, its_reviewer)}
MANAGED = {"call": allowed(this_call, manages)}


def reviewers_only(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    or_404(visitor(connection).is_reviewer or None)


def overseers(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    or_404(looks_over_reviews(visitor(connection)) or None)


# a reviewer's own ---------------------------------------------------------------------------------------------------


@get("/reviews", name="reviews", guards=[reviewers_only])
async def queue(person: NamedDependency[Person], request: Request) -> Response:
    counts = await queries.progress_of(person)
    whole = sum(counts.values()) - counts.get(State.CONFLICTED, 0)
    return await REVIEWS.page(person, request.query_params, locked=counts.get(State.LOCKED, 0), whole=whole)


@get("/", name="reviews.show")
async def show(review: NamedDependency[Review], person: NamedDependency[Person]) -> Response:
    if not its_reviewer(person, review):
        return await overview(review, person)
    if may_read(person, review):
        return await scoring(review, person)
    return declaration_page(review, person)


@get("/conflict", name="reviews.conflict", dependencies=OWN)
async def late_conflict(review: NamedDependency[Review], person: NamedDependency[Person]) -> Response:
    """A conflict seen only after reading."""
    if review.state not in conflicted.sources:
        return redirect(f"/reviews/{review.id}")
    return declaration_page(review, person)


def declaration_page(
    review: Review, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    return page(
        f"{HERE}/declare.html",
        status=status,
        review=review,
        state=State(review.state),
        late=review.state != State.INVITED or not person.judges_in(review.call_id),
        bound=not person.judges_in(review.call_id),
        form=form,
        errors=errors,
    )


@post("/declaration", dependencies=OWN)
@given_back(declaration_page)
async def declaration(
    review: NamedDependency[Review], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    """One form for two steps: what it says chooses between them."""
    said = await declare(review, person, parse(forms.Declaration, form))
    return redirect("/reviews" if review.state == State.CONFLICTED else f"/reviews/{review.id}", said)


async def scoring(
    review: Review, person: Person, status: int = 200, form: Typed = None, errors: Errors = None
) -> Response:
    """The application on the left, criteria on the right; once locked, others' locked reviews below."""
    application = or_404(await row_by_id(Application, review.application_id))
    call = await queries.call_by_id(review.call_id)
    criteria = await criteria_of(call)
    scores = await queries.scores_of(review)
    others = [each for each in await queries.reviews_of(application, person) if each.id != review.id]
    asked: list[Any] = await clarifications_of(application)
    for each in asked:
        each.over = each.replied_at is None
        each.answer_files, each.files = each.files, []
    return page(
        f"{HERE}/score.html",
        status=status,
        review=review,
        state=State(review.state),
        application=application,
        call=call,
        content=readable(await content_of(application)),
        clarifications=asked,
        criteria=criteria,
        scores=scores,
        seen=await actions.seen_in_scores(review),
        total=weighted({key: score.points for key, score in scores.items()}, criteria),
        writing=review.state in State.in_set("scoring") and call.state == CallState.EVALUATING,
        reopened=await reason_of_reopening(review),
        others=others if review.state == State.LOCKED else [],
        form=form or {},
        errors=errors or {},
    )


@post("/scores", dependencies=OWN)
@given_back(scoring)
async def save(
    review: NamedDependency[Review], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    """Saves a draft; the button says where to go then: stay, the next one, or on to locking."""
    criteria = await criteria_of(await queries.call_by_id(review.call_id))
    given = parse(forms.Scores, form)
    if errors := above_the_most(given, criteria):
        raise Invalid(errors, form)
    await actions.save_scores(review, person, given)
    if form.get("then") == "lock":
        return redirect(f"/reviews/{review.id}/lock")
    following = await queries.next_of(review) if form.get("then") == "next" else None
    where = f"/reviews/{following}" if following else f"/reviews/{review.id}"
    return redirect(where, _("Saved. Nothing is final until you lock the review."))


def above_the_most(given: forms.Scores, criteria: list[Any]) -> dict[str, str]:
    most = {criterion.id: criterion.max_points for criterion in criteria}
    return {
        f"scores.{key}.points": _("Give at most {n} points.", n=most[key])
        for key, scored in given.scores.items()
        if key in most and scored.points is not None and scored.points > most[key]
    }


async def scores_to_lock(review: Review, person: Person, step: Transition) -> dict[str, Any]:
    criteria = await criteria_of(await queries.call_by_id(review.call_id))
    scores = await queries.scores_of(review)
    total = weighted({key: score.points for key, score in scores.items()}, criteria)
    return {"review": review, "criteria": criteria, "scores": scores, "total": total}


async def to_the_next(review: Review, said: str) -> Response:
    following = await queries.next_of(review)
    return redirect(
        f"/reviews/{following}" if following else "/reviews",
        _("The review is locked. Here is the next one.") if following else said,
    )


@get("/documents/{attachment_id:uuid}", name="reviews.document")
async def download(
    review: NamedDependency[Review], person: NamedDependency[Person], attachment_id: FromPath[UUID], request: Request
) -> Response:
    """A reviewer reads the files of an application as far as they may read the application."""
    or_404(may_read(person, review) or None)
    application = or_404(await row_by_id(Application, review.application_id))
    _attachment, upload = or_404(await attachment_of(application, attachment_id))
    return await send(upload, request)


async def reason_of_reopening(review: Review) -> str:
    if review.state == State.LOCKED:
        return ""
    told = [each for each in await history_of(review, only=["review.reopened"])]
    return (told[-1].reason or "") if told else ""


# those who look over ------------------------------------------------------------------------------------------------


async def overview(
    review: Review, person: Person, status: int = 200, form: Typed = None, errors: Errors = None, at: str = ""
) -> Response:
    application = or_404(await row_by_id(Application, review.application_id))
    call = await queries.call_by_id(review.call_id)
    seen = [each for each in await queries.reviews_of(application, person) if each.id == review.id]
    had = [each.reviewer_id for each in seen]
    need = Need(application.id, application.organisation_id, 1, frozenset(had))
    people = [each for each in await queries.reviewers(call) if able_to(each, need) and each.id != person.id]
    return page(
        f"{HERE}/review.html",
        status=status,
        review=review,
        state=State(review.state),
        shown=seen[0] if seen else None,
        criteria=await criteria_of(call),
        replaces=replace.open_to(person, review),
        reopens=reopen.open_to(person, review) and call.state == CallState.EVALUATING,
        people=[(each.id, each.name) for each in people],
        history=await history_of(review, newest_first=True),
        form=form or {},
        errors=errors or {},
    )


async def to_assignments(review: Review, said: str) -> Response:
    return redirect(f"/calls/{review.reference}/reviews", said)


async def to_ranking(review: Review, said: str) -> Response:
    return redirect(f"/calls/{review.reference}/ranking", said)


SERVED = Served(
    "reviews", STEPS, "/reviews/{review_id:uuid}", this_review, overview, lambda review: f"/reviews/{review.id}",
    templates={"lock": f"{HERE}/lock.html"}, around=scores_to_lock, inline=True,
    then={"lock": to_the_next, "replacement": to_assignments, "reopening": to_ranking},
)  # fmt: skip


# who reviews what ---------------------------------------------------------------------------------------------------


@get("/", name="calls.reviews", guards=[overseers])
async def assignments(call: NamedDependency[Call], person: NamedDependency[Person], request: Request) -> Response:
    return await assignments_page(call, person, here=only_paged(request.query_params, queries.IN_A_PAGE))


FIRST_PAGE = ListQuery(size=queries.IN_A_PAGE)


async def assignments_page(
    call: Call, person: Person, status: int = 200, form: Typed = None, errors: Errors = None, at: str = "",
    here: ListQuery = FIRST_PAGE,
) -> Response:  # fmt: skip
    """With a suggestion for whatever lacks reviewers, on this page of the list or another."""
    applications = await queries.applications_in_review(call, here.size, here.offset)
    counted = await queries.counted_in_review(call)
    people = [each for each in await queries.reviewers(call) if each.id != person.id]
    wanting = await queries.applications_in_review(call, lacking=True)
    needs = queries.needs(call, wanting)
    found_ones = suggested(needs, people)
    lacking = {need.application_id: max(need.lacking, 0) for need in needs}
    return page(
        f"{HERE}/assignments.html",
        status=status,
        call=call,
        applications=applications,
        lacking=lacking,
        here=here,
        count=counted["n"],
        unready=counted["unready"],
        suggestion=[(each, [p.name for p in found_ones[each.id]]) for each in wanting if found_ones.get(each.id)],
        new_loads=loads(found_ones),
        people=people,
        manages=manages(person, call) and call.state in (CallState.CLOSED, CallState.EVALUATING),
        starts=start_evaluation.open_to(person, call),
        states=State,
        application_states=ApplicationState,
        default_due=(today() + timedelta(days=14)).isoformat(),
        form=form or {},
        errors=errors or {},
    )


@get("/{number:str}", name="calls.reviews.assign", dependencies=MANAGED)
async def choose(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> Response:
    actions.refuse_unassignable(call, or_404(await queries.application_in(call, number)))
    return await choice_page(call, number, person)


async def choice_page(
    call: Call, number: str, person: Person, status: int = 200, form: Typed = None, errors: Errors = None
) -> Response:
    """Everybody who may review this application, those with the fewest reviews first."""
    application = or_404(await queries.application_in(call, number))
    listed = await queries.applications_in_review(call, only=application.id)
    need = Need(application.id, application.organisation_id, 0, listed[0].had if listed else frozenset())
    people = [each for each in await queries.reviewers(call) if each.id != person.id and able_to(each, need)]
    return page(
        f"{HERE}/assign.html",
        status=status,
        call=call,
        application=application,
        people=[
            (each.id, each.name, ngettext("{n} review", "{n} reviews", each.load))
            for each in sorted(people, key=lambda each: (each.load, each.name))
        ],
        default_due=(today() + timedelta(days=14)).isoformat(),
        form=form or {},
        errors=errors or {},
    )


@post("/{number:str}", dependencies=MANAGED)
@given_back(choice_page)
async def assign(
    call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    application = or_404(await queries.application_in(call, number))
    given = parse(forms.Chosen, form)
    await actions.assign(call, application, person, given.reviewers, given.due_on)
    return redirect(f"/calls/{call.reference}/reviews", _("Assigned. The reviewers get an email."))


@post("/suggestion", dependencies=MANAGED)
@given_back(assignments_page)
async def assign_suggested(
    call: NamedDependency[Call], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    made = await actions.assign_suggested(call, person, parse(forms.Due, form).due_on)
    return redirect(
        f"/calls/{call.reference}/reviews",
        ngettext("{n} review was assigned.", "{n} reviews were assigned.", made),
    )


EVALUATION = Served(
    "calls", (start_evaluation,), "/calls/{reference:str}", this_call, assignments_page,
    lambda call: f"/calls/{call.reference}/reviews", inline=True,
)  # fmt: skip


# the applicant ------------------------------------------------------------------------------------------------------


@get("/applications/{number:str}/decision", name="applications.decision", guards=[signed_in])
async def decision(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    """Outcome, reasons, scores and the reviewers' words without their names, once the minutes are signed."""
    shown = or_404(await outcome_for(application))
    return page(
        f"{HERE}/outcome.html", application=application, **shown, title=pick_text(application, "title"),
        confirmed=ApplicationState(application.state) == ApplicationState.APPROVED,
    )  # fmt: skip


SHOWN = {"review": Provide(this_review)}
CALL = {"call": Provide(this_call)}
ROUTES: list[Route] = [
    Router("/", route_handlers=[queue, *SERVED.handlers()], guards=[signed_in], include_in_schema=False),
    Router(
        "/reviews/{review_id:uuid}",
        guards=[signed_in],
        dependencies=SHOWN,
        include_in_schema=False,
        route_handlers=[show, late_conflict, declaration, save, download],
    ),
    Router(
        "/calls/{reference:str}/reviews",
        guards=[signed_in],
        dependencies=CALL,
        include_in_schema=False,
        route_handlers=[assignments, choose, assign, assign_suggested],
    ),
    Router("/", route_handlers=EVALUATION.handlers(), guards=[signed_in], include_in_schema=False),
    Router(
        "/",
        route_handlers=[decision],
        dependencies={"application": Provide(this_application)},
        include_in_schema=False,
    ),
]
