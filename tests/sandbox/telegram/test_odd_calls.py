"""Calls that a careful client never makes, and small doors of the sandbox that the other tests don't open."""

from typing import Any

import pytest
from aiogram import Bot

from sandbox.telegram.operator import NotSeen, Operator
from tests.sandbox.telegram.conftest import BUYER, TOKEN, Api, Part

BAD_BUTTON = "can't parse inline keyboard button:"


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ({"buttons": []}, "object expected as reply markup"),
        ([], "reply_markup must be an Object"),
        ({"inline_keyboard": "x"}, f"{BAD_BUTTON} Array of Array of InlineKeyboardButton expected"),
        ({"inline_keyboard": [["x"]]}, f"{BAD_BUTTON} InlineKeyboardButton must be an Object"),
        (
            {"inline_keyboard": [[{"text": "x", "web_app": {"url": "http://x.example"}}]]},
            "inline keyboard button URL 'http://x.example' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_markup_that_is_refused(api: Api, buyer: Operator, markup: Any, why: str) -> None:
    assert await api.refusal("sendMessage", chat_id=BUYER, text="x", reply_markup=markup) == f"400 Bad Request: {why}"


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("editMessageText", {"inline_message_id": "x", "text": "x"}, "MESSAGE_ID_INVALID"),
        ("editMessageText", {"chat_id": BUYER, "message_id": "first", "text": "x"}, "invalid message_id specified"),
        ("editMessageMedia", {"chat_id": BUYER, "message_id": 2}, "can't parse InputMedia: media is not specified"),
        (
            "editMessageMedia",
            {"chat_id": BUYER, "message_id": 2, "media": {"type": "sticker"}},
            "can't parse InputMedia: type must be one of photo, video, document, audio",
        ),
        ("sendMediaGroup", {"chat_id": BUYER, "media": ["x", "y"]}, "can't parse InputMedia: expected an Object"),
        ("sendMediaGroup", {"chat_id": BUYER, "media": {}}, "media must be an Array"),
        ("deleteMessages", {"chat_id": BUYER, "message_ids": []}, "message identifier is not specified"),
        ("leaveChat", {"chat_id": BUYER}, "chat member status can't be changed in private chats"),
        ("setChatMenuButton", {"menu_button": {"type": "x"}}, "can't parse menu button: unsupported type specified"),
        (
            "setMessageReaction",
            {"chat_id": BUYER, "message_id": 2, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2},
            "REACTION_INVALID",
        ),
    ],
)
async def test_calls_that_are_refused(
    api: Api, bot: Bot, buyer: Operator, method: str, params: dict[str, Any], why: str
) -> None:
    await bot.send_message(BUYER, "the second message")
    assert await api.refusal(method, **params) == f"400 Bad Request: {why}"


async def test_body_that_is_no_json(api: Api, bot: Bot) -> None:
    for body in ("{", "[]"):
        headers = {"Content-Type": "application/json"}
        async with api.http.post(f"{api.url}/bot{TOKEN}/getMe", data=body, headers=headers) as response:
            assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


async def test_keyboard_of_the_chat_is_shown_and_forbids_edits(api: Api, buyer: Operator) -> None:
    keyboard = {"keyboard": [[{"text": "Orders"}]], "resize_keyboard": True}
    sent = await api.ok("sendMessage", chat_id=BUYER, text="x", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert (await buyer.screen()).raw["reply_markup"] == keyboard
    place = {"chat_id": BUYER, "message_id": sent["message_id"]}
    assert await api.refusal("editMessageText", **place, text="y") == "400 Bad Request: message can't be edited"


async def test_empty_keyboard_is_no_keyboard(api: Api, buyer: Operator) -> None:
    sent = await api.ok("sendMessage", chat_id=BUYER, text="x", reply_markup={"inline_keyboard": [[]]})
    assert "reply_markup" not in sent


async def test_answer_that_is_too_long(api: Api, bot: Bot, buyer: Operator) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await api.ok("sendMessage", chat_id=BUYER, text="x", reply_markup=markup)
    pressed = await buyer.press("Go")
    refused = await api.refusal("answerCallbackQuery", **{**pressed, "text": "x" * 201})
    assert refused == "400 Bad Request: MESSAGE_TOO_LONG"
    await api.ok("answerCallbackQuery", **{**pressed, "text": "x" * 200})
    assert (await buyer.answer_to(pressed))["text"] == "x" * 200


async def test_unreachable_webhook_is_named(api: Api, buyer: Operator, part: Part) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:1/hook")
    await buyer.send("kept")
    hook = part.server.bot(TOKEN).webhook
    assert hook
    await part.server.incoming.until(lambda: hook.last_error is not None, 10)
    info = await api.ok("getWebhookInfo")
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1


async def test_people_are_made_and_changed(api: Api, bot: Bot) -> None:
    made = await api.control("/person", id=4004, first_name="Keeper", username="keeper", language_code="zh")
    assert made["language_code"] == "zh"
    async with Operator(api.url, 4004) as keeper:
        await keeper.start()
    message = (await bot.get_updates())[-1].message
    assert message
    assert message.from_user
    assert (message.from_user.first_name, message.from_user.language_code) == ("Keeper", "zh")
    async with api.http.get(f"{api.url}/_page/people") as response:
        [row] = [row for row in (await response.json())["people"] if row["id"] == 4004]
    assert (row["name"], row["unread"], row["last"]["text"]) == ("Keeper", 0, "/start")


async def test_what_a_person_can_not_do(api: Api, buyer: Operator) -> None:
    with pytest.raises(NotSeen, match="there is nothing to send"):
        await buyer.send("  ")
    with pytest.raises(NotSeen, match="one file is expected, or up to ten for an album"):
        await buyer.send_album([])
    with pytest.raises(NotSeen, match="IMAGE_PROCESS_FAILED"):
        await buyer.send_photo(b"no picture")
    status, body = await api.user(f"{BUYER}/press", message_id="first")
    assert (status, "ValueError" in body["error"]) == (400, True)


async def test_picture_as_a_document_has_a_thumbnail(bot: Bot, buyer: Operator, picture: Any) -> None:
    form_data = picture(1600, 1200, "PNG")
    await buyer.send_document("label.png", form_data)
    message = (await bot.get_updates())[-1].message
    assert message
    assert message.document
    assert message.document.file_size == len(form_data)
    assert message.document.thumbnail
    assert (message.document.thumbnail.width, message.document.thumbnail.height) == (320, 240)
