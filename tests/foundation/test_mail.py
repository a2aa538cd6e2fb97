"""The outbox: once for each key, sent by a real server, tried again, secrets forgotten."""

import asyncio
import email
import email.policy
import socket
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from foundation import mail
from foundation.database import execute, row, rows, value


class Inbox:
    def __init__(self):
        self.letters, self.refuse = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return "451 try later"
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def inbox(monkeypatch):
    handler = Inbox()
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    pretended = SimpleNamespace(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Subgrants <no-reply@example.org>")
    monkeypatch.setattr(mail, "settings", lambda: pretended)
    yield handler
    controller.stop()


async def test_a_key_is_posted_once(db):
    for _turn in range(2):
        await mail.post("a@example.org", "Subject", "Body", "ka", key="receipt:1")
    assert await value("SELECT count(*) FROM mail") == 1


async def test_a_letter_arrives_in_georgian_and_is_sent_once(db, inbox):
    await mail.post("a@example.org", "განაცხადი\nმიღებულია", "გამარჯობა", "ka")
    assert await mail.send_waiting() == 1
    assert await mail.send_waiting() == 0
    (letter,) = inbox.letters
    assert (letter["Subject"], letter["To"]) == ("განაცხადი მიღებულია", "a@example.org")
    assert letter.get_content().strip() == "გამარჯობა"
    assert (await row("SELECT body, sent_at IS NOT NULL AS sent FROM mail"))["body"] == "გამარჯობა\n"


async def test_the_text_of_a_secret_letter_is_forgotten(db, inbox):
    await mail.post("a@example.org", "Invitation", "https://…/token", "en", secret=True)
    assert await mail.send_waiting() == 1
    assert await value("SELECT body FROM mail") == ""


async def test_a_refused_letter_waits_longer_each_time_and_then_is_given_up(db, inbox):
    inbox.refuse = True
    await mail.post("a@example.org", "Subject", "Body", "en")
    pauses = []
    for _turn in range(mail.TRIES):
        assert await mail.send_waiting() == 0
        pauses.append(await value("SELECT round(extract(epoch FROM next_at - clock_timestamp()) / 60)::int FROM mail"))
        await execute("UPDATE mail SET next_at = clock_timestamp()")
    assert pauses[:4] == [1, 2, 4, 8]
    inbox.refuse = False
    assert await mail.send_waiting() == 0
    assert [tuple(r) for r in await rows("SELECT attempts, last_error FROM mail")] == [(12, "SMTPDataError")]


async def test_without_a_server_letters_stay_in_the_outbox(db):
    await mail.post("a@example.org", "Subject", "Body", "en")
    assert await mail.send_waiting() == 0
    assert await value("SELECT attempts FROM mail") == 0


async def test_two_workers_send_a_letter_once(committing, inbox):
    for n in range(8):
        await mail.post("a@example.org", f"Letter {n}", "Body", "en")
    await asyncio.gather(*(mail.send_waiting() for _worker in range(3)))
    assert sorted(letter["Subject"] for letter in inbox.letters) == [f"Letter {n}" for n in range(8)]
