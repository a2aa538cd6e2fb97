"""Every route of the application, as the framework itself knows them."""

import re
from dataclasses import dataclass

from entrypoints.web import litestar_app


@dataclass(frozen=True)
class Route:
    method: str
    path: str  # with plain names: /calls/{reference}
    public: bool
    handler: str
    multipart: bool

    def __str__(self):
        return f"{self.method} {self.path}"


# Made by the framework or asked by nobody signed in; each is looked at by tests of its own.
OUTSIDE = ("/schema", "/static/", "/health/", "/mail-preview")


def every_route() -> list[Route]:
    routes = []
    for route in litestar_app(manage_pool=False).routes:
        if route.path.startswith(OUTSIDE) or not hasattr(route, "route_handler_map"):
            continue
        for method, handler in route.route_handler_map.items():
            handler = handler[0] if isinstance(handler, tuple) else handler
            if method in ("OPTIONS", "HEAD") or handler.opt.get("unlisted"):
                continue
            plain = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format if "{" not in route.path else route.path)
            limit = getattr(handler, "request_max_body_size", None)
            routes.append(
                Route(method, plain, bool(handler.opt.get("public")), handler.handler_name, isinstance(limit, int))
            )
    return sorted(routes, key=lambda route: (route.path, route.method))
