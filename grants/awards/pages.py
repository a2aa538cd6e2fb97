"""The director's decision, the drafting table of the agreement, and one award for staff and grantee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from accounts.person import Person, visitor
from foundation.clock import today
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import seen_of
from foundation.refused import Missing, NotAllowed
from grants.applications.tables import Application
from grants.awards import actions, forms, lifecycle, queries
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


# who may open which door -----------------------------------------------------------------------------------------


def its(may: Callable[[Person, Award], bool]) -> Any:
    """A guard for the API: 404 when the person may not see the award, 403 when they may not do this. What the state
    allows is left to the action, which says it in words."""

    async def guard(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
        person = visitor(connection)
        if not may(person, or_404(await queries.award_of(person, connection.path_params["reference"]))):
            raise NotAllowed(_("You may not do this here."))

    return guard


# the director's decision -----------------------------------------------------------------------------------------


async def this_recommendation(number: FromPath[str], person: NamedDependency[Person]) -> Application:
    if not decides(person):
        raise Missing(_("There is no such page, or it is not for you to see."))
    return or_404(await queries.recommendation_of(person, number))


@get("/approvals/{number:str}", name="approvals.show", dependencies={"application": Provide(this_recommendation)})
async def approval(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    return await shown_approval(application, person)


async def shown_approval(application, person, status=200, errors=None, form=None) -> Response:
    return page(
        f"{HERE}/approval.html",
        status=status,
        application=application,
        award=await queries.award_for(application),
        may_decide=actions.may_decide(person, application),
        took_part=person.id in application.took_part,
        left=application.envelope - application.awarded,
        errors=errors or {},
        form=form or {},
    )


@post("/approvals/{number:str}/approval", dependencies={"application": Provide(this_recommendation)})
@given_back(shown_approval)
async def approve(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    award = await actions.approve(application, person)
    return redirect(f"/awards/{award.reference}", _("The grant is approved. Now the agreement is drafted."))


async def recommendation_to_decide(number: FromPath[str], person: NamedDependency[Person]) -> Application:
    application = await this_recommendation(number, person)
    actions.refuse_who_took_part(application, person)
    if not person.is_director:
        raise NotAllowed(_("You may not do this here."))
    return application


@post("/approvals/{number:str}/rejection", dependencies={"application": Provide(recommendation_to_decide)})
@given_back(shown_approval)
async def reject(
    application: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.reject(application, person, parse(forms.Reasoned, form).reason)
    return redirect("/approvals", _("The recommendation was not approved. The organisation reads the reason."))


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
        open_steps=open_now,
        agreed=State.CLOSING == state
        and lifecycle.its_closer(person, award)
        and bool(lifecycle.agreed_already(person, award)),
        report_word=report_word,
        errors=errors or {},
    )


def report_word(due: Any, state: State) -> tuple[str, str]:
    """How a report of the calendar stands, with its colour. Late is worked out, never stored."""
    match due["report_state"]:
        case "accepted":
            return _("accepted"), "good"
        case "waived":
            return _("not asked for"), ""
        case "submitted" | "under_review" | "verified":
            return _("handed in, being checked"), "info"
        case "returned":
            return _("returned for correction"), "warn"
        case "lapsed":
            return _("never handed in"), "bad"
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
    }  # fmt: skip


SERVED = Served(
    "awards", STEPS, "/awards/{reference:str}", this_award, page_of, lambda award: f"/awards/{award.reference}",
    title=lambda award: f"{award.reference} · {pick_text(award, 'title')}",
    templates={"signature": f"{HERE}/sign.html", "countersignature": f"{HERE}/countersign.html"}, around=to_sign,
)  # fmt: skip
ROUTES: list[Route] = [
    Router(
        "/",
        route_handlers=[*APPROVALS.pages(), approval, approve, reject, *AWARDS.pages()],
        guards=[signed_in],
        include_in_schema=False,
    ),
    Router(
        "/",
        route_handlers=[
            show, terms, write_terms, calendar, write_calendar, draft, agreement, signed_agreement,
            *SERVED.handlers(),
        ],
        dependencies={"award": Provide(this_award)},
        guards=[signed_in],
        include_in_schema=False,
    ),
]  # fmt: skip
