"""Steps as JSON operations: `POST /api/v1/awards/{reference}/suspension` with the fields of its form.

    Router("/api/v1", route_handlers=[…, *operations_of(SERVED, whole)], …)

Who may not take the step gets 403 before the body is looked at. The answer is `answer(row, person)`, the row as it is
afterwards. A step whose file must be there takes it as the body itself; an optional file comes by the page alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from inspect import getdoc
from types import NoneType
from typing import Any, get_type_hints

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import Empty

from foundation.language import gettext as _
from lifecycle.pages import Served
from lifecycle.transition import Transition
from web.forms import Form, Invalid, allowed
from web.limits import UPLOAD

Answer = Callable[[Any, Any], Awaitable[Any]]
NONE: Mapping[str, Answer] = {}


async def nothing(row: Any, person: Any) -> None:
    """An operation that answers 204: what has come of it is read elsewhere."""


def operations_of(
    served: Served, answer: Answer = nothing, answers: Mapping[str, Answer] = NONE, created: Collection[str] = ()
) -> list[Any]:
    """`answers` are those of single nouns, where a client relies on another one; those of `created` say 201."""
    steps = [step for step in served.steps if step.noun not in served.skip]
    return [_operation(served, step, answers.get(step.noun, answer), step.noun in created) for step in steps]


def _operation(served: Served, step: Transition, answer: Answer, creates: bool = False) -> Any:
    # Litestar reads the annotations of each handler, which are made here for its form and answer.
    hints: dict[str, Any] = {
        "row": NamedDependency[Any],
        "person": NamedDependency[Any],
        "return": get_type_hints(answer)["return"],
    }
    body_is_file = step.file is not None and not step.file.optional and step.form is None
    if step.form:

        async def take(row: Any, person: Any, data: Any) -> Any:
            await step(row, person, **step.arguments(data))
            return await answer(row, person)

        hints["data"] = JSONBody[step.form]  # type: ignore[name-defined]
    elif step.file and body_is_file:
        file = step.file

        async def take(row: Any, person: Any, request: Any) -> Any:
            await step.require(person, row)
            sent = await file.of_body(request.stream(), request.headers.get("x-filename", f"{file.name}.pdf"))
            await step(row, person, **{file.name: sent})
            return await answer(row, person)

        hints["request"] = Request
    else:

        async def take(row: Any, person: Any, request: Any) -> Any:
            if await request.body() not in (b"", b"{}"):
                raise Invalid({"": _("This operation takes no content.")}, Form([]))
            await step(row, person)
            return await answer(row, person)

        hints["request"] = Request
    take.__annotations__ = hints
    take.__doc__ = (getdoc(step.body) if step.body else "") or (step.hint if isinstance(step.hint, str) else "")
    return post(
        f"{served.path}/{step.noun}",
        name=f"api.{served.name}.{step.noun}",
        summary=step.button if isinstance(step.button, str) and step.button else step.history,
        dependencies={"row": allowed(served.row, step.who)},
        request_max_body_size=UPLOAD if body_is_file else Empty,
        status_code=204 if hints["return"] is NoneType else 201 if creates else 200,
    )(take)
