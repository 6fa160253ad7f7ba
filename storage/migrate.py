"""Brings a database to the newest schema, or tells where it is. Runs before the program opens it, never beside it."""

import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from purchasing.errors import StorageUnavailable
from storage.urls import open_for_maintenance

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Makes a missing SQLite file, too. All steps are one transaction. Raises StorageUnavailable, also for a database
    of a newer program."""
    with open_for_maintenance(url, create=True) as connection:
        _check_known(connection)
        command.upgrade(_config(connection), revision)
        _check_references(connection)


def knows(revision: str) -> bool:
    """Whether a migration of that name is among ours; a newer program may have others."""
    return any(script.revision == revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions())


def downgrade(url: str, revision: str) -> None:
    with open_for_maintenance(url, create=True) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The revision of a database, None for one without tables of ours."""
    with open_for_maintenance(url) as connection:
        return None if connection is None else MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    revision = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    assert revision is not None  # noqa: S101 - there is a first migration
    return revision


def check_at_head(url: str) -> None:
    """Raises StorageUnavailable when migrations are missing (or the database is newer than the program)."""
    found = current(url)
    if found != head():
        raise StorageUnavailable(f"The database is at revision {found}, not {head()}: run `vykup migrate`.")


def _check_known(connection: Connection | None) -> None:
    found = None if connection is None else MigrationContext.configure(connection).get_current_revision()
    if found is not None and not knows(found):
        raise StorageUnavailable(
            f"The database was made by a newer Vykup (schema {found}): update the program, or restore a backup of "
            "before."
        )


def _check_references(connection: Connection | None) -> None:
    """SQLite doesn't watch foreign keys while migrating, so they are checked at the end."""
    if connection is None or connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StorageUnavailable(f"The migration left {len(broken)} rows that refer to nothing; nothing was changed.")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _check() -> None:
    """`python -m storage.migrate check`: the migrations are one line, and lead up, down and up again."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'check.db'}"
        upgrade(url)
        downgrade(url, "base")
        upgrade(url)


if __name__ == "__main__":
    _check()
