"""Municipalities as the options of a form."""

from __future__ import annotations

from accounts.queries import municipalities
from foundation.language import pick_text


async def place_options(by: str = "id") -> list[tuple[str, str]]:
    return [(str(each[by]), pick_text(each, "name")) for each in await municipalities()]
