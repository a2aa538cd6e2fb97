"""Where curators write a call, managers approve it, and both see what it still lacks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from accounts.person import Person, Role, visitor
from foundation.clock import TBILISI
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import seen_of
from foundation.refused import Missing, NotAllowed
from grants.calls import (
    actions,
    forms,
    parts,
    queries,
    transitions,
)
from grants.calls.checklist import gaps_of
from grants.calls.kinds import Kind, Part
from grants.calls.lifecycle import State, its_curator, may_clone, may_write, refuse_unless_draft
from grants.calls.listing import CALLS
from grants.calls.pages import context, this_call
from grants.calls.tables import Call
from grants.calls.transitions import STEPS
from lifecycle import owned
from lifecycle.collapse import Line, collapse
from lifecycle.drawn import drawn
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition, open_steps
from web.forms import Errors, Form, Typed, allowed, given_back, parse, read_form
from web.guards import signed_in
from web.pages import Route, page, redirect

HERE = "grants/calls/manage/templates"


def works_with_calls(person: Person | None) -> bool:
    return person is not None and (person.is_curator or person.is_chair or person.reads_all)


# who may open which door ------------------------------------------------------------------------------------------


def staff(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    if not works_with_calls(visitor(connection)):
        raise Missing(_("There is no such page, or you do not have access to it."))


def curators(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    if not visitor(connection).is_curator:
        raise NotAllowed(_("Only curators write calls."))


def reads(person: Person, call: Call) -> bool:
    return works_with_calls(person)


async def draft_to_write(reference: FromPath[str], person: NamedDependency[Person]) -> Call:
    """Nobody is asked for words that are refused once they are sent."""
    call = await this_call(reference, person)
    refuse_unless_draft(person, call)
    return call


# the list and the call ---------------------------------------------------------------------------------------------


@get("/", name="manage.calls")
async def index(request: Request, person: NamedDependency[Person]) -> Response:
    return await CALLS.page(person, request.query_params)


@get("/{reference:str}", name="manage.call")
async def show(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response:
    return await overview(call, person)


async def overview(
    call: Call, person: Person, status: int = 200, errors: Errors = None, form: Typed = None, at: str = ""
) -> Response:
    whole = await queries.whole(call)
    open_now = open_steps(person, call, STEPS)
    return page(
        f"{HERE}/show.html",
        status=status,
        call=call,
        state=State(call.state),
        whole=whole,
        gaps=gaps_of(whole) if call.state in State.in_set("unapproved") else [],
        municipalities=await queries.municipalities_of(call),
        history=collapse(await history_of(call, newest_first=True), ["call.changed"]),
        changed=changed,
        open_steps=open_now,
        fields_of={noun: drawn(step) for noun, step in open_now.items() if noun != "deadline"},
        at=at,
        writes=may_write(person, call),
        clones=may_clone(person, call),
        deadline=call.deadline.astimezone(TBILISI),
        author=await queries.names_of(call),
        follows=person.has(Role.MANAGER, Role.DIRECTOR, Role.CHAIR, Role.AUDITOR),
        form=form or {},
        errors=errors or {},
    )


def changed(line: Line) -> str:
    """What a line of changes was about, each thing once."""
    words = {"texts": _("Texts in both languages"), "terms": _("Money, dates and places")}
    words |= {"invitations": _("Invited organisations")} | {str(part): label(part) for part in Part}
    about = [each.payload.get("what") for each in line.all if each.name == "call.changed"]
    return ", ".join(words[what] for what in dict.fromkeys(about) if what in words)


@get("/{reference:str}/preview", name="manage.call.preview")
async def preview(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response:
    return page("grants/calls/templates/show.html", **await context(call, person, preview=True))


@get("/{reference:str}/preview/form", name="manage.call.form")
async def preview_form(call: NamedDependency[Call]) -> Response:
    return page(f"{HERE}/form.html", call=call, whole=await queries.whole(call), kind=Kind)


# terms and texts ---------------------------------------------------------------------------------------------------


@get("/new", name="manage.calls.new", guards=[curators])
async def new(person: NamedDependency[Person]) -> Response:
    return await terms_page(person)


async def terms_page(
    person: Person, call: Call | None = None, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    chosen = call.municipality_ids if call else list(person.municipalities)
    return page(
        f"{HERE}/terms.html",
        status=status,
        call=call,
        seen=seen_of(forms.Terms, forms.Terms.stored_in(call, chosen)) if call else "",
        opens=call.opens_at.astimezone(TBILISI) if call else None,
        deadline=call.deadline.astimezone(TBILISI) if call else None,
        places=[(place.id, pick_text(place, "name")) for place in await queries.municipalities()],
        chosen=chosen,
        form=form,
        errors=errors,
    )


@post("/", name="manage.calls.create", guards=[curators], status_code=200)
@given_back(terms_page)
async def create(person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    call = await actions.create(person, parse(forms.NewCall, form))
    return redirect(f"/manage/calls/{call.reference}", _("Draft created. Fill in what is still missing."))


@get("/{reference:str}/terms", name="manage.call.terms")
async def terms(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response:
    return await terms_page(person, call)


@post("/{reference:str}/terms", status_code=200)
@given_back(terms_page)
async def change_terms(
    call: NamedDependency[Call], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.change_terms(call, person, parse(forms.Terms, form))
    return redirect(f"/manage/calls/{call.reference}", _("The terms were saved."))


@get("/{reference:str}/texts", name="manage.call.texts")
async def texts(call: NamedDependency[Call]) -> Response:
    return texts_page(call)


def texts_page(call: Call, status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    seen = seen_of(forms.Texts, call)
    return page(f"{HERE}/texts.html", status=status, call=call, seen=seen, form=form, errors=errors)


@post("/{reference:str}/texts", status_code=200)
@given_back(texts_page)
async def change_texts(
    call: NamedDependency[Call], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await actions.change_texts(call, person, parse(forms.Texts, form))
    return redirect(f"/manage/calls/{call.reference}", _("The texts were saved."))


@get("/{reference:str}/invitations", name="manage.call.invitations")
async def invitations(call: NamedDependency[Call]) -> Response:
    return await invitations_page(call)


async def invitations_page(call: Call, status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
    return page(
        f"{HERE}/invitations.html", status=status, call=call, organisations=await queries.could_be_invited(),
        seen=seen_of(forms.Invited, {"organisations": call.invited_ids}), form=form, errors=errors,
    )  # fmt: skip


@post("/{reference:str}/invitations", status_code=200)
@given_back(invitations_page)
async def invite(call: NamedDependency[Call], person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    await actions.invite(call, person, parse(forms.Invited, form))
    return redirect(f"/manage/calls/{call.reference}", _("The invitations were saved."))


# parts -------------------------------------------------------------------------------------------------------------


@get("/{reference:str}/parts/{part:str}", name="manage.call.parts")
async def part_list(call: NamedDependency[Call], part: FromPath[Part]) -> Response:
    return page(f"{HERE}/parts.html", call=call, part=part, whole=await queries.whole(call), kind=Kind)


async def part_page(
    call: Call, part: Part, row: Any = None, status: int = 200, errors: Errors = None, form: Form | None = None,
    section: str = "",
) -> Response:  # fmt: skip
    return page(
        f"{HERE}/part.html",
        status=status,
        seen=seen_of(forms.FORMS[part], row) if row is not None else "",
        call=call,
        part=part,
        row=row,
        section=section or getattr(row, "section_id", ""),
        sections=[(s.id, pick_text(s, "title")) for s in await queries.sections_of(call)],
        kinds=Kind,
        options=(row.options if row is not None and part is Part.QUESTIONS else []) or [],
        back=list_of(call, part),
        form=form,
        errors=errors,
    )


async def this_part(call: NamedDependency[Call], part: FromPath[Part], part_id: FromPath[UUID]) -> Any:
    """404 when this call has no such part."""
    return await parts.part_of(call, part, part_id)


@get("/{reference:str}/parts/{part:str}/new")
async def part_new(call: NamedDependency[Call], part: FromPath[Part], section: FromQuery[str] = "") -> Response:
    return await part_page(call, part, section=section)


@post("/{reference:str}/parts/{part:str}", status_code=200)
@given_back(part_page)
async def part_add(
    call: NamedDependency[Call], part: FromPath[Part], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    await parts.add(call, person, part, parse(forms.FORMS[part], form))
    return redirect(list_of(call, part), _("Added."))


@get("/{reference:str}/parts/{part:str}/{part_id:uuid}", dependencies={"row": Provide(this_part)})
async def part_edit(call: NamedDependency[Call], part: FromPath[Part], row: NamedDependency[Any]) -> Response:
    return await part_page(call, part, row)


@post(
    "/{reference:str}/parts/{part:str}/{part_id:uuid}", status_code=200,
    dependencies={"row": Provide(this_part)},
)  # fmt: skip
@given_back(part_page)
async def part_change(
    call: NamedDependency[Call],
    part: FromPath[Part],
    row: NamedDependency[Any],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    await parts.change(call, person, part, row, parse(forms.FORMS[part], form))
    return redirect(list_of(call, part), _("Saved."))


@post("/{reference:str}/parts/{part:str}/{part_id:uuid}/position")
async def part_move(
    call: NamedDependency[Call],
    part: FromPath[Part],
    part_id: FromPath[UUID],
    person: NamedDependency[Person],
    request: Request,
) -> Response:
    row = await parts.part_of(call, part, part_id)
    given = parse(forms.Direction, await read_form(request))
    await parts.move(call, person, part, row, given.direction)
    return redirect(list_of(call, part))


@get("/{reference:str}/parts/{part:str}/{part_id:uuid}/removal")
async def part_removal(call: NamedDependency[Call], part: FromPath[Part], part_id: FromPath[UUID]) -> Response:
    row = await parts.part_of(call, part, part_id)
    return page(f"{HERE}/removal.html", call=call, part=part, row=row, back=list_of(call, part))


@post("/{reference:str}/parts/{part:str}/{part_id:uuid}/removal")
async def part_remove(
    call: NamedDependency[Call], part: FromPath[Part], part_id: FromPath[UUID], person: NamedDependency[Person]
) -> Response:
    await parts.remove(call, person, part, await parts.part_of(call, part, part_id))
    return redirect(list_of(call, part), _("Removed."))


def list_of(call: Call, part: Part) -> str:
    """Questions are listed with their sections."""
    return f"/manage/calls/{call.reference}/parts/{Part.SECTIONS if part is Part.QUESTIONS else part}"


# moving on ---------------------------------------------------------------------------------------------------------


async def successors_of(call: Call, person: Person, step: Transition) -> dict[str, Any]:
    if step is not transitions.hand_over:
        return {}
    return {"successors": [(each.id, each.name) for each in await transitions.could_write(call)]}


SERVED = Served(
    "manage.calls", STEPS, "/{reference:str}", this_call, overview, lambda call: f"/manage/calls/{call.reference}",
    inline=True, templates={transitions.hand_over.noun: owned.TEMPLATE}, around=successors_of,
)  # fmt: skip


@post("/{reference:str}/copies", dependencies={"call": allowed(this_call, may_clone)})
async def clone(call: NamedDependency[Call], person: NamedDependency[Person]) -> Response:
    made = await actions.clone(call, person)
    return redirect(
        f"/manage/calls/{made.reference}", _("This is a new draft with the same texts, terms and questions.")
    )


READ = [show, preview, preview_form, clone]
OPENED = [terms, texts, invitations, part_new, part_edit, part_removal]
WRITTEN = [change_terms, change_texts, invite, part_list, part_add, part_change, part_move, part_remove]
ROUTES: list[Route] = [
    Router(
        "/manage/calls",
        guards=[signed_in],
        include_in_schema=False,
        route_handlers=[
            Router("/", route_handlers=[index, new, create], guards=[staff]),
            Router("/", route_handlers=READ, dependencies={"call": allowed(this_call, reads)}),
            Router("/", route_handlers=OPENED, dependencies={"call": Provide(draft_to_write)}),
            # whoever could write it, were it a draft: beside their words they are told that it is none any more
            Router("/", route_handlers=WRITTEN, dependencies={"call": allowed(this_call, its_curator)}),
            *SERVED.handlers(),
        ],
    )
]  # fmt: skip
