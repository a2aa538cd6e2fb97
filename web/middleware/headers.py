"""The headers every answer has: what a browser may do with it, who may keep it, the request's number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from foundation.logs import request_id
from foundation.settings import settings
from web.context import request_context
from web.methods import allow_of
from web.shell import SITE

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'; object-src 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
)


class Headers(ASGIMiddleware):
    """What the answer says itself stands. Whoever asks with HEAD gets the headers of the page and nothing more; with
    OPTIONS, which methods there are: the framework tells those of the router that was added first."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_missing(message["headers"])]
            await send(message)

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await with_headers(message)

        async def with_methods(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 204:
                others = [each for each in message["headers"] if each[0].lower() != b"allow"]
                allow = allow_of(Request(scope))
                message["headers"] = [*others, (b"allow", allow.encode())]
            await with_headers(message)

        if scope.get("method") == "OPTIONS":
            return await next_app(scope, receive, with_methods)
        if scope.get("method") == "HEAD":
            cast(HTTPScope, scope)["method"] = "GET"
            return await next_app(scope, receive, without_body)
        await next_app(scope, receive, with_headers)


def _missing(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    here = request_context.get()
    present = {name.lower() for name, _value in headers}
    for header in HEADERS:
        if header[0] not in present:
            yield header
    if here.person and b"cache-control" not in present:
        yield b"cache-control", b"no-store"
    yield b"x-request-id", str(request_id.get()).encode()
    if here.api and SITE.example:
        yield b"x-example-data", b"true"  # what pages say in a banner and files in a column
    if settings().address.startswith("https://"):
        yield b"strict-transport-security", b"max-age=63072000; includeSubDomains"
