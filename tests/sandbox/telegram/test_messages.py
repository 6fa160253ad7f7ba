"""Texts: sent, edited, deleted, reacted to, pinned; and each refusal in Telegram's words."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.enums import ChatType, MessageEntityType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)

from sandbox.telegram.operator import Operator
from tests.sandbox.telegram.conftest import BUYER, Api

NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)

CANT_PARSE = "can't parse entities:"
BAD_BUTTON = "can't parse inline keyboard button:"
BAD_URL = "inline keyboard button URL '{}' is invalid: Wrong HTTP URL"


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


BUTTON = {"text": "Go", "callback_data": "go"}


async def test_aiogram_gets_the_message_back(bot: Bot, buyer: Operator) -> None:
    markup = InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text="Buy", callback_data="b", style="success")],
            [InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="SF1"))],
            [InlineKeyboardButton(text="Taken", disabled=DisabledButton())],
        ]
    )
    sent = await bot.send_message(
        BUYER,
        "<b>23</b> lines",
        parse_mode="HTML",
        reply_markup=markup,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    assert (sent.text, sent.chat.id, sent.chat.type) == ("23 lines", BUYER, ChatType.PRIVATE)
    assert sent.from_user
    assert sent.from_user.is_bot
    assert sent.entities
    assert sent.entities[0].type == MessageEntityType.BOLD
    assert sent.reply_markup
    assert sent.reply_markup.model_dump() == markup.model_dump()
    assert sent.has_protected_content
    seen = await buyer.screen()
    assert (seen.text, seen.labels) == ("23 lines", ["Buy", "Copy", "Taken"])


async def test_reply_carries_the_message_it_answers(bot: Bot, buyer: Operator) -> None:
    asked = await buyer.send("where?")
    sent = await bot.send_message(BUYER, "here", reply_parameters=ReplyParameters(message_id=asked))
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "where?"
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(BUYER, "here", reply_parameters=ReplyParameters(message_id=999))
    lost = await bot.send_message(
        BUYER, "here", reply_parameters=ReplyParameters(message_id=999, allow_sending_without_reply=True)
    )
    assert lost.reply_to_message is None


async def test_edit_in_place(bot: Bot, buyer: Operator) -> None:
    sent = await bot.send_message(BUYER, "1 of 9")
    edited = await bot.edit_message_text("2 of 9", chat_id=BUYER, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.message_id, edited.text) == (sent.message_id, "2 of 9")
    seen = await buyer.wait_for("2 of 9")
    assert seen.edited


async def test_edit_that_changes_nothing(api: Api, buyer: Operator) -> None:
    sent = await api.ok("sendMessage", chat_id=BUYER, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard(BUTTON))
    place = {"chat_id": BUYER, "message_id": sent["message_id"]}
    same = {**place, "text": " <strong>x</strong>", "parse_mode": "HTML", "reply_markup": keyboard(BUTTON)}
    assert await api.refusal("editMessageText", **same) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", **place, reply_markup=keyboard(BUTTON)) == NOT_MODIFIED
    await api.ok("editMessageText", **{**same, "parse_mode": None, "text": "x"})
    bare = await api.ok("editMessageReplyMarkup", **place)
    assert "reply_markup" not in bare


async def test_edits_that_are_refused(api: Api, buyer: Operator) -> None:
    own = await buyer.send("mine")
    place: dict[str, Any] = {"chat_id": BUYER, "message_id": own}
    assert await api.refusal("editMessageText", **place, text="x") == "400 Bad Request: message can't be edited"
    place["message_id"] = 777
    gone = "400 Bad Request: message to edit not found"
    assert await api.refusal("editMessageText", **place, text="x") == gone
    sent = await api.ok("sendMessage", chat_id=BUYER, text="x")
    place["message_id"] = sent["message_id"]
    no_caption = "400 Bad Request: there is no caption in the message to edit"
    assert await api.refusal("editMessageCaption", **place, caption="x") == no_caption
    await api.ok("deleteMessage", **place)
    assert await api.refusal("editMessageText", **place, text="y") == gone
    unnamed = "400 Bad Request: message identifier is not specified"
    assert await api.refusal("editMessageText", chat_id=BUYER, text="y") == unnamed


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "📦" * 2049}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, f"{CANT_PARSE} Can't find end tag corresponding to start tag \"b\""),
        ({"text": "half a pair \ud83d"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "parse_mode": "Nonsense"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
    ],
)  # fmt: skip
async def test_texts_that_are_refused(api: Api, buyer: Operator, params: dict[str, Any], why: str) -> None:
    assert await api.refusal("sendMessage", chat_id=BUYER, **params) == f"400 Bad Request: {why}"
    assert [message.text for message in await buyer.messages()] == ["/start"]


async def test_length_counts_after_entities(api: Api, buyer: Operator) -> None:
    sent = await api.ok("sendMessage", chat_id=BUYER, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert sent["text"] == "<" * 4096


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "x", "callback_data": "ы" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "x"}, f'{BAD_BUTTON} field "text" must be a non-empty String'),
        ({"text": "x"}, f"{BAD_BUTTON} Text buttons are unallowed in the inline keyboard"),
        ({**BUTTON, "url": "https://taobao.com"}, f"{BAD_BUTTON} exactly one action must be specified for the button"),
        ({**BUTTON, "style": "green"}, f"{BAD_BUTTON} invalid button style specified"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "http://localhost/pay"}, BAD_URL.format("http://localhost/pay")),
        ({"text": "x", "url": "javascript:alert(1)"}, BAD_URL.format("javascript:alert(1)")),
    ],
)  # fmt: skip
async def test_buttons_that_are_refused(api: Api, buyer: Operator, button: dict[str, Any], why: str) -> None:
    found = await api.refusal("sendMessage", chat_id=BUYER, text="x", reply_markup=keyboard(button))
    assert found == f"400 Bad Request: {why}"


async def test_keyboards_at_the_limits(api: Api, buyer: Operator) -> None:
    good = [{"text": str(n), "callback_data": "x" * 64} for n in range(99)] + [
        {"text": "pay", "url": "http://127.0.0.1:8080/pay?order=1"}
    ]
    await api.ok("sendMessage", chat_id=BUYER, text="x", reply_markup={"inline_keyboard": [good]})
    too_many = {"inline_keyboard": [good, [BUTTON]]}
    found = await api.refusal("sendMessage", chat_id=BUYER, text="x", reply_markup=too_many)
    assert found == "400 Bad Request: reply markup is too long"


async def test_whom_a_bot_may_not_write_to(api: Api, buyer: Operator) -> None:
    never = "403 Forbidden: bot can't initiate conversation with a user"
    assert await api.refusal("sendMessage", chat_id=1001, text="x") == never
    for unknown in (5, -100500, "@nobody"):
        assert await api.refusal("sendMessage", chat_id=unknown, text="x") == "400 Bad Request: chat not found"
    assert await api.refusal("sendMessage", text="x") == "400 Bad Request: chat_id is empty"
    sent = await api.ok("sendMessage", chat_id=BUYER, text="x")
    await buyer.block()
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await api.refusal("sendMessage", chat_id=BUYER, text="y") == blocked
    place = {"chat_id": BUYER, "message_id": sent["message_id"]}
    assert await api.refusal("editMessageText", **place, text="y") == blocked
    await buyer.unblock()
    await api.ok("sendMessage", chat_id=BUYER, text="y")


async def test_delete(bot: Bot, api: Api, buyer: Operator) -> None:
    first, second, third = [await bot.send_message(BUYER, str(n)) for n in range(3)]
    assert await bot.delete_message(BUYER, first.message_id)
    await buyer.wait_gone(first.message_id)
    missing = await api.refusal("deleteMessage", chat_id=BUYER, message_id=first.message_id)
    assert missing == "400 Bad Request: message to delete not found"
    own = await buyer.send("secret")
    assert await bot.delete_messages(BUYER, [second.message_id, 999, own])
    assert [message.id for message in await buyer.messages() if message.from_bot] == [third.message_id]


async def test_reaction_and_pin(bot: Bot, api: Api, buyer: Operator) -> None:
    photo = await buyer.send("label")
    assert await bot.set_message_reaction(BUYER, photo, [ReactionTypeEmoji(emoji="👀")])
    [seen] = [message for message in await buyer.messages() if message.id == photo]
    assert seen.raw["reactions"] == [{"type": "emoji", "emoji": "👀"}]
    odd = [{"type": "emoji", "emoji": "📦"}]
    invalid = await api.refusal("setMessageReaction", chat_id=BUYER, message_id=photo, reaction=odd)
    assert invalid == "400 Bad Request: REACTION_INVALID"
    card = await bot.send_message(BUYER, "card")
    assert await bot.pin_chat_message(BUYER, card.message_id)
    pinned = (await bot.get_chat(BUYER)).pinned_message
    assert pinned
    assert pinned.message_id == card.message_id
    assert await bot.unpin_chat_message(BUYER)
    missing = "400 Bad Request: message to unpin not found"
    assert await api.refusal("unpinChatMessage", chat_id=BUYER) == missing


async def test_deleted_card_is_no_longer_pinned(bot: Bot, buyer: Operator) -> None:
    card = await bot.send_message(BUYER, "card")
    await bot.pin_chat_message(BUYER, card.message_id)
    await bot.delete_message(BUYER, card.message_id)
    assert (await bot.get_chat(BUYER)).pinned_message is None


async def test_chat_action_is_shown_and_checked(bot: Bot, api: Api, buyer: Operator) -> None:
    assert await bot.send_chat_action(BUYER, "typing")
    wrong = await api.refusal("sendChatAction", chat_id=BUYER, action="dancing")
    assert wrong == "400 Bad Request: wrong parameter action in request"
