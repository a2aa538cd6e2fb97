"""The ranked list, the decision on one application, and the minutes."""

from __future__ import annotations

from datetime import timedelta

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.clock import today
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import seen_of
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.queries import clarifications_of
from grants.applications.tables import Application
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_chair as chairs
from grants.calls.lifecycle import its_manager as manages
from grants.calls.pages import this_call
from grants.calls.queries import criteria_of, sections_of
from grants.calls.tables import Call
from grants.reviews import forms, queries
from grants.reviews.committee import actions
from grants.reviews.committee.document import printed
from grants.reviews.committee.transitions import finish, promote, reopen_evaluation, sign
from grants.reviews.export import ranking_sheet
from grants.reviews.lifecycle import MinutesState, Outcome, State
from grants.reviews.pages import overseers
from grants.reviews.tables import MeetingMinutes
from lifecycle.pages import Served
from lifecycle.record import history_of
from web.forms import Errors, Form, Typed, allowed, given_back, parse
from web.guards import signed_in
from web.lists import ListQuery, only_paged
from web.pages import Route, or_404, page, redirect
from web.paper import pdf
from web.sheets import CSV, XLSX

HERE = "grants/reviews/templates"
CHAIR = {"call": allowed(this_call, chairs)}
FIRST = ListQuery(size=queries.PER_PAGE)
OUTCOME_TONES = {Outcome.APPROVE: "good", Outcome.CORRECTION: "warn", Outcome.RESERVE: "info", Outcome.REJECT: "bad"}


@get("/ranking", name="calls.ranking")
async def ranking(call: NamedDependency[Call], person: NamedDependency[Person], request: Request) -> Response:
    return await ranking_page(call, person, here=only_paged(request.query_params, queries.PER_PAGE))


