"""Bad news told well: once when it lasts, with what still works, and once more when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.texts import Reader
from bot.watch import AWAY_LONG, Watch
from handlers.troubles import Trouble, away_text, over_text
from purchasing.activities import Activity
from purchasing.errors import StorageUnavailable, Transient
from purchasing.ports import Store
from purchasing.run_activities import AWAY_LONG as HOUR
from purchasing.run_activities import RunActivities
from purchasing.troubles import BACKUP, DATABASE, TELEGRAM
from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName, Role
from storage.engine import open_database
from storage.tables import card
from storage.vault import Vault
from tests.support.desk import Desk, TestClock


async def said(desk: Desk) -> list[str]:
    await desk.owner.look()
    return [message.text for message in await desk.owner.messages() if message.from_bot]


async def test_a_database_that_can_not_be_written_is_told_past_itself(desk: Desk) -> None:
    await desk.owner.send("/start")
    watch = Watch(desk.app.db, desk.app.bot, desk.clock, timedelta())
    await watch.look()
    desk.app.db.writer.dispose()
    pool = desk.app.db.writer.connect()
    pool.exec_driver_sql("PRAGMA query_only=ON")  # as a disk that went read-only
    pool.rollback()
    pool.close()
    for _ in range(2):
        try:
            await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
        except StorageUnavailable:
            await watch.look()
    told = [text for text in await said(desk) if "can't be written" in text]
    assert len(told) == 1, "once, however often it fails"
    assert "waits at Telegram" in told[0]
    desk.app.db.writer.dispose()
    await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    for _ in range(2):
        await watch.look()
    assert len([text for text in await said(desk) if "can be written again" in text]) == 1


async def test_only_a_long_absence_of_telegram_is_told(desk: Desk) -> None:
    await desk.owner.send("/start")
    watch = Watch(desk.app.db, desk.app.bot, desk.clock)
    await watch.telegram_back(30)
    assert not [text for text in await said(desk) if "could not be reached" in text]
    await watch.telegram_back(AWAY_LONG.total_seconds())
    assert len([text for text in await said(desk) if "Telegram could not be reached" in text]) == 1


class Market:
    """A kind of activity that fails while the marketplace is away."""

    away = True

    async def advance(self, _activity: Activity) -> None:
        if self.away:
            raise Transient("no answer")

    def give_up(self, _store: Store, _activity: Activity, _now: object) -> None:
        """Nothing is held."""


async def test_a_marketplace_away_for_an_hour_is_told_once_and_once_when_it_is_back(data_dir: Path) -> None:
    db = await open_database(f"sqlite:///{data_dir / 'vykup.db'}", Vault([b"k" * 32]))
    clock, market = TestClock(), Market()
    runner = RunActivities(db, clock, {ActivityKind.SYNC: market})
    await db.write(lambda store: store.people.ensure(1001, Role.OWNER, "owner", "en", "UTC"))
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON, provider=ProviderName.TAOBAO)

    async def told_after(pause: timedelta) -> list[str]:
        clock.advance(pause)
        await runner.advance(await db.write(lambda store: store.activities.add(draft, clock())))
        with db.reader.connect() as connection:
            addresses = connection.execute(select(card.c.address).order_by(card.c.id)).scalars()
            return [address.partition(":")[0] for address in addresses]

    assert await told_after(timedelta()) == []
    assert await told_after(HOUR) == ["away"]
    assert await told_after(HOUR) == ["away"]
    market.away = False
    assert await told_after(HOUR) == ["away", "over"]
    assert await told_after(HOUR) == ["away", "over"]
    await db.close()


@pytest.mark.parametrize("what", [BACKUP, DATABASE, TELEGRAM, "taobao", "alibaba1688"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_trouble_has_its_words(what: str, language: str) -> None:
    since = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    reader = Reader(language, "UTC", since)
    assert "09:00" in over_text(Trouble(what, since, since), reader)
    assert what == TELEGRAM or "09:00" in away_text(Trouble(what, since), reader)


def release(store: Store, activity_id: int) -> None:
    store.activities.release(activity_id, "test")


class Poison(Market):
    """A piece that always dies of an unforeseen error."""

    async def advance(self, _activity: Activity) -> None:
        raise KeyError("unforeseen")


async def test_an_activity_that_always_fails_is_parked_after_three_tries_and_told_once(data_dir: Path) -> None:
    db = await open_database(f"sqlite:///{data_dir / 'vykup.db'}", Vault([b"k" * 32]))
    clock, market = TestClock(), Market()
    market.away = False
    runner = RunActivities(db, clock, {ActivityKind.SYNC: Poison(), ActivityKind.LINK: market})
    await db.write(lambda store: store.people.ensure(1001, Role.OWNER, "owner", "en", "UTC"))
    drafts = {
        kind: Activity(0, kind, ActivityState.QUEUED, "{}", Priority.BACKGROUND)
        for kind in (ActivityKind.SYNC, ActivityKind.LINK)
    }
    bad, good = await db.write(lambda store: [store.activities.add(draft, clock()) for draft in drafts.values()])
    tries, worked = 0, False
    for _ in range(20):
        clock.advance(timedelta(seconds=11))
        found = await db.write(lambda s: s.activities.claim("test", clock() + timedelta(seconds=60), clock()))
        if found is None:
            break
        tries, worked = tries + (found.id == bad.id), worked or found.id == good.id
        await runner.advance(found)
        if found.id == good.id:
            await db.write(lambda s: s.activities.save(replace(good, state=ActivityState.DONE, ended_at=clock())))
        await db.write(partial(release, activity_id=found.id))
    parked = await db.read(lambda store: store.activities.get(bad.id))
    assert parked
    assert (tries, parked.state, parked.failure, worked) == (3, ActivityState.FAILED, "poison", True)
    with db.reader.connect() as connection:
        assert list(connection.execute(select(card.c.address)).scalars()) == [f"activity:{bad.id}"]
    await db.close()
