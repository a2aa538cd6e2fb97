"""Public pages say which state of things they show: who has that one gets 304, others get it as it was made before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import cache
from pathlib import Path

from litestar import Request, Response

from foundation.database import inside_transaction
from foundation.language import language
from web.context import request_context
from web.shell import SITE

ROOT = Path(__file__).parent.parent
MOST_BYTES = 4_000_000
_made: OrderedDict[str, bytes] = OrderedDict()


def tag_of(mark: str) -> str:
    """The validator of this page in this language for somebody not signed in; empty where nothing may be kept."""
    here = request_context.get()
    if here.person or here.flashes:
        return ""
    said = (mark, here.path, here.query, language.get(), SITE.shown, here.api, _words_and_templates())
    return f'W/"{hashlib.sha256(repr(said).encode()).hexdigest()[:24]}"'


def already(request: Request, tag: str) -> Response | None:
    """The answer where nothing has to be made: 304, or the page as it was made for somebody else under this tag."""
    if has_it(request, tag):
        return unchanged(tag)
    body = _made.get(tag)
    if body is None:
        return None
    _made.move_to_end(tag)
    return Response(body, media_type="text/html", headers=kept(tag))


def remember(tag: str, body: bytes) -> None:
    """A page that says its tag; the longest unasked are forgotten. What a transaction sees is not for others."""
    if not tag or inside_transaction():
        return
    _made[tag] = body
    while sum(map(len, _made.values())) > MOST_BYTES:
        _made.popitem(last=False)


def has_it(request: Request, tag: str) -> bool:
    return bool(tag) and tag in (part.strip() for part in request.headers.get("if-none-match", "").split(","))


def unchanged(tag: str) -> Response[None]:
    return Response(None, status_code=304, headers=kept(tag))


def kept(tag: str) -> dict[str, str]:
    """Kept by the browser, asked about each time: the header shows who is signed in."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Encoding"} if tag else {}


@cache
def _words_and_templates() -> str:
    """A new version of the service shows the same facts in other words."""
    digest = hashlib.sha256()
    for path in sorted((*ROOT.glob("[a-z]*/**/templates/*.html"), *ROOT.glob("foundation/words/*/*.po"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()
