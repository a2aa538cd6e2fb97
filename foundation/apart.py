"""Pieces of a work that fail by themselves: one letter that cannot be written keeps none of the others back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from foundation.database import transaction

_failed: ContextVar[list[Exception] | None] = ContextVar("failed", default=None)


@contextmanager
def collecting() -> Iterator[list[Exception]]:
    """Inside, pieces that are `apart` note here why they failed, and the work goes on with the next."""
    failed: list[Exception] = []
    before = _failed.set(failed)
    try:
        yield failed
    finally:
        _failed.reset(before)


def is_collecting() -> bool:
    return _failed.get() is not None


@asynccontextmanager
async def apart() -> AsyncIterator[None]:
    """One piece: what fails in it leaves nothing behind. Where nobody collects, it fails as anything does."""
    failed = _failed.get()
    if failed is None:
        yield
        return
    try:
        async with transaction():
            yield
    except Exception as error:
        failed.append(error)
