"""Who may open a route at all: `guards=[signed_in]`, or `opt={"public": True}`."""

from __future__ import annotations

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from foundation.language import gettext as _
from foundation.refused import Refused
from web.forms import check_token
from web.limits import BODY
from web.lists.query import refuse_unknown

ASKED = "asked"  # in a handler's `opt`: the parameters its address may have


class SignInFirst(Refused):
    """Nobody is signed in: pages lead to the sign-in page and back, the API answers 401."""

    status = 401


async def signed_in(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    if not connection.scope.get("user"):
        raise SignInFirst(_("Sign in to continue."))


async def only_known_parameters(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """What an operation of the API would overlook is refused: an answer without the filter looks like one with it.
    Pages take marks that others put behind a link."""
    known = handler.opt.get(ASKED)
    if known is not None:
        refuse_unknown(connection.query_params, known)


async def no_files_unasked(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """A multipart form is checked for its token where its files are read; a route that reads none takes none."""
    kind = connection.headers.get("content-type", "").lower()
    if not kind.startswith("multipart/") or connection.scope.get("method") in ("GET", "HEAD", "OPTIONS"):
        return
    limit = handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None
    if limit is not None and limit <= BODY:
        check_token(connection.headers.get("x-csrf-token", ""))
