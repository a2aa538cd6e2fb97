"""A queue that is fair: whoever sends many files waits for their own, and nobody waits for theirs."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Fair:
    """So many places; each person holds one of them at a time, and those who wait take turns."""

    def __init__(self, places: int):
        self.free = places
        self.holding: set[Hashable] = set()
        self.waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, who: Hashable) -> AsyncIterator[None]:
        if self.free and who not in self.holding:
            self.free -= 1
            self.holding.add(who)
        else:
            await self._called(who)
        try:
            yield
        finally:
            self._done(who)

    async def _called(self, who: Hashable) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(who, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # called and gone in the same moment
                self._done(who)
            raise

    def _done(self, who: Hashable) -> None:
        self.holding.discard(who)
        self.free += 1
        for other in list(self.waiting):
            if not self.free:
                break
            self._call(other)

    def _call(self, who: Hashable) -> None:
        """The first of theirs that still waits; what they have left goes behind everybody else's."""
        if who in self.holding:
            return
        queue = self.waiting.pop(who)
        while queue:
            mine = queue.popleft()
            if not mine.done():
                self.free -= 1
                self.holding.add(who)
                mine.set_result(None)
                break
        if queue:
            self.waiting[who] = queue
