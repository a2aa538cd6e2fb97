"""Links that later rooms put beside an application: they register here, its pages print them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """`path` is without language; `text` is translated already."""

    text: str
    path: str
    icon: str = "file-text"


Asked = Callable[[Any, Any], Awaitable[Link | None]]
BESIDE: list[Asked] = []


def beside(asked: Asked) -> Asked:
    """`@beside` above an async function of application and person; None leaves it out."""
    BESIDE.append(asked)
    return asked


async def links_of(application: Any, person: Any) -> list[Link]:
    found = [await asked(application, person) for asked in BESIDE]
    return [link for link in found if link is not None]
