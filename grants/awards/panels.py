"""Parts of an award's page that later rooms bring: a template and what it shows, under `told`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Given = Callable[[Any, Any], Awaitable[dict[str, Any] | None]]


@dataclass(frozen=True)
class Panel:
    order: int
    template: str
    given: Given


PANELS: list[Panel] = []


def award_panel(order: int, template: str) -> Callable[[Given], Given]:
    """`@award_panel(10, "grants/…/panel.html")` above an async function of award and person; None leaves it out."""

    def keep(given: Given) -> Given:
        PANELS.append(Panel(order, template, given))
        return given

    return keep


async def panels_of(award: Any, person: Any) -> list[tuple[str, dict[str, Any]]]:
    told = [(panel.template, await panel.given(award, person)) for panel in sorted(PANELS, key=lambda p: p.order)]
    return [(template, context) for template, context in told if context is not None]
