"""Our application, telling in headers how many SQL statements each answer took, and the most memory so far."""

from __future__ import annotations

import resource
from typing import Any

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Response, get
from litestar.params import FromQuery

from entrypoints.web import create_app
from foundation.database import Database, rows
from foundation.settings import settings
from tools.bare import LIST, LISTED, html


@get("/bare/list", include_in_schema=False, opt={"public": True})
async def bare_list(now: FromQuery[str], place: FromQuery[str]) -> Response[bytes]:
    """What tools/bare.py answers, inside all that happens around a request of ours."""
    return html(LIST.render(rows=await rows(LISTED, now, place)))


def app() -> Any:
    ours = create_app()
    ours.register(bare_list)
    inside = wrap_asgi_with_proxy_headers(ours, settings().trusted_proxies.strip())

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
