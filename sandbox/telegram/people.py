"""What a person does in a chat: write, send files, press, block; done as Telegram's own app would let them do it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sandbox.telegram.html import utf16_length
from sandbox.telegram.methods.bots import commands_for
from sandbox.telegram.model import Bot, Chat, Content, Json, Media, Message, Person, Query
from sandbox.telegram.server import Server
from sandbox.telegram.wire import bot_user_json, chat_json, user_json

KEPT_MESSAGES = 400
KEPT_ANSWERS = 100
COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?")
LINK = re.compile(r"https?://[^\s<>\"]+")


class NotPossible(Exception):
    """What the app would not let a person do; the text says why."""


@dataclass(frozen=True)
class Desk:
    """One person's view of one chat with one bot."""

    server: Server
    bot: Bot
    chat: Chat
    person: Person

    def write(self, text: str) -> Message:
        text = text.strip()
        if not text:
            raise NotPossible("there is nothing to send")
        return self._send(Content(text, _typed_entities(text)))

    def send_media(self, media: Sequence[Media], caption: str = "") -> list[Message]:
        """One file is a message, several are an album: as many messages with one id, the caption on the first."""
        album_id = str(self.server.random.randrange(10**16, 10**17)) if len(media) > 1 else None
        texts = [caption.strip()] + [""] * (len(media) - 1)
        return [
            self._send(Content(text, _typed_entities(text), item), album_id)
            for item, text in zip(media, texts, strict=True)
        ]

    def _send(self, content: Content, album_id: str | None = None) -> Message:
        if self.chat.blocked:
            raise NotPossible("the bot is blocked: unblock it first")
        if self.chat.is_group and self.person.id not in self.chat.members:
            raise NotPossible("not a member of this group")
        self.chat.started = True
        message = self.server.new_message(self.chat, self.person.id, content)
        message.album_id = album_id
        self.server.post(self.bot, message)
        if not self.chat.is_group or self._meant_for_bot(content.text):
            self.server.push_message(self.bot, message)
        return message

    def _meant_for_bot(self, text: str) -> bool:
        """Bots start in privacy mode: of a group they get commands and mentions only."""
        command = COMMAND.match(text)
        to_other = command and "@" in command.group() and not command.group().endswith(f"@{self.bot.username}")
        return (command is not None and not to_other) or f"@{self.bot.username}" in text

    def press(self, message_id: int, data: str) -> Query:
        """Sends the press even when the button is no longer there: a phone may show an old keyboard."""
        if self.chat.blocked:
            raise NotPossible("the bot is blocked: unblock it first")
        message = self.chat.messages.get(message_id)
        return self.server.press(self.bot, self.person.id, message, (self.chat.id, message_id), data)

    def button(self, message_id: int, label: str | None, data: str | None) -> Json:
        """The button of the message with this label (whole, else part of it) or data."""
        message = self.chat.messages.get(message_id)
        rows = (message.markup or {}).get("inline_keyboard", []) if message else []
        buttons: list[Json] = [button for row in rows for button in row]
        if data is not None:
            found = [button for button in buttons if button.get("callback_data") == data]
        else:
            wanted = label or ""
            found = [button for button in buttons if button["text"] == wanted]
            found = found or [button for button in buttons if wanted and wanted in button["text"]]
        if not found:
            there = ", ".join(repr(button["text"]) for button in buttons) or "no buttons"
            raise NotPossible(f"message {message_id} has no button {label or data!r}; it has {there}")
        return found[0]

    def block(self, blocked: bool) -> None:
        if self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        self.server.feed.publish("block", self.bot.id, self.chat.id, {"blocked": blocked})
        self.server.push_membership(self.bot, self.chat, self.person, inside=not blocked)

    def read(self) -> None:
        if self.chat.read_up_to.get(self.person.id) != self.chat.last_id:
            self.chat.read_up_to[self.person.id] = self.chat.last_id
            self.server.feed.publish("read", self.bot.id, self.chat.id, {"user_id": self.person.id})

    def unread(self) -> int:
        seen = self.chat.read_up_to.get(self.person.id, 0)
        return sum(message.id > seen and message.sender_id != self.person.id for message in self.chat.messages.values())

    def state(self) -> Json:
        """What the person sees now, the newest messages and answers only; ``version`` is where to wait from."""
        feed = self.server.feed
        return {
            "version": feed.version,
            "bot": {**bot_user_json(self.bot), "description": self.bot.profile.get(("description", ""), "")},
            "person": user_json(self.person),
            "chat": chat_json(self.chat, self.server.people),
            "started": self.chat.started,
            "blocked": self.chat.blocked,
            "pinned": self.chat.pinned,
            "commands": commands_for(self.bot, self.chat.id, self.person.language_code),
            "messages": [self.server.shown(self.bot, message) for message in self._newest()],
            "answers": self._answers(),
        }

    def _answers(self) -> list[Json]:
        newest = list(islice(reversed(self.bot.queries.values()), KEPT_ANSWERS))[::-1]
        mine = [query for query in newest if (query.chat_id, query.user_id) == (self.chat.id, self.person.id)]
        return [query.answer for query in mine if query.answer]

    def _newest(self) -> list[Message]:
        return list(islice(reversed(self.chat.messages.values()), KEPT_MESSAGES))[::-1]


def _typed_entities(text: str) -> tuple[Json, ...]:
    """What an app marks by itself in a typed text: a leading command and links."""
    found = [("url", match) for match in LINK.finditer(text)]
    command = COMMAND.match(text)
    if command:
        found.insert(0, ("bot_command", command))
    return tuple(
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for kind, match in found
    )
