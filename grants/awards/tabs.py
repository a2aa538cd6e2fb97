"""The pages of one award, as links beside each other. Later rooms add theirs with award_tab()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foundation.language import N_, gettext
from web.visit import href, visit


@dataclass(frozen=True)
class Tab:
    order: int
    text: str
    path: str
    who: Callable[[Any, Any], bool]


TABS: list[Tab] = []
FIRST = 10


def award_tab(order: int, text: str, path: str, who: Callable[[Any, Any], bool] = lambda person, award: True) -> None:
    """`path` has {reference} in it, `text` is marked with N_; `who` gets the person and the award."""
    TABS.append(Tab(order, text, path, who))


def tabs_of(award: Any, person: Any) -> list[dict[str, Any]]:
    here = visit.get().path
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


award_tab(FIRST, N_("Overview"), "/awards/{reference}")
