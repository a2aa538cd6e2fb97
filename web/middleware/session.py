"""Who asks, by the cookie of their session. What a session is, whoever builds the application says: accounts know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from foundation.language import language
from web import flash
from web.context import request_context
from web.errors import send_answer
from web.flash import FLASH
from web.lists.kept import LISTS

# Sent as they lie there, whatever the database says.
ASKED_BY_NOBODY = ("/static/", "/health/")


class Sessions(Protocol):
    def cookie_name(self) -> str: ...
    def csrf_token(self, token: str) -> str: ...
    async def person_of(self, token: str) -> Any: ...


class Session(ASGIMiddleware):
    """`user` is the person, None when nobody is signed in; `auth` is the token of their session."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, sessions: Sessions, refresh: Callable[[], Awaitable[None]]):
        self.sessions, self.refresh = sessions, refresh

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["path"].startswith(ASKED_BY_NOBODY):
            return await next_app(scope, receive, send)
        here = request_context.get()
        token = here.cookies.get(self.sessions.cookie_name(), "")
        try:
            await self.refresh()
            person = await self.sessions.person_of(token) if token else None
        except Exception as error:
            return await send_answer(error, scope, receive, send)
        scope["user"], scope["auth"] = person, token if person else ""
        if person:
            here.person, here.csrf_token = person, self.sessions.csrf_token(token)
            here.lists = here.cookies.get(LISTS, "")
            if here.api:
                language.set(person.language)
        if not here.api:
            here.flashes = flash.read(here.cookies.get(FLASH))
        await next_app(scope, receive, send)
