"""Copies of a SQLite database: made while the bot runs, looked over before one is put back. Never half of a file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from purchasing.errors import StorageUnavailable, VykupError
from storage.sealed import check_vault
from storage.sqlite import WAIT_MS
from storage.urls import maintenance_engine, sqlite_file
from storage.vault import Vault

SIDE_FILES = ("-wal", "-shm")


class CantBackUp(VykupError):
    """A backup can't be made or put back; the message is one sentence."""


@dataclass(frozen=True)
class Found:
    """What a database file says of itself: `damage` is "" or SQLite's verdict, `revision` the schema's, None for none;
    `made_at` is None for a database that is no backup of ours."""

    damage: str
    revision: str | None = None
    made_at: datetime | None = None


def own_sqlite_file(url: str, instead: str) -> Path:
    """The database's file. Raises CantBackUp on Postgres, which has `instead`."""
    file = sqlite_file(url)
    if file is None:
        raise CantBackUp(f"The database is on Postgres: use {instead} of the server for it.")
    return file


def copy_database(source: Path, target: Path, now: datetime) -> None:
    """A whole, checked copy beside writers, as of one moment; the file appears only when it is complete (mode 0600).

    Raises CantBackUp, and leaves nothing behind then."""
    if target.exists():
        raise CantBackUp(f"{target} is there already: name another file.")
    if not source.exists():
        raise CantBackUp(f"There is no database in {source} yet.")
    fresh = target.with_name(target.name + ".part")
    try:
        _make_private(fresh)
        with (
            closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_MS / 1000)
            ) as whole,
            closing(sqlite3.connect(fresh)) as copy,
        ):
            whole.backup(copy)  # all pages in one read, which doesn't keep writers waiting
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, that needs no others beside it
            copy.execute(f"PRAGMA user_version={int(now.timestamp())}")  # says when it was made, wherever it goes
        damage = look_over(fresh).damage
        if damage:
            raise CantBackUp(f"The copy would be damaged ({damage}): look at the disk and the database.")
        _sync(fresh)
        fresh.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise CantBackUp(f"No backup could be made in {target}: {_said(error)}.") from None
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def look_over(file: Path) -> Found:
    """Reads and changes nothing. Raises CantBackUp for what is no database of ours."""
    try:
        with _opened_to_read(file) as connection:
            damage = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]).splitlines()[-1]
            has = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if has else None
            made = int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            return Found(str(error))
        raise CantBackUp(f"{file} can't be read: {error}.") from None
    made_at = datetime.fromtimestamp(made, UTC) if made else None
    return Found("" if damage == "ok" else damage, row[0] if row else None, made_at)


def check_whole(url: str) -> None:
    """Looks over a SQLite file before it is opened for work. Raises StorageUnavailable with one sentence."""
    file = sqlite_file(url)
    if file is None or not file.exists() or not file.stat().st_size:
        return
    damage = look_over(file).damage
    if damage:
        raise StorageUnavailable(
            f"The database {file} is damaged ({damage}): put the newest backup back with `vykup restore FILE`."
        )


@contextmanager
def _opened_to_read(file: Path) -> Iterator[sqlite3.Connection]:
    """Even a read-only reader makes files beside a database that nobody has open, unless told that it can't change."""
    if not file.is_file():
        raise CantBackUp(f"There is no file {file}.")
    mode = "mode=ro" if file.with_name(file.name + "-wal").exists() else "immutable=1"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)) as connection:
        yield connection


def check_opens(file: Path, vault: Vault) -> None:
    """Raises KeyRefused when another key sealed this copy."""
    try:
        with maintenance_engine(f"sqlite:///{file}").begin() as connection:
            check_vault(connection, vault)
    except StorageUnavailable:
        raise CantBackUp(f"{file} is no database of Vykup.") from None


def put_back(copy: Path, database: Path, aside: Path) -> None:
    """Makes `copy` the database in one step and keeps the former one as `aside`. Nobody may have it open.

    Killed anywhere in between, either the former or the restored database is there, never none."""
    if not _fold_in(copy):
        raise CantBackUp(f"{copy} is in use by another program.")
    if database.exists():
        _fold_in(database)
        for suffix in SIDE_FILES:  # a damaged database may have kept them; beside the restored one they would spoil it
            side = database.with_name(database.name + suffix)
            if side.exists():
                side.rename(aside.with_name(aside.name + suffix))
        os.link(database, aside)
    copy.replace(database)
    _sync(database.parent)


def _fold_in(database: Path) -> bool:
    """Has SQLite take the write-ahead log into the file; False where the file doesn't let it."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except sqlite3.Error:
        return False


def private_copy(source: Path, target: Path) -> None:
    """A copy of a file that nobody writes to."""
    try:
        _make_private(target)
        target.write_bytes(source.read_bytes())
        _sync(target)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise CantBackUp(f"{target} could not be written: {_said(error)}.") from None


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _said(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
