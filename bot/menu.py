"""The commands' menu beside the text field, per person's role and language; a stranger's chat gets none."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.tasks import Nursery
from bot.texts import Reader, plain
from handlers.home import menu
from purchasing.people import Person

log = logging.getLogger(__name__)


class Menus:
    """Sets a person's menu when it may be another one than Telegram has; failures are tried again next time."""

    def __init__(self, bot: Bot, nursery: Nursery) -> None:
        self._bot, self._nursery = bot, nursery
        self._set: dict[int, tuple[str, str]] = {}

    def ensure(self, person: Person) -> None:
        if self._set.get(person.id) != (person.role, person.language):
            self._set[person.id] = (person.role, person.language)
            self._nursery.spawn(self._send(person), f"menu of person {person.id}")

    async def _send(self, person: Person) -> None:
        reader = Reader(person.language, person.zone)
        commands = [BotCommand(command=c.name, description=plain(reader.text(c.description))) for c in menu(person)]
        try:
            await self._bot.set_my_commands(commands, BotCommandScopeChat(chat_id=person.telegram_id))
        except AiogramError as error:
            # e.g. the person has never opened the bot
            log.info("the menu of person %s can't be set yet (%s)", person.id, type(error).__name__)
            self._set.pop(person.id, None)
