"""Letters about calls, what waits for whom, and the clock's verbs."""

from datetime import timedelta

from foundation.clock import now
from foundation.database import execute, rows
from foundation.language import moment, speaking
from grants.calls import notices, tasks, transitions
from lifecycle.notices import handle_events
from lifecycle.record import record
from lifecycle.timed import TIMED
from tests.builders.calls import a_call
from tests.letters import Letters


async def letters():
    await handle_events()
    return [
        (r["to_address"], r["subject"])
        for r in await rows("SELECT to_address, subject FROM mail ORDER BY created, to_address")
    ]


async def test_managers_and_authors_are_told(cast):
    await execute("UPDATE account SET language = 'en' WHERE email = 'manager@example.org'")
    call = await a_call(cast, "draft", title_en="Forum grants", title_ka="ფორუმის გრანტები")
    await transitions.send_for_approval(call, cast.curator)
    assert await letters() == [("manager@example.org", "A call waits for your approval: Forum grants")]
    await transitions.send_back(call, cast.manager, "Too little time.")
    assert (await letters())[1:] == [("curator@example.org", "კონკურსი დაგიბრუნდათ: ფორუმის გრანტები")]
    body = (await rows("SELECT body FROM mail WHERE to_address = 'curator@example.org'"))[0]["body"]
    assert "Too little time." in body and f"/ka/manage/calls/{call.reference}" in body


async def test_invited_organisations_hear_that_it_opened(cast):
    call = await a_call(cast, "scheduled", invited_only=True, invited=[cast.vani_youth])
    await execute("UPDATE call SET title_en = title_en WHERE id = $1", call.id)
    await _open(call)
    assert [to for to, _subject in await letters()] == ["editor@example.org", "signatory@example.org"]


async def test_who_wrote_it_does_not_approve_it_and_is_not_asked_to(cast):
    for over in ({"created_by": cast.manager.id}, {"submitted_by": cast.manager.id}):
        await record("call.sent_for_approval", cast.curator, await a_call(cast, "in_approval", parts=False, **over))
    assert await letters() == []


async def test_who_made_a_call_hears_that_it_opens_and_that_it_was_cancelled(cast):
    await execute("UPDATE account SET language = 'en'")
    call, written = await a_call(cast, "scheduled", submitted_by=cast.curator2.id, title_en="Forum grants"), Letters()
    for event, people, subject, words in (
        ("scheduled", {"curator", "curator2"}, "approved", "It opens automatically on {opens} (Tbilisi time)."),
        ("cancelled", {"curator", "curator2", "manager"}, "cancelled", "The donor withdrew."),
    ):
        await record(f"call.{event}", cast.director, call, reason="The donor withdrew.")
        told = await written()
        with speaking("en"):
            words = words.format(opens=moment(call.opens_at))
        assert set(told) == people
        for ((said, body),) in told.values():
            assert said == f"The call was {subject}: Forum grants"
            assert words in body and f"/en/manage/calls/{call.reference}" in body


async def test_nobody_is_invited_where_everybody_may_apply(cast):
    await _open(await a_call(cast, "scheduled", invited=[cast.vani_youth]))
    assert await letters() == []


async def test_what_waits(cast):
    draft, waiting = await a_call(cast, "draft"), await a_call(cast, "in_approval")
    with speaking("en"):
        told = {
            who: [(task.verb, task.href) for task in await tasks.calls_that_wait(cast.people[who])]
            for who in ("curator", "curator2", "manager", "director")
        }
    assert told == {
        "curator": [("Finish the draft of a call", f"/manage/calls/{draft.reference}")],
        "curator2": [],
        "manager": [("Approve or send back a call", f"/manage/calls/{waiting.reference}")],
        "director": [],
    }


async def test_the_worker_opens_closes_and_completes_calls(cast):
    assert {notices.open_and_close, notices.complete} <= {timed.verb for timed in TIMED}
    yesterday, long_ago = now() - timedelta(days=1), now() - timedelta(days=90)
    calls = {
        "open": await a_call(cast, "scheduled", opens_at=yesterday, parts=False),
        "closed": await a_call(cast, deadline=yesterday, parts=False),
        "completed": await a_call(cast, "decided", decided_at=long_ago, parts=False),
    }
    await notices.open_and_close()
    await notices.complete()
    states = {each["id"]: each["state"] for each in await rows("SELECT id, state FROM call")}
    assert states == {call.id: state for state, call in calls.items()}


async def _open(call):
    from accounts.person import SYSTEM
    from grants.calls.transitions import opening
    from tests.importing import importing

    async with importing():
        await opening.write(SYSTEM, call, opened_at=now())
