"""Units of work: whole or not at all, one writer at a time, nothing left behind."""

import asyncio
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from purchasing.errors import Stale, StorageUnavailable
from purchasing.ports import Store
from purchasing.words import Role
from storage.engine import READERS, SqlDatabase, open_database
from storage.vault import Vault
from tests.storage.databases import Templates
from tests.storage.world import NOW, account, activity


def count_up(store: Store) -> None:
    value = int(store.settings.get("counter") or 0)
    store.settings.put("counter", str(value + 1), None, NOW)


async def test_parallel_writers_lose_nothing(db: SqlDatabase) -> None:
    await asyncio.gather(*(db.write(count_up) for _ in range(80)))
    assert await db.read(lambda store: store.settings.get("counter")) == "80"


async def test_parallel_writers_of_two_processes_lose_nothing(url: str, vault: Vault, db: SqlDatabase) -> None:
    other = await open_database(url, vault)
    try:
        await asyncio.gather(*(database.write(count_up) for _ in range(20) for database in (db, other)))
    finally:
        await other.close()
    assert await db.read(lambda store: store.settings.get("counter")) == "40"


async def test_an_error_rolls_everything_back(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        count_up(store)
        raise Stale("gone")

    with pytest.raises(Stale):
        await db.write(unit)
    assert await db.read(lambda store: store.settings.get("counter")) is None


async def test_a_read_may_not_write(db: SqlDatabase) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await db.read(count_up)


async def test_reads_do_not_wait_for_a_writer(db: SqlDatabase) -> None:
    await db.write(count_up)
    with db.writer.connect() as connection:
        connection.execute(text("UPDATE setting SET value = 'unfinished'"))
        assert await db.read(lambda store: store.settings.get("counter")) == "1"


async def test_writers_on_sqlite_come_in_the_order_in_which_they_asked(tmp_path: Path, templates: Templates) -> None:
    db = await open_database(templates.sqlite(tmp_path), Vault([b"k" * 32]))
    order: list[int] = []
    await asyncio.gather(*(db.write(lambda _store, n=n: order.append(n)) for n in range(20)))  # type: ignore[misc]  # n is bound early
    await db.close()
    assert order == list(range(20))


async def test_listeners_hear_of_changes_only(db: SqlDatabase, now: datetime) -> None:
    heard: list[str] = []
    db.after_write(lambda: heard.append("pump"))
    db.after_write(lambda: heard.append("outbox"))
    assert await db.write(lambda store: store.activities.claim("me", now, now)) is None
    await db.write(lambda store: store.settings.remove("nothing"))
    await db.read(lambda store: store.settings.get("counter"))
    assert heard == []
    await db.write(count_up)
    assert heard == ["pump", "outbox"]
    await db.write(lambda store: activity(store, account(store).id))
    heard.clear()
    assert await db.write(lambda store: store.activities.claim("me", now, now)) is not None
    assert heard == ["pump", "outbox"]


async def test_a_listener_hears_nothing_of_a_rollback(db: SqlDatabase) -> None:
    heard: list[str] = []
    db.after_write(lambda: heard.append("x"))

    def unit(store: Store) -> None:
        count_up(store)
        raise Stale("gone")

    with pytest.raises(Stale):
        await db.write(unit)
    await db.write(lambda store: store.settings.get("counter"))
    assert heard == []


async def test_a_cancel_while_a_unit_runs_lets_it_finish(db: SqlDatabase) -> None:
    begun, cancelled = threading.Event(), threading.Event()
    heard: list[str] = []
    db.after_write(lambda: heard.append("changed"))

    def unit(store: Store) -> None:
        count_up(store)
        begun.set()
        assert cancelled.wait(10)
        count_up(store)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(db.write(unit))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        cancelled.set()
    assert task.cancelled()
    assert heard == ["changed"]
    assert await db.read(lambda store: store.settings.get("counter")) == "2"
    await db.write(count_up)


async def test_a_cancel_while_waiting_drops_the_unit(tmp_path: Path, templates: Templates) -> None:
    db = await open_database(templates.sqlite(tmp_path), Vault([b"k" * 32]))
    begun, cancelled = threading.Event(), threading.Event()

    def first(store: Store) -> None:
        begun.set()
        assert cancelled.wait(10)
        count_up(store)

    async with asyncio.TaskGroup() as group:
        group.create_task(db.write(first))
        second = group.create_task(db.write(count_up))
        await asyncio.to_thread(begun.wait, 10)
        second.cancel()
        await asyncio.wait([second])
        cancelled.set()
    assert await db.read(lambda store: store.settings.get("counter")) == "1"
    await db.close()


async def test_close_leaves_no_thread_and_refuses_work(url: str, vault: Vault) -> None:
    before = set(threading.enumerate())
    database = await open_database(url, vault)
    await asyncio.gather(*(database.read(lambda s: s.people.all()) for _ in range(READERS * 2)))
    await database.close()
    assert [thread for thread in threading.enumerate() if thread not in before] == []
    with pytest.raises(StorageUnavailable):
        await database.read(lambda store: store.people.all())


async def test_close_finishes_what_has_begun_and_refuses_what_waits(tmp_path: Path, templates: Templates) -> None:
    url, vault = templates.sqlite(tmp_path), Vault([b"k" * 32])
    db = await open_database(url, vault)
    begun, closing = threading.Event(), threading.Event()

    def first(store: Store) -> None:
        begun.set()
        assert closing.wait(10)
        count_up(store)

    async with asyncio.TaskGroup() as group:
        one = group.create_task(db.write(first))
        two = group.create_task(_refused(db))
        await asyncio.to_thread(begun.wait, 10)
        closed = group.create_task(db.close())
        await asyncio.sleep(0)
        closing.set()
        await asyncio.wait([one, two, closed])
    await db.close()
    again = await open_database(url, vault)
    assert await again.read(lambda store: store.settings.get("counter")) == "1"
    await again.close()


async def _refused(db: SqlDatabase) -> None:
    with pytest.raises(StorageUnavailable, match="closed"):
        await db.write(count_up)


async def test_listeners_are_called_on_the_event_loop(db: SqlDatabase) -> None:
    where: list[int] = []
    db.after_write(lambda: where.append(threading.get_ident()))

    def unit(store: Store) -> None:
        count_up(store)
        where.append(threading.get_ident())

    await db.write(unit)
    inside, heard = where
    assert heard == threading.get_ident() != inside


async def test_sqlite_connections_are_set_up(tmp_path: Path, templates: Templates) -> None:
    db = await open_database(templates.sqlite(tmp_path), Vault([b"k" * 32]))
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only", "busy_timeout")

    def pragmas(engine: Engine) -> dict[str, object]:
        with engine.connect() as c:
            return {name: c.execute(text(f"PRAGMA {name}")).scalar() for name in names}

    writer, reader = pragmas(db.writer), pragmas(db.reader)
    await db.close()
    shared = {"journal_mode": "wal", "busy_timeout": 10_000}
    strict = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 0}
    assert writer == shared | strict
    assert reader.items() >= (shared | {"query_only": 1}).items()


