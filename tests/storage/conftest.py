"""Every test that asks for `db` runs on SQLite, and on Postgres too when TEST_POSTGRES_URL is set."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.storage.databases import POSTGRES, Templates, empty_postgres

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    made = Templates(tmp_path_factory.mktemp("templates"))
    yield made
    made.drop()


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    kind = str(request.param)
    if kind == "postgres" and not POSTGRES:
        pytest.skip("TEST_POSTGRES_URL is not set")
    return kind


@pytest.fixture
def empty_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with empty_postgres() as url:
        yield url


@pytest.fixture
def url(backend: str, tmp_path: Path, templates: Templates) -> Iterator[str]:
    """A database with the newest schema."""
    if backend == "sqlite":
        yield templates.sqlite(tmp_path)
        return
    with templates.postgres() as made:
        yield made


@pytest.fixture
def vault() -> Vault:
    return Vault([b"k" * 32])


@pytest.fixture
async def db(url: str, vault: Vault) -> AsyncIterator[SqlDatabase]:
    database = await open_database(url, vault)
    yield database
    await database.close()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
