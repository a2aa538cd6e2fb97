"""What one request carries: who asks, in which language, from which page. Set where the language is found."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from foundation.language import language


@dataclass
class RequestContext:
    """`path` is without the language; `person` is whatever accounts put there, None when nobody is signed in;
    `lists` is the cookie of web/lists/kept.py as it came; `typed` is what was read of a form, names and values;
    `unshown` words of it that have no field on the page. Of headers that come twice, the last stands."""

    path: str = "/"
    query: str = ""
    person: Any = None
    csrf_token: str = ""
    flashes: list[dict[str, str]] = field(default_factory=list)
    api: bool = False
    lists: str = ""
    typed: list[tuple[str, str]] = field(default_factory=list)
    unshown: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


request_context: ContextVar[RequestContext] = ContextVar("request_context")


def href(path: str, /, **query: Any) -> str:
    """The path in the current language: /calls → /ka/calls. Empty query values are left out."""
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"/{language.get()}{path if path != '/' else '/'}" + (f"?{urlencode(kept, doseq=True)}" if kept else "")
