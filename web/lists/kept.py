"""The lists as somebody last saw them, so that the way back from a record leads to the same filters, order and page.

A cookie carries it, sealed with the session's own secret: it means nothing in another session, leads nowhere but to
our own lists, and stands through every step that is taken on the record's page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from litestar import Response

from web.context import href, request_context
from web.cookies import cookie

LISTS = "lists"
MOST = 2000
SEVERAL = 6


def remember(response: Response[bytes], path: str, query: Mapping[str, str]) -> None:
    """The list at this path is being looked at with this query."""
    here = request_context.get()
    if here.person is None:
        return
    before = _read(here.lists)
    after = {each: told for each, told in before.items() if each != path}
    if query:
        after[path] = dict(query)
    if after == before:
        return
    while len(after) > SEVERAL or len(_sealed(after)) > MOST:
        after.pop(next(iter(after)))
    response.set_cookie(cookie(LISTS, _sealed(after)))


def back_to(path: str) -> str:
    """The list at this path as it was left."""
    return href(path, **_read(request_context.get().lists).get(path, {}))


def _sealed(lists: Mapping[str, Mapping[str, str]]) -> str:
    whole = json.dumps(lists, ensure_ascii=False, separators=(",", ":")).encode()
    told = base64.urlsafe_b64encode(whole).decode().rstrip("=")
    return f"{_mark(told)}.{told}"


def _mark(told: str) -> str:
    return hmac.new(request_context.get().csrf_token.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


def _read(cookie: str) -> dict[str, dict[str, str]]:
    """Nothing, when this session did not write it."""
    mark, _dot, told = cookie.partition(".")
    if not told or request_context.get().person is None or not hmac.compare_digest(mark.encode(), _mark(told).encode()):
        return {}
    try:
        return json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    except (ValueError, binascii.Error):
        return {}
