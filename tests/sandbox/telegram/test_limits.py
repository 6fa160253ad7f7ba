"""Flood limits: strict sliding windows, as the unit and over the wire."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.telegram.limits import FloodControl, LimitRules
from sandbox.telegram.operator import Operator
from tests.sandbox.telegram.conftest import BUYER, Api


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_burst_in_a_chat_then_one_a_second() -> None:
    clock = Clock()
    flood = FloodControl(clock)
    assert [flood.retry_after(1, 7) for _ in range(10)] == [None] * 10
    assert flood.retry_after(1, 7) == 10
    assert flood.retry_after(1, 8) is None
    clock.now = 9.5
    assert flood.retry_after(1, 7) == 1
    clock.now = 10.0
    assert flood.retry_after(1, 7) is None


def test_group_has_a_minute_and_a_bot_a_second() -> None:
    clock = Clock()
    flood = FloodControl(clock)
    flood.change(LimitRules(chat_burst=100))
    assert [flood.retry_after(1, -7) for _ in range(20)] == [None] * 20
    clock.now = 59.5
    assert flood.retry_after(1, -7) == 1
    assert [flood.retry_after(1, chat) for chat in range(1, 31)] == [None] * 30
    assert flood.retry_after(1, 99) == 1
    assert flood.retry_after(2, 99) is None


@settings(deadline=None)
@given(st.lists(st.floats(0, 3), max_size=80))
def test_no_second_ever_holds_more_than_thirty(steps: list[float]) -> None:
    clock = Clock()
    flood = FloodControl(clock)
    taken: list[float] = []
    for step in steps:
        clock.now += step / 20
        if flood.retry_after(1, None) is None:
            taken.append(clock.now)
    for start in taken:
        assert sum(start <= at < start + 1 for at in taken) <= 30


async def test_aiogram_is_told_how_long_to_wait(bot: Bot, buyer: Operator, api: Api) -> None:
    await api.control("/limits")
    rules = await api.control("/limits", chat_burst=2, chat_seconds=30)
    assert rules["overall"] == 30
    sent = await bot.send_message(BUYER, "1")
    await bot.edit_message_text("2", chat_id=BUYER, message_id=sent.message_id)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(BUYER, "3")
    assert 58 <= refused.value.retry_after <= 60
    calls = await api.truth("calls", method="sendMessage")
    assert [call["status"] for call in calls] == [200, 429]
    await api.control("/limits", enabled=False)
    await bot.send_message(BUYER, "4")


async def test_actions_and_reads_cost_nothing(bot: Bot, buyer: Operator, api: Api) -> None:
    await api.control("/limits", enabled=True, overall=1, overall_seconds=60)
    for _ in range(3):
        await bot.send_chat_action(BUYER, "typing")
        await bot.get_me()
    await bot.send_message(BUYER, "the one")


async def test_unknown_limits_are_refused(api: Api) -> None:
    async with api.http.post(f"{api.url}/_control/limits", json={"speed": 1}) as response:
        assert (response.status, await response.text()) == (400, "unknown: speed")
