"""Waiting for a change without sleeping: a waiter must never miss one that came between its look and its wait."""

import asyncio
from collections.abc import Callable


class Signal:
    """Wakes everybody who waits; ``fire`` is synchronous, so state and signal change in one step of the loop."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._closed = False

    def fire(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """Ends every present and later wait; a server that stops must not hang on its long polls."""
        self._closed = True
        self.fire()

    @property
    def closed(self) -> bool:
        return self._closed

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """True as soon as the condition holds; False after ``seconds`` or when the signal closes."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    if self._closed:
                        return False
                    await self._next()
        except TimeoutError:
            return condition()
        return True

    async def _next(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
