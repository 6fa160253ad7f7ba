"""APScheduler as a ticker and nothing more: memory store, explicit zone and grace, a timeout in every job.

What is due, and whether it ran, stands in our own tables: a job of APScheduler may be lost without losing a slot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from purchasing.approve_payment import ask_for_approvals
from purchasing.crash import write
from purchasing.digests import send_digests
from purchasing.escalate import escalate
from purchasing.ports import Clock, Database
from purchasing.recur import keep_schedules, look_when_due, run_due

log = logging.getLogger(__name__)

TICK = 20
"""Seconds between two looks at what is due."""
LONGEST = 15
"""Seconds that a tick may take."""
DEAD_AFTER = timedelta(seconds=90)
WATCHED_EVERY = 30.0

Job = Callable[[], Awaitable[None]]


class Ticks:
    """Starts due schedules and housekeeping; `check()` tells whether the ticker itself is still alive."""

    def __init__(self, db: Database, clock: Clock, housekeeping: list[Job], tick_seconds: int = TICK) -> None:
        self._db, self._clock, self._housekeeping, self._tick_seconds = db, clock, housekeeping, tick_seconds
        self._scheduler = self._make()
        self._last_tick: datetime = clock()
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ticks until cancelled, and starts the ticker anew when it died silently (APScheduler 3.11.3 can)."""
        self._scheduler.start()
        while True:
            await asyncio.sleep(WATCHED_EVERY)
            self.revive_if_dead()

    async def stop(self, seconds: float = 2) -> None:
        """Lets the jobs under way end; APScheduler's own shutdown would cut them (seen in 3.11.3)."""
        if self._scheduler.running:
            self._scheduler.pause()
            if self._running:
                await asyncio.wait(self._running, timeout=seconds)
            self._scheduler.shutdown(wait=False)

    def revive_if_dead(self) -> bool:
        """True when the ticker had stopped without a word and was started anew."""
        if self._clock() - self._last_tick < max(DEAD_AFTER, timedelta(seconds=4 * self._tick_seconds)):
            return False
        log.error("the scheduler stopped ticking and is started anew")
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._scheduler = self._make()
        self._last_tick = self._clock()
        self._scheduler.start()
        return True

    def _make(self) -> AsyncIOScheduler:
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        first = {"next_run_time": datetime.now(UTC)}
        scheduler.add_job(self._guard(self._tick), "interval", seconds=self._tick_seconds, id="tick", **first)
        for number, job in enumerate(self._housekeeping):
            scheduler.add_job(self._guard(job), "interval", minutes=10, id=f"housekeeping {number}", **first)
        scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        return scheduler

    def _guard(self, job: Job) -> Job:
        async def guarded() -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101  # inside a coroutine there is one
            self._running.add(task)
            try:
                async with asyncio.timeout(LONGEST):
                    await job()
            finally:
                self._running.discard(task)

        return guarded

    async def _tick(self) -> None:
        self._last_tick = self._clock()
        await write(self._db, "schedule.keep", lambda store: keep_schedules(store, self._clock()))
        await write(self._db, "schedule.due", lambda store: run_due(store, self._clock()))
        await write(self._db, "tell.stuck", lambda store: look_when_due(store, self._clock()))
        await write(self._db, "tell.approvals", lambda store: ask_for_approvals(store, self._clock()))
        await write(self._db, "tell.escalate", lambda store: escalate(store, self._clock()))
        await write(self._db, "tell.digests", lambda store: send_digests(store, self._clock()))


def _report(event: JobEvent) -> None:
    log.warning("tick %s: event %s %s", event.job_id, event.code, getattr(event, "exception", ""))
