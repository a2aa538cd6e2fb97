"""The pages of a small room: the list with its files, a new one, one with its buttons, and every step."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from foundation.language import gettext as _
from lifecycle.drawn import fields_of
from lifecycle.pages import Provider, Served
from lifecycle.record import history_of
from lifecycle.resource.declared import Resource
from lifecycle.transition import open_steps
from lifecycle.version import current_version
from web.forms import Errors, Form, form_of, given_back, parse
from web.fresh import already, kept, tag_of
from web.guards import signed_in
from web.lists.listing import Listing
from web.pages import or_404, page, redirect


def fresh(listing: Listing[Any], **how: Any) -> HTTPRouteHandler:
    """The page of a public list, made once for each state of things; for whoever is signed in always anew."""

    @get(listing.path, name=listing.name, **how)
    async def index(request: Request, person: NamedDependency[Any]) -> Response:
        tag = tag_of(await current_version())
        return already(request, tag) or await listing.page(person, request.query_params, headers=kept(tag))

    return index


WRITING: dict[str, Any] = {"guards": [signed_in]}


def reading(of: Resource) -> dict[str, Any]:
    """Of a public list everybody reads each one, as far as `find` finds it for them."""
    return {"opt": {"public": True}} if of.listing.public else WRITING


def row_of(of: Resource) -> Provider:
    async def this_one(reference: FromPath[str], person: NamedDependency[Any]) -> Any:
        """The record in the address; 404 unless this person may see it."""
        return or_404(await of.find(person, reference))

    return this_one


def enters(of: Resource) -> Provide:
    async def writer(person: NamedDependency[Any]) -> Any:
        return or_404(person if of.may_enter(person) else None)

    return Provide(writer)


def served(of: Resource) -> Served:
    async def shown(
        row: Any, person: Any, status: int = 200, errors: Errors = None, form: Form | None = None
    ) -> Response:
        tells = of.tells(person)
        return page(
            of.template, status=status, errors=errors, listing=of.listing, row=row, heading=of.heading(row),
            tells=tells, state=of.state(row.state), open_steps=open_steps(person, row, of.steps), here=of.address(row),
            one=await of.tell(row, person),
            history=await history_of(row, newest_first=True) if tells else [], **of.context(row),
        )  # fmt: skip

    return Served(of.name, of.steps, f"{of.path}/{{reference:str}}", row_of(of), shown, of.address, title=of.heading)


def pages_of(of: Resource) -> list[Router]:
    steps, reads = served(of), reading(of)

    @get(f"{of.path}/{{reference:str}}", name=f"{of.name}.show", dependencies={"row": Provide(row_of(of))}, **reads)
    async def show(row: NamedDependency[Any], person: NamedDependency[Any]) -> Response:
        return await steps.shown(row, person)

    def blank(status: int = 200, errors: Errors = None, form: Form | None = None) -> Response:
        return page(
            "lifecycle/templates/entry.html", status=status, errors=errors, form=form, listing=of.listing,
            title=_(of.title), fields=fields_of(of.form),
        )  # fmt: skip

    @get(f"{of.path}/new", name=f"{of.name}.new", dependencies={"writer": enters(of)}, **WRITING)
    async def new(writer: NamedDependency[Any]) -> Response:
        return blank()

    @post(of.path, name=f"{of.name}.add", dependencies={"writer": enters(of), "form": form_of()}, **WRITING)
    @given_back(blank)
    async def add(writer: NamedDependency[Any], form: NamedDependency[Form]) -> Response:
        made = await of.enter(writer, parse(of.form, form))
        return redirect(of.address(made), _(of.entered))

    lists = [fresh(of.listing, **reads), of.listing.files(**reads)] if of.listing.public else of.listing.pages(**reads)
    return [
        Router("/", route_handlers=[*lists, show, new, add], include_in_schema=False),
        Router("/", route_handlers=steps.handlers(), include_in_schema=False, **WRITING),
    ]