@get("/ranking.csv", name="calls.ranking.csv")
async def as_csv(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response[bytes]:
    return await ranking_sheet(call, await queries.ranking_of(call, person), CSV)


@get("/ranking.xlsx", name="calls.ranking.xlsx")
async def as_xlsx(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response[bytes]:
    return await ranking_sheet(call, await queries.ranking_of(call, person), XLSX)


async def ranking_page(
    call: Call, person: Person, status: int = 200, form: Typed = None, errors: Errors = None, at: str = "",
    here: ListQuery = FIRST,
) -> Response:  # fmt: skip
    line, places = await queries.ranking_page(call, person, here.size, here.offset)
    minutes = await queries.minutes_of(call)
    states = await queries.states_in(call)
    last = line.fitting - 1 if line.ends else None
    return page(
        f"{HERE}/ranking.html",
        status=status,
        call=call,
        state=CallState(call.state),
        places=places,
        here=here,
        pages=here.pages(line.places),
        line_after=None if last is None else last - here.offset,
        line_page=None if last is None else max(last, 0) // here.size + 1,
        over=call.envelope - line.wanted,
        given=line.given,
        undecided=sum(states.get(each, 0) for each in actions.UNDECIDED),
        minutes=minutes,
        meeting_open=any(each.state == MinutesState.OPEN for each in minutes),
        minutes_states=MinutesState,
        chairs=chairs(person, call) and call.state == CallState.EVALUATING,
        finishes=finish.open_to(person, call),
        reopens=reopen_evaluation.open_to(person, call),
        promotes={place.application.id for place in places if promote.open_to(person, place.application)}
        if manages(person, call)
        else set(),
        application_states=ApplicationState,
        decidable=ApplicationState.in_set("for_committee"),
        outcome_tones=OUTCOME_TONES,
        form=form or {},
        errors=errors or {},
    )


@get("/ranking/{number:str}", name="calls.ranking.application")
async def consider(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> Response:
    return await decision_page(call, number, person)


async def decision_page(
    call: Call, number: str, person: Person, status: int = 200, form: Typed = None, errors: Errors = None
) -> Response:
    application = or_404(await queries.application_in(call, number))
    place = or_404(await queries.place_of(call, person, application))
    questions = await clarifications_of(application)
    for each in questions:
        each.over = each.replied_at is None and application.state != ApplicationState.CORRECTION
    state = ApplicationState(application.state)
    corrected = state is ApplicationState.CORRECTED
    outcomes = (Outcome.APPROVE, Outcome.REJECT) if corrected else tuple(Outcome)
    mine = place.decision if place.decision and place.decision.minutes_state == MinutesState.OPEN else None
    return page(
        f"{HERE}/decide.html",
        status=status,
        call=call,
        application=application,
        place=place,
        state=state,
        reviews=await queries.reviews_of(application, person),
        review_states=State,
        criteria=await criteria_of(call),
        clarifications=questions,
        sections=[(each.id, pick_text(each, "title")) for each in await sections_of(call)],
        outcomes=[(str(each), label(each)) for each in outcomes],
        decides=chairs(person, call)
        and call.state == CallState.EVALUATING
        and state in ApplicationState.in_set("for_committee"),
        mine=mine,
        # what is decided after a correction was agreed before it, and may be less than was asked
        agreed=place.decision.amount if corrected and place.decision else None,
        seen=seen_of(forms.Decided, forms.decided(mine)),
        outcome_tones=OUTCOME_TONES,
        outcome=Outcome,
        correct_by=(today() + timedelta(days=14)).isoformat(),
        form=form or {},
        errors=errors or {},
    )


@post("/ranking/{number:str}", dependencies=CHAIR)
@given_back(decision_page)
async def decide(
    call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    application = or_404(await queries.application_in(call, number))
    await actions.decide(call, application, person, parse(forms.Decided, form))
    return redirect(
        f"/calls/{call.reference}/ranking", _("Written into the minutes. It takes effect when they are signed.")
    )


@post("/ranking/{number:str}/removal", dependencies=CHAIR)
@given_back(decision_page)
async def undo(call: NamedDependency[Call], number: FromPath[str], person: NamedDependency[Person]) -> Response:
    application = or_404(await queries.application_in(call, number))
    await actions.undo(call, application, person)
    return redirect(f"/calls/{call.reference}/ranking", _("The decision was taken out of the minutes."))


async def candidate(call: NamedDependency[Call], number: FromPath[str]) -> Application:
    """The application in the address, one of the call's."""
    return or_404(await queries.application_in(call, number))


async def ranking_with(
    application: Application, person: Person, status: int = 200, form: Typed = None, errors: Errors = None, at: str = ""
) -> Response:
    return await ranking_page(await queries.call_by_id(application.call_id), person, status, form, errors)


CALL = Served(
    "calls.ranking", (finish, reopen_evaluation), "/calls/{reference:str}", this_call, ranking_page,
    lambda call: f"/calls/{call.reference}/ranking", inline=True,
)  # fmt: skip
RESERVE = Served(
    "calls.ranking", (promote,), "/calls/{reference:str}/ranking/{number:str}", candidate, ranking_with,
    lambda application: f"/calls/{application.call_reference}/ranking", inline=True,
)  # fmt: skip


# minutes -----------------------------------------------------------------------------------------------------------


@post("/minutes", dependencies=CHAIR)
@given_back(ranking_page)
async def open_minutes(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response:
    made = await actions.open_minutes(call, person)
    return redirect(f"/calls/{call.reference}/minutes/{made.number}")


async def these(call: NamedDependency[Call], number: FromPath[int]) -> MeetingMinutes:
    return or_404(await queries.minutes_number(call, number))


THESE = {"row": Provide(these)}


@get("/minutes/{number:int}", name="calls.minutes", dependencies=THESE)
async def minutes(
    call: NamedDependency[Call], row: NamedDependency[MeetingMinutes], person: NamedDependency[Person]
) -> Response:
    return await minutes_page(call, row, person)


async def minutes_page(
    call: Call, row: MeetingMinutes, person: Person, status: int = 200, form: Typed = None, errors: Errors = None
) -> Response:
    return page(
        f"{HERE}/minutes.html",
        status=status,
        call=call,
        minutes=row,
        state=MinutesState(row.state),
        decisions=await queries.decisions_in(row),
        outcome=Outcome,
        outcome_tones=OUTCOME_TONES,
        chairs=chairs(person, call) and call.state == CallState.EVALUATING and row.state == MinutesState.OPEN,
        fingerprint=row.body_sha256.hex() if row.body_sha256 else "",
        seen=seen_of(forms.Minutes, row),
        history=await history_of(row, newest_first=True),
        form=form or {},
        errors=errors or {},
    )


@post("/minutes/{number:int}", dependencies=CHAIR | THESE)
@given_back(minutes_page)
async def change(
    call: NamedDependency[Call],
    row: NamedDependency[MeetingMinutes],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    await actions.change_minutes(call, row, person, parse(forms.Minutes, form))
    return redirect(f"/calls/{call.reference}/minutes/{row.number}", _("The minutes were saved."))


@post("/minutes/{number:int}/signature", dependencies=CHAIR | THESE)
@given_back(minutes_page)
async def sign_minutes(
    call: NamedDependency[Call],
    row: NamedDependency[MeetingMinutes],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    """More than the step: what is still in the fields of the meeting comes with the signature and is saved first."""
    if "held_on" in form:
        await actions.change_minutes(call, row, person, parse(forms.Minutes, form))
    await sign(row, person)
    return redirect(f"/calls/{call.reference}/minutes/{row.number}", sign.said(row, True))


@get("/minutes/{number:int}/minutes.pdf", name="calls.minutes.pdf", dependencies=THESE)
async def on_paper(call: NamedDependency[Call], row: NamedDependency[MeetingMinutes]) -> Response[bytes]:
    made = await pdf(f"{HERE}/minutes.typ", await printed(call, row))
    name = f"{call.reference}-minutes-{row.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


ROUTES: list[Route] = [
    Router(
        "/",
        guards=[signed_in, overseers],
        dependencies={"call": Provide(this_call)},
        include_in_schema=False,
        route_handlers=[
            Router(
                "/calls/{reference:str}",
                route_handlers=[
                    ranking, as_csv, as_xlsx, consider, decide, undo, open_minutes, minutes, change, sign_minutes,
                    on_paper,
                ],
            ),
            *CALL.handlers(),
            *RESERVE.handlers(),
        ],
    )
]  # fmt: skip
