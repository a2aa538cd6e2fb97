"""What recommendations tell the room of visits: those open for a grant, and those that rest on a finding."""

from __future__ import annotations

from uuid import UUID

from foundation.clock import TBILISI
from foundation.database import Row
from monitoring.recommendations import queries
from monitoring.visits.points import Point


async def open_for(award_id: UUID) -> list[Point]:
    return [_point(row) for row in await queries.open_of_award(award_id)]


async def resting_on(finding_ids: list[UUID]) -> list[Point]:
    return [_point(row) for row in await queries.resting_on(finding_ids)]


def _point(row: Row) -> Point:
    return Point(
        row["id"], row["reference"], row["text_ka"], row["text_en"], f"/recommendations/{row['reference']}",
        row["due_current"], row["state"], row["finding_id"],
        issued=row["issued_at"].astimezone(TBILISI).date() if row["issued_at"] else None,
    )  # fmt: skip
