"""Fixtures of the screens' tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.gateway import Gateway, open_gateway


@pytest.fixture
async def gateway(data_dir: Path) -> AsyncIterator[Gateway]:
    """A desk whose bot has a 1688 account on the sandbox's gateway."""
    async with open_gateway(data_dir) as opened:
        yield opened
