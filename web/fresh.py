"""Public pages say which state of things they show; a browser that has that one already gets 304."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response

from foundation.language import language
from web.shell import STANDING
from web.visit import visit

ROOT = Path(__file__).parent.parent


def tag_of(mark: str) -> str:
    """The validator of this page in this language for somebody not signed in; empty where nothing may be kept."""
    here = visit.get()
    if here.person or here.flashes:
        return ""
    said = (mark, here.path, here.query, language.get(), STANDING.example, here.api, _words_and_templates())
    return f'W/"{hashlib.sha256(repr(said).encode()).hexdigest()[:24]}"'


def has_it(request: Request[Any, Any, Any], tag: str) -> bool:
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
