"""Many small changes in a row by one person read as one line of a history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from lifecycle.record import Event


@dataclass(frozen=True)
class Line(Event):
    """The newest of its events, and `all` of them."""

    all: list[Event] = field(default_factory=list)


def collapse(history: list[Event], small: Collection[str]) -> list[Line]:
    """`small` names the events that may melt together when nothing else happened in between; newest first."""
    lines: list[Line] = []
    for each in history:
        last = lines[-1] if lines else None
        if last and each.name in small and (last.name, last.actor_name) == (each.name, each.actor_name):
            lines[-1] = replace(last, all=[*last.all, each])
        else:
            lines.append(Line(**vars(each), all=[each]))
    return lines
