"""The ticker: it is watched, and started anew when it has died without a word."""

import asyncio
from datetime import UTC, datetime, timedelta

from scheduler.ticks import Ticks
from tests.scheduler.test_pump import db
from tests.support.waiting import PATIENCE

__all__ = ["db"]


class Clock:
    skipped = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped


async def test_a_ticker_that_died_is_noticed_and_started_anew(db: object) -> None:
    clock, ran = Clock(), asyncio.Semaphore(0)

    async def job() -> None:
        ran.release()

    ticks = Ticks(db, clock, [job], tick_seconds=3600)  # type: ignore[arg-type]  # the neighbour's fixture
    running = asyncio.get_running_loop().create_task(ticks.run())
    async with asyncio.timeout(PATIENCE):
        await ran.acquire()
    assert not ticks.revive_if_dead(), "it has ticked just now"
    ticks._scheduler._stop_timer()  # noqa: SLF001 - as it dies: nothing wakes it any more, and nothing is said
    clock.skipped = timedelta(days=1)
    assert ticks.revive_if_dead()
    async with asyncio.timeout(PATIENCE):
        await ran.acquire()
    running.cancel()
    await ticks.stop()
