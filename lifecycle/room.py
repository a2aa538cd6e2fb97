"""A room's front: all that it brings to the house, as data. entrypoints/rooms.py names every room once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.extension import Extension, extend
from lifecycle.notices import NOTICES, Notice
from lifecycle.owned import OWNED, Owned
from lifecycle.record import SENTENCES
from lifecycle.tasks import TASKS, TaskSource
from lifecycle.timed import TIMED, Timed
from web.pages import Route
from web.shell import MENU, MenuEntry


class Misnamed(LookupError):
    """A front speaks of an event that no room records; the house does not open."""


@dataclass(frozen=True)
class Room:
    """`letters` says what follows an event, which may be another room's; `no_letter` gives a reason for each event
    after which nobody is written to. `timed` is what the clock brings, `tasks` what waits for a person, `owned` what
    stays with one person until it is handed over, and `extensions` what earlier rooms gain from this one."""

    name: str
    routes: Sequence[Route] = ()
    letters: Mapping[str, Sequence[Notice]] = field(default_factory=dict)
    no_letter: Mapping[str, Sequence[str]] = field(default_factory=dict)
    timed: Sequence[Timed] = ()
    tasks: Sequence[TaskSource] = ()
    owned: Sequence[Owned] = ()
    menu: Sequence[MenuEntry] = ()
    extensions: Sequence[Extension[Any]] = ()


def open_rooms(rooms: Sequence[Room]) -> None:
    """Puts what each room brings where it is looked for. Opening them again changes nothing."""
    NOTICES.clear()
    for room in rooms:
        for event, letters in room.letters.items():
            if event not in SENTENCES:
                raise Misnamed(f"{room.name}: nobody records {event}")
            NOTICES.setdefault(event, []).extend(letters)
    extend(
        [
            extension
            for room in rooms
            for extension in (
                TIMED.gains(*room.timed), TASKS.gains(*room.tasks), OWNED.gains(*room.owned), MENU.gains(*room.menu),
                *room.extensions,
            )
        ]
    )  # fmt: skip
