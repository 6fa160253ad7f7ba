"""A real, empty database for the use cases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from purchasing.people import Person
from purchasing.words import Role
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
async def db(data_dir: Path) -> AsyncIterator[SqlDatabase]:
    database = await open_database(f"sqlite:///{data_dir / 'vykup.db'}", Vault([b"k" * 32]))
    yield database
    await database.close()


@pytest.fixture
async def buyer(db: SqlDatabase) -> Person:
    return await db.write(lambda store: store.people.ensure(1001, Role.BUYER, "Buyer", "ru", "UTC"))
