"""The one layer around the application: language from the address, session, forged requests, headers, the log line."""

from __future__ import annotations

import hmac
import json
import logging
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg

from accounts.person import NOBODY
from accounts.sessions import cookie_name, csrf_token, person_of
from entrypoints.standing import refresh_standing
from foundation.database import PoolTimeout
from foundation.language import LANGUAGES, language
from foundation.language import gettext as _
from foundation.settings import settings
from lifecycle.record import request_id
from web import flash
from web.error_words import in_both
from web.errors import SENTENCES
from web.flash import FLASH
from web.forms import Malformed, parse_pairs, typed_words
from web.limits import BODY
from web.lists.kept import LISTS
from web.pages import render
from web.shell import STANDING
from web.visit import Visit, visit

log = logging.getLogger("access")

# Addresses that carry no language of their own.
WITHOUT_LANGUAGE = ("/api/", "/static/", "/health/", "/schema", "/mail-preview", "/favicon.ico", "/csp")
SAFE = ("GET", "HEAD", "OPTIONS")
QUERY = "%/?:@!$&'()*+,;=-._~"  # what may stand in a query as it is

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'; object-src 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), geolocation=(self), microphone=()",
}


class Outermost:
    """ASGI: everything a request needs before it finds its handler."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, number = time.perf_counter(), uuid4()
        request_id.set(number)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        cookies = _cookies(headers.get("cookie", ""))
        status: list[int] = []  # empty until an answer has begun
        sender = _sender(send, number, status)
        inside = dict(scope)  # Litestar writes into it which route it found
        if scope["method"] == "HEAD":
            inside["method"], sender = "GET", _without_body(sender)
        try:
            await self._inside(inside, receive, sender, headers, cookies)
        except Exception as error:
            # The application answers its own errors; what comes here happened around it.
            if status:
                raise
            await _fail(sender, error)
        finally:
            log.info(
                "request",
                extra={
                    "method": scope["method"],
                    "route": str(inside.get("path_template") or "-"),
                    "status": status[0] if status else 500,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "request_id": str(number),
                    "account": str(visit.get().person.id) if visit.get(Visit()).person else None,
                },
            )

    async def _inside(self, scope, receive, send, headers, cookies):
        path = scope["path"]
        here = Visit(path=path, query=scope["query_string"].decode("latin-1"), api=path.startswith("/api/"))
        visit.set(here)
        code, bare = _language_of(path)
        language.set(code or _preferred(cookies, headers))
        if code:
            here.path = bare
            scope |= {"path": bare, "raw_path": bare.encode()}
        elif not path.startswith(WITHOUT_LANGUAGE):
            # the server has decoded the path: written back as it is, a line break in it would begin a header
            where = f"/{language.get()}{quote(path)}" + (f"?{quote(here.query, safe=QUERY)}" if here.query else "")
            return await _redirect(send, where)
        if "\x00" in path or "%00" in here.query:
            return await _refuse(send, here, 400, _("We could not understand what was sent."))
        if path.startswith(("/static/", "/health/")):
            return await self.app(scope, receive, send)
        await refresh_standing()
        token = cookies.get(cookie_name(), "")
        person = await person_of(token) if token else None
        scope["person"] = person or NOBODY
        scope["session_token"] = token if person else ""
        if person:
            here.person, here.csrf_token, here.lists = person, csrf_token(token), cookies.get(LISTS, "")
            if here.api and not code:
                language.set(person.language)
        here.flashes = flash.read(cookies.get(FLASH)) if not here.api else []
        if scope["method"] not in SAFE:
            refusal, receive = await self._unforged(scope, receive, headers, here)
            if refusal:
                return await _refuse(send, here, *refusal)
        await self.app(scope, receive, send)

    async def _unforged(self, scope, receive, headers, here: Visit):
        """Unsafe requests come from our own pages: by Origin or Sec-Fetch-Site, and with the session's token."""
        if not _same_origin(headers):
            return (
                403,
                _("This form is too old or not from this site. Open the page again and send it once more."),
            ), receive
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            body = await _body(receive)
            if body is None:
                return (413, _("What you sent is too large.")), receive
            scope["form_body"] = body
            if here.person and not _holds(_field(body, b"csrf_token") or headers.get("x-csrf-token", ""), here):
                with suppress(Malformed):
                    here.typed = parse_pairs(body)
                return (
                    403,
                    _("This form is too old or not from this site. Open the page again and send it once more."),
                ), receive
            return None, _replay(body)
        if kind == "multipart/form-data":
            return None, receive  # read_form wants the token before the first file
        if here.person and not _holds(headers.get("x-csrf-token", ""), here):
            return (403, _("The header X-CSRF-Token is missing or not of this session.")), receive
        return None, receive


