"""Migrations lead to what the tables say, and back."""

from pathlib import Path
from typing import Any, Literal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Text, inspect, text

from purchasing.errors import StorageUnavailable
from storage import migrate
from storage.engine import open_database
from storage.tables import metadata
from storage.tables.words import is_of_words
from storage.urls import open_for_maintenance
from storage.vault import Vault
from tests.storage.world import person


def tables(url: str) -> set[str]:
    with open_for_maintenance(url) as connection:
        assert connection is not None
        names = set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
        return {name for name in names if not is_of_words(name)}


def test_up_down_up(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert tables(empty_url) == set(metadata.tables)
    migrate.check_at_head(empty_url)
    migrate.downgrade(empty_url, "base")
    assert tables(empty_url) == set()
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    migrate.upgrade(empty_url)


def test_tables_match_migrations(url: str, backend: str) -> None:
    # alembic takes SQLite's '' for another default than ''
    options: dict[str, Any] = {
        "compare_type": True,
        "compare_server_default": backend == "postgres",
        "include_object": lambda _object, name, *_more: not is_of_words(name or ""),
    }
    with open_for_maintenance(url) as connection:
        assert connection is not None
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_partial_indices_are_partial(url: str) -> None:
    wanted = {"uq_binding_live": "binding", "uq_intent_line_live": "intent_line", "uq_outbox_pending": "outbox"}
    with open_for_maintenance(url) as connection:
        assert connection is not None
        for name, table in wanted.items():
            index = next(i for i in inspect(connection).get_indexes(table) if i["name"] == name)
            assert index["unique"]
            assert any(option.endswith("_where") for option in index["dialect_options"])


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(url: str, vault: Vault) -> None:
    db = await open_database(url, vault)
    await db.write(lambda store: store.notes.put(person(store).id, "form", "kept"))
    with open_for_maintenance(url) as connection:
        assert connection is not None
        operations = Operations(MigrationContext.configure(connection))
        recreate: Literal["always", "never"] = "always" if connection.dialect.name == "sqlite" else "never"
        with operations.batch_alter_table("person", recreate=recreate) as batch:
            batch.add_column(Column("extra", Text()))
    assert await db.read(lambda store: store.notes.get(1, "form")) == "kept"
    await db.close()


async def test_what_was_there_before_is_found_by_its_words(empty_url: str, vault: Vault) -> None:
    migrate.upgrade(empty_url, "0009")
    with open_for_maintenance(empty_url) as connection:
        assert connection is not None
        insert = "INSERT INTO customer_order (number, shop, created_at, search) VALUES ('A-1', 'files', :at, :search)"
        connection.execute(text(insert), {"at": "2026-01-01 00:00:00.000000", "search": "a-1\nсидоров"})
    migrate.upgrade(empty_url)
    db = await open_database(empty_url, vault)
    for part in ("идор", "ов", "a-1"):
        (found,) = await db.read(lambda store, part=part: store.orders.find(part))  # type: ignore[misc]
        assert found.number == "A-1"
    await db.close()


def test_a_database_behind_is_refused(empty_url: str) -> None:
    with pytest.raises(StorageUnavailable, match="vykup migrate"):
        migrate.check_at_head(empty_url)


async def test_a_database_without_tables_is_not_opened(empty_url: str, vault: Vault) -> None:
    with pytest.raises(StorageUnavailable, match="vykup migrate"):
        await open_database(empty_url, vault)


def test_a_new_file_is_its_owners_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vykup.db"
    migrate.upgrade(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o777 == 0o600
