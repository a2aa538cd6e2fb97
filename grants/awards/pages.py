"""The director's decision, the drafting table of the agreement, and one award for staff and grantee."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import seen_of
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.awards import actions, approvals, forms, lifecycle, queries
from grants.awards.document import body_of, condition_in_words, pdf_of
from grants.awards.extensions import panels_of, tabs_of
from grants.awards.lifecycle import State
from grants.awards.listing import APPROVALS, AWARDS, decides
from grants.awards.tables import Award
from grants.awards.transitions import STEPS
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition, open_steps
from uploads.pages import send
from web.forms import Errors, Form, Typed, allowed, given_back, parse
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect

HERE = "grants/awards/templates"
MOST_REPORTS = 6


# the director's decision -----------------------------------------------------------------------------------------


async def this_recommendation(number: FromPath[str], person: NamedDependency[Person]) -> Application:
    or_404(decides(person) or None)
    return or_404(await queries.recommendation_of(person, number))


@get("/approvals/{number:str}", name="approvals.show", dependencies={"application": Provide(this_recommendation)})
async def approval(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    return await approval_page(application, person)


async def approval_page(
    application: Any, person: Person, status: int = 200, errors: Errors = None, form: Typed = None, at: str = ""
) -> Response:
    return page(
        f"{HERE}/approval.html",
        status=status,
        application=application,
        state=ApplicationState(application.state),
        award=await queries.award_for(application),
        may_decide=approvals.may_decide(person, application),
        took_part=person.id in application.took_part,
        left=application.envelope - application.awarded,
        errors=errors or {},
        form=form or {},
    )


async def this_decision(number: FromPath[str], person: NamedDependency[Person]) -> Application:
    """What a director may decide on; whoever took part before is told so, and not only that it is not theirs."""
    application = await this_recommendation(number, person)
    approvals.refuse_who_took_part(application, person)
    return application


async def to_the_grant(application: Application, said: str) -> Response:
    award = or_404(await queries.award_for(application))
    return redirect(f"/awards/{award['reference']}", said)


async def to_the_others(application: Application, said: str) -> Response:
    return redirect("/approvals", said)


DECISIONS = Served(
    "approvals", approvals.STEPS, "/approvals/{number:str}", this_decision, approval_page,
    lambda application: f"/approvals/{application.number}", inline=True,
    then={"approval": to_the_grant, "rejection": to_the_others},
)  # fmt: skip


# one award ---------------------------------------------------------------------------------------------------------


async def this_award(reference: FromPath[str], person: NamedDependency[Person]) -> Award:
    """The award in the address; 404 unless this person may see it."""
    return or_404(await queries.award_of(person, reference))


@get("/awards/{reference:str}", name="awards.show")
async def show(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    return await page_of(award, person)


async def page_of(
    award: Award, person: Person, status: int = 200, errors: Errors = None, form: Typed = None
) -> Response:
    """The page of an award. The grantee does not read a draft that may still change."""
    drafter = lifecycle.its_drafter(person, award)
    hidden = award.state == State.DRAFTING and person.works_for(award.organisation_id)
    open_now = open_steps(person, award, STEPS)
    history, state = await history_of(award, newest_first=True), State(award.state)
    return page(
        f"{HERE}/show.html",
        status=status,
        award=award,
        state=state,
        around=await queries.surroundings_of(award),
        tabs=tabs_of(award, person),
        panels=[] if hidden else await panels_of(award, person),
        kinds=forms.ReportKind,
        reports=[] if hidden else await queries.reports_of(award),
        agreements=await queries.agreements_of(award),
        history=history,
        reason=next((each for each in history if each.reason), None) if state in State.in_set("stopped") else None,
        hidden=hidden,
        drafting=drafter and award.state == State.DRAFTING,
        missing=await actions.missing_for_offer(award) if drafter and award.state == State.DRAFTING else [],
        planned=await queries.tranches_total(award),
        lines=[] if hidden else await queries.budget_of(award),
        open_steps=open_now,
        agreed=State.CLOSING == state
        and lifecycle.its_closer(person, award)
        and bool(lifecycle.agreed_already(person, award)),
        report_word=report_word,
        errors=errors or {},
    )


def report_word(due: Row, state: State) -> tuple[str, str]:
    """How a report of the calendar stands, with its colour. Late is worked out, never stored."""
    match due["report_state"]:
        case "accepted":
            return _("accepted"), "good"
        case "waived":
            return _("not asked for"), ""
        case "submitted" | "under_review" | "verified":
            return _("submitted, being checked"), "info"
        case "returned":
            return _("returned for correction"), "warn"
        case "lapsed":
            return _("never submitted"), "bad"
    if state not in State.in_set("signed"):
        return _("planned"), ""
    if due["due_on"] < today():
        return _("late"), "bad"
    return (_("can be written now"), "warn") if due["report_state"] == "open" else (_("not due yet"), "")


@get("/awards/{reference:str}/terms", name="awards.terms")
async def terms(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    actions.refuse_unless_drafting(award, person)
    return terms_page(award)


def terms_page(award: Award, status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    return drafting_page("terms", award, status, errors, form, seen=seen_of(forms.Terms, award))


@post("/awards/{reference:str}/terms", dependencies={"award": allowed(this_award, lifecycle.its_drafter)})
@given_back(terms_page)
async def write_terms(
    award: NamedDependency[Award], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.write_terms(award, person, parse(forms.Terms, form))
    return redirect(f"/awards/{award.reference}", _("Terms saved."))


@get("/awards/{reference:str}/calendar", name="awards.calendar")
async def calendar(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    actions.refuse_unless_drafting(award, person)
    return await calendar_page(award)


async def calendar_page(award: Award, status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    there = await queries.calendar_of(award)
    lines = [{name: getattr(due, name) for name in forms.ReportLine.model_fields} for due in there]
    return drafting_page(
        "calendar", award, status, errors, form, lines=lines or proposed_calendar(award), proposed=not lines,
        seen=seen_of(forms.Calendar, {"reports": there}),
        kinds=[(str(kind), label(kind)) for kind in forms.ReportKind], most=MOST_REPORTS,
    )  # fmt: skip


@post("/awards/{reference:str}/calendar", dependencies={"award": allowed(this_award, lifecycle.its_drafter)})
@given_back(calendar_page)
async def write_calendar(
    award: NamedDependency[Award], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    lines = forms.renumbered(form, "reports", "period_from", "period_to", "due_on")
    await actions.write_calendar(award, person, parse(forms.Calendar, lines))
    return redirect(f"/awards/{award.reference}", _("Report calendar saved."))


@get("/awards/{reference:str}/budget", name="awards.budget")
async def budget(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    actions.refuse_unless_drafting(award, person)
    return await budget_page(award)


async def budget_page(award: Award, status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    there = await queries.lines_of(award)
    return drafting_page(
        "budget", award, status, errors, form, lines=await queries.budget_of(award),
        seen=seen_of(forms.Budget, {"lines": there}), missing=actions.missing_in_budget(award, there),
    )  # fmt: skip


@post("/awards/{reference:str}/budget", dependencies={"award": allowed(this_award, lifecycle.its_drafter)})
@given_back(budget_page)
async def write_budget(
    award: NamedDependency[Award], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.write_budget(award, person, parse(forms.Budget, form))
    return redirect(f"/awards/{award.reference}", _("Budget saved."))


def proposed_calendar(award: Award) -> list[dict[str, object]]:
    """An interim report for the first half and a final one for the second, each a month after its period."""
    if not (award.starts_on and award.ends_on):
        return []
    middle = award.starts_on + (award.ends_on - award.starts_on) / 2
    month = timedelta(days=30)
    halves = [("interim", award.starts_on, middle), ("final", middle + timedelta(days=1), award.ends_on)]
    return [
        {"kind": kind, "period_from": since, "period_to": until, "due_on": until + month}
        for kind, since, until in halves
        if since <= until
    ]


def drafting_page(
    name: str, award: Award, status: int = 200, errors: Errors = None, form: Typed = None, **more
) -> Response:
    offer_until = award.offer_expires_on or today() + timedelta(days=30)
    return page(
        f"{HERE}/{name}.html", status=status, award=award, errors=errors or {}, form=form or {},
        offer_until=offer_until, languages=[(str(each), label(each)) for each in forms.AgreementLanguage], **more,
    )  # fmt: skip


# the document ------------------------------------------------------------------------------------------------------


@get("/awards/{reference:str}/draft.pdf", name="awards.draft")
async def draft(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    """What would be offered now, marked as a draft."""
    actions.refuse_unless_drafting(award, person)
    made = await pdf_of(await body_of(award, 0), draft=True)
    name = f'inline; filename="{award.reference}-draft.pdf"'
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )


@get("/awards/{reference:str}/agreements/{version:int}", name="awards.agreement")
async def agreement(award: NamedDependency[Award], version: FromPath[int], request: Request) -> Response:
    return await send(or_404(await queries.document_of(award, min(version, 10_000))), request)


@get("/awards/{reference:str}/agreements/{version:int}/{party:str}", name="awards.signed_agreement")
async def signed_agreement(
    award: NamedDependency[Award], version: FromPath[int], party: FromPath[str], request: Request
) -> Response:
    return await send(or_404(await queries.signed_document_of(award, min(version, 10_000), party)), request)


# moves -------------------------------------------------------------------------------------------------------------


async def to_sign(award: Award, person: Person, step: Transition) -> dict[str, object]:
    """What a signature is put under; the other steps show their form alone."""
    if step.file is None:
        return {}
    return {
        "award": award, "around": await queries.surroundings_of(award),
        "agreement": (await queries.agreements_of(award))[0], "tranches": await queries.tranches_of(award),
        "conditions": [(each, condition_in_words(each)) for each in await queries.conditions_of(award)],
        "lines": await queries.budget_of(award),
    }  # fmt: skip


SERVED = Served(
    "awards", STEPS, "/awards/{reference:str}", this_award, page_of, lambda award: f"/awards/{award.reference}",
    title=lambda award: f"{award.reference} · {pick_text(award, 'title')}",
    templates={"signature": f"{HERE}/sign.html", "countersignature": f"{HERE}/countersign.html"}, around=to_sign,
)  # fmt: skip
ROUTES: list[Route] = [
    Router(
        "/",
        route_handlers=[*APPROVALS.pages(), approval, *DECISIONS.handlers(), *AWARDS.pages()],
        guards=[signed_in],
        include_in_schema=False,
    ),
    Router(
        "/",
        route_handlers=[
            show, terms, write_terms, calendar, write_calendar, budget, write_budget, draft, agreement,
            signed_agreement, *SERVED.handlers(),
        ],
        dependencies={"award": Provide(this_award)},
        guards=[signed_in],
        include_in_schema=False,
    ),
]  # fmt: skip
