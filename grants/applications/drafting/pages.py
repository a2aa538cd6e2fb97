"""An organisation writes its application here: one topic a page, any order, back to the task list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.clock import now
from foundation.language import clock, label, pick_text
from foundation.language import gettext as _
from foundation.settings import settings
from grants.applications import actions, budget, declaration, forms, progress, queries, shapes, standing
from grants.applications.content import gather
from grants.applications.drafting import actions as drafting
from grants.applications.lifecycle import HAND_OVER, SUBMIT, UNSENT, State, its_people, its_signatory
from grants.applications.pages import its_call, this_application
from grants.applications.reading import option_pairs, readable
from grants.applications.tables import Application
from grants.calls.queries import documents_of, municipalities_of, sections_of
from grants.calls.tables import Call
from uploads.receiving import Receiving, file_of
from web.doors import signed_in
from web.forms import Form, Invalid, parse, read_form
from web.limits import UPLOAD
from web.pages import Given, found, page, see

HERE = "grants/applications/templates"


async def this_draft(application: Given[Application], person: Given[Person]) -> Application:
    """Its own people's only; others, who may see what was sent, have no draft to see."""
    return found(application if its_people(person, application) else None)


@get("/about", name="applications.about")
async def about(draft: Given[Application], call: Given[Call]) -> Response:
    return _elsewhere(draft) or await _about_page(draft, call)


@post("/about")
async def save_about(draft: Given[Application], call: Given[Call], person: Given[Person], request: Request) -> Response:
    form = await read_form(request)
    columns, typed = forms.read_about(form, call.municipality_ids)
    try:
        await drafting.save_about(draft, person, columns, typed, form.get("seen"))
    except drafting.Changed as changed:
        return await _about_page(draft, call, form=form, theirs=changed.theirs, status=409)
    return await _onward(draft, call, form, "about")


@get("/sections/{section_id:uuid}", name="applications.section")
async def section(draft: Given[Application], call: Given[Call], section_id: FromPath[UUID]) -> Response:
    return _elsewhere(draft) or await _section_page(draft, call, section_id)


@post("/sections/{section_id:uuid}")
async def save_section(
    draft: Given[Application], call: Given[Call], person: Given[Person], section_id: FromPath[UUID], request: Request
) -> Response:
    form = await read_form(request)
    answers = {key: typed for name, typed in form.items() if (key := _uuid(name))}
    kept = {key: typed for key, typed in answers.items() if form.get(f"choice.{key}") != "theirs"}
    try:
        await drafting.save_section(draft, person, section_id, kept, form.get("seen"))
    except drafting.Changed as changed:
        return await _section_page(draft, call, section_id, form=form, theirs=changed.theirs, status=409)
    return await _onward(draft, call, form, str(section_id))


@get("/budget", name="applications.budget")
async def the_budget(draft: Given[Application], call: Given[Call], request: Request) -> Response:
    return _elsewhere(draft) or await _budget_page(draft, call, blank=1 if "more" in request.query_params else 0)


@post("/budget")
async def save_budget(
    draft: Given[Application], call: Given[Call], person: Given[Person], request: Request
) -> Response:
    """Everything typed is kept; rows that are not whole come back with a sentence at each cell."""
    form = await read_form(request)
    then = form.get("then", "")
    typed = budget.rows_of([pair for pair in form.pairs if not _removed(pair[0], then)])
    try:
        errors = await drafting.save_budget(draft, person, typed, form.get("seen"))
    except drafting.Changed as changed:
        return await _budget_page(draft, call, typed=typed, theirs=changed.theirs, status=409)
    if then == "add":
        return see(f"/applications/{draft.number}/budget", more=1)
    if then.startswith("remove."):
        return see(f"/applications/{draft.number}/budget", _("The row was removed."))
    if errors and then == "next":
        return await _budget_page(draft, call, status=422)
    return await _onward(draft, call, form, "budget")


@get("/documents", name="applications.documents")
async def documents(draft: Given[Application], call: Given[Call]) -> Response:
    return _elsewhere(draft) or await _documents_page(draft, call)


@post("/documents", request_max_body_size=UPLOAD)
async def attach(draft: Given[Application], person: Given[Person], request: Request) -> Response:
    form = await read_form(request, Receiving())
    document_id = _uuid(form.get("document_id", ""))
    field = str(document_id) if document_id else "other"
    try:
        received = file_of(form, "file")
        await drafting.attach(draft, person, received, document_id)
    except Invalid as bad:
        errors = {field: bad.errors.get("file") or _("Choose a file.")}
        return await _documents_page(draft, await its_call(draft), errors=errors, status=422)
    return see(f"/applications/{draft.number}/documents", _("“{filename}” is attached.", filename=received.filename))


