"""What happens to files because time passes."""

from __future__ import annotations

from lifecycle.timed import every
from uploads import sweeping


@every(3600)
async def clear_away() -> None:
    await sweeping.sweep()
