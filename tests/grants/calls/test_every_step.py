"""Every step of a call, by the page and by the API: the state, and who took it."""

import pytest

from foundation.database import get
from grants.calls.tables import Call
from tests.builders.calls import a_call
from tests.surfaces import by_page_and_api, last_event, take

REASON = {"reason": "The budget is not approved yet"}


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "who", "given", "after", "event"),
    [
        ("draft", "approval-request", "curator", {}, "in_approval", "call.sent_for_approval"),
        ("in_approval", "return", "manager", REASON, "draft", "call.returned"),
        ("in_approval", "approval", "manager", {}, "scheduled", "call.scheduled"),
        ("scheduled", "recall", "manager", REASON, "draft", "call.recalled"),
        ("open", "suspension", "manager", REASON, "suspended", "call.suspended"),
        ("suspended", "resumption", "manager", {}, "open", "call.resumed"),
        ("open", "cancellation", "director", REASON, "cancelled", "call.cancelled"),
    ],
)
async def test_a_step(surface, before, noun, who, given, after, event, cast, client):
    call = await a_call(cast, before)
    await client.sign_in(cast.people[who])
    path = f"/manage/calls/{call.reference}/{noun}"
    await take(client, surface, path, given, at=f"/calls/{call.reference}/{noun}")
    assert (await get(Call, call.id)).state == after
    assert await last_event(call.id) == (event, cast.people[who].id)


@by_page_and_api
async def test_a_draft_changes_hands(surface, cast, client):
    call = await a_call(cast, "draft", created_by=cast.curator.id)
    await client.sign_in(cast.manager)
    given = {"successor": str(cast.curator2.id), "reason": "She left us"}
    path = f"/manage/calls/{call.reference}/handover"
    await take(client, surface, path, given, at=f"/calls/{call.reference}/handover")
    fresh = await get(Call, call.id)
    assert (fresh.owner_id, fresh.earlier_owners) == (cast.curator2.id, [cast.curator.id])
    assert await last_event(call.id) == ("call.handed_over", cast.manager.id)
