"""The language stands first in a page's address: /ka/calls. Who asks without one is led to theirs."""

from __future__ import annotations

from urllib.parse import quote

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from foundation.language import LANGUAGES, language
from foundation.language import gettext as _
from web.context import RequestContext, request_context
from web.errors import send_answer
from web.forms import Malformed

# Addresses that carry no language of their own.
WITHOUT_LANGUAGE = ("/api/", "/static/", "/health/", "/schema", "/mail-preview", "/favicon.ico", "/csp")
QUERY = "%/?:@!$&'()*+,;=-._~"  # what may stand in a query as it is


class Language(ASGIMiddleware):
    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        path = scope["path"]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        here = RequestContext(
            path=path,
            query=scope["query_string"].decode("latin-1"),
            api=path.startswith("/api/"),
            headers=headers,
            cookies=_cookies(headers.get("cookie", "")),
        )
        request_context.set(here)
        code, bare = _language_of(path)
        language.set(code or _preferred(here))
        if code:
            here.path = scope["path"] = bare
            scope["raw_path"] = bare.encode()
        elif not path.startswith(WITHOUT_LANGUAGE):
            # the server has decoded the path: written back as it is, a line break in it would begin a header
            where = f"/{language.get()}{quote(path)}" + (f"?{quote(here.query, safe=QUERY)}" if here.query else "")
            return await _redirect(send, where)
        if "\x00" in path or "%00" in here.query:
            return await send_answer(Malformed(_("We could not understand what was sent.")), scope, receive, send)
        await next_app(scope, receive, send)


def _language_of(path: str) -> tuple[str | None, str]:
    """/ka/calls → ("ka", "/calls"); no language → (None, path)."""
    first, _slash, rest = path.lstrip("/").partition("/")
    return (first, "/" + rest) if first in LANGUAGES and path.startswith(f"/{first}") else (None, path)


def _preferred(here: RequestContext) -> str:
    if here.cookies.get("language") in LANGUAGES:
        return here.cookies["language"]
    for part in here.headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "ka"


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _sign, value in pairs if name}


async def _redirect(send: Send, where: str) -> None:
    headers = [(b"location", where.encode()), (b"vary", b"Cookie, Accept-Language"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
