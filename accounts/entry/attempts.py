"""How often somebody may try: counted in the database by account and by address, both as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from uuid import UUID

from accounts.tables import SignInAttempt
from foundation.database import execute, row, transaction, value
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.settings import settings

PER_ACCOUNT, PER_ADDRESS = 5, 20  # a minute
LETTERS = 3  # an hour to one e-mail
LONGEST_PAUSE = 900  # seconds; longer would let anybody lock somebody else out


class TooMany(Refused):
    status = 429


def email_key(email: str) -> bytes:
    return _keyed("email", email.strip().casefold())


def address_key(address: str) -> bytes:
    """Whoever has one IPv6 address has a whole /64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _keyed("address", address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return _keyed("address", str(ipaddress.ip_network((parsed, 64), strict=False)))
    return _keyed("address", str(parsed))


async def begin(email: str, address: str, purpose: str = "sign_in") -> UUID:
    """Count a try before it is made, so that a hundred at once are counted as well; TooMany when it is one too many."""
    by, at = email_key(email), address_key(address)
    async with transaction():
        await _one_at_a_time(by, at)
        pressed = await value(PRESSED, at)
        pause = await value(PAUSE, by, at, purpose, PER_ACCOUNT, LONGEST_PAUSE)
        if pressed >= PER_ADDRESS:
            raise TooMany(_("Too many attempts from your network. Wait a minute, then try again."))
        if pause > 60:
            raise TooMany(
                _("Too many attempts with this email. Wait {n} minutes, or set a new password.", n=-(-pause // 60))
            )
        if pause > 0:
            raise TooMany(_("Too many attempts with this email. Wait a minute, or set a new password."))
        found = await row(COUNT, by, at, purpose)
    return found["id"]  # type: ignore[index]


async def begin_letter(email: str, address: str, purpose: str) -> bool:
    """The same for what sends a letter to an address anybody may type: false, silently, after three in an hour."""
    by, at = email_key(email), address_key(address)
    async with transaction():
        await _one_at_a_time(by, at)
        if await value(PRESSED, at) >= PER_ADDRESS:
            raise TooMany(_("Too many attempts from your network. Wait a minute, then try again."))
        sent = await value(SENT, by, purpose)
        await row(COUNT, by, at, purpose)
    return sent < LETTERS


async def succeeded(attempt: UUID) -> None:
    await SignInAttempt.update({SignInAttempt.succeeded: True}).where(SignInAttempt.id == attempt)


async def _one_at_a_time(*keys: bytes) -> None:
    for number in sorted(int.from_bytes(key[:8], "big", signed=True) for key in keys):
        await execute("SELECT pg_advisory_xact_lock($1)", number)


def _keyed(kind: str, text: str) -> bytes:
    return hmac.digest(settings().secret.encode(), f"{kind}:{text}".encode(), hashlib.sha256)


COUNT = """
INSERT INTO sign_in_attempt (email_key, address_key, purpose, succeeded) VALUES ($1, $2, $3, false) RETURNING id
"""
PRESSED = """
SELECT count(*) FROM sign_in_attempt WHERE address_key = $1 AND at > clock_timestamp() - interval '1 minute'
"""
SENT = """
SELECT count(*) FROM sign_in_attempt
WHERE email_key = $1 AND purpose = $2 AND at > clock_timestamp() - interval '1 hour'
"""
# Failures of a day since the last success. From the fifth on each makes the pause twice as long, from one minute up.
# An address this account has signed in from before is judged by its own failures: strangers cannot lock it out.
PAUSE = """
WITH mine AS (SELECT EXISTS (SELECT 1 FROM sign_in_attempt
    WHERE email_key = $1 AND address_key = $2 AND succeeded AND purpose = $3) AS known),
tries AS (SELECT at, succeeded FROM sign_in_attempt, mine
  WHERE email_key = $1 AND purpose = $3 AND at > clock_timestamp() - interval '1 day'
    AND (address_key = $2 OR NOT known)),
failed AS (SELECT count(*) AS n, max(at) AS last FROM tries
  WHERE NOT succeeded AND at > coalesce((SELECT max(at) FROM tries WHERE succeeded), '-infinity'))
SELECT CASE WHEN n < $4 THEN 0 ELSE greatest(0, ceil(
  least($5, 60 * 2 ^ least(n - $4, 10)) - extract(epoch FROM clock_timestamp() - last)))::int END FROM failed
"""
