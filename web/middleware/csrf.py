"""What changes something comes from our own pages: by Origin or Sec-Fetch-Site, and with the token of the session."""

from __future__ import annotations

from contextlib import suppress

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.settings import settings
from web.context import request_context
from web.errors import send_answer
from web.forms import Forged, Malformed, TooLarge, check_token, holds_token, parse_pairs, readable_pairs
from web.limits import FORM

SAFE = ("GET", "HEAD", "OPTIONS")


class Csrf(ASGIMiddleware):
    """An urlencoded form is read here for its token, no further than a form may be long, and handed on as
    `form_body`; a multipart one is checked where its first file comes."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope.get("method") in SAFE:
            return await next_app(scope, receive, send)
        try:
            receive = await self.checked(scope, receive)
        except Refused as error:
            return await send_answer(error, scope, receive, send)
        await next_app(scope, receive, send)

    async def checked(self, scope: Scope, receive: Receive) -> Receive:
        """What is to be read of the request from now on."""
        headers = request_context.get().headers
        if not _same_origin(headers):
            raise Forged(_("This form is too old or not from this site. Open the page again and send it once more."))
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            body = await _body(receive, FORM)
            token = _field(body, b"csrf_token") or headers.get("x-csrf-token", "")
            if not holds_token(token):
                with suppress(Malformed):
                    request_context.get().typed = parse_pairs(body)  # the words go back to whoever typed them
            check_token(token)
            scope["form_body"] = body  # type: ignore[typeddict-unknown-key]
            return _again(body)
        if kind != "multipart/form-data" and not holds_token(headers.get("x-csrf-token", "")):
            raise Forged(_("The header X-CSRF-Token is missing or not of this session."))
        return receive


def _same_origin(headers: dict[str, str]) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        scheme, _sign, host = origin.partition("://")
        same = host == headers.get("host") and scheme in ("http", "https")
        return same or origin == settings().address
    return headers.get("sec-fetch-site") in ("same-origin", "none")


def _field(body: bytes, name: bytes) -> str:
    for pair in body.split(b"&"):
        key, _sign, value = pair.partition(b"=")
        if key == name:
            return value.decode("latin-1")
    return ""


async def _body(receive: Receive, limit: int) -> bytes:
    taken = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(taken)
        taken += message.get("body", b"")
        if len(taken) > limit:
            request_context.get().typed = readable_pairs(taken)
            raise TooLarge(_("What you sent is too large."))
        if not message.get("more_body"):
            return bytes(taken)


def _again(body: bytes) -> Receive:
    sent = False

    async def receive() -> HTTPReceiveMessage:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
