"""What the shell shows on every page: the menu, the ribbon of municipalities, whether this is an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foundation.language import gettext
from web.visit import href, visit


@dataclass(frozen=True)
class MenuEntry:
    order: int
    text: str
    path: str
    who: Callable[[Any], bool]


@dataclass
class Standing:
    """Facts about the installation that every page shows, read again by the outermost layer when they grow old."""

    example: bool = False
    ribbon: list[dict[str, Any]] | None = None
    help_phone: str | None = None
    help_email: str | None = None
    read_at: float = field(default=-1e9)


MENU: list[MenuEntry] = []
STANDING = Standing()


def menu_entry(order: int, text: str, path: str, who: Callable[[Any], bool] = lambda person: True) -> None:
    """Rooms name their place in the menu; `text` is marked with N_, `who` gets the person or None."""
    MENU.append(MenuEntry(order, text, path, who))


def menu() -> list[dict[str, Any]]:
    here, person = visit.get().path, visit.get().person
    return [
        {
            "text": gettext(entry.text),
            "href": href(entry.path),
            "current": here == entry.path or (entry.path != "/" and here.startswith(entry.path + "/")),
        }
        for entry in sorted(MENU, key=lambda entry: entry.order)
        if entry.who(person)
    ]
