"""What a bot says about itself, and what it may see of chats and members."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    ChatMemberLeft,
    ChatMemberMember,
    MenuButtonCommands,
)

from sandbox.telegram.operator import Operator
from tests.sandbox.telegram.conftest import BUYER, WAREHOUSE, Api


async def test_commands_by_scope_and_language(bot: Bot, buyer: Operator) -> None:
    buy, scan, ru = (BotCommand(command=name, description=name) for name in ("buy", "scan", "vykup"))
    await bot.set_my_commands([buy])
    await bot.set_my_commands([scan], scope=BotCommandScopeChat(chat_id=BUYER))
    await bot.set_my_commands([ru], scope=BotCommandScopeAllPrivateChats(), language_code="ru")
    assert [command.command for command in await bot.get_my_commands()] == ["buy"]
    await buyer.messages()
    assert [command["command"] for command in buyer.state["commands"]] == ["scan"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=BUYER))
    await buyer.messages()
    assert [command["command"] for command in buyer.state["commands"]] == ["vykup"]


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"commands": [{"command": "Buy", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "buy", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "buy", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "planet"}}, "can't parse BotCommandScope: unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat"}}, "chat_id is empty"),
        ({"commands": [], "language_code": "rus"}, "LANG_CODE_INVALID"),
    ],
)
async def test_commands_that_are_refused(api: Api, bot: Bot, params: dict[str, Any], why: str) -> None:
    assert await api.refusal("setMyCommands", **params) == f"400 Bad Request: {why}"


async def test_texts_of_the_profile(bot: Bot, buyer: Operator) -> None:
    await bot.set_my_name("Desk")
    await bot.set_my_description("Buys for you", language_code="en")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_name()).name == "Desk"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_description(language_code="en")).description == "Buys for you"
    assert (await bot.get_my_short_description(language_code="en")).short_description == "Short"
    assert (await bot.get_me()).first_name == "Desk"
    with pytest.raises(TelegramBadRequest, match="name is too long"):
        await bot.set_my_name("x" * 65)


async def test_menu_button(bot: Bot, buyer: Operator) -> None:
    assert await bot.set_chat_menu_button(BUYER, MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(BUYER), MenuButtonCommands)


async def test_chats_and_members(bot: Bot, api: Api, buyer: Operator) -> None:
    assert (await bot.get_chat(BUYER)).username == "buyer"
    assert await api.refusal("getChat", chat_id=WAREHOUSE) == "400 Bad Request: chat not found"
    await api.control("/group", id=-1001, title="Warehouse", members=[BUYER])
    assert (await bot.get_chat(-1001)).title == "Warehouse"
    assert isinstance(await bot.get_chat_member(-1001, BUYER), ChatMemberMember)
    assert isinstance(await bot.get_chat_member(-1001, WAREHOUSE), ChatMemberLeft)
    assert await api.refusal("getChatMember", chat_id=-1001, user_id=5) == "400 Bad Request: member not found"


async def test_scope_of_a_member_needs_both_ids(bot: Bot) -> None:
    assert await bot.set_my_commands(
        [BotCommand(command="scan", description="x")], scope=BotCommandScopeChatMember(chat_id=-1001, user_id=BUYER)
    )


async def test_group_in_privacy_mode(bot: Bot, api: Api, buyer: Operator) -> None:
    await api.control("/group", id=-1001, title="Desk", members=[BUYER])
    for text in ("small talk", "/buy", "/buy@other_bot", "hey @vykup_424242_bot"):
        await api.user(f"{BUYER}/text", text=text, chat_id=-1001)
    updates = await bot.get_updates()
    assert updates[0].my_chat_member
    assert [update.message.text for update in updates if update.message] == ["/buy", "hey @vykup_424242_bot"]
    status, _ = await api.user(f"{WAREHOUSE}/text", text="/buy", chat_id=-1001)
    assert status == 409


async def test_leaving_a_group(bot: Bot, api: Api) -> None:
    await api.control("/group", id=-1001)
    await bot.send_message(-1001, "bye")
    assert await bot.leave_chat(-1001)
    refused = await api.refusal("sendMessage", chat_id=-1001, text="x")
    assert refused == "403 Forbidden: bot was kicked from the group chat"
