"""What the list of meetings asks beside its rows; all of it is public."""

from __future__ import annotations

from foundation.database import rows
from monitoring.meetings.kinds import Kind, kind_of


async def kinds_told() -> list[Kind]:
    """Those of our kinds that occur."""
    told: set[Kind] = {kind_of(each["kind"]) for each in await rows("SELECT DISTINCT kind FROM meeting")}
    return [kind for kind in Kind if kind in told]
