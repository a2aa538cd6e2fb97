"""The curator's check and what it leads to; the organisation's answer to a question has its page here too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide

from accounts.person import Person
from foundation.clock import today
from foundation.language import gettext as _
from foundation.language import pick_text
from foundation.merging import seen_of
from foundation.refused import Refused
from grants.applications import forms, queries, transitions
from grants.applications.checking import actions
from grants.applications.content import content_of
from grants.applications.lifecycle import State, its_curator, its_people, its_signatory
from grants.applications.pages import address, its_call, page_of, this_application
from grants.applications.reading import option_pairs, readable
from grants.applications.tables import Application
from grants.calls.queries import sections_of
from lifecycle.pages import Served
from lifecycle.transition import Transition
from uploads.receiving import Receiving, files_of
from web.forms import Errors, Form, Typed, allowed, form_of, given_back, known_to, parse
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404, page, redirect

HERE = "grants/applications/templates"


async def this_case(application: NamedDependency[Application], person: NamedDependency[Person]) -> Application:
    """For staff; its own people have other pages."""
    return or_404(application if application.submitted_at and not its_people(person, application) else None)


CURATED = {"case": allowed(this_case, its_curator)}
CONFIRMED = {"case": allowed(this_case, transitions.confirm_ineligible.who)}


@get("/eligibility", name="applications.eligibility", dependencies=CURATED)
async def eligibility(case: NamedDependency[Application]) -> Response:
    if case.state not in State.in_set("in_check"):
        return redirect(f"/applications/{case.number}")
    return await _eligibility_page(case)


async def _eligibility_page(
    case: Application, form: Typed = None, errors: Errors = None, status: int = 200
) -> Response:
    criteria = await queries.criteria_of(case)
    return page(
        f"{HERE}/eligibility.html", status=status, application=case, criteria=criteria,
        seen=seen_of(forms.Check, forms.checked_in(criteria)), content=readable(await content_of(case)),
        form=form, errors=errors,
    )  # fmt: skip


@post("/eligibility", dependencies=CURATED)
@given_back(_eligibility_page)
async def judge(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.judge(case, person, parse(forms.Check, form))
    return redirect(f"/applications/{case.number}", _("The check is saved."))


@get("/reply", name="applications.reply")
async def reply(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    or_404(application if its_people(person, application) else None)
    if application.state not in State.in_set("asked"):
        return redirect(f"/applications/{application.number}")
    return await _reply_page(application, person)


async def _reply_page(
    application: Application, person: Person, form: Typed = None, errors: Errors = None, status: int = 200
) -> Response:
    asked = await queries.open_question(application)
    if asked is None:
        raise Refused(_("Nothing is being asked any more."))
    content = readable(await content_of(application))
    named = {str(each) for each in asked.section_ids}
    so_far = await queries.clarifications_of(application)
    return page(
        f"{HERE}/reply.html", status=status, application=application, asked=asked, draft=asked.draft,
        sections=[each for each in content["sections"] if each["id"] in named], currency=application.currency,
        files=next((each.files for each in so_far if each.id == asked.id), []), option_pairs=option_pairs,
        signs=its_signatory(person, application), form=form or asked.draft, errors=errors or {},
    )  # fmt: skip


@post(
    "/reply", request_max_body_size=UPLOAD,
    dependencies={"application": known_to(this_application, its_people), "form": form_of(Receiving)},
)  # fmt: skip
@given_back(_reply_page)
async def send_reply(
    application: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    """More than the step: files are kept first, so that they need not be chosen again when something else is missing,
    and what is written may be kept without being sent."""
    files = files_of(form, "files")
    if files:
        await actions.add_files(application, person, files)
    await actions.keep_reply(application, person, _typed(form))
    if form.get("then") == "files":
        return redirect(f"/applications/{application.number}/reply")
    if form.get("then") == "save":
        return redirect(f"/applications/{application.number}/reply", _("Saved. The answer is not sent yet."), "warning")
    said = parse(forms.Reply, form, besides=_typed(form)).reply
    await actions.answer(application, person, said, dict(form))
    return redirect(f"/applications/{application.number}", _("Your answer has been sent."))


@get("/ineligibility", name="applications.ineligibility")
async def ineligibility(case: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    if not its_curator(person, case):
        await transitions.confirm_ineligible.require(person, case)
    actions.refuse_unproposable(case)
    return await _ineligibility_page(case, person)


async def _ineligibility_page(
    case: Application, person: Person, form: Typed = None, errors: Errors = None, status: int = 200
) -> Response:
    criteria = await queries.criteria_of(case)
    return page(
        f"{HERE}/ineligibility.html", status=status, application=case, criteria=criteria,
        criterion_pairs=[(each["id"], pick_text(each, "title")) for each in criteria],
        confirms=bool(case.ineligible_proposed_by) and transitions.confirm_ineligible.open_to(person, case),
        form=form or {}, errors=errors or {},
    )  # fmt: skip


@post("/ineligibility", dependencies=CURATED)
@given_back(_ineligibility_page)
async def propose(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    said = parse(forms.Ineligibility, form)
    await actions.propose_ineligible(case, person, said.criterion_id, said.reason)
    return redirect(f"/applications/{case.number}", _("A programme manager has been asked to confirm."))


# proposed, confirmed and refused on one page: a step of its own has no page beside it
@post("/ineligibility/confirmation", dependencies=CONFIRMED)
@given_back(_ineligibility_page)
async def confirm(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await transitions.confirm_ineligible(case, person, parse(forms.Reason, form).reason)
    return redirect(address(case), transitions.confirm_ineligible.said(case, True))


@post("/ineligibility/refusal", dependencies=CONFIRMED)
@given_back(_ineligibility_page)
async def refuse(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.drop_proposal(case, person, parse(forms.Reason, form).reason)
    return redirect(f"/applications/{case.number}", _("The review of the application continues."))


async def to_the_check(case: Application, said: str) -> Response:
    return redirect(f"/applications/{case.number}/eligibility")


async def around(case: Application, person: Person, step: Transition) -> dict[str, Any]:
    sections = await sections_of(await queries.call_of(case)) if step is transitions.ask_clarification else []
    return {
        "section_pairs": [(each.id, pick_text(each, "title")) for each in sections],
        "due": today() + timedelta(days=5),
    }


STEPS = (transitions.begin_check, transitions.start_review, transitions.ask_clarification, transitions.readmit)
SERVED = Served(
    "applications", STEPS, "/applications/{number:str}", this_case, page_of, address,
    title=lambda case: case.number,
    back=lambda case: _("The application"), then={"admin-check": to_the_check}, around=around,
    templates={"clarification": f"{HERE}/clarification.html"},
)  # fmt: skip


def _typed(form: Form) -> dict[str, str]:
    return {name: typed for name, typed in form.items() if name not in ("csrf_token", "then", "files")}


CASE = [eligibility, judge, reply, send_reply, ineligibility, propose, confirm, refuse]
ROUTES: list[Route] = [
    Router(
        "/",
        route_handlers=[Router("/applications/{number:str}", route_handlers=CASE), *SERVED.handlers()],
        guards=[signed_in],
        dependencies={"application": Provide(this_application), "case": Provide(this_case), "call": Provide(its_call)},
        include_in_schema=False,
    )
]
