"""Pressed buttons: how a press reaches the bot, and how its answer reaches the person."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Message

from sandbox.telegram.operator import NotSeen, Operator
from tests.sandbox.telegram.conftest import BUYER, Api

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


def keyboard(**labels: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=data) for label, data in labels.items()]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def press(bot: Bot, buyer: Operator, label: str) -> tuple[CallbackQuery, dict[str, Any]]:
    pressed = await buyer.press(label)
    query = (await bot.get_updates())[-1].callback_query
    assert query
    return query, pressed


async def test_press_and_toast(bot: Bot, buyer: Operator) -> None:
    sent = await bot.send_message(BUYER, "card", reply_markup=keyboard(Buy="buy:1", Skip="skip:1"))
    query, pressed = await press(bot, buyer, "Skip")
    assert (query.data, query.from_user.id) == ("skip:1", BUYER)
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    assert await query.as_(bot).answer("Skipped", show_alert=True)
    answer = await buyer.answer_to(pressed)
    assert (answer["text"], answer["show_alert"]) == ("Skipped", True)


async def test_a_press_is_answered_once(bot: Bot, api: Api, buyer: Operator) -> None:
    await bot.send_message(BUYER, "card", reply_markup=keyboard(Buy="buy"))
    query, _ = await press(bot, buyer, "Buy")
    assert await query.as_(bot).answer()
    assert await api.refusal("answerCallbackQuery", callback_query_id=query.id) == TOO_OLD
    assert await api.refusal("answerCallbackQuery", callback_query_id="1") == TOO_OLD


async def test_an_old_press_is_not_answered(bot: Bot, api: Api, buyer: Operator) -> None:
    await bot.send_message(BUYER, "card", reply_markup=keyboard(Buy="buy"))
    query, _ = await press(bot, buyer, "Buy")
    await api.control("/settings", query_seconds=0)
    assert await api.refusal("answerCallbackQuery", callback_query_id=query.id) == TOO_OLD


async def test_press_on_an_old_screen(bot: Bot, buyer: Operator) -> None:
    sent = await bot.send_message(BUYER, "card", reply_markup=keyboard(Buy="buy"))
    await bot.delete_message(BUYER, sent.message_id)
    await buyer.press_stale(sent.message_id, "buy")
    query = (await bot.get_updates())[-1].callback_query
    assert query
    assert query.data == "buy"
    assert isinstance(query.message, InaccessibleMessage)


async def test_buttons_that_send_nothing(api: Api, bot: Bot, buyer: Operator) -> None:
    row = [
        {"text": "Copy", "copy_text": {"text": "SF123"}},
        {"text": "Open", "url": "https://taobao.com"},
        {"text": "Taken", "disabled": {}},
    ]
    await api.ok("sendMessage", chat_id=BUYER, text="card", reply_markup={"inline_keyboard": [row]})
    assert await buyer.press("Copy") == {"copied": "SF123"}
    assert await buyer.press("Open") == {"url": "https://taobao.com"}
    with pytest.raises(NotSeen, match="the button 'Taken' is disabled"):
        await buyer.press("Taken")
    assert await api.updates() == []


async def test_missing_button_names_those_there(api: Api, bot: Bot, buyer: Operator) -> None:
    sent = await bot.send_message(BUYER, "card", reply_markup=keyboard(Buy="buy", Skip="skip"))
    status, body = await api.user(f"{BUYER}/press", message_id=sent.message_id, label="Pay")
    assert (status, body["error"]) == (409, f"message {sent.message_id} has no button 'Pay'; it has 'Buy', 'Skip'")
