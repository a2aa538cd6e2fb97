"""Our application, telling in a header how many SQL statements each answer took."""

from __future__ import annotations

from typing import Any

from entrypoints.serving import app as ours
from foundation.database import Database


def app() -> Any:
    inside = ours()

    async def counting(scope, receive, send):
        if scope["type"] != "http":
            return await inside(scope, receive, send)
        before = Database.statements

        async def sender(message):
            if message["type"] == "http.response.start":
                said = str(Database.statements - before).encode()
                message = {**message, "headers": [*message["headers"], (b"x-statements", said)]}
            await send(message)

        await inside(scope, receive, sender)

    return counting
