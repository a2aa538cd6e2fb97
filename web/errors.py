"""Every error becomes a clear sentence in the visitor's language with the right status, as a page or as JSON."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from typing import Any

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import Receive, Scope, Send
from pydantic import ValidationError

from foundation.database import PoolTimeout
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from web.context import request_context
from web.error_words import in_both
from web.forms import Invalid, Malformed, error_sentences, parse_pairs, said_of, typed_words
from web.guards import SignInFirst
from web.methods import allow_of
from web.pages import page, redirect

log = logging.getLogger("errors")
NO_HEADERS: Mapping[str, str] = {}

SENTENCES = {
    400: N_("We could not understand what was sent."),
    401: N_("Sign in to continue."),
    403: N_("This is not allowed."),
    404: N_("There is no such page, or you do not have access to it."),
    405: N_("This address does not take such a request."),
    409: N_("This could not be done, because something changed in the meantime."),
    410: N_("This is no longer here."),
    413: N_("What you sent is too large."),
    415: N_("This kind of content is not taken here."),
    422: N_("Something is missing or not right."),
    429: N_("Too many attempts. Wait a few minutes, then try again."),
    500: N_("Something went wrong on our side. What you had saved is safe. Try again; if it happens again, tell us."),
    503: N_("The service is busy. Wait a moment, then try again; nothing you saved is lost."),
    507: N_("There is no room left to store files. Tell the administrator; nothing you saved is lost."),
}


def answer(
    request: Request, status: int, sentence: str | None = None, headers: Mapping[str, str] = NO_HEADERS, **more: Any
) -> Response:
    """The error as a page or, under /api/, as application/problem+json."""
    sentence = sentence or _(SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]))
    headers = {**headers, **({"Retry-After": "5"} if status in (429, 503) else {})}
    if request_context.get().api:
        body = {"type": "about:blank", "title": sentence, "status": status, **more}
        return Response(body, status_code=status, media_type="application/problem+json", headers=headers)
    return page(
        "web/templates/error.html",
        status=status,
        headers=headers,
        code=status,
        sentence=sentence,
        words=in_both(status),
        typed=typed_words(request_context.get().typed or unread(request)),
    )


def unread(request: Request) -> list[tuple[str, str]]:
    """What was sent to a handler that did not come to reading it."""
    body = request.scope.get("form_body")
    try:
        return parse_pairs(body) if isinstance(body, bytes) else []
    except Malformed:
        return []


def refused(request: Request, error: Refused) -> Response:
    return answer(request, error.status, error.sentence)


def sign_in_first(request: Request, error: SignInFirst) -> Response:
    """A page leads to the sign-in page, which leads back; what was posted without a session is not kept."""
    here = request_context.get()
    if here.api:
        return refused(request, error)
    back = here.path + (f"?{here.query}" if here.query else "")
    return redirect("/sign-in", next=back if request.method in ("GET", "HEAD") else None)


def refused_as_malformed(request: Request, error: Malformed) -> Response:
    return answer(request, 400)


def malformed(request: Request, error: Exception) -> Response:
    log.warning("taken for malformed", exc_info=error)  # where nothing was sent to be wrong, it is a mistake of ours
    return answer(request, 400)


def invalid(request: Request, error: Invalid) -> Response:
    return answer(request, 422, errors=error.errors)


def validation(request: Request, error: ValidationException) -> Response:
    """Litestar's own: the body of an API request or a parameter in the address did not parse."""
    cause = error.__cause__
    while cause is not None and not isinstance(cause, ValidationError):
        cause = cause.__cause__
    if isinstance(cause, ValidationError):
        return answer(request, 422, errors=error_sentences(cause))
    fields = {str(item.get("key", "")): _(SENTENCES[422]) for item in error.extra or [] if isinstance(item, dict)}
    if request.method in ("GET", "HEAD"):
        return answer(request, 404 if not request_context.get().api else 400)
    return answer(request, 422, errors=fields)


def http(request: Request, error: HTTPException) -> Response:
    if error.status_code >= 500:  # an answer of ours that could not be written down
        return anything(request, error)
    headers = {"Allow": allow_of(request)} if error.status_code == 405 else NO_HEADERS
    return answer(request, error.status_code if error.status_code in SENTENCES else 400, headers=headers)


def database(request: Request, error: asyncpg.PostgresError) -> Response:
    """A conflict, a wrong value, or something that cannot be done now; anything else is our mistake."""
    if said := said_of(error):
        status, sentences = said
        return answer(request, status, sentences[""])
    state = error.sqlstate or ""
    if state.startswith("22"):
        return answer(request, 400)
    log.exception("database error %s", state, exc_info=error)
    return answer(request, 500)


def unavailable(request: Request, error: Exception) -> Response:
    log.warning("unavailable: %s", type(error).__name__)
    return answer(request, 503)


def operating_system(request: Request, error: OSError) -> Response:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return answer(request, 507)
    if isinstance(error, ConnectionError):
        return unavailable(request, error)
    return anything(request, error)


def anything(request: Request, error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    return answer(request, 500)


async def send_answer(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """For what stands around the router: by the handler of the nearest kind, as Litestar does for what routes raise."""
    request: Request = Request(scope, receive, send)
    handler = next(HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS)
    await handler(request, error).to_asgi_response(app=None, request=request)(scope, receive, send)


HANDLERS: dict[Any, Any] = {
    SignInFirst: sign_in_first,
    Refused: refused,
    Malformed: refused_as_malformed,
    UnicodeError: malformed,
    RecursionError: malformed,
    asyncpg.exceptions.DataError: malformed,
    Invalid: invalid,
    ValidationException: validation,
    HTTPException: http,
    asyncpg.PostgresError: database,
    asyncpg.InterfaceError: unavailable,
    PoolTimeout: unavailable,
    OSError: operating_system,
    Exception: anything,
}
