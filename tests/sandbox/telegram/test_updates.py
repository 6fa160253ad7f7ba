"""Updates by long polling and by webhook: nothing lost, nothing unasked, one reader at a time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot
from aiohttp import web

from sandbox.telegram.operator import Operator
from sandbox.testing import start_app
from tests.sandbox.telegram.conftest import BUYER, TOKEN, Api, Part, meanwhile

ANOTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_update_stays_until_the_offset_passes_it(api: Api, buyer: Operator) -> None:
    await buyer.send("one")
    await buyer.send("two")
    first = await api.updates()
    assert texts(first) == ["one", "two"]
    assert texts(await api.updates(limit=1)) == ["one"]
    assert texts(await api.updates(offset=first[0]["update_id"] + 1)) == ["two"]
    assert await api.updates(offset=first[1]["update_id"] + 1) == []


async def test_negative_offset_forgets_all_but_the_newest(api: Api, buyer: Operator) -> None:
    for text in ("one", "two", "three"):
        await buyer.send(text)
    assert texts(await api.updates(offset=-1)) == ["three"]
    assert texts(await api.updates()) == ["three"]


async def test_long_poll_ends_with_the_update(api: Api, buyer: Operator) -> None:
    poll = meanwhile(api.updates(timeout=50))
    await buyer.send("hello")
    assert texts(await poll) == ["hello"]


async def test_second_poller_ends_the_first(api: Api, buyer: Operator, part: Part) -> None:
    first = meanwhile(api.call("getUpdates", timeout=50))
    bot = part.server.bot(TOKEN)
    await part.server.incoming.until(lambda: bot.poll is not None, 5)
    second = meanwhile(api.updates(timeout=50))
    refused = await first
    assert (refused["error_code"], refused["description"]) == (409, ANOTHER_POLLER)
    await buyer.send("for the second")
    assert texts(await second) == ["for the second"]


async def test_only_wanted_kinds_are_queued(api: Api, bot: Bot, buyer: Operator) -> None:
    sent = await api.ok("sendMessage", chat_id=BUYER, text="x", reply_markup={
        "inline_keyboard": [[{"text": "Go", "callback_data": "go"}]],
    })  # fmt: skip
    await api.updates(allowed_updates=["callback_query"])
    await buyer.send("not wanted")
    await buyer.press("Go", sent["message_id"])
    [update] = await api.updates()
    assert update["callback_query"]["data"] == "go"


async def test_block_and_unblock_are_told(bot: Bot, buyer: Operator) -> None:
    await buyer.block()
    await buyer.unblock()
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_each_token_is_a_bot_of_its_own(api: Api, buyer: Operator) -> None:
    assert (await api.ok("getMe", token="77:another"))["id"] == 77
    await buyer.send("for the newest")
    assert texts(await api.updates(token="77:another")) == ["for the newest"]
    assert await api.updates() == []


@pytest.mark.parametrize("token", ["nonsense", "42", "x:abcdef", "42:a b"])
async def test_malformed_token(api: Api, token: str) -> None:
    answer = await api.call("getMe", token=token)
    assert (answer["error_code"], answer["description"]) == (401, "Unauthorized")


async def test_unknown_method(api: Api, bot: Bot) -> None:
    assert await api.refusal("sendCoffee", chat_id=BUYER) == "404 Not Found: method not found"


@pytest.mark.parametrize(
    "how",
    [
        {"method": "GET", "params": {"chat_id": str(BUYER), "text": "x"}},
        {"method": "GET", "data": {"chat_id": str(BUYER), "text": "x"}},
        {"method": "POST", "data": {"chat_id": str(BUYER), "text": "x"}},
        {"method": "POST", "json": {"chat_id": BUYER, "text": "x"}},
    ],
)
async def test_parameters_come_in_every_way(api: Api, buyer: Operator, how: dict[str, Any]) -> None:
    async with api.http.request(url=f"{api.url}/bot{TOKEN}/SENDmessage", **how) as response:
        assert (await response.json())["result"]["text"] == "x"


@dataclass
class Hook:
    """A webhook that refuses as many deliveries as it is told."""

    url: str = ""
    refuse: int = 0
    came: list[tuple[str | None, int]] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 1

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.came.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["update_id"]))
        if len(self.came) >= self.wanted:
            self.enough.set()
        return web.Response(status=500 if len(self.came) <= self.refuse else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    app, hook = web.Application(), Hook()
    app.router.add_post("/hook", hook.receive)
    async with start_app(app) as url:
        hook.url = f"{url}/hook"
        yield hook


async def test_webhook_gets_the_secret_and_repeats(api: Api, bot: Bot, buyer: Operator, hook: Hook) -> None:
    hook.refuse, hook.wanted = 2, 4
    await api.control("/settings", webhook_pause=0.01)
    await api.ok("setWebhook", url=hook.url, secret_token="s3cret_token", max_connections=1)
    await buyer.send("one")
    await buyer.send("two")
    await hook.enough.wait()
    first = hook.came[0][1]
    assert hook.came == [("s3cret_token", first)] * 3 + [("s3cret_token", first + 1)]
    info = await bot.get_webhook_info()
    assert (info.url, info.last_error_message) == (
        hook.url,
        "Wrong response from the webhook: 500 Internal Server Error",
    )


async def test_polling_and_webhook_exclude_each_other(api: Api, buyer: Operator, hook: Hook) -> None:
    poll = meanwhile(api.call("getUpdates", timeout=50))
    await api.ok("getMe")
    hook.refuse = 10**6
    await api.ok("setWebhook", url=hook.url)
    assert (await poll)["error_code"] == 409
    await buyer.send("kept")
    await hook.enough.wait()
    assert (await api.refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook")
    await api.ok("deleteWebhook")
    assert texts(await api.updates()) == ["kept"]


async def test_webhooks_that_are_refused(api: Api, bot: Bot) -> None:
    bad = await api.refusal("setWebhook", url="ftp://x")
    assert bad == "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    bad = await api.refusal("setWebhook", url="https://x.example", secret_token="with space")
    assert bad == "400 Bad Request: secret token contains unallowed characters"


async def test_pending_updates_are_dropped_when_asked(api: Api, buyer: Operator) -> None:
    await buyer.send("old")
    await api.ok("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []
