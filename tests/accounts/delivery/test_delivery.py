"""What fails after an event: each letter by itself, seen by an administrator, and tried again."""

import pytest

from accounts import letters
from accounts.person import Role
from accounts.queries import holders_of
from foundation.database import execute, rows, transaction, value
from foundation.mail import TRIES as LETTER_TRIES
from foundation.mail import post
from lifecycle import notices
from lifecycle.notices import NOTICES, handle_events
from lifecycle.record import record, sentences
from lifecycle.tasks import tasks_of

sentences({"test.told": "Told"})
POISON = "director@example.org"


@pytest.fixture
def telling(monkeypatch):
    """Two notices after one event: of the first's three letters one cannot be written, as long as `broken` says so."""
    broken = [True]

    async def three(event):
        for role in (Role.MANAGER, Role.DIRECTOR, Role.FINANCE):
            await letters.write(
                await holders_of(role), f"{event.seq}:{role}", "Subject", "Body {word}", word=word(role)
            )

    def word(role):
        def said():
            if role is Role.DIRECTOR and broken[0]:
                raise ValueError("not to be written")
            return "word"

        return said

    async def another(event):
        await letters.write(await holders_of(Role.AUDITOR), f"{event.seq}:another", "Subject", "Body")

    monkeypatch.setitem(NOTICES, "test.told", [three, another])
    return broken


async def told(cast):
    async with transaction():
        await record("test.told", cast.manager)


async def written():
    return sorted(each["to"].split("@")[0] for each in await rows("SELECT to_address::text AS to FROM mail"))


async def test_one_letter_that_fails_keeps_no_other_back_and_repeats_none(cast, telling):
    await told(cast)
    await handle_events()
    assert await written() == ["auditor", "finance", "manager"]
    assert await value("SELECT last_error FROM event_job WHERE state = 'waiting'") == "ValueError"
    telling[0] = False
    await execute("UPDATE event_job SET next_at = clock_timestamp()")
    await handle_events()
    assert await written() == ["auditor", "director", "finance", "manager"]
    assert await value("SELECT count(*) FROM event_job WHERE state <> 'done'") == 0


async def test_a_letter_after_an_event_carries_a_key(cast, monkeypatch):
    async def keyless(event):
        await letters.write(await holders_of(Role.MANAGER), None, "Subject", "Body")

    monkeypatch.setitem(NOTICES, "test.told", [keyless])
    await told(cast)
    await handle_events()
    assert await value("SELECT last_error FROM event_job") == "LookupError" and await written() == []


async def test_an_administrator_sees_what_failed_and_tries_again(cast, client, telling):
    await told(cast)
    for _turn in range(notices.TRIES):
        await handle_events()
        await execute("UPDATE event_job SET next_at = clock_timestamp()")
    await post("gone@example.org", "A letter nobody took", "Text", "en")
    await execute(
        "UPDATE mail SET attempts = $1, last_error = 'SMTPDataError' WHERE subject LIKE 'A letter%'", LETTER_TRIES
    )
    for person in (cast.manager, cast.director):
        assert not [each for each in await tasks_of(person) if each.href == "/delivery"]
    await client.sign_in(cast.admin)
    assert "2 emails or follow-ups have failed" in (await client.get("/en/today")).text
    page = (await client.get("/en/delivery")).text
    assert (
        "gone@example.org" in page and "SMTPDataError" in page and "ValueError" in page and page.count("given up") == 2
    )
    telling[0] = False
    assert (await client.send_form("/en/delivery/again")).status_code == 303
    await handle_events()
    assert POISON in [each["to"] for each in await rows("SELECT to_address::text AS to FROM mail")]
    assert await value("SELECT attempts FROM mail WHERE to_address = 'gone@example.org'") == 0
    assert "Nothing has failed" in (await client.get("/en/delivery")).text
