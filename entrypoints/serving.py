"""The web server: uvicorn while developing, granian in production behind a reverse proxy."""

from foundation.settings import settings

APP = "entrypoints.web:create_app"
LAST_REQUESTS = 20  # seconds a request in progress may take when the server stops


def serve_web(processes: int = 1) -> None:
    if settings().production:
        _granian(processes)
    else:
        _uvicorn()


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