async def test_a_full_disk_is_said_and_loses_only_the_unit(tmp_path: Path, templates: Templates) -> None:
    db = await open_database(templates.sqlite(tmp_path), Vault([b"k" * 32]))
    await db.write(count_up)

    with db.writer.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageUnavailable, match="full"):
        await db.write(lambda store: store.settings.put("big", "x" * 1_000_000, None, NOW))
    with db.writer.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    await db.write(count_up)
    assert await db.read(lambda store: store.settings.all()) == {"counter": "2"}
    await db.close()


async def test_a_lock_of_another_process_is_said(
    tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = templates.sqlite(tmp_path)
    other = await open_database(url, Vault([b"k" * 32]))
    monkeypatch.setattr("storage.sqlite._WRITER", ("busy_timeout=1",))
    with other.writer.begin(), pytest.raises(StorageUnavailable, match="locked"):
        await open_database(url, Vault([b"k" * 32]))
    await other.close()


async def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(StorageUnavailable):
        await open_database("postgresql://nobody@127.0.0.1:1/nothing", Vault([b"k" * 32]))


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "sqlite:///:memory:"])
async def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite file"):
        await open_database(url, Vault([b"k" * 32]))


async def test_a_wrong_statement_is_no_outage(db: SqlDatabase) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        await db.write(lambda store: store.notes.put(999, "key", "value"))
    assert not isinstance(caught.value, StorageUnavailable)


async def test_errors_do_not_show_values(db: SqlDatabase) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        await db.write(lambda store: store.notes.put(999, "key", "secret words"))
    assert "secret words" not in str(caught.value)


async def test_units_see_their_own_changes(db: SqlDatabase) -> None:
    def unit(store: Store) -> str:
        added = store.people.ensure(1, Role.OWNER, "owner", "en", "UTC")
        store.people.rename(added.id, "boss")
        found = store.people.get(added.id)
        return found.name if found else ""

    assert await db.write(unit) == "boss"


async def test_a_unit_that_runs_out_of_something_does_not_leave_its_caller_waiting(db: SqlDatabase) -> None:
    nothing: list[int] = []
    async with asyncio.timeout(10):
        with pytest.raises(RuntimeError, match="ran out"):
            await db.write(lambda _store: next(iter(nothing)))
        with pytest.raises(RuntimeError, match="ran out"):
            await db.read(lambda _store: next(iter(nothing)))
