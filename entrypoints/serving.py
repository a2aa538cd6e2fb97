"""The web server: uvicorn while developing, granian in production behind a reverse proxy."""

from typing import Any

from foundation.settings import settings

APP = "entrypoints.serving:app"
LAST_REQUESTS = 20  # seconds a request in progress may take when the server stops


def serve_web(processes: int = 1) -> None:
    if settings().production:
        _granian(processes)
    else:
        _uvicorn()


def app() -> Any:
    """The application, told the visitor's own address when a trusted proxy hands the request on."""
    from granian.utils.proxies import wrap_asgi_with_proxy_headers

    from entrypoints.web import create_app

    trusted = settings().trusted_proxies.strip()
    return wrap_asgi_with_proxy_headers(create_app(), trusted) if trusted else create_app()


def _uvicorn() -> None:
    import uvicorn

    uvicorn.run(
        APP,
        factory=True,
        host=settings().host,
        port=settings().port,
        # The application writes its own log, without addresses or queries.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_REQUESTS,
    )


def _granian(processes: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        APP,
        factory=True,
        interface=Interfaces.ASGI,
        address=settings().host,
        port=settings().port,
        workers=processes,
        workers_kill_timeout=LAST_REQUESTS,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.warning,
        backlog=1024,
        backpressure=256,
        websockets=False,
    ).serve()
