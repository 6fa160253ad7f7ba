"""The pump under a database that fails and a process that was frozen: no piece is cut, none runs twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from purchasing.activities import Activity
from purchasing.errors import StorageUnavailable
from purchasing.ports import Store
from purchasing.run_activities import RunActivities
from purchasing.words import ActivityKind, ActivityState, Priority
from scheduler import pump as pumps
from scheduler.pump import Pump
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.support.waiting import PATIENCE, until

T = TypeVar("T")


class Clock:
    def __init__(self) -> None:
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped


class Shaky:
    """A database that can't be used for so many calls."""

    def __init__(self, db: SqlDatabase) -> None:
        self._db, self.broken = db, 0

    async def read(self, fn: Callable[[Store], T]) -> T:
        self._check()
        return await self._db.read(fn)

    async def write(self, fn: Callable[[Store], T]) -> T:
        self._check()
        return await self._db.write(fn)

    def _check(self) -> None:
        if self.broken:
            self.broken -= 1
            raise StorageUnavailable("locked")


class Long:
    """A piece that goes on until it is let go; it remembers how often it was begun."""

    def __init__(self, db: SqlDatabase) -> None:
        self._db = db
        self.begun, self.cut = 0, False
        self.going, self.end = asyncio.Event(), asyncio.Event()

    async def advance(self, activity: Activity) -> None:
        self.begun += 1
        self.going.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cut = True
            raise
        await self._db.write(lambda store: _finish(store, activity.id))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None: ...


def _finish(store: Store, activity_id: int) -> None:
    from dataclasses import replace

    activity = store.activities.get(activity_id)
    assert activity
    store.activities.save(replace(activity, state=ActivityState.DONE))


@pytest.fixture
async def db(data_dir: Path) -> AsyncIterator[SqlDatabase]:
    url = f"sqlite:///{data_dir / 'vykup.db'}"
    opened = await open_database(url, Vault([b"k" * 32]))
    yield opened
    await opened.close()


async def queued(db: SqlDatabase, clock: Clock) -> int:
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON)
    return (await db.write(lambda store: store.activities.add(draft, clock()))).id


async def state(db: SqlDatabase, activity_id: int) -> ActivityState | None:
    found = await db.read(lambda store: store.activities.get(activity_id))
    return found.state if found else None


async def ended(pump: Pump, running: "asyncio.Task[None]") -> None:
    await pump.drain(PATIENCE)
    async with asyncio.timeout(PATIENCE):
        await running


async def test_a_locked_database_neither_ends_the_pump_nor_cuts_a_piece(
    db: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pumps, "AGAIN", timedelta(milliseconds=20))
    clock, shaky, piece = Clock(), Shaky(db), Long(db)
    activity_id = await queued(db, clock)
    pump = Pump(shaky, clock, RunActivities(shaky, clock, {ActivityKind.SYNC: piece}))
    running = asyncio.get_running_loop().create_task(pump.run())
    async with asyncio.timeout(PATIENCE):
        await piece.going.wait()
    shaky.broken = 3
    pump.wake()
    await until(lambda: not shaky.broken)
    piece.end.set()
    await ended(pump, running)
    assert not piece.cut
    assert await state(db, activity_id) is ActivityState.DONE


async def test_after_a_freeze_the_same_work_is_not_begun_a_second_time(db: SqlDatabase) -> None:
    clock, piece = Clock(), Long(db)
    activity_id = await queued(db, clock)
    pump = Pump(db, clock, RunActivities(db, clock, {ActivityKind.SYNC: piece}))
    running = asyncio.get_running_loop().create_task(pump.run())
    async with asyncio.timeout(PATIENCE):
        await piece.going.wait()
    clock.skipped = timedelta(minutes=10)  # the lease has run out while nothing here could renew it
    other = await queued(db, clock)
    pump.wake()
    await until(lambda: piece.begun >= 2)
    piece.end.set()
    await ended(pump, running)
    assert piece.begun == 2
    assert [await state(db, one) for one in (activity_id, other)] == [ActivityState.DONE] * 2
