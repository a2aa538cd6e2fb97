"""Letters about calls, what waits for whom, and the clock's verbs."""

from foundation.database import execute, rows
from foundation.language import speaking
from grants.calls import notices, tasks, transitions
from lifecycle.notices import handle_events
from lifecycle.timed import TIMED
from tests.builders.calls import a_call


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
    await notices.open_and_close()
    await notices.complete()


async def _open(call):
    from accounts.person import SYSTEM
    from foundation.clock import now
    from grants.calls.transitions import opening
    from tests.importing import importing

    async with importing():
        await opening.write(SYSTEM, call, opened_at=now())
