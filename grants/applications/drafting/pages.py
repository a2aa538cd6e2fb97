"""An organisation writes its application here: one topic a page, any order, back to the task list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.clock import now
from foundation.language import clock, label, pick_text
from foundation.language import gettext as _
from foundation.merging import written
from foundation.settings import settings
from grants.applications import actions, budget, declaration, forms, progress, queries, shapes, statuses, transitions
from grants.applications.content import gather
from grants.applications.drafting import actions as drafting
from grants.applications.lifecycle import State, its_people, its_signatory
from grants.applications.pages import address, its_call, page_of, this_application
from grants.applications.reading import option_pairs, readable
from grants.applications.tables import Application
from grants.calls.queries import documents_of, municipalities_of, sections_of
from grants.calls.tables import Call
from lifecycle.pages import Served
from uploads.receiving import Receiving, file_of
from web.forms import Errors, Form, allowed, form_of, given_back, parse, seen_in
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404, page, redirect

HERE = "grants/applications/templates"


async def this_draft(application: NamedDependency[Application], person: NamedDependency[Person]) -> Application:
    """Its own people's only; others, who may see what was sent, have no draft to see."""
    return or_404(application if its_people(person, application) else None)


@get("/about", name="applications.about")
async def about(draft: NamedDependency[Application], call: NamedDependency[Call]) -> Response:
    return _elsewhere(draft) or await about_page(draft, call)


