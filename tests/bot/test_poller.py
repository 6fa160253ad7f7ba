"""The poller moves its offset only after updates are stored, and goes on whatever Telegram says."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiogram.exceptions import TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook

from bot.access import KINDS, Raw
from bot.poller import Poller, TokenRefused
from bot.tasks import Nursery
from tests.bot.telegram import Telegram
from tests.support.waiting import until


class Inbox:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.failing = 0

    async def take(self, updates: Sequence[Raw]) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError("the disk is full")
        self.texts += [update["message"]["text"] for update in updates]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@asynccontextmanager
async def polling(telegram: Telegram, inbox: Inbox) -> AsyncIterator[Poller]:
    nursery = Nursery()
    poller = Poller(telegram.bot, inbox.take, pauses=(0.01,))
    nursery.spawn(poller.run(), "poller")
    yield poller
    await nursery.close()


async def test_updates_come_in_and_are_acknowledged(telegram: Telegram, inbox: Inbox) -> None:
    async with polling(telegram, inbox), telegram.person() as owner:
        await owner.send("one")
        await owner.send("two")
        await until(lambda: inbox.texts == ["one", "two"])
        await until(lambda: not next(iter(telegram.server.bots.values())).updates)
    (kinds,) = {tuple(bot.allowed_updates or ()) for bot in telegram.server.bots.values()}
    assert kinds == KINDS


async def test_what_could_not_be_stored_is_asked_for_again(telegram: Telegram, inbox: Inbox) -> None:
    inbox.failing = 2
    async with polling(telegram, inbox), telegram.person() as owner:
        await owner.send("one")
        await until(lambda: inbox.texts == ["one"])
    assert inbox.failing == 0


async def test_numbers_that_jump_back_are_asked_for_again_too(telegram: Telegram, inbox: Inbox) -> None:
    async with polling(telegram, inbox), telegram.person() as owner:
        await owner.send("one")
        await until(lambda: inbox.texts == ["one"])
        next(iter(telegram.server.bots.values())).next_update_id -= 50
        inbox.failing = 2
        await owner.send("two")
        await until(lambda: inbox.texts == ["one", "two"])


@pytest.mark.parametrize("fault", ["http_500", "http_502", "http_429", "drop_connection", "bad_json"])
async def test_trouble_is_said_once_and_survived(
    telegram: Telegram, inbox: Inbox, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram.bot.get_me()
    telegram.fault("getUpdates", fault, times=2, retry_after=0)
    with caplog.at_level(logging.WARNING, logger="bot.away"):
        async with polling(telegram, inbox), telegram.person() as owner:
            await owner.send("one")
            await until(lambda: inbox.texts == ["one"] and len(caplog.records) == 2)
    assert "Owner" not in caplog.text  # what people write is no business of the log
    said = [record.getMessage() for record in caplog.records]
    assert "over after 2 failures" in said[1]


async def test_it_is_told_when_telegram_goes_and_when_it_is_back(telegram: Telegram, inbox: Inbox) -> None:
    await telegram.bot.get_me()
    telegram.fault("getUpdates", "http_502", times=2)
    told: list[bool] = []
    poller, nursery = Poller(telegram.bot, inbox.take, told=told.append, pauses=(0.01,)), Nursery()
    nursery.spawn(poller.run(), "poller")
    async with telegram.person() as owner:
        await owner.send("one")
        await until(lambda: told[:3] == [False, False, True])
    await nursery.close()


async def test_a_database_that_is_away_is_no_absence_of_telegram(telegram: Telegram, inbox: Inbox) -> None:
    inbox.failing = 2
    told: list[bool] = []
    poller, nursery = Poller(telegram.bot, inbox.take, told=told.append, pauses=(0.01,)), Nursery()
    nursery.spawn(poller.run(), "poller")
    async with telegram.person() as owner:
        await owner.send("one")
        await until(lambda: bool(told))
    assert told[0]
    await nursery.close()


async def test_a_second_poller_is_named(telegram: Telegram, inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    async with polling(telegram, inbox), polling(telegram, inbox):
        await until(lambda: "another program polls with the same BOT_TOKEN" in caplog.text)


async def test_a_webhook_left_behind_is_taken_off(telegram: Telegram, inbox: Inbox) -> None:
    await telegram.bot.set_webhook("http://127.0.0.1:9/old")
    async with polling(telegram, inbox), telegram.person() as owner:
        await owner.send("one")
        await until(lambda: inbox.texts == ["one"])


async def test_a_refused_token_ends_it_with_a_sentence(
    telegram: Telegram, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def refused() -> bool:
        raise TelegramUnauthorizedError(DeleteWebhook(), "Unauthorized")

    monkeypatch.setattr(telegram.bot, "delete_webhook", refused)
    with pytest.raises(TokenRefused, match="BOT_TOKEN"):
        await Poller(telegram.bot, inbox.take).run()
