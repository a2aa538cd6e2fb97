"""One's own sessions, as a list to end those one does not know."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

from foundation.database import rows


async def sessions_of(account_id: UUID, token: str) -> list[dict[str, object]]:
    """Newest first; the one with this token is `current`."""
    found = await rows(
        "SELECT id, created, seen, agent, token_sha256 = $2 AS current FROM session"
        " WHERE account_id = $1 AND expires > clock_timestamp() ORDER BY current DESC, seen DESC LIMIT 50",
        account_id, hashlib.sha256(token.encode()).digest(),
    )  # fmt: skip
    return [{**each, "device": device(each["agent"] or "")} for each in found]


def device(agent: str) -> str:
    """“Chrome, Android” out of what a browser says of itself; nothing when it says nothing known."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, agent)), "")
    return ", ".join(each for each in (browser, system) if each)


# The first that fits: most browsers also claim to be those further down.
BROWSERS = [
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
]  # fmt: skip
