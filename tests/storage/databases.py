"""Fresh migrated databases for tests: migrated once for each kind, then copied, so that a test costs milliseconds."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.urls import engine_url

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")


@contextmanager
def empty_postgres(template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the tests' server; dropped afterwards."""
    name = f"test_{uuid4().hex}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


class Templates:
    """Migrated databases to copy from."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "template.db"
        self._postgres: str | None = None

    def sqlite(self, directory: Path) -> str:
        if not self._file.exists():
            migrate.upgrade(f"sqlite:///{self._file}")
        shutil.copy(self._file, directory / "test.db")
        return f"sqlite:///{directory / 'test.db'}"

    @contextmanager
    def postgres(self) -> Iterator[str]:
        if self._postgres is None:
            self._postgres = f"template_{uuid4().hex}"
            _on_server(f'CREATE DATABASE "{self._postgres}"')
            migrate.upgrade(make_url(POSTGRES).set(database=self._postgres).render_as_string(hide_password=False))
        with empty_postgres(self._postgres) as url:
            yield url

    def drop(self) -> None:
        if self._postgres is not None:
            _on_server(f'DROP DATABASE "{self._postgres}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    engine = create_engine(engine_url(POSTGRES), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
