"""Every fault that can be ordered, seen from the bot, and the truth about it afterwards."""

from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox.telegram.operator import Operator
from tests.sandbox.telegram.conftest import BUYER, TOKEN, Api, meanwhile


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        ("http_500", TelegramServerError, False),
        ("http_429", TelegramRetryAfter, False),
        ("http_502", ClientDecodeError, False),
        ("blocked", TelegramForbiddenError, False),
        ("drop_connection", TelegramNetworkError, False),
        ("timeout_before", TelegramNetworkError, False),
        ("bad_json", ClientDecodeError, True),
        ("timeout_after", TelegramNetworkError, True),
    ],
)
async def test_fault_of_a_send(
    bot: Bot, api: Api, buyer: Operator, fault: str, error: type[Exception], arrives: bool
) -> None:
    await api.control(at="sendMessage", fault=fault, times=1, retry_after=7, seconds=0.05)
    with pytest.raises(error) as raised:
        await bot.send_message(BUYER, "first")
    if isinstance(raised.value, TelegramRetryAfter):
        assert raised.value.retry_after == 7
    shown = [message.text for message in await buyer.messages() if message.from_bot]
    assert shown == (["first"] if arrives else [])
    await bot.send_message(BUYER, "second")
    assert (await buyer.wait_for("second")).text == "second"


async def test_timeout_after_lets_the_client_give_up(bot: Bot, api: Api, buyer: Operator) -> None:
    await api.control(at="sendMessage", fault="timeout_after", seconds=30)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(BUYER, "arrived", request_timeout=1)
    await buyer.wait_for("arrived")


async def test_slow_still_works(bot: Bot, api: Api, buyer: Operator) -> None:
    await api.control(at="*", fault="slow", seconds=0.01, times=3)
    assert (await bot.send_message(BUYER, "late")).text == "late"


async def test_fault_for_one_chat_only(bot: Bot, api: Api, buyer: Operator) -> None:
    await api.control(at="sendMessage", fault="http_500", times=5, chat_id=1)
    await bot.send_message(BUYER, "not mine")


async def test_unknown_fault_and_clear(api: Api) -> None:
    async with api.http.post(f"{api.url}/_control", json={"at": "*", "fault": "earthquake"}) as response:
        assert response.status == 400
        assert "unknown fault 'earthquake'" in await response.text()
    await api.control(at="*", fault="http_500", times=9)
    await api.control(clear=True)
    await api.ok("getMe")


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_duplicated_updates(api: Api, buyer: Operator) -> None:
    await api.control(at="getUpdates", fault="duplicate_updates")
    await buyer.send("once")
    first, second = ids(await api.updates())
    assert first == second
    assert ids(await api.updates(offset=first + 1)) == [first]
    assert await api.updates(offset=first + 1) == []


async def test_reordered_updates_wait_for_two(api: Api, buyer: Operator) -> None:
    await api.control(at="getUpdates", fault="reorder_updates")
    poll = meanwhile(api.updates(timeout=50))
    await buyer.send("one")
    await buyer.send("two")
    assert [update["message"]["text"] for update in await poll] == ["two", "one"]


async def test_late_update_comes_after_a_newer_one(api: Api, buyer: Operator) -> None:
    await api.control(at="getUpdates", fault="late_updates", seconds=0.2)
    await buyer.send("late")
    await buyer.send("in time")
    [newer] = await api.updates(timeout=50)
    assert newer["message"]["text"] == "in time"
    [late] = await api.updates(offset=newer["update_id"] + 1, timeout=50)
    assert late["message"]["text"] == "late"
    assert late["update_id"] < newer["update_id"]


async def test_truth_about_calls(bot: Bot, api: Api, buyer: Operator) -> None:
    form = aiohttp.FormData({"chat_id": str(BUYER)})
    form.add_field("document", b"bytes", filename="x.txt")
    async with api.http.post(f"{api.url}/bot{TOKEN}/sendDocument", data=form) as response:
        assert response.ok
    await api.call("sendMessage", chat_id=5, text="x")
    sent, refused = (await api.truth("calls"))[-2:]
    assert sent["params"] == {"chat_id": str(BUYER), "document": {"file": "x.txt", "size": 5}}
    assert sent["answer"]["result"]["document"]["file_name"] == "x.txt"
    assert (refused["status"], refused["answer"]["description"]) == (400, "Bad Request: chat not found")
    assert await api.truth("calls", chat_id="5", after=str(sent["number"])) == [refused]
    [shown] = [m for m in await api.truth("messages", chat_id=str(BUYER)) if m["outgoing"]]
    assert shown["document"]["file_name"] == "x.txt"
