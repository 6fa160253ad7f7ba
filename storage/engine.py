"""Units of work over SQLite or Postgres, run in threads of our own. A unit is kept wholly or not at all, and is never
cut in half by a cancel."""

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from purchasing.errors import StorageUnavailable
from purchasing.ports import Store
from storage import sqlite
from storage.sealed import check_vault
from storage.store import SqlStore
from storage.trouble import is_conflict, is_unavailable
from storage.urls import engine_url, sqlite_file
from storage.vault import Vault

T = TypeVar("T")

READERS = 4
POSTGRES_WRITERS = 4
TRIES = 30
"""How often a unit is tried on Postgres while others keep getting in its way."""

_CHANGES = "vykup_changes"
# A server that vanished without a word is noticed after half a minute, so that closing doesn't wait for it for ever.
_NETWORK = {
    "connect_timeout": 10,
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class SqlDatabase:
    """Implements `purchasing.ports.Database` for the event loop that opened it.

    Units run in threads, at most as many at a time as there are connections, begun in the order in which they were
    asked for. What `fn` does besides using the store must bear being done in another thread."""

    def __init__(self, reader: Engine, writer: Engine, writers: int, vault: Vault) -> None:
        self.reader, self.writer, self._vault = reader, writer, vault
        self._loop = asyncio.get_running_loop()
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._writers = ThreadPoolExecutor(writers, "writer")
        self._units: set[asyncio.Future[Any]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._closed = False
        self.unwritable_since: datetime | None = None
        """Since when no write has succeeded, None while they do."""

    def after_write(self, callback: Callable[[], None]) -> None:
        """Has `callback` called on the event loop after each commit that changed a row (a claim that found nothing
        wakes nobody), before `write` returns."""
        self._listeners.append(callback)

    async def read(self, fn: Callable[[Store], T]) -> T:
        """Runs `fn` on one consistent snapshot, beside writers. Raises StorageUnavailable."""
        return await self.inspect(lambda connection: fn(SqlStore(connection, self._vault)))

    async def inspect(self, fn: Callable[[Connection], T]) -> T:
        """Runs statements of one's own as one read."""
        return await self._whole(self._readers, lambda: self._seen(fn))

    async def write(self, fn: Callable[[Store], T]) -> T:
        """Runs `fn` as if alone among writers, then commits; whatever `fn` raises rolls all of it back.

        On Postgres `fn` is run again when another writer got in its way: it must change nothing but the store and
        variables of its own. A cancel while it waits for its turn drops it; once begun it is finished first.
        Raises StorageUnavailable."""
        return await self.maintain(lambda connection: fn(SqlStore(connection, self._vault)))

    async def maintain(self, fn: Callable[[Connection], T]) -> T:
        """Runs work on whole tables (checking or changing the key) as one write."""
        try:
            result = await self._whole(self._writers, lambda: self._changed(fn))
        except StorageUnavailable:
            self.unwritable_since = self.unwritable_since or datetime.now(UTC)
            raise
        self.unwritable_since = None
        return result

    async def close(self) -> None:
        """Waits for units under way, refuses those that wait, and ends all connections and threads."""
        self._closed = True
        if self._units:
            await asyncio.wait(self._units)
        for threads in (self._readers, self._writers):
            threads.shutdown()
        for engine in (self.reader, self.writer):
            engine.dispose()

    def _seen(self, fn: Callable[[Connection], T]) -> T:
        with self.reader.connect() as connection:
            return fn(connection)

    def _changed(self, fn: Callable[[Connection], T]) -> T:
        with self.writer.connect() as connection, connection.begin():
            before = _changes(connection)
            result = fn(connection)
            changed = _changes(connection) != before
        if changed:
            self._loop.call_soon_threadsafe(self._tell)
        return result

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _tried(self, unit: Callable[[], T]) -> T:
        for attempt in range(1, TRIES + 1):
            if self._closed:
                raise StorageUnavailable("The database is closed.")
            try:
                return unit()
            except DBAPIError as error:
                if is_conflict(error) and attempt < TRIES:
                    time.sleep(random.uniform(0, 0.005 * attempt))  # noqa: S311 - only parts rivals
                elif is_conflict(error) or is_unavailable(error):
                    raise StorageUnavailable(f"The database can't be used now: {error.orig}") from error
                else:
                    raise
            except StopIteration as error:  # a future can't hold it: whoever awaits would wait forever
                raise RuntimeError("a unit of work ran out of what it looked for") from error
        raise AssertionError("the last try returns or raises")

    async def _whole(self, threads: ThreadPoolExecutor, unit: Callable[[], T]) -> T:
        """Awaits a unit to its end even when the caller is cancelled, and only then lets the cancel through; one that
        hasn't begun is dropped."""
        if self._closed:
            raise StorageUnavailable("The database is closed.")
        work = threads.submit(self._tried, unit)
        done = asyncio.wrap_future(work)
        self._units.add(done)
        done.add_done_callback(self._units.discard)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if not work.cancel() and not done.done():
                await asyncio.wait([done])
            raise


async def open_database(url: str, vault: Vault) -> SqlDatabase:
    """Opens a database whose tables are there (`storage.migrate.upgrade`) and checks the key.

    `url` is sqlite:///path or postgresql://…. Raises ValueError for another, KeyRefused, StorageUnavailable."""
    address = engine_url(url)
    file = sqlite_file(url)
    if file is not None:
        sqlite.own_file(file)
        database = _sqlite(address, vault)
    else:
        database = _postgres(address, vault)
    try:
        await database.maintain(lambda connection: check_vault(connection, vault))
    except BaseException:
        await database.close()
        raise
    return database


def _sqlite(url: URL, vault: Vault) -> SqlDatabase:
    writer = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    reader = create_engine(url, pool_size=READERS, max_overflow=0, hide_parameters=True)
    sqlite.set_up_writer(writer)
    sqlite.set_up_reader(reader)
    return SqlDatabase(reader, writer, 1, vault)


def _postgres(url: URL, vault: Vault) -> SqlDatabase:
    def engine(size: int, *settings: str) -> Engine:
        given = url.query.get("options", "")
        options = " ".join([str(given), *(f"-c {s}" for s in ("timezone=UTC", "lock_timeout=10s", *settings))])
        return create_engine(
            url,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=_NETWORK | {"options": options.strip()},
        )

    reader = engine(READERS, "default_transaction_isolation=repeatable\\ read", "default_transaction_read_only=on")
    writer = engine(POSTGRES_WRITERS, "default_transaction_isolation=serializable")
    _count_changes(writer)
    return SqlDatabase(reader, writer, POSTGRES_WRITERS, vault)


def _changes(connection: Connection) -> int:
    """Rows that this connection has changed in its life."""
    if connection.dialect.name == "sqlite":  # whose row count of an UPDATE … RETURNING is known too late
        return sqlite.total_changes(connection)
    return int(connection.info.get(_CHANGES, 0))


def _count_changes(engine: Engine) -> None:
    @event.listens_for(engine, "after_cursor_execute")
    def count(connection: Connection, cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
        if context.isinsert or context.isupdate or context.isdelete:
            connection.info[_CHANGES] = _changes(connection) + abs(cursor.rowcount)
