"""The JSON operations of a small room: its list, one record, a new one, and every step."""

from __future__ import annotations

from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from lifecycle.api import operations_of
from lifecycle.resource.declared import Resource
from lifecycle.resource.pages import WRITING, enters, pages_of, reading, row_of, served
from web.pages import Route, or_404


def api_of(of: Resource) -> list[Router]:
    whole, reads = of.whole, reading(of)
    body: Any = JSONBody[of.form]  # type: ignore[name-defined]

    async def show(row: Any, person: Any) -> Any:
        return await of.tell(row, person)

    async def add(writer: Any, data: Any) -> Any:
        return await afresh(await of.enter(writer, data), writer)

    async def afresh(row: Any, person: Any) -> Any:
        """As it is now, with all that a read brings along."""
        return await of.tell(or_404(await of.find(person, row.reference)), person)

    # Litestar reads the annotations of each handler, which are made here for its form and answer.
    show.__annotations__ = {"row": NamedDependency[Any], "person": NamedDependency[Any], "return": whole}
    add.__annotations__ = {"writer": NamedDependency[Any], "data": body, "return": whole}
    afresh.__annotations__ = {"return": whole}
    one = get(
        f"{of.path}/{{reference:str}}", name=f"api.{of.name}.one", dependencies={"row": Provide(row_of(of))},
        summary=f"{of.listing.title}: one of them", **reads,
    )(show)  # fmt: skip
    new = post(of.path, name=f"api.{of.name}.add", dependencies={"writer": enters(of)}, summary=of.title, **WRITING)(
        add
    )
    listed = of.listing.operation(of.path, of.short, **reads)
    return [
        Router("/api/v1", route_handlers=[listed, one, new]),
        Router("/api/v1", route_handlers=operations_of(served(of), afresh), **WRITING),
    ]


def routes_of(of: Resource) -> list[Route]:
    return [*pages_of(of), *api_of(of)]
