"""Walks the event chain from the first event to the head and names every link that does not hold."""

from __future__ import annotations

from foundation.database import rows


async def verify() -> list[tuple[int, str]]:
    """(sequence number, what is wrong) for each broken link; empty when the chain is whole."""
    return [(r["bad_seq"], r["why"]) for r in await rows("SELECT bad_seq, why FROM event_verify()")]
