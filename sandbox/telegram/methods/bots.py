"""What a bot says about itself: getMe, its commands by scope and language, texts of its profile, its menu button."""

import re
from typing import Any

from sandbox.telegram.call import Call, Method
from sandbox.telegram.model import Bot, Json
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.wire import bot_self_json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
PROFILE_LENGTHS = {"name": 64, "description": 512, "short_description": 120}


async def get_me(call: Call) -> Json:
    return bot_self_json(call.bot)


async def set_commands(call: Call) -> bool:
    commands = call.params.array("commands") or []
    if len(commands) > 100:
        raise Refused(Refusal.TOO_MANY_COMMANDS)
    checked = [_command(command) for command in commands]
    call.bot.commands[_commands_key(call)] = checked
    _announce(call)
    return True


async def get_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_commands_key(call), [])


async def delete_commands(call: Call) -> bool:
    call.bot.commands.pop(_commands_key(call), None)
    _announce(call)
    return True


def _command(given: Any) -> Json:
    if not isinstance(given, dict) or not COMMAND.fullmatch(str(given.get("command", "")).removeprefix("/")):
        raise Refused(Refusal.COMMAND_INVALID)
    if not 1 <= len(str(given.get("description", ""))) <= 256:
        raise Refused(Refusal.COMMAND_DESCRIPTION)
    return {**given, "command": given["command"].removeprefix("/")}


def _commands_key(call: Call) -> tuple[str, str]:
    scope = call.params.object("scope") or {"type": "default"}
    fields = SCOPES.get(str(scope.get("type")))
    if fields is None:
        raise Refused(Refusal.BAD_SCOPE, why="unsupported type specified")
    if any(scope.get(field) in (None, "") for field in fields):
        raise Refused(Refusal.CHAT_ID_EMPTY)
    name = "/".join([str(scope["type"]), *(str(scope[field]) for field in fields)])
    return name, _language(call)


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise Refused(Refusal.LANGUAGE_INVALID)
    return language


def _announce(call: Call) -> None:
    call.server.feed.publish("commands", call.bot.id, None, {})


def commands_for(bot: Bot, chat_id: int, language: str) -> list[Json]:
    """What a person sees in the menu: the narrowest scope first, the language before none."""
    scopes = [f"chat/{chat_id}", "all_private_chats" if chat_id > 0 else "all_group_chats", "default"]
    for scope in scopes:
        for code in (language, ""):
            if bot.commands.get((scope, code)):
                return bot.commands[scope, code]
    return []


def _setter(field: str) -> Method:
    async def set_text(call: Call) -> bool:
        text = call.params.text(field)
        if len(text) > PROFILE_LENGTHS[field]:
            raise Refused(Refusal.PROFILE_TOO_LONG, field=field)
        language = _language(call)
        call.bot.profile[field, language] = text
        if field == "name" and not language:
            call.bot.name = text or call.bot.username
        call.server.feed.publish("bot", call.bot.id, None, {"name": call.bot.name})
        return True

    return set_text


def _getter(field: str) -> Method:
    async def get_text(call: Call) -> Json:
        default = call.bot.name if field == "name" else ""
        profile = call.bot.profile
        return {field: profile.get((field, _language(call))) or profile.get((field, "")) or default}

    return get_text


async def set_menu_button(call: Call) -> bool:
    button = call.params.object("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise Refused(Refusal.BAD_PARAMETER, why="can't parse menu button: unsupported type specified")
    if "chat_id" in call.params.values:
        call.known_chat().menu_button = button
    else:
        call.bot.menu_button = button
    return True


async def get_menu_button(call: Call) -> Json:
    own = call.known_chat().menu_button if "chat_id" in call.params.values else None
    return own or call.bot.menu_button or {"type": "commands"}


METHODS: dict[str, Method] = {
    "getme": get_me,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "deletemycommands": delete_commands,
    "setmyname": _setter("name"),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description"),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description"),
    "getmyshortdescription": _getter("short_description"),
    "setchatmenubutton": set_menu_button,
    "getchatmenubutton": get_menu_button,
}
