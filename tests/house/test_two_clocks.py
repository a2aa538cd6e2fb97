"""The machine's clock may be hours off: everything goes by the database's, and whoever looks is told."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from entrypoints import checking
from foundation import clock
from foundation.database import DB, execute, keep_time, value
from tests.accounts.signing import PASSWORD, give_passwords, type_in
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from uploads.received import Received, Stored
from uploads.tickets import opened, sealed
from web.context import RequestContext, request_context

ROOT = Path(__file__).parent.parent.parent
OFF = [timedelta(hours=hours) for hours in (-13, -2, 2, 13)]
ASKED = re.compile(r"datetime\.now\(|\btime\.time\(|utcnow\(|date\.today\(")
# the age of files on disk goes by the clock of the machine that wrote them
OF_THE_MACHINE = {"foundation/clock.py", "uploads/sweeping.py"}


@pytest.fixture(params=OFF, ids=str)
async def wrong(request, db, monkeypatch):
    """The machine is that much off; the service has just begun."""
    monkeypatch.setattr(clock, "machine", lambda: datetime.now(UTC) + request.param)
    monkeypatch.setattr(clock, "_heard", clock._heard)
    await keep_time()
    return request.param


def test_nobody_asks_the_machine():
    rooms = ("accounts", "grants", "monitoring", "uploads", "lifecycle", "web", "entrypoints", "foundation")
    asking = {str(path.relative_to(ROOT)) for room in rooms for path in (ROOT / room).rglob("*.py")
              if ASKED.search(path.read_text("utf-8"))}  # fmt: skip
    assert asking == OF_THE_MACHINE


async def test_now_is_the_database_s(wrong):
    assert abs(clock.now() - await value("SELECT clock_timestamp()")) < timedelta(seconds=60)
    assert clock.today() == await value("SELECT day_here()")


async def test_a_session_of_staff_goes_on_and_ends_by_the_database(wrong, cast, client):
    await client.sign_in(cast.manager)
    assert (await client.get("/en/today")).status_code == 200
    left = await value("SELECT max(expires) - clock_timestamp() FROM session WHERE account_id = $1", cast.manager.id)
    assert timedelta(hours=11, minutes=50) < left <= timedelta(hours=12)
    await execute("UPDATE session SET seen = clock_timestamp() - interval '31 minutes'")
    assert (await client.get("/en/today")).headers["location"].startswith("/en/sign-in")


async def test_who_types_the_right_password_is_in_and_who_guesses_waits(wrong, cast, client):
    await give_passwords()
    for _ in range(5):
        assert (await type_in(client, "donor@example.org", "wrong")).status_code == 422
    assert (await type_in(client, "donor@example.org", "wrong")).status_code == 429
    await execute("UPDATE sign_in_attempt SET at = at - interval '2 minutes'")
    assert (await type_in(client, "donor@example.org", PASSWORD)).status_code == 303
    assert (await client.get("/en/donor")).status_code == 200


async def test_the_last_hour_before_a_deadline_is_open_and_the_next_is_not(wrong, cast, client):
    last = await value("SELECT clock_timestamp() + interval '1 hour'")
    call = await a_call(cast, "open", deadline=last, parts=False)
    await client.sign_in(cast.signatory)
    begun = await client.post(f"/api/v1/calls/{call.reference}/applications", json={})
    assert begun.status_code == 201
    page = (await client.get(f"/en/calls/{call.reference}")).text
    assert re.search("5[0-9] minutes are left", page) or "1 hour is left" in page
    passed = await value("SELECT clock_timestamp() - interval '1 minute'")
    over = await an_application(cast, await a_call(cast, "open", deadline=passed), state="draft")
    sent = await client.post(f"/api/v1/applications/{over.number}/submission")
    assert sent.status_code == 409 and "გასულია" in sent.json()["title"]


async def test_a_file_that_is_held_is_held_as_long(wrong, cast):
    request_context.set(RequestContext(person=cast.editor))
    ticket = sealed(Received("a.pdf", bytes(32), Stored(bytes(32), 1, "application/pdf", None, None)))
    assert opened(ticket)
    with clock.clock_at(clock.now() + timedelta(hours=25)):
        assert opened(ticket) is None


async def test_check_and_ready_tell_it(wrong, client):
    told = (await client.get("/health/ready")).json()
    assert abs(told["clock_ahead_seconds"] - wrong.total_seconds()) < 60
    connection = await asyncpg.connect(DB.config["dsn"])
    try:
        good, said = await checking._clock(connection)
    finally:
        await connection.close()
    assert not good and ("before" if wrong > timedelta(0) else "behind") in said


async def test_clocks_that_agree_are_fine(db):
    assert await checking._clock(None) == (True, "The clocks of this machine and of the database agree.")


MOMENT = re.compile(r"moment\([\w.]*(deadline|opens_at)\)")


def test_a_deadline_names_its_time_zone_everywhere():
    """Whoever reads it elsewhere would come hours late."""
    files = [path for room in ("grants", "monitoring", "web", "accounts") for kind in ("*.py", "*.html", "*.typ")
             for path in (ROOT / room).rglob(kind)]  # fmt: skip
    assert [str(path) for path in files if MOMENT.search(path.read_text("utf-8"))] == []


async def test_a_day_is_told_in_one_form_and_a_date_field_says_nothing_against_the_browser(cast, client):
    await client.sign_in(cast.curator)
    call = await a_call(cast, "draft", deadline=datetime(2026, 12, 16, 14, tzinfo=UTC))
    english = (await client.get(f"/en/manage/calls/{call.reference}")).text
    georgian = (await client.get(f"/ka/manage/calls/{call.reference}")).text
    assert "16 December 2026, 18:00 (Tbilisi time)" in english and "December, 2026" not in english
    assert "16 დეკემბერი, 2026, 18:00 (თბილისის დროით)" in georgian
    terms = (await client.get(f"/en/manage/calls/{call.reference}/terms")).text
    assert 'type="date"' in terms and "31.12.2026" not in terms
