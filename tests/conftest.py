"""Fixtures for every test; heavy imports happen only in those that ask for them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.desk import Desk


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated, empty SQLite database; copy it, don't open it."""
    from tests.support.desk import make_template

    return make_template(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    """A data directory of its own for the test, with a migrated database."""
    from tests.support.desk import copy_template

    return copy_template(migrated, tmp_path / "data")


@pytest.fixture
async def desk(data_dir: Path) -> "AsyncIterator[Desk]":
    """A running bot with an English-speaking owner at the chat (see tests/support/desk.py)."""
    from tests.support.desk import open_desk

    async with open_desk(data_dir) as opened:
        yield opened
