"""A session ends when nobody used it for long, also when two requests come at the same moment."""

import pytest

from accounts.sessions import open_session, person_of
from foundation.database import execute, value


async def unused_for(session: str, text: str) -> None:
    await execute("UPDATE session SET seen = clock_timestamp() - $1::text::interval", text)


async def minutes_unused() -> float:
    return float(await value("SELECT extract(epoch FROM clock_timestamp() - seen) / 60 FROM session"))


@pytest.mark.parametrize(("role", "idle"), [("curator", "31 minutes"), ("signatory", "13 hours")])
async def test_a_session_nobody_used_is_over(cast, role, idle):
    session = await open_session(getattr(cast, role))
    await unused_for(session, idle)
    assert await person_of(session) is None
    assert await value("SELECT count(*) FROM session") == 0


async def test_asking_whose_it_is_does_not_revive_a_session_that_is_over(cast, monkeypatch):
    """The second of two requests reads what the first has written, before the first has ended the session."""
    session = await open_session(cast.curator)
    await unused_for(session, "31 minutes")

    async def not_yet(_token):
        pass

    monkeypatch.setattr("accounts.sessions.close_session", not_yet)
    assert await person_of(session) is None
    assert await person_of(session) is None
    assert await minutes_unused() > 30


@pytest.mark.parametrize(
    ("role", "idle"), [("curator", "29 minutes"), ("signatory", "29 minutes"), ("signatory", "11 hours")]
)
async def test_use_is_remembered(cast, role, idle):
    session = await open_session(getattr(cast, role))
    await unused_for(session, idle)
    assert (await person_of(session)).id == getattr(cast, role).id
    assert await minutes_unused() < 1


async def test_within_a_minute_nothing_is_written(cast):
    session = await open_session(cast.curator)
    await unused_for(session, "30 seconds")
    assert (await person_of(session)).id == cast.curator.id
    assert await minutes_unused() > 0.4
