"""The webhook takes updates only from whoever knows the secret, and says 200 only for what is stored."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.access import Raw
from bot.webhook import HEADER, announce, webhook_route
from sandbox.testing import start_app
from tests.bot.telegram import Telegram
from tests.support.waiting import until

SECRET = "s" * 32
UPDATE = {"update_id": 5, "message": {"text": "hi"}}


class Inbox:
    def __init__(self) -> None:
        self.taken: list[Raw] = []
        self.broken = False

    async def take(self, updates: Sequence[Raw]) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.taken += updates


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def url(inbox: Inbox) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes([webhook_route("https://bot.example.org/telegram/hook", SECRET, inbox.take)])
    async with start_app(app) as base:
        yield f"{base}/telegram/hook"


async def post(url: str, body: Any, **headers: str) -> int:
    async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers) as response:
        return response.status


async def test_the_secret_opens(url: str, inbox: Inbox) -> None:
    assert await post(url, UPDATE, **{HEADER: SECRET}) == 200
    assert inbox.taken == [UPDATE]


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: ""}, {HEADER: "s" * 31}, {HEADER: "S" * 32}, {"Authorization": SECRET}]
)
async def test_nothing_else_does(url: str, inbox: Inbox, headers: dict[str, str]) -> None:
    assert await post(url, UPDATE, **headers) == 401
    assert inbox.taken == []


@pytest.mark.parametrize("body", [[], "text", {}, {"update_id": "5"}])
async def test_what_is_no_update_is_refused(url: str, inbox: Inbox, body: Any) -> None:
    assert await post(url, body, **{HEADER: SECRET}) == 400
    assert inbox.taken == []


async def test_what_was_not_stored_is_not_confirmed(url: str, inbox: Inbox) -> None:
    inbox.broken = True
    assert await post(url, UPDATE, **{HEADER: SECRET}) == 500


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
def test_it_does_not_start_without_a_long_secret(inbox: Inbox, secret: str) -> None:
    with pytest.raises(ValueError, match="at least 32"):
        webhook_route("https://bot.example.org/hook", secret, inbox.take)


async def test_telegram_delivers_to_it(telegram: Telegram, url: str, inbox: Inbox) -> None:
    await announce(telegram.bot, url, SECRET)
    async with telegram.person() as owner:
        await owner.send("by webhook")
        await until(lambda: bool(inbox.taken))
    assert inbox.taken[0]["message"]["text"] == "by webhook"
