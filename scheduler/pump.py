"""Runs pieces of activities side by side, one per account at a time. Holds no work in memory: rows say what is due."""

import asyncio
import logging
import uuid
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.crash import write
from purchasing.ports import Clock, Database, Store
from purchasing.run_activities import RunActivities

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
AT_ONCE = 6
"""Pieces side by side: logins and slow pages of several accounts, without starving the machine."""
IDLE = timedelta(seconds=60)
AGAIN = timedelta(seconds=2)


class Pump:
    """`wake()` after every commit; `run()` until cancelled; `drain()` lets the pieces under way end."""

    def __init__(self, db: Database, clock: Clock, activities: RunActivities, lease: timedelta = LEASE) -> None:
        self._db, self._clock, self._activities, self._lease = db, clock, activities, lease
        self._owner = uuid.uuid4().hex
        self._awake = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._stopping = False
        self._pieces: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()
        """Activities that a piece of this process is at."""

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                await self._room.acquire()
                activity = None
                try:
                    activity = await self._next()
                except Exception:
                    # a locked database must not end the pieces under way with it
                    log.exception("no work can be claimed; trying again")
                    await self._sleep(self._clock() + AGAIN)
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
            activity = await write(self._db, "activity.claim", self._claim)
        if activity is None:
            busy = due is not None and due <= now  # its account is leased: the piece that ends there wakes us
            await self._sleep(None if busy else due)
        return activity

    def _claim(self, store: Store) -> Activity | None:
        """This process may have been frozen for longer than a lease: what is under way here keeps its account."""
        self._keep_leases(store)
        now = self._clock()
        return store.activities.claim(self._owner, now + self._lease, now)

    def _keep_leases(self, store: Store) -> None:
        until = self._clock() + self._lease
        for activity_id in sorted(self._held):
            store.activities.renew(activity_id, self._owner, until)

    async def _sleep(self, due: datetime | None) -> None:
        pause = min(due - self._clock(), IDLE) if due else IDLE
        try:
            async with asyncio.timeout(max(pause.total_seconds(), 0.05)):
                await self._awake.wait()
        except TimeoutError:
            pass

    async def _piece(self, activity: Activity) -> None:
        self._held.add(activity.id)
        renewing = asyncio.get_running_loop().create_task(self._renew())
        try:
            await self._activities.advance(activity)
        except Exception:
            log.exception("activity %s could not be written", activity.id)
        finally:
            renewing.cancel()
            self._held.discard(activity.id)
            await self._release(activity.id)
            self._room.release()
            self.wake()

    async def _release(self, activity_id: int) -> None:
        try:
            await write(self._db, "activity.release", lambda s: s.activities.release(activity_id, self._owner))
        except Exception:
            log.exception("the lease on activity %s runs out by itself", activity_id)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await write(self._db, "activity.renew", self._keep_leases)
            except Exception:
                log.exception("leases could not be renewed; trying on")
