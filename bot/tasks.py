"""Background tasks: the only place that spawns them. None is lost to the garbage collector or fails in silence."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from purchasing.errors import VykupError

log = logging.getLogger(__name__)


class Nursery:
    """Holds tasks until they end; `close` cancels and awaits what is left."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - this is the one allowed place
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def __len__(self) -> int:
        return len(self._tasks)

    async def drain(self, seconds: float) -> bool:
        """Waits for all tasks to end by themselves; False when some were still at work after that time."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        return not self._tasks

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        # what we raise on purpose is a sentence for people and needs no traceback
        log.error(
            "the task %s failed: %s", task.get_name(), error, exc_info=not isinstance(error, VykupError) and error
        )
