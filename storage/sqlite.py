"""What makes SQLite safe for us: every connection of ours is set up here, and no transaction starts by itself."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

WAIT_MS = 10_000
"""How long a statement waits for another process's lock."""

_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={WAIT_MS}",
)
# Migrations rebuild tables: with foreign keys on, dropping the old table would delete all rows that refer to it.
_MIGRATION = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", "secure_delete=ON", f"busy_timeout={WAIT_MS}")
_READER = ("query_only=ON", f"busy_timeout={WAIT_MS}")


def own_file(path: Path) -> None:
    """Makes the database's file readable by its owner only (SQLite gives its side files the same mode)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif path.stat().st_mode & 0o077:  # copied here by somebody
        path.chmod(0o600)


def set_up_writer(engine: Engine) -> None:
    _set_up(engine, _WRITER, "BEGIN IMMEDIATE")


def set_up_reader(engine: Engine) -> None:
    _set_up(engine, _READER, "BEGIN")


def set_up_migration(engine: Engine) -> None:
    _set_up(engine, _MIGRATION, "BEGIN IMMEDIATE")


def total_changes(connection: Connection) -> int:
    """Rows inserted, updated and deleted by this connection since it was opened."""
    return int(connection.connection.total_changes)


def _set_up(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Sets PRAGMAs on connect and begins transactions ourselves.

    sqlite3 begins late and only before some statements, which loses updates of two writers; so its own begin is off
    (`isolation_level=None`) and a writer takes the write lock at once."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
