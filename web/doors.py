"""Who may open a route at all: `guards=[signed_in]`, or `opt={"public": True}`."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foundation.language import gettext as _
from foundation.refused import Refused


class SignInFirst(Refused):
    """Nobody is signed in: pages lead to the sign-in page and back, the API answers 401."""

    status = 401


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    if not connection.scope.get("person"):
        raise SignInFirst(_("Sign in to go on."))
