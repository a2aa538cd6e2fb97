"""Letters that follow a request for a new password, and the sweeping out of what is old."""

from __future__ import annotations

import hmac

from accounts.entry.attempts import email_key
from accounts.entry.tokens import give_token
from accounts.letters import write
from accounts.queries import recipients
from foundation.database import execute, rows
from foundation.language import N_
from foundation.settings import settings
from lifecycle.record import Event


async def send_reset(event: Event) -> None:
    """The event knows the e-mail by its keyed hash alone, so that typing a stranger's stores nothing of theirs."""
    asked = bytes.fromhex(event.payload["key"])
    for account in await rows(
        "SELECT id, email::text AS email FROM account WHERE active AND ($1 OR NOT example)", not settings().production
    ):
        if hmac.compare_digest(email_key(account["email"]), asked):
            token = await give_token(account["id"], "reset")
            await write(
                await recipients(account["id"]), f"reset:{event.seq}",
                N_("Set a new password"),
                N_(
                    "Somebody, perhaps you, asked for a new password for your account. Open this page within an hour:"
                    "\n\n{link}\n\nIf it was not you, you need not do anything: your password stays as it is."
                ),
                link=f"/password/reset/{token}", secret=True,
            )  # fmt: skip


async def sweep() -> None:
    """Who tried from where is kept for 90 days; sessions and links go a while after they stopped opening anything."""
    await execute("DELETE FROM sign_in_attempt WHERE at < clock_timestamp() - interval '90 days'")
    await execute("DELETE FROM session WHERE expires < clock_timestamp()")
    await execute("DELETE FROM access_token WHERE expires < clock_timestamp() - interval '30 days'")
    await execute("DELETE FROM registration WHERE expires < clock_timestamp()")


ACCOUNTS = "SELECT id, email::text AS email FROM account WHERE active AND ($1 OR NOT example)"
