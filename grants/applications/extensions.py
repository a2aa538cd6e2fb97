"""Links that later rooms put beside an application: their fronts name them, its pages print them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from accounts.person import Person
from foundation.extension import ExtensionPoint
from grants.applications.tables import Application


@dataclass(frozen=True)
class Link:
    """`path` is without language; `text` is translated already."""

    text: str
    path: str
    icon: str = "file-text"


# From application and person to a link; None leaves it out.
Beside = Callable[[Any, Any], Awaitable[Link | None]]
BESIDE: ExtensionPoint[Beside] = ExtensionPoint()


async def links_of(application: Application, person: Person) -> list[Link]:
    found = [await asked(application, person) for asked in BESIDE]
    return [link for link in found if link is not None]
