"""Every cookie of the service: out of the reach of scripts, and in the clear only where we are."""

from __future__ import annotations

from litestar.datastructures import Cookie

from foundation.settings import settings


def cookie(name: str, value: str, seconds: int | None = None) -> Cookie:
    """Without seconds it ends with the browser; none at all take it away."""
    secure = settings().address.startswith("https://")
    return Cookie(name, value=value, path="/", httponly=True, samesite="lax", secure=secure, max_age=seconds)
