"""The operator's waits: they end with the change, and a failure shows the chat."""

import re

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.telegram.operator import NotSeen, Operator
from tests.sandbox.telegram.conftest import BUYER, Part, meanwhile


async def test_person_who_comes_before_the_bot(part: Part) -> None:
    async with Operator(part.url, 5005) as person, aiohttp.ClientSession() as http:
        started = meanwhile(person.start("invite"))
        async with http.get(f"{part.url}/bot5:token/getUpdates", params={"timeout": 50}) as response:
            [update] = (await response.json())["result"]
        assert await started == update["message"]["message_id"]
        assert update["message"]["text"] == "/start invite"


async def test_wait_ends_with_an_edit(bot: Bot, buyer: Operator) -> None:
    sent = await bot.send_message(BUYER, "0 of 9")
    waiting = meanwhile(buyer.wait_for(re.compile(r"9 of \d")))
    await bot.edit_message_text("9 of 9", chat_id=BUYER, message_id=sent.message_id)
    assert (await waiting).id == sent.message_id


async def test_only_newer_messages(bot: Bot, buyer: Operator) -> None:
    old = await bot.send_message(BUYER, "done")
    waiting = meanwhile(buyer.wait_for("done", after=old.message_id))
    new = await bot.send_message(BUYER, "done")
    assert (await waiting).id == new.message_id


async def test_press_takes_the_newest_and_prefers_the_whole_label(bot: Bot, buyer: Operator) -> None:
    for number in (1, 2):
        row = [
            InlineKeyboardButton(text="Buy all", callback_data=f"all{number}"),
            InlineKeyboardButton(text="Buy", callback_data=f"one{number}"),
        ]
        await bot.send_message(BUYER, "card", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
    await buyer.press("Buy")
    await buyer.press("ll")
    pressed = [update.callback_query for update in await bot.get_updates()]
    assert [query.data for query in pressed if query] == ["one2", "all2"]


async def test_failure_shows_the_chat(bot: Bot, buyer: Operator) -> None:
    button = InlineKeyboardButton(text="Buy", callback_data="buy")
    await bot.send_message(BUYER, "a card", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))
    with pytest.raises(NotSeen) as missed:
        await buyer.wait_for("a parcel", 0.05)
    assert str(missed.value).splitlines() == [
        "a message with 'a parcel' did not come.",
        "The chat now:",
        "  me  #1: /start",
        "  bot #2: a card",
        "        [Buy]",
    ]


async def test_blocked_person_can_not_write(buyer: Operator) -> None:
    await buyer.block()
    with pytest.raises(NotSeen, match="the bot is blocked"):
        await buyer.send("x")
    await buyer.start()
