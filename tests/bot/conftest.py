"""A real database and a sandbox Telegram for tests of one part of the bot."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot

from purchasing.words import Role
from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.testing import start_app
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.bot.telegram import OWNER, Telegram
from tests.support.desk import desk_settings, test_bot


@pytest.fixture
async def db(data_dir: Path) -> AsyncIterator[SqlDatabase]:
    """With one owner in it."""
    database = await open_database(f"sqlite:///{data_dir / 'vykup.db'}", Vault([os.urandom(32)]))
    await database.write(lambda store: store.people.ensure(OWNER, Role.OWNER, "Owner", "en", "UTC"))
    yield database
    await database.close()


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Telegram]:
    app = make_app(PartOptions())
    app[SERVER].flood.change(LimitRules(enabled=False))
    async with start_app(app) as url:
        bot: Bot = test_bot(desk_settings(url, tmp_path))
        yield Telegram(url, app[SERVER], bot)
        await bot.session.close()
