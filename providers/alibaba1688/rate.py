"""One queue for all calls of an app key: 1688 counts them per application, whichever account they are for."""

import asyncio
import time

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class Turns:
    """Lets at most `per_second` through in any second, in the order of asking."""

    def __init__(self, per_second: int) -> None:
        self._limit = RateLimitItemPerSecond(per_second)
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._queue = asyncio.Lock()

    async def take(self, app_key: str) -> None:
        async with self._queue:
            while not await self._window.hit(self._limit, app_key):
                stats = await self._window.get_window_stats(self._limit, app_key)
                await asyncio.sleep(max(0.02, stats.reset_time - time.time()))
