"""The outbox: mail is written in the transaction of its cause, and sent after it by the worker."""

from __future__ import annotations

import logging
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from foundation.database import execute, row
from foundation.settings import settings

log = logging.getLogger("mail")

# After 1, 2, 4 … minutes; the twelfth try comes more than a day after the first.
TRIES, FIRST_PAUSE = 12, 60
TIMEOUT = 20


async def post(to: str, subject: str, body: str, language: str, key: str | None = None, secret: bool = False) -> None:
    """Put a letter into the outbox, in the current transaction. A second one with the same `key` is left out.
    The text of a `secret` one, as those with a link to sign in, is forgotten once it is sent."""
    await execute(
        "INSERT INTO mail (to_address, subject, body, language, key, secret) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (key) DO NOTHING",
        to, " ".join(subject.split()), body.strip() + "\n", language, key, secret,
    )  # fmt: skip


async def send_waiting(most: int = 50) -> int:
    """Send what waits, where a server for it is set; how many were sent. Without one they stay in the outbox."""
    if not settings().smtp_url:
        return 0
    sent = 0
    for _turn in range(most):
        letter = await row(CLAIM, TRIES, float(FIRST_PAUSE))
        if letter is None:
            break
        try:
            await aiosmtplib.send(message_of(letter), **server(settings().smtp_url or ""))
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("mail not sent", extra={"mail": str(letter["id"]), "error": type(error).__name__})
            await execute("UPDATE mail SET last_error = $2 WHERE id = $1", letter["id"], type(error).__name__)
        else:
            await execute(SENT, letter["id"])
            sent += 1
    return sent


def message_of(letter) -> EmailMessage:
    message = EmailMessage()
    sender = settings().mail_from
    message["From"], message["To"], message["Subject"] = sender, letter["to_address"], letter["subject"]
    message["Date"] = formatdate(letter["created"].timestamp())
    # The same for every try, so that a letter sent twice can be told from two letters.
    message["Message-ID"] = f"<{letter['id']}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Content-Language"] = letter["language"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter["body"], charset="utf-8", cte="base64")
    return message


def server(url: str) -> dict:
    """smtp://user:password@host:587 speaks STARTTLS when the server offers it, smtps:// TLS from the start."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    return {
        "hostname": parts.hostname,
        "port": parts.port or (465 if tls else 587),
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": tls,
        "timeout": TIMEOUT,
    }


# Claiming counts the try and sets the time of the next one first: no lock is held while a far server thinks.
CLAIM = """
UPDATE mail SET attempts = attempts + 1, next_at = clock_timestamp() + make_interval(secs => $2 * 2 ^ attempts)
WHERE id = (SELECT id FROM mail WHERE sent_at IS NULL AND next_at <= clock_timestamp() AND attempts < $1
  ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, to_address, subject, body, language, created
"""
SENT = """
UPDATE mail SET sent_at = clock_timestamp(), last_error = NULL, body = CASE WHEN secret THEN '' ELSE body END
WHERE id = $1
"""
