"""The curator's check and what it leads to; the organisation's answer to a question has its page here too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide

from accounts.person import Person
from foundation.clock import today
from foundation.language import gettext as _
from foundation.language import pick_text
from foundation.refused import NotAllowed, Refused
from grants.applications import forms, queries, transitions
from grants.applications.checking import actions
from grants.applications.content import content_of
from grants.applications.lifecycle import State, its_curator, its_people, its_signatory
from grants.applications.pages import its_call, this_application
from grants.applications.reading import option_pairs, readable
from grants.applications.tables import Application
from grants.calls.queries import sections_of
from grants.calls.tables import Call
from uploads.receiving import Receiving, files_of
from web.forms import Errors, Form, Typed, form_of, given_back, known_to, parse
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404, page, redirect

HERE = "grants/applications/templates"


def case_for(may: Callable[[Person, Application], bool]) -> Any:
    """The case for somebody who may do this with it; 403 for those who may only see it. The state is the action's."""

    async def case(application: NamedDependency[Application], person: NamedDependency[Person]) -> Application:
        await this_case(application, person)
        if not may(person, application):
            raise NotAllowed(_("You may not do this here."))
        return application

    return {"case": Provide(case)}


async def this_case(application: NamedDependency[Application], person: NamedDependency[Person]) -> Application:
    """For staff; its own people have other pages."""
    return or_404(application if application.submitted_at and not its_people(person, application) else None)


@post("/admin-check")
async def begin(case: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    await transitions.begin_check(case, person)
    return redirect(f"/applications/{case.number}/eligibility")


@get("/eligibility", name="applications.eligibility", dependencies=case_for(its_curator))
async def eligibility(case: NamedDependency[Application]) -> Response:
    if case.state not in State.in_set("in_check"):
        return redirect(f"/applications/{case.number}")
    return await _eligibility_page(case)


async def _eligibility_page(
    case: Application, form: Typed = None, errors: Errors = None, status: int = 200
) -> Response:
    return page(
        f"{HERE}/eligibility.html", status=status, application=case, criteria=await queries.criteria_of(case),
        content=readable(await content_of(case)), form=form, errors=errors,
    )  # fmt: skip


@post("/eligibility", dependencies=case_for(its_curator))
@given_back(_eligibility_page)
async def judge(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.judge(case, person, parse(forms.Check, form).criteria)
    return redirect(f"/applications/{case.number}", _("The check is saved."))


@post("/review")
async def start_review(case: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    await transitions.start_review(case, person)
    return redirect(f"/applications/{case.number}", _("The application is in review."))


@get("/clarification", name="applications.clarification")
async def question(
    case: NamedDependency[Application], call: NamedDependency[Call], person: NamedDependency[Person]
) -> Response:
    await transitions.ask_clarification.require(person, case)
    return await _question_page(case, call)


async def _question_page(
    case: Application, call: Call, form: Typed = None, errors: Errors = None, status: int = 200
) -> Response:
    return page(
        f"{HERE}/clarification.html", status=status, application=case,
        section_pairs=[(each.id, pick_text(each, "title")) for each in await sections_of(call)],
        due=today() + timedelta(days=5), form=form or {}, errors=errors or {},
    )  # fmt: skip


@post("/clarification", dependencies=case_for(transitions.ask_clarification.who))
@given_back(_question_page)
async def ask(
    case: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    await actions.ask(case, person, parse(forms.Asked, form))
    return redirect(f"/applications/{case.number}", _("The question has been sent to the organisation."))


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
    """Files are kept first, so that they need not be chosen again when something else is missing."""
    files = files_of(form, "files")
    if files:
        await actions.add_files(application, person, files)
    await actions.keep_reply(application, person, _typed(form))
    if form.get("then") == "files":
        return redirect(f"/applications/{application.number}/reply")
    if form.get("then") == "save":
        return redirect(f"/applications/{application.number}/reply", _("Saved. The answer is not sent yet."), "warning")
    said = parse(forms.Reply, form).reply
    await actions.answer(application, person, said, dict(form))
    return redirect(f"/applications/{application.number}", _("Your answer has been sent."))


@get("/ineligibility", name="applications.ineligibility")
async def ineligibility(case: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    if not its_curator(person, case):
        await transitions.confirm_ineligible.require(person, case)
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


@post("/ineligibility", dependencies=case_for(its_curator))
@given_back(_ineligibility_page)
async def propose(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    said = parse(forms.Ineligibility, form)
    await actions.propose_ineligible(case, person, said.criterion_id, said.reason)
    return redirect(f"/applications/{case.number}", _("A programme manager has been asked to confirm."))


@post("/ineligibility/confirmation", dependencies=case_for(transitions.confirm_ineligible.who))
@given_back(_ineligibility_page)
async def confirm(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await transitions.confirm_ineligible(case, person, parse(forms.Reason, form).reason)
    return redirect(f"/applications/{case.number}", _("The organisation is told."))


@post("/ineligibility/refusal", dependencies=case_for(transitions.confirm_ineligible.who))
@given_back(_ineligibility_page)
async def refuse(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.drop_proposal(case, person, parse(forms.Reason, form).reason)
    return redirect(f"/applications/{case.number}", _("The application goes on."))


@get("/readmission", name="applications.readmission")
async def readmission(case: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    await transitions.readmit.require(person, case)
    return _readmission_page(case)


def _readmission_page(
    case: Application, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    return page(f"{HERE}/readmission.html", status=status, application=case, form=form, errors=errors)


@post("/readmission", dependencies=case_for(transitions.readmit.who))
@given_back(_readmission_page)
async def readmit(
    case: NamedDependency[Application], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await transitions.readmit(case, person, parse(forms.Reason, form).reason)
    return redirect(f"/applications/{case.number}", _("The application is back in the check."))


def _typed(form: Form) -> dict[str, str]:
    return {name: typed for name, typed in form.items() if name not in ("csrf_token", "then", "files")}


ROUTES: list[Route] = [
    Router(
        "/applications/{number:str}",
        route_handlers=[
            begin, eligibility, judge, start_review, question, ask, reply, send_reply, ineligibility, propose, confirm,
            refuse, readmission, readmit,
        ],
        guards=[signed_in],
        dependencies={"application": Provide(this_application), "case": Provide(this_case), "call": Provide(its_call)},
        include_in_schema=False,
    )
]  # fmt: skip
