"""The sandbox's Telegram as tests of one part see it."""

from dataclasses import dataclass
from typing import Any

from aiogram import Bot

from sandbox.telegram.model import CallRecord
from sandbox.telegram.operator import Operator
from sandbox.telegram.server import Server

OWNER = 1001


@dataclass
class Telegram:
    url: str
    server: Server
    bot: Bot

    def person(self, user_id: int = OWNER) -> Operator:
        return Operator(self.url, user_id)

    def fault(self, at: str, fault: str, **more: Any) -> None:
        self.server.faults.order({"at": at, "fault": fault, **more})

    def calls(self, method: str) -> list[CallRecord]:
        return [call for call in self.server.calls if call.method.lower() == method.lower()]

    def texts(self, user_id: int = OWNER) -> list[str]:
        """What the bot's messages in this chat say now."""
        (bot,) = self.server.bots.values()
        messages = bot.chats[user_id].messages.values() if user_id in bot.chats else ()
        return [message.content.text for message in messages if message.sender_id == bot.id]
