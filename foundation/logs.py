"""Structured logs without personal data: JSON lines in production, plain warnings while developing."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import structlog

from foundation.settings import settings

# The number of the request that is answered now; events carry it, too.
request_id: ContextVar[UUID | None] = ContextVar("request_id", default=None)

# What a log line may carry. Anything else could be a name, an address or a query, and is dropped.
ALLOWED = {
    "timestamp", "level", "logger", "event", "method", "route", "status", "ms", "request_id", "account", "exception",
    "constraint", "sqlstate", "mail", "error", "verb", "work", "notice", "seq",
}  # fmt: skip


def set_up() -> None:
    """Called once by every process that starts."""
    chain: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_values,
        only_allowed,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings().production
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )
    handler = logging.StreamHandler(sys.stdout if settings().production else sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if settings().production else logging.WARNING)


def exception_without_values(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where it broke and what kind of error it was. Its text is left out, for it often quotes what people typed."""
    given = line.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        told = [type(error).__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in frames)]
        line["exception"] = "\n".join(told)
        for name in ("sqlstate", "constraint_name"):
            if getattr(error, name, None):
                line[name.removesuffix("_name")] = getattr(error, name)
    return line


def only_allowed(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in [name for name in line if name not in ALLOWED and not name.startswith("_")]:
        del line[name]
    return line