async def about_page(
    draft: Application, call: Call, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    stored = drafting.about_as_stored(draft)
    part = progress.about(draft, call)
    # what was never filled in is not an error yet; what was typed and cannot be right is
    wrong = {p.field: p.sentence for p in part.problems if stored.get(p.field)}
    return page(
        f"{HERE}/about.html", status=status, application=draft, call=call, stored=stored, form=form,
        errors=wrong | (errors or {}), seen=written(stored), edit=await _other_edit(draft, "about", form),
        place_pairs=[(str(each.id), pick_text(each, "name")) for each in await municipalities_of(call)],
    )  # fmt: skip


@post("/about")
@given_back(about_page)
async def save_about(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    await drafting.save_about(draft, person, form, call.municipality_ids, seen_in(form))
    return await _onward(draft, call, form, "about")


@get("/sections/{section_id:uuid}", name="applications.section")
async def section(
    draft: NamedDependency[Application], call: NamedDependency[Call], section_id: FromPath[UUID]
) -> Response:
    return _elsewhere(draft) or await section_page(draft, call, section_id)


async def section_page(
    draft: Application, call: Call, section_id: UUID,
    status: int = 200, errors: Errors = None, form: Form | None = None,
) -> Response:  # fmt: skip
    sections = await sections_of(call)
    this = or_404(next((each for each in sections if each.id == section_id), None))
    stored = {str(key): typed for key, typed in (await drafting.answers_of(draft, section_id)).items()}
    wrong = {}
    for question in this.questions:
        typed = stored[str(question.id)].strip()
        if typed and (said := shapes.wrong({"kind": question.kind, "options": question.options}, typed)):
            wrong[str(question.id)] = said
    return page(
        f"{HERE}/section.html", status=status, application=draft, call=call, section=this, stored=stored,
        form=form, errors=wrong | (errors or {}), seen=written(stored), option_pairs=option_pairs,
        place=sections.index(this) + 1, places=len(sections), edit=await _other_edit(draft, str(section_id), form),
    )  # fmt: skip


@post("/sections/{section_id:uuid}")
@given_back(section_page)
async def save_section(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    section_id: FromPath[UUID],
    form: NamedDependency[Form],
) -> Response:
    answers = {key: typed for name, typed in form.items() if (key := _uuid(name))}
    await drafting.save_section(draft, person, section_id, answers, seen_in(form))
    return await _onward(draft, call, form, str(section_id))


@get("/budget", name="applications.budget")
async def the_budget(draft: NamedDependency[Application], call: NamedDependency[Call], request: Request) -> Response:
    return _elsewhere(draft) or await budget_page(draft, call, more=1 if "more" in request.query_params else 0)


async def budget_page(
    draft: Application, call: Call, status: int = 200, errors: Errors = None, form: Form | None = None, more: int = 0
) -> Response:
    stored = await drafting.budget_as_stored(draft)
    rows = stored if form is None else budget.with_ids(budget.rows_of(form.pairs))
    lines, wrong = budget.read(rows, call.currency)
    asked, own = budget.requested(lines), budget.own_contribution(lines)
    blank = max(more, 0 if rows else 2)
    return page(
        f"{HERE}/budget.html", status=status, application=draft, call=call,
        rows=rows + [budget.blank() for _row in range(blank)],
        filled=len(rows), errors=wrong | (errors or {}), seen=written({"lines": stored}),
        # its rows are numbered anew: what is left of the form is what it was opened with, and what others wrote
        form=budget.without_rows(form) if form else None, edit=await _other_edit(draft, "budget", form),
        amounts=budget.amounts(rows, call.currency) + [None] * blank, asked=asked, own=own, whole=asked + own,
        categories=[(str(each), label(each)) for each in budget.Category],
    )  # fmt: skip


@post("/budget")
@given_back(budget_page)
async def save_budget(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    """Everything typed is kept; rows that are not whole come back with a sentence at each cell."""
    then = form.get("then", "")
    typed = budget.rows_of([pair for pair in form.pairs if not _removed(pair[0], then)])
    errors = await drafting.save_budget(draft, person, typed, seen_in(form))
    if then == "add":
        place = len(await drafting.budget_as_stored(draft))
        return redirect(f"/applications/{draft.number}/budget", anchor=f"f-lines-{place}-item", more=1)
    if then.startswith("remove."):
        return redirect(f"/applications/{draft.number}/budget", _("The row was removed."))
    if errors and then == "next":
        return await budget_page(draft, call, status=422)
    return await _onward(draft, call, form, "budget")


@get("/documents", name="applications.documents")
async def documents(draft: NamedDependency[Application], call: NamedDependency[Call]) -> Response:
    return _elsewhere(draft) or await documents_page(draft, call)


async def documents_page(
    draft: Application, call: Call, status: int = 200, errors: dict[str, str] | None = None, form: Form | None = None
) -> Response:
    """What is said about the file stands at the document it was chosen for."""
    chosen = _uuid(form.get("document_id", "")) if form is not None else None
    content = await gather(draft)
    helps = {str(each.id): each for each in await documents_of(call)}
    return page(
        f"{HERE}/documents.html", status=status, application=draft, call=call, content=content, helps=helps,
        limit_mb=settings().upload_mb, form=form, chosen=str(chosen or "other"),
        errors={str(chosen or "other") if name == "file" else name: said for name, said in (errors or {}).items()},
    )  # fmt: skip


@post("/documents", request_max_body_size=UPLOAD, dependencies={"form": form_of(Receiving)})
@given_back(documents_page)
async def attach(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    received = file_of(form, "file")
    await drafting.attach(draft, person, received, _uuid(form.get("document_id", "")))
    return redirect(
        f"/applications/{draft.number}/documents", _("“{filename}” is attached.", filename=received.filename)
    )


@post("/documents/{attachment_id:uuid}/deletion")
async def detach(
    draft: NamedDependency[Application], person: NamedDependency[Person], attachment_id: FromPath[UUID]
) -> Response:
    attachment, upload = or_404(await queries.attachment_of(draft, attachment_id))
    await drafting.detach(draft, person, attachment)
    return redirect(f"/applications/{draft.number}/documents", _("“{filename}” was removed.", filename=upload.filename))


@get("/declaration", name="applications.declaration")
async def show_declaration(
    draft: NamedDependency[Application], call: NamedDependency[Call], person: NamedDependency[Person]
) -> Response:
    if draft.state not in State.in_set("unsent"):
        return redirect(f"/applications/{draft.number}")
    return declaration_page(draft, call, person)


def declaration_page(
    draft: Application, call: Call, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    return page(
        f"{HERE}/declaration.html", status=status, application=draft, call=call, points=declaration.points(),
        signs=its_signatory(person, draft), errors=errors, form=form,
    )  # fmt: skip


@post("/declaration", dependencies={"draft": allowed(this_draft, its_signatory)})
@given_back(declaration_page)
async def declare(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    await actions.declare(draft, person, parse(forms.Declared, form).declared)
    return await _onward(draft, call, form, "declaration")


@get("/check", name="applications.check")
async def check(
    draft: NamedDependency[Application], call: NamedDependency[Call], person: NamedDependency[Person]
) -> Response:
    if draft.state not in State.in_set("unsent"):
        return redirect(f"/applications/{draft.number}")
    return await check_page(draft, call, person)


async def check_page(
    draft: Application, call: Call, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    """Pressed too early, it says what is missing; the declaration is the signatory's own tick beside the button, so it
    is missing only once they pressed without it."""
    tried = status != 200
    content = await gather(draft)
    parts = progress.parts_of(draft, call, content)
    _rows, lines, _errors = progress.budget_of(draft, content)
    may_send = transitions.submit.open_to(person, draft)
    declares = tried and may_send and not draft.declared and "declared" not in (form or {})
    return page(
        f"{HERE}/check.html", status=status, application=draft, state=State(draft.state),
        call=call, content=readable(content), parts=parts,
        lacking=[part for part in progress.unfinished(parts) if part.key != "declaration" or declares],
        tried=tried, asked=budget.requested(lines), errors=errors, form=form,
        own=budget.own_contribution(lines), points=declaration.points(), signs=its_signatory(person, draft),
        steps=statuses.steps(draft, call, State(draft.state)),
        may_send=may_send, may_hand_over=transitions.hand_over.open_to(person, draft),
    )  # fmt: skip


@post("/submission")
@given_back(check_page)
async def submit(
    draft: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    """More than the step: the declaration may be confirmed with the same press of the button, and a second one finds
    the receipt of the first."""
    if draft.submitted_at:
        return redirect(f"/applications/{draft.number}/receipt")
    if parse(forms.Declared, form).declared and not draft.declared:
        await actions.declare(draft, person, True)
    await transitions.submit.press(draft, person, {})
    return redirect(f"/applications/{draft.number}/receipt", transitions.submit.said(draft, True))


# what is not over when it is done is said as a warning
async def said_as_warning(draft: Application, said: str) -> Response:
    return redirect(address(draft), said, "warning")


async def draft_page(
    draft: Application, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    """What is missing stands on the page of the check, while there is one."""
    if draft.state in State.in_set("unsent"):
        return await check_page(draft, await queries.call_of(draft), person, status, errors, form)
    return await page_of(draft, person, status, errors, form)


SERVED = Served(
    "applications", (transitions.hand_over, transitions.hand_back, transitions.take_back, transitions.withdraw),
    "/applications/{number:str}", this_draft, draft_page, address, title=lambda draft: draft.number,
    back=lambda draft: _("The application"),
    then={"sign-off": said_as_warning, "take-back": said_as_warning},
)  # fmt: skip


def _elsewhere(draft: Application) -> Response | None:
    """What is no longer a draft has no pages to write on."""
    return redirect(f"/applications/{draft.number}") if draft.state != State.DRAFT else None


def _removed(name: str, then: str) -> bool:
    return then.startswith("remove.") and name.startswith(f"lines.{then.removeprefix('remove.')}.")


def _uuid(text: str) -> UUID | None:
    return UUID(text) if drafting.is_uuid(text) else None


async def _onward(draft: Application, call: Call, form: Form, key: str) -> Response:
    """To the next part, or back to the task list."""
    home = f"/applications/{draft.number}"
    said = _("Saved at {time}.", time=clock(now()))
    if form.get("then") != "next":
        return redirect(home, said)
    parts = progress.parts_of(draft, call, await gather(draft))
    keys = [part.key for part in parts]
    after = parts[keys.index(key) + 1 :] if key in keys else []
    return redirect(f"{home}/{after[0].path if after else 'check'}", said)


async def _other_edit(draft: Application, key: str, form: Form | None) -> Any:
    """Who wrote meanwhile, where both did."""
    return (await queries.last_edits(draft)).get(key) if form is not None and form.theirs else None


DRAFT = [
    about, save_about, section, save_section, the_budget, save_budget, documents, attach, detach, show_declaration,
    declare, check, submit,
]  # fmt: skip
ROUTES: list[Route] = [
    Router(
        "/",
        route_handlers=[Router("/applications/{number:str}", route_handlers=DRAFT), *SERVED.handlers()],
        guards=[signed_in],
        dependencies={
            "application": Provide(this_application), "draft": Provide(this_draft), "call": Provide(its_call),
        },
        include_in_schema=False,
    )
]  # fmt: skip
