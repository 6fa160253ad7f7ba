"""Addresses of databases: one text from the settings, turned into what each driver wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from purchasing.errors import StorageUnavailable
from storage import sqlite

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def engine_url(text: str) -> URL:
    """Raises ValueError for a database other than SQLite in a file or Postgres."""
    url = make_url(text.replace("postgres://", "postgresql://", 1))
    backend = url.get_backend_name()
    if backend not in _DRIVERS or (backend == "sqlite" and url.database in {None, "", ":memory:"}):
        raise ValueError("the database must be a SQLite file (sqlite:///path) or Postgres (postgresql://…)")
    return url.set(drivername=_DRIVERS[backend])


def sqlite_file(text: str) -> Path | None:
    """The database's file, None on Postgres."""
    url = make_url(text)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def maintenance_engine(url: str) -> Engine:
    """A plain engine for one piece of work outside the running program; makes a missing SQLite file."""
    file = sqlite_file(url)
    engine = create_engine(engine_url(url), poolclass=NullPool, hide_parameters=True)
    if file is not None:
        sqlite.own_file(file)
        sqlite.set_up_migration(engine)
    return engine


@contextmanager
def open_for_maintenance(url: str, *, create: bool = False) -> Iterator[Connection | None]:
    """A connection in a transaction of its own; None where there is no SQLite file and it isn't to be made.
    Raises StorageUnavailable."""
    file = sqlite_file(url)
    if file is not None and not file.exists() and not create:
        yield None
        return
    try:
        with maintenance_engine(url).begin() as connection:
            yield connection
    except DBAPIError as error:
        raise StorageUnavailable(f"The database can't be used now: {error.orig}") from error
