"""Where a later room adds to an earlier one, which does not know it: questions, consequences, parts of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class NotOpen(RuntimeError):
    """Rooms say in their fronts what they add; until those are opened, what they add would silently be missing."""


class ExtensionPoint(list[T]):
    """`before_closing: ExtensionPoint[Obstacle]` stands in the earlier room, `before_closing.gains(a, b)` in the front
    of the later one. What was added is there once `open_rooms` has been called, and asking before that is an error."""

    is_open = False

    def gains(self, *added: T) -> Extension:
        return Extension(self, added)

    def __iter__(self) -> Iterator[T]:
        if not ExtensionPoint.is_open:
            raise NotOpen("The rooms are not open: call entrypoints.rooms.open_house() first.")
        return super().__iter__()


@dataclass(frozen=True)
class Extension(Generic[T]):
    point: ExtensionPoint[T]
    added: tuple[T, ...]


def extend(extensions: list[Extension[Any]]) -> None:
    """Everything anew, so that doing it again changes nothing."""
    for extension in extensions:
        extension.point.clear()
    for extension in extensions:
        extension.point.extend(extension.added)
    ExtensionPoint.is_open = True
