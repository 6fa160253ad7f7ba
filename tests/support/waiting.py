"""Waits for what another part does without an event. Its limit guards against hanging: it never measures speed."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

PATIENCE = 60.0
"""Seconds: a busy machine must not be taken for a fault."""
PAUSE = 0.005


async def until(condition: Callable[[], Awaitable[object] | object]) -> None:
    """Until the condition, plain or to be awaited, gives something true."""
    async with asyncio.timeout(PATIENCE):
        while not await _outcome(condition):  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(PAUSE)


async def _outcome(condition: Callable[[], Awaitable[object] | object]) -> object:
    found = condition()
    return await found if inspect.isawaitable(found) else found
