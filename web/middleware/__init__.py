"""What happens to a request before it finds its handler, and to every answer, in this order.

Litestar calls an application's middleware once a route is found. The language stands before the address, though, and an
address that is not there is told to a person, in their language: so these stand around the router itself, inside the
application (docs/decisions/0005)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar import Litestar
from litestar.middleware import ASGIMiddleware

from web.middleware.access_log import AccessLog
from web.middleware.csrf import Csrf
from web.middleware.headers import Headers
from web.middleware.language import Language
from web.middleware.session import Session, Sessions


def before_routing(sessions: Sessions, refresh: Callable[[], Awaitable[None]]) -> tuple[ASGIMiddleware, ...]:
    """Outermost first. `refresh` reads what every page shows of the installation, when it has grown old."""
    return AccessLog(), Headers(), Language(), Session(sessions, refresh), Csrf()


def around(app: Litestar, layers: tuple[ASGIMiddleware, ...]) -> Litestar:
    for layer in reversed(layers):
        app.asgi_handler = layer(app.asgi_handler)
    return app
