"""Our application, telling in headers how many SQL statements each answer took, and the most memory so far."""

from __future__ import annotations

import resource
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
                peak = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss).encode()
                told = [(b"x-statements", said), (b"x-memory-kb", peak)]
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        await inside(scope, receive, sender)

    return counting
