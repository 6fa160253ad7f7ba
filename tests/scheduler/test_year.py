"""A year of the schedule on a made-up clock with restarts: each slot once, what was missed is caught up once."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from purchasing.ports import Store
from purchasing.recur import SYNC, keep_schedules, run_due
from purchasing.sessions import session_restored
from purchasing.words import ActivityKind, ActivityState, ProviderName, Role
from scheduler.backups import HOUR, MINUTE, Backups
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=366)
STEPS = (timedelta(minutes=20), timedelta(hours=1), timedelta(hours=3), timedelta(hours=9), timedelta(days=3))
EVERY = 6 * 3600


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def db(data_dir: Path) -> AsyncIterator[SqlDatabase]:
    url = f"sqlite:///{data_dir / 'vykup.db'}"
    opened = await open_database(url, Vault([b"k" * 32]))
    only = opened.writer.raw_connection()
    only.cursor().execute("PRAGMA synchronous=OFF")  # a year of commits, and no power cut in it
    only.close()
    yield opened
    await opened.close()


def desk(store: Store, zone: str) -> None:
    store.people.ensure(1, Role.OWNER, "owner", "en", zone)
    store.people.ensure(2, Role.WAREHOUSE, "warehouse", "en", zone)
    store.settings.put("sync.allowed", "yes", None, START)
    store.settings.put("sync.every", str(EVERY), None, START)
    session_restored(store, ProviderName.TAOBAO, "nick", b"secret", None, 1, START)


def work(store: Store, now: datetime) -> int:
    """What a tick does about syncs; how many were started."""
    keep_schedules(store, now)
    started = run_due(store, now)
    assert all(one.next_due_at > now for one in store.schedules.all() if one.action == SYNC), "nothing is left behind"
    for activity in store.activities.unfinished(ActivityKind.SYNC, None):
        store.activities.save(replace(activity, state=ActivityState.DONE, ended_at=now))
    return started


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
async def test_each_slot_of_a_year_comes_once(db: SqlDatabase, tmp_path: Path, zone: str) -> None:
    dice, clock, local = random.Random(zone), Clock(), ZoneInfo(zone)  # noqa: S311 - the same year each time
    await db.write(lambda store: desk(store, zone))
    copies: dict[str, datetime] = {}
    awake: list[datetime] = []

    def copy(target: Path, now: datetime) -> None:
        target.parent.mkdir(exist_ok=True)
        target.touch()
        slot = target.stem.removeprefix("vykup-")
        assert slot not in copies, "a night has one backup"
        copies[slot] = now.astimezone(local)

    def keeper() -> Backups:
        return Backups(db, clock, tmp_path / "backups", zone, copy)

    backups = keeper()
    while clock.now < START + YEAR:
        clock.now += dice.choices(STEPS, (3, 6, 8, 6, 0.3))[0]
        awake.append(clock.now.astimezone(local))
        backups = keeper() if dice.random() < 0.3 else backups
        await backups.look()
        started = await db.write(lambda store: work(store, clock.now))
        assert started <= 1, "what was missed is caught up once, not once per miss"
        if dice.random() < 0.2:  # whoever asks again gets nothing more
            assert not await backups.look()
            assert not await db.write(lambda store: work(store, clock.now))

    for slot, made in copies.items():
        due = datetime.combine(date.fromisoformat(slot), time(HOUR, MINUTE), local)
        assert made >= due, "none comes before its time, whatever the clocks are set to"
    days = {made.date() for made in copies.values()}
    wanted = {one.date() for one in awake if one.time() >= time(HOUR, MINUTE)} - {awake[0].date()}
    assert wanted <= days, "every day on which the bot was awake has its backup"
