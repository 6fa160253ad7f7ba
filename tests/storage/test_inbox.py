"""The inbox, schedules, blobs, histories and the audit."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.inbox import Incoming
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange
from storage.engine import SqlDatabase
from tests.storage.world import line, person

DAY = timedelta(days=1)


async def test_an_update_is_taken_once(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one, two = (Incoming(1, n, "5", '{"text": "привет"}', now) for n in (10, 11))
        assert store.inbox.accept([one, two, one]) == [one, two]
        other_bot = replace(one, bot_id=2)
        assert store.inbox.accept([two, other_bot]) == [other_bot]
        assert store.inbox.accept([]) == []
        assert store.inbox.pending() == [one, other_bot, two]
        assert store.inbox.done(1, 10, now)
        assert not store.inbox.done(1, 10, now)
        assert store.inbox.accept([one]) == []
        assert [store.inbox.failed(1, 11, "KeyError") for _ in range(2)] == [1, 2]
        assert store.inbox.pending()[-1].attempts == 2
        store.inbox.park(1, 11, "poison", now)
        assert store.inbox.pending() == [other_bot]
        assert store.inbox.failed(9, 9, "x") == 0

    await db.write(unit)


async def test_old_updates_go_but_not_those_that_wait(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.inbox.accept([Incoming(1, n, "5", "{}", now + n * DAY) for n in range(4)])
        for n in (0, 1, 3):
            store.inbox.done(1, n, now)
        assert store.inbox.purge(now + 3 * DAY) == 2
        assert [i.update_id for i in store.inbox.pending()] == [2]
        assert not store.inbox.done(1, 3, now)

    await db.write(unit)


async def test_a_slot_is_taken_once(db: SqlDatabase, now: datetime) -> None:
    made = await db.write(lambda store: store.schedules.ensure("sync", "1", 900, now, True))

    def take(store: Store) -> bool:
        return store.schedules.take_slot(made.id, "2026-03-01T12:00", now + DAY, now)

    assert sum(await asyncio.gather(*(db.write(take) for _ in range(8)))) == 1
    assert await db.read(lambda store: store.schedules.due(now)) == []
    assert await db.read(lambda store: store.schedules.all()) == [replace(made, next_due_at=now + DAY)]


async def test_schedules(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = store.schedules.ensure("sync", "1", 900, now, True)
        again = store.schedules.ensure("sync", "1", 600, now + DAY, True)
        assert again == replace(made, every_seconds=600)
        later = store.schedules.ensure("sync", "2", 900, now + DAY, True)
        store.schedules.ensure("digest", "", 900, now, False)
        assert store.schedules.due(now) == [again]
        assert store.schedules.due(now + DAY) == [again, later]
        assert store.schedules.take_slot(made.id, "a", now, now)
        assert store.schedules.take_slot(made.id, "b", now, now + 60 * DAY)
        assert not store.schedules.take_slot(made.id, "b", now, now)

    await db.write(unit)


async def test_blobs(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one, two, three = (store.blobs.put(b"\x00png%d" % n, "image/png", now + n * DAY) for n in range(3))
        assert store.blobs.get(one) == (b"\x00png0", "image/png")
        store.blobs.remove(three)
        assert store.blobs.purge(now) == 1
        assert [store.blobs.get(n) is None for n in (one, two, three)] == [True, False, True]

    await db.write(unit)


async def test_histories(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = line(store)
        told = LineChange(made.order_id, made.id, "status", (("to", "shipped"),))
        store.events.add(told, 3, now)
        store.events.add(replace(told, line_id=None, at=now - DAY), None, now)
        history = [replace(told, at=now), replace(told, line_id=None, at=now - DAY)]
        assert store.events.of_order(made.order_id) == history
        assert store.events.of_order(made.order_id, limit=1) == history[1:]
        assert store.events.of_order(made.order_id, activity_id=3) == history[:1]
        assert store.events.of_order(99) == []

    await db.write(unit)


async def test_the_audit(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        who = person(store).id
        entries = [AuditEntry(now, who, "setting", "limit:day", "1", "2"), AuditEntry(now, None, "role", "person:1")]
        for entry in entries:
            store.audit.add(entry)
        assert store.audit.page("", 0, 10) == (entries[::-1], 2)
        assert store.audit.page("LIMIT", 0, 10) == (entries[:1], 1)
        assert store.audit.page("%", 0, 10) == ([], 0)
        assert store.audit.page("", 1, 1) == (entries[:1], 2)

    await db.write(unit)
