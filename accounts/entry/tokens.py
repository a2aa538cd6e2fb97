"""Links that open a door once: a random token in the letter, its hash in the table, used up by a POST."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from accounts.tables import Account
from foundation.database import execute, one_of, value
from foundation.language import gettext as _
from foundation.refused import Refused

LIVES = {"reset": timedelta(minutes=60), "invitation": timedelta(days=7)}


class Spent(Refused):
    """The link was used, is too old, or never was."""

    status = 410


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def give_token(account_id: UUID, purpose: str, offer_id: UUID | None = None) -> str:
    """A fresh one; earlier ones for the same purpose, and about the same role, no longer open anything."""
    token = new_token()
    await execute(USE_EARLIER, account_id, purpose, offer_id)
    await execute(
        "INSERT INTO access_token (token_sha256, account_id, purpose, expires, offer_id)"
        " VALUES ($1, $2, $3, clock_timestamp() + $4, $5)",
        hash_of(token), account_id, purpose, LIVES[purpose], offer_id,
    )  # fmt: skip
    return token


async def spend_links(offer_id: UUID) -> None:
    """Those about a role that is no longer offered."""
    await execute(
        "UPDATE access_token SET used_at = clock_timestamp() WHERE offer_id = $1 AND used_at IS NULL", offer_id
    )


async def account_of(token: str, purpose: str) -> Account:
    """Whose link it is, without using it up; Spent when it opens nothing any more."""
    return _or_spent(await one_of(Account, OPENS, hash_of(token), purpose))


async def use_token(token: str, purpose: str) -> Account:
    """Use it up, and with it every other link of the account: one door was asked for, one is opened."""
    account_id = await value(USE, hash_of(token), purpose)
    account = _or_spent(await one_of(Account, "SELECT * FROM account WHERE id = $1 AND active", account_id))
    await execute(USE_ALL, account.id)
    return account


def _or_spent(account: Account | None) -> Account:
    if account is None:
        raise Spent(_("This link has been used or is too old. Ask for a new one."))
    return account


OPENS = """
SELECT a.* FROM access_token t JOIN account a ON a.id = t.account_id
WHERE t.token_sha256 = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires > clock_timestamp() AND a.active
"""
USE = """
UPDATE access_token SET used_at = clock_timestamp()
WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires > clock_timestamp() RETURNING account_id
"""
USE_EARLIER = """
UPDATE access_token SET used_at = clock_timestamp()
WHERE account_id = $1 AND purpose = $2 AND offer_id IS NOT DISTINCT FROM $3 AND used_at IS NULL
"""
USE_ALL = "UPDATE access_token SET used_at = clock_timestamp() WHERE account_id = $1 AND used_at IS NULL"
