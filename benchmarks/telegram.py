"""The sandbox's Telegram in this process, with its limits switched off, and people at their chats. Times are read from
its own record of calls, so waiting and looking costs a measured bot nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.telegram.model import Bot, CallRecord, Message
from sandbox.telegram.people import Desk
from sandbox.telegram.server import Server
from sandbox.testing import start_app

PATIENCE = 60.0


class TooSlow(Exception):
    """A bot didn't do in a minute what was waited for."""


@dataclass(frozen=True)
class Telegram:
    url: str
    server: Server

    def at(self, token: str, person_id: int) -> "Chat":
        bot = self.server.bot(token)
        return Chat(self.server, bot, Desk(self.server, bot, bot.chat(person_id), self.server.person(person_id)))


@dataclass(frozen=True)
class Chat:
    """One person's chat with one bot."""

    server: Server
    bot: Bot
    desk: Desk

    @property
    def newest(self) -> Message:
        return next(reversed(self.desk.chat.messages.values()))

    async def write(self, text: str) -> float:
        """Seconds from the delivery of the text until the bot's next message was received."""
        version, number = self.server.feed.version, self._last_number()
        self.desk.write(text)
        await self._until(version, {"message"}, lambda: self.newest.sender_id == self.bot.id)
        calls = self._calls(number)
        return _seconds(calls, next(c for c in calls if c.method == "sendMessage" and self._here(c)), f'"{text}"')

    async def write_until_shown(self, text: str) -> float:
        """Seconds from the delivery of the text until a new or changed message that names it was received."""
        version, number = self.server.feed.version, self._last_number()
        self.desk.write(text)
        await self._until(version, set(), lambda: any(self._shows(c, text) for c in self._calls(number)))
        calls = self._calls(number)
        return _seconds(calls, next(c for c in calls if self._shows(c, text)), f'"{text}"')

    async def press(self, message_id: int, data: str) -> float:
        """Seconds from the delivery of the press until both its answer and the edit were received."""
        version, number = self.server.feed.version, self._last_number()
        query = self.desk.press(message_id, data)
        await self._until(version, {"answer", "edit"})
        calls = self._calls(number)
        last = max((c for c in calls if self._answers(c, query.id) or self._edits(c)), key=lambda c: c.at)
        return _seconds(calls, last, query.id)

    async def _until(self, version: int, kinds: set[str], also: Callable[[], bool] = lambda: True) -> None:
        feed = self.server.feed

        def seen() -> bool:
            here = {e.kind for e in feed.since(version) if (e.bot_id, e.chat_id) == (self.bot.id, self.desk.chat.id)}
            return kinds <= here and also()

        if not await feed.signal.until(seen, PATIENCE):
            raise TooSlow(f"no {' and '.join(sorted(kinds))} from bot {self.bot.id}")

    def _last_number(self) -> int:
        return self.server.calls[-1].number if self.server.calls else 0

    def _calls(self, after: int) -> list[CallRecord]:
        return [call for call in self.server.calls if call.number > after and call.bot_id == self.bot.id]

    def _here(self, call: CallRecord) -> bool:
        return str(call.params.get("chat_id")) == str(self.desk.chat.id)

    def _answers(self, call: CallRecord, query_id: str) -> bool:
        return call.method == "answerCallbackQuery" and call.params.get("callback_query_id") == query_id

    def _shows(self, call: CallRecord, text: str) -> bool:
        shown = call.method in ("sendMessage", "editMessageText") and self._here(call)
        return shown and text in str(call.params.get("text"))

    def _edits(self, call: CallRecord) -> bool:
        return call.method == "editMessageText" and self._here(call)


def _seconds(calls: list[CallRecord], last: CallRecord, mark: str) -> float:
    delivered = next(call for call in calls if call.method == "getUpdates" and mark in call.answer)
    return (last.at - delivered.at).total_seconds()


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    app = make_app(PartOptions())
    app[SERVER].flood.change(LimitRules(enabled=False))
    async with start_app(app) as url:
        yield Telegram(url, app[SERVER])


async def at_pace(seconds: float, began: float) -> None:
    """Sleeps for what is left of `seconds` since `began` (the loop's time)."""
    await asyncio.sleep(max(0.0, began + seconds - asyncio.get_running_loop().time()))
