"""What the shell shows on every page: the menu, the ribbon of municipalities, whether this is an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foundation.extension import ExtensionPoint
from foundation.language import N_, gettext
from web.context import href, request_context


def everybody(person: Any) -> bool:
    return True


def nobody(person: Any) -> bool:
    return False


@dataclass(frozen=True)
class MenuEntry:
    """A room's place in the menu, named in its front; `text` is marked with N_. `who` gets the person or None and says
    who sees it; `daily` says for whom it stands in the bar itself when there is not room for all."""

    order: int
    text: str
    path: str
    who: Callable[[Any], bool] = everybody
    daily: Callable[[Any], bool] = nobody

    @property
    def group(self) -> int:
        return self.order // 10 * 10


@dataclass
class Site:
    """Facts about the installation that every page shows, read again when they grow old."""

    example: bool = False
    ribbon: list[dict[str, Any]] | None = None
    help_phone: str | None = None
    help_email: str | None = None
    eu: bool = False  # whether the donor is the European Union: its flag belongs to nobody else
    programme: dict[str, str] = field(default_factory=dict)  # its name in each language
    read_at: float = field(default=-1e9)

    @property
    def shown(self) -> str:
        """All of it that a page can show, to tell pages apart."""
        return repr((self.example, self.ribbon, self.help_phone, self.help_email, self.eu))


# The tens of an entry's order say under which heading it stands; what is open to everybody comes last.
GROUPS = {
    0: N_("At a glance"),
    20: N_("Your organisation"),
    30: N_("Calls and applications"),
    40: N_("Monitoring"),
    50: N_("Grants and money"),
    60: N_("People and organisations"),
    10: N_("Open to everybody"),
}
WITHOUT_SHEET = 3  # as many stand side by side on a phone, in Georgian
IN_THE_BAR = 5  # and on a desk

MENU: ExtensionPoint[MenuEntry] = ExtensionPoint()
SITE = Site()


def menu() -> dict[str, Any]:
    """`bar` is what stands side by side; `groups` is everything under headings, empty where the bar holds it all."""
    here, person = request_context.get().path, request_context.get().person
    seen = [entry for entry in sorted(MENU, key=_place) if entry.who(person)]
    if len(seen) <= WITHOUT_SHEET:
        return {"bar": [_shown(entry, here) for entry in seen], "groups": []}
    return {
        "bar": [_shown(entry, here) for entry in seen if entry.daily(person)][:IN_THE_BAR],
        "groups": [
            (gettext(heading), [_shown(entry, here) for entry in seen if entry.group == group])
            for group, heading in GROUPS.items()
            if any(entry.group == group for entry in seen)
        ],
    }


def _place(entry: MenuEntry) -> tuple[int, int]:
    return list(GROUPS).index(entry.group), entry.order


def _shown(entry: MenuEntry, here: str) -> dict[str, Any]:
    return {
        "text": gettext(entry.text),
        "href": href(entry.path),
        "current": here == entry.path or (entry.path != "/" and here.startswith(entry.path + "/")),
    }
