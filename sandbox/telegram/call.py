"""One call of a bot while it is worked on: finds its chat and messages, and reads what several methods take alike."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.html import parse_html, trimmed, utf16_length
from sandbox.telegram.keyboard import checked_markup
from sandbox.telegram.model import Bot, Chat, Json, Message
from sandbox.telegram.params import Params
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.server import Server
from sandbox.telegram.wire import message_json

MAX_TEXT = 4096
MAX_CAPTION = 1024


@dataclass(frozen=True)
class Call:
    server: Server
    bot: Bot
    params: Params

    def chat(self) -> Chat:
        """The chat to write to; raises Refused as Telegram does for unknown, silent and blocking people."""
        chat = self.known_chat()
        if chat.blocked:
            raise Refused(Refusal.BLOCKED)
        if chat.left:
            raise Refused(Refusal.KICKED)
        if not chat.is_group and not chat.started:
            raise Refused(Refusal.NEVER_STARTED)
        return chat

    def known_chat(self) -> Chat:
        given = self.params.values.get("chat_id")
        if given is None or given == "":
            raise Refused(Refusal.CHAT_ID_EMPTY)
        try:
            chat_id = int(given)
        except (TypeError, ValueError):
            raise Refused(Refusal.CHAT_NOT_FOUND) from None
        if chat_id in self.bot.chats:
            return self.bot.chats[chat_id]
        if chat_id in self.server.people:
            return self.bot.chat(chat_id)
        raise Refused(Refusal.CHAT_NOT_FOUND)

    def message(self, chat: Chat, missing: Refusal) -> Message:
        if "message_id" not in self.params.values:
            raise Refused(Refusal.MESSAGE_ID_EMPTY)
        message = chat.messages.get(self.params.integer("message_id"))
        if message is None:
            raise Refused(missing)
        return message

    def markup(self, *, inline_only: bool = False) -> Json | None:
        return checked_markup(self.params.object("reply_markup"), inline_only=inline_only)

    def text(self) -> tuple[str, tuple[Json, ...]]:
        text, entities = self._formatted(self.params.values, "text", "entities")
        if not text:
            raise Refused(Refusal.TEXT_EMPTY)
        if utf16_length(text) > MAX_TEXT:
            raise Refused(Refusal.TEXT_TOO_LONG)
        return text, entities

    def caption(self, of: Json | None = None) -> tuple[str, tuple[Json, ...]]:
        """The caption of the call, or of one InputMedia of it."""
        text, entities = self._formatted(self.params.values if of is None else of, "caption", "caption_entities")
        if utf16_length(text) > MAX_CAPTION:
            raise Refused(Refusal.CAPTION_TOO_LONG)
        return text, entities

    def _formatted(self, values: Json, name: str, entities_name: str) -> tuple[str, tuple[Json, ...]]:
        params = Params(values)
        source = params.text(name)
        if any("\ud800" <= character <= "\udfff" for character in source):
            raise Refused(Refusal.NOT_UTF8)
        mode = params.text("parse_mode").lower()
        if mode == "html":
            return parse_html(source)
        if mode:  # the product writes HTML only; Markdown is refused rather than half understood
            raise Refused(Refusal.PARSE_MODE)
        return trimmed(source, params.array(entities_name) or [])

    def answer(self, message: Message) -> Json:
        return message_json(self.bot, message, self.server.people)


Method = Callable[[Call], Awaitable[Any]]
