"""The pages of one award, as links beside each other. Later rooms add theirs in their fronts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foundation.extension import ExtensionPoint
from foundation.language import gettext
from web.visit import href, visit


def everybody(person: Any, award: Any) -> bool:
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
