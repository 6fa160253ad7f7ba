"""Parts of the running program: started in order, kept alive, stopped in reverse; none may outlive its turn to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from bot.tasks import Nursery
from purchasing.errors import StorageUnavailable, VykupError

log = logging.getLogger(__name__)

STOP_SECONDS = 14.0
PAUSES = (1.0, 5.0, 30.0)


async def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Part:
    """`work` runs in a task of its own, until it is done or cancelled. When it is time to stop, `finish` lets what is
    under way end, then `work` is cancelled, then `close` is awaited."""

    name: str
    work: Callable[[], Coroutine[Any, Any, None]] = _nothing
    finish: Callable[[], Awaitable[object]] = _nothing
    close: Callable[[], Awaitable[object]] = _nothing


async def run_parts(parts: Sequence[Part], stop: asyncio.Event) -> None:
    """Until `stop` is set. A part's own error (VykupError) ends the program and is raised; after any other, and while
    the database is away, it is started anew, so that a passing trouble of one doesn't take the others down."""
    nursery = Nursery()
    stopping = nursery.spawn(stop.wait(), "stop")
    tasks = [nursery.spawn(_kept(part), part.name) for part in parts]
    try:
        left = {stopping, *tasks}
        while left and not stopping.done():
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                for part, task in zip(reversed(parts), reversed(tasks), strict=True):
                    await _stop(part, task)
        except TimeoutError:
            log.error("stopping took too long and was broken off")
        await nursery.close()


async def _kept(part: Part) -> None:
    pauses = iter(PAUSES)
    while True:
        try:
            await part.work()
        except StorageUnavailable as error:
            log.warning("%s is started anew: %s", part.name, error)
        except VykupError:
            raise
        except Exception:
            log.exception("%s failed and is started anew", part.name)
        else:
            return
        await asyncio.sleep(next(pauses, PAUSES[-1]))


async def _stop(part: Part, task: asyncio.Task[None]) -> None:
    try:
        await part.finish()
    except Exception:
        log.exception("%s did not finish well", part.name)
    task.cancel()
    await asyncio.wait([task])
    try:
        await part.close()
    except Exception:
        log.exception("%s did not close well", part.name)