@post("/documents/{attachment_id:uuid}/deletion")
async def detach(draft: Given[Application], person: Given[Person], attachment_id: FromPath[UUID]) -> Response:
    attachment, upload = found(await queries.attachment_of(draft, attachment_id))
    await drafting.detach(draft, person, attachment)
    return see(f"/applications/{draft.number}/documents", _("“{filename}” was removed.", filename=upload.filename))


@get("/declaration", name="applications.declaration")
async def show_declaration(draft: Given[Application], call: Given[Call], person: Given[Person]) -> Response:
    if draft.state not in UNSENT:
        return see(f"/applications/{draft.number}")
    return page(
        f"{HERE}/declaration.html", application=draft, call=call, points=declaration.points(),
        signs=its_signatory(person, draft),
    )  # fmt: skip


@post("/declaration")
async def declare(draft: Given[Application], call: Given[Call], person: Given[Person], request: Request) -> Response:
    form = await read_form(request)
    await actions.declare(draft, person, parse(forms.Declared, form).declared)
    return await _onward(draft, call, form, "declaration")


@get("/check", name="applications.check")
async def check(draft: Given[Application], call: Given[Call], person: Given[Person]) -> Response:
    if draft.state not in UNSENT:
        return see(f"/applications/{draft.number}")
    return await _check_page(draft, call, person)


@post("/sign-off")
async def hand_over(draft: Given[Application], call: Given[Call], person: Given[Person]) -> Response:
    try:
        await actions.hand_over(draft, person)
    except actions.Unfinished as unfinished:
        return await _check_page(draft, call, person, lacking=unfinished.parts, status=422)
    return see(
        f"/applications/{draft.number}", _("The signatory has been told. The application is not sent yet."), "warning"
    )


@post("/editing")
async def hand_back(draft: Given[Application], person: Given[Person]) -> Response:
    await actions.hand_back(draft, person)
    return see(f"/applications/{draft.number}", _("The draft is open for editing again."))


@post("/submission")
async def submit(draft: Given[Application], person: Given[Person], request: Request) -> Response:
    """The declaration may be confirmed with the same press of the button."""
    if draft.submitted_at:  # a second click finds the receipt of the first
        return see(f"/applications/{draft.number}/receipt")
    ticked = parse(forms.Declared, await read_form(request)).declared
    try:
        if ticked and not draft.declared:
            await actions.declare(draft, person, True)
        await actions.submit(draft, person)
    except actions.Unfinished as unfinished:
        return await _check_page(draft, await its_call(draft), person, lacking=unfinished.parts, status=422)
    return see(f"/applications/{draft.number}/receipt", _("The application has been sent."))


@post("/take-back")
async def take_back(draft: Given[Application], person: Given[Person]) -> Response:
    await actions.take_back(draft, person)
    return see(f"/applications/{draft.number}", _("The application is a draft again. It must be sent anew."), "warning")


def _elsewhere(draft: Application) -> Response | None:
    """What is no longer a draft has no pages to write on."""
    return see(f"/applications/{draft.number}") if draft.state != State.DRAFT else None


def _removed(name: str, then: str) -> bool:
    return then.startswith("remove.") and name.startswith(f"lines.{then.removeprefix('remove.')}.")


def _uuid(text: str) -> UUID | None:
    return UUID(text) if drafting.is_uuid(text) else None


async def _onward(draft: Application, call: Call, form: Form, key: str) -> Response:
    """To the next part, or back to the task list."""
    home = f"/applications/{draft.number}"
    said = _("Saved at {time}.", time=clock(now()))
    if form.get("then") != "next":
        return see(home, said)
    parts = progress.parts_of(draft, call, await gather(draft))
    keys = [part.key for part in parts]
    after = parts[keys.index(key) + 1 :] if key in keys else []
    return see(f"{home}/{after[0].path if after else 'check'}", said)


