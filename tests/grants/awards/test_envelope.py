"""Money that comes back to the committee, and what keeps a decided call from being complete."""

from decimal import Decimal

from foundation.database import get
from grants.awards.envelope import freed, not_signed_yet
from grants.calls.actions import UNFINISHED
from grants.calls.tables import Call
from grants.reviews.committee.actions import FREED
from tests.builders.awards import an_award


async def test_declined_and_smaller_awards_free_money(cast):
    assert freed in FREED and not_signed_yet in UNFINISHED
    declined = await an_award(cast, state="declined", amount=Decimal("3000"))
    call = await get(Call, declined.call_id)
    assert await freed(call) == Decimal("3000")
    assert not await not_signed_yet(call)
    running = await an_award(cast, state="active")
    assert await freed(await get(Call, running.call_id)) == 0
    offered = await an_award(cast, state="offered")
    assert await not_signed_yet(await get(Call, offered.call_id))
    assert not await not_signed_yet(await get(Call, running.call_id))