def _sender(send, number, status):
    async def sender(message):
        if message["type"] == "http.response.start":
            status[:] = [message["status"]]
            present = {name.lower() for name, _value in message["headers"]}
            extra = [(name, value) for name, value in HEADERS.items() if name not in present]
            if b"cache-control" not in present and visit.get().person:
                extra.append((b"cache-control", b"no-store"))
            extra.append((b"x-request-id", str(number).encode()))
            if STANDING.example and visit.get(Visit()).api:
                extra.append((b"x-example-data", b"true"))  # what pages say in a banner and files in a column
            if settings().address.startswith("https://"):
                extra.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sender


def _without_body(send):
    """Whoever asks with HEAD gets the headers of the page and nothing more."""

    async def sender(message):
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sender


def _language_of(path: str) -> tuple[str | None, str]:
    """/ka/calls → ("ka", "/calls"); no language → (None, path)."""
    first, _slash, rest = path.lstrip("/").partition("/")
    return (first, "/" + rest) if first in LANGUAGES and path.startswith(f"/{first}") else (None, path)


def _preferred(cookies: dict[str, str], headers: dict[str, str]) -> str:
    if cookies.get("language") in LANGUAGES:
        return cookies["language"]
    for part in headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "ka"


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _sign, value in pairs if name}


def _same_origin(headers: dict[str, str]) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        scheme, _sign, host = origin.partition("://")
        same = host == headers.get("host") and scheme in ("http", "https")
        return same or origin == settings().address
    return headers.get("sec-fetch-site") in ("same-origin", "none")


def _holds(token: str, here: Visit) -> bool:
    return hmac.compare_digest(token.encode(), here.csrf_token.encode())


def _field(body: bytes, name: bytes) -> str:
    for pair in body.split(b"&"):
        key, _sign, value = pair.partition(b"=")
        if key == name:
            return value.decode("latin-1")
    return ""


async def _body(receive) -> bytes | None:
    taken = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(taken)
        taken += message.get("body", b"")
        if len(taken) > BODY:
            return None
        if not message.get("more_body"):
            return bytes(taken)


def _replay(body: bytes):
    sent = False

    async def receive():
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _redirect(send, where: str):
    headers = [(b"location", where.encode()), (b"vary", b"Cookie, Accept-Language"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _fail(send, error: Exception):
    """Without its database the service is busy; everything else is our mistake."""
    busy = isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError, PoolTimeout, OSError))
    log.error("failed before the application", exc_info=error)
    code = 503 if busy else 500
    await _refuse(send, visit.get(), code, _(SENTENCES[code]))


async def _refuse(send, here: Visit, status: int, sentence: str):
    """An error page, or a problem as JSON, before any handler was asked."""
    if here.api:
        kind, body = (
            b"application/problem+json",
            json.dumps({"type": "about:blank", "title": sentence, "status": status}, ensure_ascii=False),
        )
    else:
        kind = b"text/html; charset=utf-8"
        body = render(
            "web/templates/error.html",
            code=status,
            sentence=sentence,
            words=in_both(status),
            typed=typed_words(here.typed),
        )
    data = body.encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(data)).encode()), (b"cache-control", b"no-store")]
    if status in (429, 503):
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
