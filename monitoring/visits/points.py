"""What other rooms tell a visit: recommendations still open for its grant, and those that rest on its findings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foundation.extension import ExtensionPoint
from foundation.language import pick_text


@dataclass(frozen=True)
class Point:
    """One recommendation. `href` is a path without language; `finding_id` where it rests on a finding."""

    id: UUID
    reference: str
    text_ka: str | None
    text_en: str | None
    href: str = ""
    due: date | None = None
    state: str = ""
    finding_id: UUID | None = None
    issued: date | None = None

    @property
    def short(self) -> str:
        text = pick_text(self, "text")
        return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + "…"


# award id → its open recommendations, which every visit asks about; finding ids → what was recommended because of them
OPEN_POINTS: ExtensionPoint[Callable[[UUID], Awaitable[list[Point]]]] = ExtensionPoint()
RECOMMENDED: ExtensionPoint[Callable[[list[UUID]], Awaitable[list[Point]]]] = ExtensionPoint()


async def open_points(award_id: UUID, before: date | None = None) -> list[Point]:
    """Of a visit those that were there before its day: what came of the visit itself is no question of it."""
    found = [point for tell in OPEN_POINTS for point in await tell(award_id)]
    return [point for point in found if before is None or point.issued is None or point.issued < before]


async def recommended(finding_ids: list[UUID]) -> dict[UUID, list[Point]]:
    told: dict[UUID, list[Point]] = {}
    for tell in RECOMMENDED if finding_ids else []:
        for point in await tell(finding_ids):
            if point.finding_id is not None:
                told.setdefault(point.finding_id, []).append(point)
    return told
