"""A mark that changes whenever anything recorded changes: pages made from it need not be made again."""

from __future__ import annotations

from foundation.clock import today
from foundation.database import row


async def current_version() -> str:
    """Every change is recorded, so the head of the record tells; some pages also say how late something is today."""
    found = await row("SELECT seq, (SELECT max(updated) FROM programme) AS programme FROM event_head")
    return f"{found['seq']} {found['programme']} {today()}" if found else str(today())
