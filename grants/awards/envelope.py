"""What awards tell the call and its committee: money that came back, and agreements not signed yet."""

from __future__ import annotations

from decimal import Decimal

from foundation.database import value
from grants.awards.lifecycle import State
from grants.calls.actions import UNFINISHED
from grants.calls.tables import Call
from grants.reviews.committee.actions import FREED


async def freed(call: Call) -> Decimal:
    """Of what the committee gave: all of offers declined or withdrawn, what an award is smaller by, and what was given
    back because it was not needed."""
    return await value(FREED_SQL, call.id, list(State.in_set("never_signed")))


async def not_signed_yet(call: Call) -> bool:
    return await value(
        "SELECT EXISTS (SELECT 1 FROM award WHERE call_id = $1 AND state = ANY($2::text[]))",
        call.id,
        list(State.in_set("unsigned")),
    )


FREED.append(freed)
UNFINISHED.append(not_signed_yet)

FREED_SQL = """
SELECT coalesce(sum(d.amount - CASE WHEN w.state = ANY($2::text[]) THEN 0 ELSE award_takes(w) END), 0)
FROM award w JOIN LATERAL (
  SELECT x.amount FROM decision x JOIN meeting_minutes m ON m.id = x.minutes_id
  WHERE x.application_id = w.application_id AND meeting_minutes_is_signed(m.state) ORDER BY m.number
    DESC LIMIT 1) d ON true
WHERE w.call_id = $1
"""
