"""Which methods an address takes: for the refusal of any other, and for whoever asks with OPTIONS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from litestar import Litestar, Request

PARAMETER = re.compile(r"\{[^}]*\}")
DEEP = re.compile(r"\{[^}]*:path\}")


def allow_of(request: Request) -> str:
    """The address may be a route's own; how many of its words are parameters decides between two that fit."""
    asked = request.scope["path"].rstrip("/") or "/"
    fitting = [each for each in _routes(request.app) if each[0].fullmatch(asked)]
    nearest = min((each[1] for each in fitting), default=0)
    return methods_of({method for _path, inside, methods in fitting if inside == nearest for method in methods})


def methods_of(methods: Iterable[str]) -> str:
    """HEAD is answered wherever GET is, and OPTIONS everywhere."""
    told = {*methods, "OPTIONS"}
    return ", ".join(sorted(told | ({"HEAD"} if "GET" in told else set())))


@cache
def _routes(app: Litestar) -> list[tuple[re.Pattern[str], int, frozenset[str]]]:
    """Each address as a pattern, how many parameters it has, and its methods."""
    return [
        (_pattern(route.path), route.path.count("{"), frozenset(getattr(route, "methods", ()))) for route in app.routes
    ]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(PARAMETER.sub("[^/]+", DEEP.sub(".+", path)).rstrip("/") or "/")
