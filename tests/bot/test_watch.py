"""Bad news told well: once when it lasts, with what still works, and once more when it is over."""

import re
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


def watching(desk: Desk, patience: timedelta = timedelta()) -> Watch:
    """As a new life would."""
    told = desk.app.settings.data_dir / "told-in-a-test"
    return Watch(desk.app.db, desk.app.bot, desk.clock, told, patience)


def make_read_only(desk: Desk) -> None:
    """As a disk that went read-only."""
    desk.app.db.writer.dispose()
    pool = desk.app.db.writer.connect()
    pool.exec_driver_sql("PRAGMA query_only=ON")
    pool.rollback()
    pool.close()


async def test_a_database_that_can_not_be_written_is_told_past_itself(desk: Desk) -> None:
    await desk.owner.send("/start")
    watch = watching(desk)
    await watch.look()
    make_read_only(desk)
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
        await watch.look()
    told = [text for text in await said(desk) if "can't be written" in text]
    assert len(told) == 1, "once, however often it fails"
    assert "waits at Telegram" in told[0]
    desk.app.db.writer.dispose()
    await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    for _ in range(2):
        await watch.look()
    assert len([text for text in await said(desk) if "can be written again" in text]) == 1


async def test_a_restart_neither_repeats_nor_swallows_what_is_told_of_the_database(desk: Desk) -> None:
    await desk.owner.send("/start")
    before = watching(desk)
    await before.look()
    make_read_only(desk)
    with pytest.raises(StorageUnavailable):
        await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    await before.look()
    await watching(desk).look()
    assert len([text for text in await said(desk) if "can't be written" in text]) == 1
    desk.app.db.writer.dispose()
    await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    for _ in range(2):
        await watching(desk).look()
    assert len([text for text in await said(desk) if "can be written again" in text]) == 1


async def told_of_telegram(desk: Desk, watch: Watch, away: timedelta, *, restart: bool = False) -> list[str]:
    """What the owner knows of Telegram's absences after one more."""
    watch.telegram(answers=False)
    await watch.look()
    desk.clock.advance(away)
    watch = watching(desk) if restart else watch
    for _ in range(2):
        watch.telegram(answers=True)
        await watch.look()
    return [text for text in await said(desk) if "Telegram could not be reached" in text]


async def test_only_a_long_absence_of_telegram_is_told(desk: Desk) -> None:
    await desk.owner.send("/start")
    watch = watching(desk)
    assert await told_of_telegram(desk, watch, AWAY_LONG - timedelta(seconds=1)) == []
    assert len(await told_of_telegram(desk, watch, AWAY_LONG)) == 1
    assert len(await told_of_telegram(desk, watch, timedelta(seconds=1))) == 1


async def test_an_absence_of_telegram_is_told_though_the_bot_was_restarted_in_it(desk: Desk) -> None:
    await desk.owner.send("/start")
    (text,) = await told_of_telegram(desk, watching(desk), 2 * AWAY_LONG, restart=True)
    since, until = re.findall(r"(\d\d):(\d\d)", text)
    minutes = (int(until[0]) * 60 + int(until[1]) - int(since[0]) * 60 - int(since[1])) % (24 * 60)
    assert minutes in (20, 21), text  # the clock goes on in between


async def test_an_absence_of_telegram_is_told_though_the_database_was_away_for_all_of_it(desk: Desk) -> None:
    await desk.owner.send("/start")
    watch = watching(desk, timedelta(days=1))
    make_read_only(desk)
    with pytest.raises(StorageUnavailable):
        await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    assert await told_of_telegram(desk, watch, AWAY_LONG) == []
    desk.app.db.writer.dispose()
    await desk.write(lambda store: store.settings.put("x", "y", None, desk.clock()))
    await watch.look()
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