async def _about_page(draft: Application, call: Call, form: Form | None = None, theirs=None, status=200) -> Response:
    stored = drafting.about_as_stored(draft)
    part = progress.about(draft, call)
    # what was never filled in is not an error yet; what was typed and cannot be right is
    wrong = {p.field: p.sentence for p in part.problems if stored.get(p.field)}
    return page(
        f"{HERE}/about.html", status=status, application=draft, call=call, stored=stored, form=form or {},
        theirs=theirs, errors=wrong, seen=drafting.fingerprint(theirs or stored),
        place_pairs=[(str(each.id), pick_text(each, "name")) for each in await municipalities_of(call)],
        edit=await _other_edit(draft, "about") if theirs else None,
    )  # fmt: skip


async def _section_page(
    draft: Application, call: Call, section_id: UUID, form: Form | None = None, theirs=None, status=200
) -> Response:
    sections = await sections_of(call)
    this = found(next((each for each in sections if each.id == section_id), None))
    stored = {str(key): typed for key, typed in (await drafting.answers_of(draft, section_id)).items()}
    wrong = {}
    for question in this.questions:
        typed = stored[str(question.id)].strip()
        if typed and (said := shapes.wrong({"kind": question.kind, "options": question.options}, typed)):
            wrong[str(question.id)] = said
    differing = {key for key, text in (theirs or {}).items() if form and key in form and form[key] != text}
    return page(
        f"{HERE}/section.html", status=status, application=draft, call=call, section=this, stored=stored,
        form=form or {}, theirs=theirs, differing=differing, errors=wrong, seen=drafting.fingerprint(theirs or stored),
        option_pairs=option_pairs, place=sections.index(this) + 1, places=len(sections),
        edit=await _other_edit(draft, str(section_id)) if theirs else None,
    )  # fmt: skip


async def _budget_page(
    draft: Application, call: Call, typed: list[budget.Row] | None = None, theirs=None, blank: int = 0, status=200
) -> Response:
    stored = await drafting.budget_as_stored(draft)
    rows = typed if typed is not None else stored
    lines, errors = budget.read(rows)
    asked, own = budget.requested(lines), budget.own_contribution(lines)
    blank = max(blank, 0 if rows else 2)
    return page(
        f"{HERE}/budget.html", status=status, application=draft, call=call, rows=rows + [budget.BLANK] * blank,
        filled=len(rows), theirs=theirs, errors=errors, seen=drafting.fingerprint(stored),
        amounts=budget.amounts(rows) + [None] * blank, asked=asked, own=own, whole=asked + own,
        categories=[(str(each), label(each)) for each in budget.Category],
        edit=await _other_edit(draft, "budget") if theirs is not None else None,
    )  # fmt: skip


async def _documents_page(draft: Application, call: Call, errors: dict[str, str] | None = None, status=200) -> Response:
    content = await gather(draft)
    helps = {str(each.id): each for each in await documents_of(call)}
    return page(
        f"{HERE}/documents.html", status=status, application=draft, call=call, content=content, helps=helps,
        limit_mb=settings().upload_mb,
        errors=errors or {},
    )  # fmt: skip


async def _check_page(
    draft: Application, call: Call, person: Person, lacking: list[progress.Part] | None = None, status=200
) -> Response:
    content = await gather(draft)
    parts = progress.parts_of(draft, call, content)
    _rows, lines, _errors = progress.budget_of(draft, content)
    return page(
        f"{HERE}/check.html", status=status, application=draft, call=call, content=readable(content), parts=parts,
        # the declaration is the signatory's own tick beside the button: missing only once they pressed without it
        lacking=[part for part in progress.unfinished(parts) if part.key != "declaration" or part in (lacking or [])],
        tried=lacking is not None, asked=budget.requested(lines),
        own=budget.own_contribution(lines), points=declaration.points(), signs=its_signatory(person, draft),
        steps=standing.steps(draft, call, State(draft.state)),
        may_send=SUBMIT.open_to(person, draft), may_hand_over=HAND_OVER.open_to(person, draft),
    )  # fmt: skip


async def _other_edit(draft: Application, key: str):
    return (await queries.last_edits(draft)).get(key)


ROUTES: list[Any] = [
    Router(
        "/applications/{number:str}",
        route_handlers=[
            about, save_about, section, save_section, the_budget, save_budget, documents, attach, detach,
            show_declaration, declare, check, hand_over, hand_back, submit, take_back,
        ],
        guards=[signed_in],
        dependencies={
            "application": Provide(this_application), "draft": Provide(this_draft), "call": Provide(its_call),
        },
        include_in_schema=False,
    )
]  # fmt: skip
