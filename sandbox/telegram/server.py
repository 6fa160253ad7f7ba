"""The world of one sandbox Telegram: people, bots, chats. Messages are born, changed and removed only here."""

import asyncio
import hashlib
import random
import time
from collections import deque
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass

from sandbox.telegram.faults import Faults
from sandbox.telegram.feed import EventKind, Feed
from sandbox.telegram.files import Files
from sandbox.telegram.limits import FloodControl
from sandbox.telegram.model import Bot, CallRecord, Chat, Content, Json, Message, Person, Query
from sandbox.telegram.signals import Signal
from sandbox.telegram.wire import bot_user_json, chat_json, message_json, user_json

KEPT_CALLS = 50_000
NOT_SENT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Settings:
    """``query_seconds``: how long a press may be answered (an assumption: Telegram publishes no number).

    ``webhook_pause``: seconds before the first repeat of a refused delivery; doubled each time up to a minute.
    """

    query_seconds: float = 30.0
    webhook_pause: float = 1.0
    latency_ms: int = 0


class Server:
    def __init__(self, people: Iterable[Person], seed: int) -> None:
        self.people = {person.id: person for person in people}
        self.bots: dict[str, Bot] = {}
        self.files = Files()
        self.feed = Feed()
        self.incoming = Signal()
        self.faults = Faults()
        self.flood = FloodControl(time.monotonic)
        self.settings = Settings()
        self.calls: deque[CallRecord] = deque(maxlen=KEPT_CALLS)
        self.stopping = Signal()
        self.random = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    # People and bots

    def person(self, user_id: int) -> Person:
        """Made on demand: whoever opens a chat exists."""
        return self.people.setdefault(user_id, Person(user_id, f"user {user_id}", f"user{user_id}"))

    def bot(self, token: str) -> Bot:
        if token not in self.bots:
            bot_id = int(token.partition(":")[0])
            bot = Bot(token, bot_id, f"vykup_{bot_id}_bot", self.random.randrange(10**6, 10**8))
            self.bots[token] = bot
            self.feed.publish("bot", bot.id, None, {"id": bot.id, "username": bot.username})
        return self.bots[token]

    def newest_bot(self, bot_id: int | None = None) -> Bot | None:
        found = [bot for bot in self.bots.values() if bot_id in (None, bot.id)]
        return found[-1] if found else None

    # Messages

    def post(self, bot: Bot, message: Message) -> Message:
        chat = bot.chats[message.chat_id]
        chat.messages[message.id] = message
        self._show("message", bot, message)
        return message

    def new_message(self, chat: Chat, sender_id: int, content: Content) -> Message:
        return Message(chat.next_id(), chat.id, sender_id, self.now(), content)

    def now(self) -> int:
        return int(time.time())

    def edited(self, bot: Bot, message: Message) -> None:
        message.edit_date = self.now()
        self._show("edit", bot, message)

    def changed(self, bot: Bot, message: Message) -> None:
        """A change that is no edit: a reaction."""
        self._show("edit", bot, message)

    def delete(self, bot: Bot, chat: Chat, message_id: int) -> None:
        if message_id in chat.pinned:
            self.unpin(bot, chat, message_id)
        del chat.messages[message_id]
        self.feed.publish("delete", bot.id, chat.id, {"message_id": message_id})

    def unpin(self, bot: Bot, chat: Chat, message_id: int) -> None:
        chat.pinned.remove(message_id)
        self.feed.publish("pin", bot.id, chat.id, {"message_id": message_id, "pinned": False})

    def shown(self, bot: Bot, message: Message) -> Json:
        """A message as people see it: the bot's JSON and on which side it stands."""
        found = message_json(bot, message, self.people)
        found["outgoing"] = message.sender_id == bot.id
        found["silent"] = message.silent
        found["reactions"] = [reaction for given in message.reactions.values() for reaction in given]
        found["reply_markup"] = message.markup
        return found

    def _show(self, kind: EventKind, bot: Bot, message: Message) -> None:
        self.feed.publish(kind, bot.id, message.chat_id, self.shown(bot, message))

    # Updates

    def push(self, bot: Bot, kind: str, body: Json) -> None:
        """Queues an update unless the bot said that it does not want its kind."""
        wanted = kind in bot.allowed_updates if bot.allowed_updates else kind not in NOT_SENT_BY_DEFAULT
        if not wanted:
            return
        bot.next_update_id += 1
        update = {"update_id": bot.next_update_id, kind: body}
        late = self.faults.take("getUpdates", "late_updates")
        if late:
            asyncio.get_running_loop().call_later(late.seconds, self._queue, bot, update)
        else:
            self._queue(bot, update)

    def _queue(self, bot: Bot, update: Json) -> None:
        bot.updates.append(update)
        self.incoming.fire()

    def push_message(self, bot: Bot, message: Message) -> None:
        self.push(bot, "message", message_json(bot, message, self.people))

    def push_membership(self, bot: Bot, chat: Chat, person: Person, *, inside: bool) -> None:
        """Tells the bot that a person let it in or shut it out: unblocked, blocked, added to a group."""
        member: Json = {"user": bot_user_json(bot), "status": "member"}
        out: Json = {"user": bot_user_json(bot), "status": "left" if chat.is_group else "kicked"}
        if not chat.is_group:
            out["until_date"] = 0
        body: Json = {
            "chat": chat_json(chat, self.people),
            "from": user_json(person),
            "date": self.now(),
            "old_chat_member": out if inside else member,
            "new_chat_member": member if inside else out,
        }
        self.push(bot, "my_chat_member", body)

    def press(self, bot: Bot, user_id: int, message: Message | None, place: tuple[int, int], data: str) -> Query:
        """A callback query; a message that is gone comes as an inaccessible one, as with Telegram."""
        chat_id, message_id = place
        digest = hashlib.sha256(f"{bot.id}/{len(bot.queries)}/{self.random.random()}".encode()).hexdigest()
        query = Query(str(int(digest[:15], 16)), chat_id, message_id, user_id, data, time.monotonic())
        bot.queries[query.id] = query
        chat = chat_json(bot.chats[chat_id], self.people)
        gone: Json = {"chat": chat, "message_id": message_id, "date": 0}
        body = {
            "id": query.id,
            "from": user_json(self.people[user_id]),
            "message": message_json(bot, message, self.people) if message else gone,
            "chat_instance": str(hash((bot.id, chat_id)) & 0xFFFFFFFFFFFF),
            "data": data,
        }
        self.push(bot, "callback_query", body)
        return query

    # Life

    async def pause(self, seconds: float) -> None:
        """Waits; a stop of the server ends it early."""
        await self.stopping.until(lambda: False, seconds)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Work beside the calls, held until it ends and cancelled at the stop."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def release(self) -> None:
        """Ends long polls and streams so that a stop is quick."""
        for signal in (self.incoming, self.feed.signal, self.stopping):
            signal.close()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
