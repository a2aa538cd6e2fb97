"""One line of the log for each request: its route, never its address, and the number its answer carries."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from foundation.logs import request_id
from web.context import request_context

log = logging.getLogger("access")


class AccessLog(ASGIMiddleware):
    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        started, number = time.perf_counter(), uuid4()
        request_id.set(number)
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        # Layers below change the address and the method, and Litestar writes into it which route it found.
        inside = scope.copy()
        try:
            await next_app(inside, receive, noting)
        finally:
            here = request_context.get(None)
            person = here.person if here else None
            log.info(
                "request",
                extra={
                    "method": scope.get("method"),
                    "route": str(inside.get("path_template") or "-"),
                    "status": status,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "request_id": str(number),
                    "account": str(person.id) if person else None,
                },
            )
