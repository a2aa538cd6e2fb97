"""What later rooms add to awards, each in its own front: obstacles and consequences of a step, panels and tabs of the
page. Awards calls them without knowing the rooms; obstacles and consequences run inside the step's transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from accounts.person import Person
from foundation.extension import ExtensionPoint
from foundation.language import gettext
from grants.awards.tables import Award
from web.context import href, request_context

# Sentences that stand in the way of a step
Obstacle = Callable[[Award], Awaitable[list[str]]]
Consequence = Callable[[Award, Person], Awaitable[None]]


class Obstacles(ExtensionPoint[Obstacle]):
    async def about(self, award: Award) -> list[str]:
        return [sentence for question in self for sentence in await question(award)]


class Consequences(ExtensionPoint[Consequence]):
    async def after(self, award: Award, person: Person) -> None:
        for does in self:
            await does(award, person)


before_offer = Obstacles()
before_signature = Obstacles()  # by the organisation
before_closing = Obstacles()  # for example a final report that is not accepted yet

on_commitment = Consequences()  # just before the award becomes active, while nothing is paid yet: the ledger takes it
on_activation = Consequences()  # active, or active again
on_release = Consequences()  # declined, withdrawn or terminated: it will not be carried out
on_closing = Consequences()  # just before it closes: what was never used is given back


PanelContext = Callable[[Any, Any], Awaitable[dict[str, Any] | None]]


@dataclass(frozen=True)
class Panel:
    """`given` is an async function of award and person; None leaves the panel out."""

    order: int
    template: str
    given: PanelContext


PANELS: ExtensionPoint[Panel] = ExtensionPoint()


async def panels_of(award: Award, person: Person) -> list[tuple[str, dict[str, object]]]:
    told = [(panel.template, await panel.given(award, person)) for panel in sorted(PANELS, key=lambda p: p.order)]
    return [(template, context) for template, context in told if context is not None]


def everybody(person: Person, award: Award) -> bool:
    return True


@dataclass(frozen=True)
class Tab:
    """`path` has {reference} in it, `text` is marked with N_; `who` gets the person and the award."""

    order: int
    text: str
    path: str
    who: Callable[[Any, Any], bool] = everybody


TABS: ExtensionPoint[Tab] = ExtensionPoint()
FIRST = 10


def tabs_of(award: Award, person: Person) -> list[dict[str, object]]:
    here = request_context.get().path
    return [
        {
            "text": gettext(tab.text),
            "href": href(path),
            "current": here == path or (tab.order > FIRST and here.startswith(f"{path}/")),
        }
        for tab in sorted(TABS, key=lambda tab: tab.order)
        if tab.who(person, award)
        for path in [tab.path.format(reference=award.reference)]
    ]
