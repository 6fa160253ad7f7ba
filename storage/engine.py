"""Units of work over SQLite or Postgres. A unit is kept wholly or not at all, and is never cut in half by a cancel."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from purchasing.ports import Store
from storage import sqlite
from storage.errors import StorageUnavailable
from storage.sealed import check_vault
from storage.store import SqlStore
from storage.trouble import is_conflict, is_unavailable
from storage.urls import async_url, sqlite_file
from storage.vault import Vault

T = TypeVar("T")

READERS = 4
POSTGRES_WRITERS = 4
TRIES = 30
"""How often a unit is tried on Postgres while others keep getting in its way."""

_CHANGED = "vykup_changed"


class SqlDatabase:
    """Implements `purchasing.ports.Database`. Close it, else SQLite's threads keep the process alive."""

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, writers: int, vault: Vault) -> None:
        self.reader, self.writer, self._vault = reader, writer, vault
        self._turns = asyncio.Semaphore(writers)  # first come, first served
        self._units: set[asyncio.Task[Any]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._closed = False
        _note_changes(writer.sync_engine)

    def after_write(self, callback: Callable[[], None]) -> None:
        """Has `callback` called after each commit that changed a row (a claim that found nothing wakes nobody)."""
        self._listeners.append(callback)

    async def read(self, fn: Callable[[Store], T]) -> T:
        """Runs `fn` on one consistent snapshot, beside writers. Raises StorageUnavailable."""
        return await self._whole(self._tried(lambda: self._read(fn)))

    async def write(self, fn: Callable[[Store], T]) -> T:
        """Runs `fn` as if alone among writers, then commits; whatever `fn` raises rolls all of it back.

        On Postgres `fn` is run again when another writer got in its way: it must change nothing but the store and
        variables of its own. A cancel while it waits for its turn drops it; once begun it is finished first.
        Raises StorageUnavailable."""
        async with self._turns:
            return await self._whole(self._tried(lambda: self._write(fn)))

    async def maintain(self, fn: Callable[[Connection], T]) -> T:
        """Runs work on whole tables (checking or changing the key) as one write."""
        async with self._turns:
            return await self._whole(self._tried(lambda: self._changed(fn)))

    async def close(self) -> None:
        """Waits for units under way and ends all connections and threads; nothing can be run afterwards."""
        self._closed = True
        if self._units:
            await asyncio.wait(self._units)
        await self.reader.dispose()
        await self.writer.dispose()

    async def _read(self, fn: Callable[[Store], T]) -> T:
        async with self.reader.connect() as connection:
            return await connection.run_sync(lambda c: fn(SqlStore(c, self._vault)))

    async def _write(self, fn: Callable[[Store], T]) -> T:
        return await self._changed(lambda c: fn(SqlStore(c, self._vault)))

    async def _changed(self, fn: Callable[[Connection], T]) -> T:
        async with self.writer.begin() as connection:
            connection.info.pop(_CHANGED, None)
            result = await connection.run_sync(fn)
            changed = connection.info.pop(_CHANGED, False)
        if changed:
            for listener in self._listeners:
                listener()
        return result

    async def _tried(self, unit: Callable[[], Coroutine[Any, Any, T]]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return await unit()
            except PoolTimeout as error:
                raise StorageUnavailable("The database is too busy.") from error
            except DBAPIError as error:
                if is_conflict(error) and attempt < TRIES:
                    await asyncio.sleep(random.uniform(0, 0.005 * attempt))  # noqa: S311 - only parts rivals
                elif is_conflict(error) or is_unavailable(error):
                    raise StorageUnavailable(f"The database can't be used now: {error.orig}") from error
                else:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _whole(self, unit: Coroutine[Any, Any, T]) -> T:
        """Awaits a unit to its end even when the caller is cancelled, and only then lets the cancel through."""
        if self._closed:
            unit.close()
            raise StorageUnavailable("The database is closed.")
        task = asyncio.get_running_loop().create_task(unit)
        self._units.add(task)
        task.add_done_callback(self._units.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                await asyncio.wait([task])
            raise


async def open_database(url: str, vault: Vault) -> SqlDatabase:
    """Opens a database whose tables are there (`storage.migrate.upgrade`) and checks the key.

    `url` is sqlite:///path or postgresql://…. Raises ValueError for another, KeyRefused, StorageUnavailable."""
    address = async_url(url)
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
    writer = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    reader = create_async_engine(url, pool_size=READERS, max_overflow=0, hide_parameters=True)
    sqlite.set_up_writer(writer.sync_engine)
    sqlite.set_up_reader(reader.sync_engine)
    return SqlDatabase(reader, writer, 1, vault)


def _postgres(url: URL, vault: Vault) -> SqlDatabase:
    def engine(size: int, *settings: str) -> AsyncEngine:
        given = url.query.get("options", "")
        options = " ".join([str(given), *(f"-c {s}" for s in ("timezone=UTC", "lock_timeout=10s", *settings))])
        return create_async_engine(
            url,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": options.strip()},
        )

    reader = engine(READERS, "default_transaction_isolation=repeatable\\ read", "default_transaction_read_only=on")
    writer = engine(POSTGRES_WRITERS, "default_transaction_isolation=serializable")
    return SqlDatabase(reader, writer, POSTGRES_WRITERS, vault)


def _note_changes(engine: Engine) -> None:
    @event.listens_for(engine, "after_cursor_execute")
    def note(connection: Connection, cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
        if (context.isinsert or context.isupdate or context.isdelete) and cursor.rowcount != 0:
            connection.info[_CHANGED] = True
