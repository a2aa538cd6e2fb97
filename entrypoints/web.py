"""The web application: every room's routes, the error sentences, health, and the layer around it all."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute

from accounts import sessions
from accounts.person import Person, visitor
from entrypoints.openapi import ABOUT, Described, MoneyAsString, operation_id
from entrypoints.rooms import open_house
from entrypoints.site import refresh_site
from foundation.clock import ahead
from foundation.database import DB, keep_time, value
from foundation.logs import set_up as set_up_logs
from foundation.migrating import not_carried_out, numbered
from foundation.settings import settings
from lifecycle.room import Room
from web.assets import static
from web.compression import TextCompression
from web.errors import HANDLERS
from web.forms import form_of
from web.guards import ASKED, no_files_unasked, only_known_parameters
from web.limits import BODY
from web.middleware import around, before_routing
from web.warm import warm


def create_app() -> Litestar:
    """The ASGI application; the database's address comes from SUBGRANTS_DATABASE_URL."""
    set_up_logs()
    return litestar_app()


def served_by(room: Room) -> Router:
    """A room's routes; its name is their tag in the description of the API."""
    return Router("/", route_handlers=room.routes, tags=[room.name])


def litestar_app(manage_pool: bool = True) -> Litestar:
    @asynccontextmanager
    async def pool(app: Litestar):
        if manage_pool:
            await DB.open(os.environ["SUBGRANTS_DATABASE_URL"], settings().pool_size)
        warming = asyncio.create_task(asyncio.to_thread(warm)) if manage_pool and not settings().tested else None
        try:
            yield
        finally:
            if warming:
                warming.cancel()
            if manage_pool:
                await DB.close()

    app = Litestar(
        route_handlers=[static, live, ready, *map(served_by, open_house())],
        dependencies={"person": Provide(person_here, sync_to_thread=False), "form": form_of()},
        guards=[no_files_unasked, only_known_parameters],
        exception_handlers=HANDLERS,
        lifespan=[pool],
        request_max_body_size=BODY,
        compression_config=CompressionConfig(
            backend="brotli", brotli_quality=4, minimum_size=800, middleware_class=TextCompression
        ),
        openapi_config=OpenAPIConfig(
            title="Subgrants", version="1", path="/schema", render_plugins=[Described(path="/openapi.json")],
            description=ABOUT, operation_id_creator=operation_id, use_handler_docstrings=True,
        ),
        plugins=[MoneyAsString()],
        debug=False,
        logging_config=None,
    )  # fmt: skip
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/"):
            for handler, takes in route.route_handler_map.values():
                handler.opt[ASKED] = frozenset(each.field_alias for each in takes.expected_query_params)
    return around(app, before_routing(sessions, refresh_site))


def person_here(request: Request) -> Person:
    return visitor(request)


@get("/health/live", include_in_schema=False, opt={"public": True})
async def live() -> str:
    return "alive"


@get("/health/ready", include_in_schema=False, opt={"public": True})
async def ready() -> Response[dict[str, Any]]:
    """Ready when the database answers, the schema is the one this code knows, and files can be written. How far the
    machine's clock is before the database's is told, and hinders nothing: everything goes by the database's."""
    answers: dict[str, Any] = {}
    try:
        answers["database"] = (await value("SELECT 1")) == 1
        answers["schema"] = not await not_carried_out()
        answers["newest_migration"] = max(numbered())
        await keep_time()
        answers["clock_ahead_seconds"] = round(ahead().total_seconds(), 1)
    except Exception:
        answers["database"] = False
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(folder)
    answers["disk"] = disk.free / disk.total > 0.05
    ok = all(answers.get(name) for name in ("database", "schema", "disk"))
    return Response(answers, status_code=200 if ok else 503)
