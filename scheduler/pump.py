"""Runs pieces of activities side by side, one per account at a time. Holds no work in memory: rows say what is due."""

import asyncio
import logging
import uuid
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.crash import write
from purchasing.ports import Clock, Database
from purchasing.run_activities import RunActivities

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEWED_EVERY = 20.0
AT_ONCE = 6
"""Pieces side by side: logins and slow pages of several accounts, without starving the machine."""
IDLE = timedelta(seconds=60)


class Pump:
    """`wake()` after every commit; `run()` until cancelled; `drain()` lets the pieces under way end."""

    def __init__(self, db: Database, clock: Clock, activities: RunActivities) -> None:
        self._db, self._clock, self._activities = db, clock, activities
        self._owner = uuid.uuid4().hex
        self._awake = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._stopping = False
        self._pieces: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                await self._room.acquire()
                activity = None
                try:
                    activity = await self._next()
                finally:
                    if activity is None:
                        self._room.release()
                if activity is None:
                    continue
                piece = group.create_task(self._piece(activity), name=f"activity {activity.id}")
                self._pieces.add(piece)
                piece.add_done_callback(self._pieces.discard)

    async def drain(self, seconds: float) -> None:
        """Starts nothing more; a piece under way is waited for, so that none is cut in the middle of an effect."""
        self._stopping = True
        self.wake()
        if self._pieces:
            await asyncio.wait(self._pieces, timeout=seconds)

    async def _next(self) -> Activity | None:
        """Claims the next piece, or sleeps until one may be due and returns None."""
        self._awake.clear()
        if self._stopping:
            return None
        now = self._clock()
        due = await self._db.read(lambda store: store.activities.next_due(now))
        activity = None
        if due and due <= now:
            until = now + LEASE
            activity = await write(self._db, "activity.claim", lambda s: s.activities.claim(self._owner, until, now))
        if activity is None:
            busy = due is not None and due <= now  # its account is leased: the piece that ends there wakes us
            await self._sleep(None if busy else due)
        return activity

    async def _sleep(self, due: datetime | None) -> None:
        pause = min(due - self._clock(), IDLE) if due else IDLE
        try:
            async with asyncio.timeout(max(pause.total_seconds(), 0.05)):
                await self._awake.wait()
        except TimeoutError:
            pass

    async def _piece(self, activity: Activity) -> None:
        renewing = asyncio.get_running_loop().create_task(self._renew(activity.id))
        try:
            await self._activities.advance(activity)
        except Exception:
            log.exception("activity %s could not be written", activity.id)
        finally:
            renewing.cancel()
            await self._release(activity.id)
            self._room.release()
            self.wake()

    async def _release(self, activity_id: int) -> None:
        try:
            await write(self._db, "activity.release", lambda s: s.activities.release(activity_id, self._owner))
        except Exception:
            log.exception("the lease on activity %s runs out by itself", activity_id)

    async def _renew(self, activity_id: int) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            until = self._clock() + LEASE
            await write(self._db, "activity.renew", lambda s: s.activities.renew(activity_id, self._owner, until))
