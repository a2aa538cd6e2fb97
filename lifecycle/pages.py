"""Steps as pages: for each step a POST under its noun and, where it asks for something, a page with its form.

    SERVED = Served("awards", STEPS, "/awards/{reference:str}", this_award, shown, address_of)   # once in a room
    Router("/", route_handlers=[…, *SERVED.handlers()], …)

The order is the same everywhere: 404 where the row is not for this person's eyes, 403 where the step is not theirs,
then the form is read, 422 with the words as typed, then the row is held and what its state forbids is said beside them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.types import Empty

from foundation.merging import seen_of
from lifecycle.drawn import drawn
from lifecycle.transition import Transition
from web.forms import Errors, Form, allowed, form_of, given_back
from web.limits import UPLOAD
from web.pages import page, redirect

Provider = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Served:
    """`row` is the room's dependency that finds the row of the address. `shown(row, person, status, errors, form)` is
    the row's own page: a step without a form says no there. Where `inline` is true the forms stand on it, too, and it
    takes `at`, the noun of the one that was sent. `around(row, person, step)` gives the form's page what its template
    needs besides. `then` is for the nouns that lead elsewhere than to the row's page when they are done: it gets the
    row and the sentence."""

    name: str  # begins the names of the routes
    steps: Collection[Transition]
    path: str
    row: Provider
    shown: Callable[..., Awaitable[Response]]
    address: Callable[[Any], str]
    title: Callable[[Any], str] = lambda row: row.reference  # beneath the heading of a form
    back: Callable[[Any], str] = lambda row: row.reference  # the words that lead back to the row
    template: str = "lifecycle/templates/step.html"
    templates: Mapping[str, str] = field(default_factory=dict)  # by noun, for a step that shows more than its form does
    around: Callable[[Any, Any, Transition], Awaitable[dict[str, Any]]] | None = None
    then: Mapping[str, Callable[[Any, str], Awaitable[Response]]] = field(default_factory=dict)
    inline: bool = False
    skip: Collection[str] = ()

    def handlers(self) -> list[Any]:
        served = [step for step in self.steps if step.noun not in self.skip]
        return [self._ask(step) for step in served if self._has_page(step)] + [self._post(step) for step in served]

    def _has_page(self, step: Transition) -> bool:
        """Whoever is asked something, or shown something first, gets a page for it."""
        return step.noun in self.templates or (step.asks and not self.inline)

    def _ask(self, step: Transition) -> Any:
        async def ask(row: NamedDependency[Any], person: NamedDependency[Any]) -> Response:
            await step.require(person, row)
            return await self._form(step, row, person)

        return get(
            f"{self.path}/{step.noun}",
            name=f"{self.name}.{step.noun}.ask",
            dependencies={"row": allowed(self.row, step.who)},
        )(ask)

    def _post(self, step: Transition) -> Any:
        async def again(
            row: Any, person: Any, status: int, errors: dict[str, str], form: Form | None = None
        ) -> Response:
            if self._has_page(step):
                return await self._form(step, row, person, status, errors, form)
            at = {"at": step.noun} if self.inline else {}
            return await self.shown(row, person, status=status, errors=errors, form=form, **at)

        async def done(row: Any, taken: bool) -> Response:
            said = step.said(row, taken)
            then = self.then.get(step.noun)
            return await then(row, said) if then else redirect(self.address(row), said)

        async def taken(row: Any, person: Any, **sent: Any) -> bool:
            return await step.press(row, person, sent)

        @given_back(again)
        async def take(row: NamedDependency[Any], person: NamedDependency[Any]) -> Response:
            return await done(row, await taken(row, person))

        @given_back(again)
        async def take_form(
            row: NamedDependency[Any], person: NamedDependency[Any], form: NamedDependency[Form]
        ) -> Response:
            return await done(row, await taken(row, person, **step.read(form)))

        return post(
            f"{self.path}/{step.noun}",
            name=f"{self.name}.{step.noun}",
            dependencies={
                "row": allowed(self.row, step.who),
                "form": form_of(step.file.sink if step.file else None),
            },
            request_max_body_size=UPLOAD if step.file else Empty,
        )(take_form if step.sent else take)

    async def _form(
        self,
        step: Transition,
        row: Any,
        person: Any,
        status: int = 200,
        errors: Errors = None,
        form: Form | None = None,
    ) -> Response:
        return page(
            self.templates.get(step.noun, self.template),
            status=status,
            step=step,
            fields=drawn(step),
            seen=seen_of(step.form, row) if step.form and "seen" in step.form.model_fields else "",
            row=row,
            title=self.title(row),
            back=self.back(row),
            here=self.address(row),
            errors=errors or {},
            form=form or {},
            **(await self.around(row, person, step) if self.around else {}),
        )
