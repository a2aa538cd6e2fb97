"""How often somebody may try: counted in the database by account, address and browser, all as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import timedelta
from uuid import UUID

from foundation.database import execute, transaction, value
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.settings import settings

PER_ACCOUNT = 5  # failures, before the first pause
PER_ADDRESS = 300  # failures a minute: behind one address there may be a training room, or a phone network
LONGEST_PAUSE = 960  # seconds: less than a hundred guesses in a day
# How many letters are sent to one e-mail that anybody may type, within how long; and how many one address asks for.
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LETTERS = {"reset": (3, HOUR), "registration": (3, HOUR), "invitation": (2, DAY)}
ASKED_FROM = (60, timedelta(minutes=10))
INVITED = 10  # people a day, by one organisation


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


def device_key(device: str) -> bytes | None:
    return _keyed("device", device) if device else None


async def begin(email: str, address: str, purpose: str = "sign_in", device: str = "") -> UUID:
    """Count a try before it is made, so that a hundred at once are counted as well; TooMany when it is one too many.
    `device` is what a browser that has signed in before says of itself."""
    by, at, its = email_key(email), address_key(address), device_key(device)
    async with transaction():
        await _one_at_a_time(by, at)
        failed = await value(FAILED, at)
        pause = await value(PAUSE, by, at, purpose, PER_ACCOUNT, LONGEST_PAUSE, its)
        if failed >= PER_ADDRESS:
            raise TooMany(_("Too many attempts from your network. Wait a minute, then try again."))
        if pause > 60:
            raise TooMany(
                _("Too many attempts with this email. Wait {n} minutes, or set a new password.", n=-(-pause // 60))
            )
        if pause > 0:
            raise TooMany(_("Too many attempts with this email. Wait a minute, or set a new password."))
        return await value(COUNT, by, at, purpose, its, False)


async def begin_letter(email: str, address: str, purpose: str) -> bool:
    """The same for what sends a letter to an e-mail anybody may type: false, silently, where enough were sent. What was
    not sent does not count, or whoever goes on asking would keep the letters from somebody for ever."""
    at = address_key(address)
    async with transaction():
        await _one_at_a_time(email_key(email), at)
        most, within = ASKED_FROM
        if await value(ASKED, at, ["reset", "registration"], within) >= most:
            raise TooMany(_("Too many emails were asked for from your network. Wait ten minutes, then try again."))
        return await _letter(email, at, purpose)


async def invites(email: str, organisation_id: UUID | None) -> bool:
    """Whether a letter goes to somebody who is invited. An organisation invites a few a day; who works for the
    programme is not counted, and their letters come through whatever organisations have sent."""
    if organisation_id is None:
        return True
    at = _keyed("organisation", str(organisation_id))
    await _one_at_a_time(email_key(email), at)
    if await value(ASKED, at, ["invitation"], DAY) >= INVITED:
        raise TooMany(_("Your organisation has sent {n} invitations today. Go on tomorrow.", n=INVITED))
    return await _letter(email, at, "invitation")


async def _letter(email: str, at: bytes, purpose: str) -> bool:
    most, within = LETTERS[purpose]
    sends = await value(SENT, email_key(email), purpose, within) < most
    await value(COUNT, email_key(email), at, purpose, None, sends)
    return sends


async def succeeded(attempt: UUID, device: str = "") -> None:
    """From now on this address and this browser are known to be the account's."""
    await execute(
        "UPDATE sign_in_attempt SET succeeded = true, device_key = $2 WHERE id = $1", attempt, device_key(device)
    )


async def proved(email: str, address: str, device: str = "") -> None:
    """Whoever comes from a letter has shown that the account is theirs: the pause is over, this browser is known."""
    await execute(COUNT, email_key(email), address_key(address), "sign_in", device_key(device), True)


async def _one_at_a_time(*keys: bytes) -> None:
    for number in sorted(int.from_bytes(key[:8], "big", signed=True) for key in keys):
        await execute("SELECT pg_advisory_xact_lock($1)", number)


def _keyed(kind: str, text: str) -> bytes:
    return hmac.digest(settings().secret.encode(), f"{kind}:{text}".encode(), hashlib.sha256)


COUNT = """
INSERT INTO sign_in_attempt (email_key, address_key, purpose, device_key, succeeded) VALUES ($1, $2, $3, $4, $5)
RETURNING id
"""
FAILED = """
SELECT count(*) FROM sign_in_attempt
WHERE address_key = $1 AND NOT succeeded AND purpose IN ('sign_in', 'password')
  AND at > clock_timestamp() - interval '1 minute'
"""
ASKED = """
SELECT count(*) FROM sign_in_attempt
WHERE address_key = $1 AND purpose = ANY($2::text[]) AND at > clock_timestamp() - $3::interval
"""
SENT = """
SELECT count(*) FROM sign_in_attempt
WHERE email_key = $1 AND purpose = $2 AND succeeded AND at > clock_timestamp() - $3::interval
"""
# Failures of a day since the last success. From the fifth on each makes the pause twice as long, from one minute up. A
# browser this account has signed in with before is judged by its own failures, and so is an address: strangers, in the
# same room or network as well, cannot lock anybody out.
PAUSE = """
WITH mine AS (SELECT coalesce(bool_or(device_key = $6), false) AS device,
    coalesce(bool_or(address_key = $2), false) AS address
  FROM sign_in_attempt WHERE email_key = $1 AND succeeded AND purpose IN ('sign_in', $3)),
tries AS (SELECT at, succeeded FROM sign_in_attempt, mine
  WHERE email_key = $1 AND (purpose = $3 OR purpose = 'sign_in' AND succeeded)
    AND at > clock_timestamp() - interval '1 day'
    AND CASE WHEN mine.device THEN device_key = $6 WHEN mine.address THEN address_key = $2 ELSE true END),
failed AS (SELECT count(*) AS n, max(at) AS last FROM tries
  WHERE NOT succeeded AND at > coalesce((SELECT max(at) FROM tries WHERE succeeded), '-infinity'))
SELECT CASE WHEN n < $4 THEN 0 ELSE greatest(0, ceil(
  least($5, 60 * 2 ^ least(n - $4, 10)) - extract(epoch FROM clock_timestamp() - last)))::int END FROM failed
"""
