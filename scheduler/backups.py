"""The daily backup: a slot of the schedule is taken only when its file is there, and only so many files are kept."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from purchasing import troubles
from purchasing.crash import write
from purchasing.errors import VykupError
from purchasing.options import option
from purchasing.ports import Clock, Database, Store
from purchasing.work_ports import Schedule

log = logging.getLogger(__name__)

ACTION = "backup"
HOUR, MINUTE = 4, 30  # when little happens; before four an hour may be skipped or come twice
DAY = timedelta(days=1)
LOOK_SECONDS = 60.0

Copy = Callable[[Path, datetime], None]
"""Copies the whole database into a file that isn't there yet; runs in a thread. Raises VykupError."""


class Backups:
    """`folder` is for nothing else: all of its vykup-*.db but the newest are removed."""

    def __init__(self, db: Database, clock: Clock, folder: Path, zone: str, copy: Copy) -> None:
        self._db, self._clock, self._folder, self._zone, self._copy = db, clock, folder, ZoneInfo(zone), copy

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the backup's turn can't be looked up; trying on")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> bool:
        """Makes the backup that is due; True when there was one."""
        now = self._clock()
        kept, schedule = await self._db.read(_state)
        if schedule is None or schedule.enabled != (kept > 0):
            first = self._next_night(now)
            await write(self._db, "backup.plan", lambda s: s.schedules.ensure(ACTION, "", 86400, first, kept > 0))
            return False
        if not schedule.enabled or schedule.next_due_at > now:
            return False
        return await self._back_up(schedule, kept, now)

    async def _back_up(self, schedule: Schedule, kept: int, now: datetime) -> bool:
        slot = f"{schedule.next_due_at.astimezone(self._zone):%Y-%m-%d}"
        target = self._folder / f"vykup-{slot}.db"
        try:
            if not target.exists():
                await asyncio.to_thread(self._copy, target, now)
        except VykupError as error:
            log.error("%s", error)
            await write(self._db, "backup.failed", lambda store: troubles.begin(store, troubles.BACKUP, now))
            return False
        await write(self._db, "backup.done", lambda store: self._done(store, schedule, slot, now))
        await asyncio.to_thread(self._rotate, kept)
        log.info("the database was backed up into %s", target)
        return True

    def _done(self, store: Store, schedule: Schedule, slot: str, now: datetime) -> None:
        store.schedules.take_slot(schedule.id, slot, self._next_night(now), now)
        troubles.over(store, troubles.BACKUP, now)

    def _rotate(self, kept: int) -> None:
        for old in sorted(self._folder.glob("vykup-*.db"))[:-kept]:
            old.unlink(missing_ok=True)

    def _next_night(self, now: datetime) -> datetime:
        local = now.astimezone(self._zone)
        tonight = local.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
        return tonight if tonight > local else tonight + DAY


def _state(store: Store) -> tuple[int, Schedule | None]:
    known = next((schedule for schedule in store.schedules.all() if schedule.action == ACTION), None)
    return int(option(store, "backup.keep")), known
