"""Parts of an award's page that later rooms bring: a template and what it shows, under `told`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from foundation.extension import ExtensionPoint

Given = Callable[[Any, Any], Awaitable[dict[str, Any] | None]]


@dataclass(frozen=True)
class Panel:
    """`given` is an async function of award and person; None leaves the panel out."""

    order: int
    template: str
    given: Given


PANELS: ExtensionPoint[Panel] = ExtensionPoint()


async def panels_of(award: Any, person: Any) -> list[tuple[str, dict[str, Any]]]:
    told = [(panel.template, await panel.given(award, person)) for panel in sorted(PANELS, key=lambda p: p.order)]
    return [(template, context) for template, context in told if context is not None]
