"""The one sender: renders cards from the newest state when it is their turn and shows them in Telegram.

What is to be sent stands in storage until Telegram has it, so nothing is lost by a crash or while Telegram is away; one
card that can't be shown never holds up another chat or card. Nothing else in the program sends messages.
"""

import asyncio
import logging
import random
from collections import Counter
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot import messages
from bot.away import Away
from bot.flood import Flood
from bot.pauses import Pauses
from bot.screens import Loaded, Screen, load
from bot.tasks import Nursery
from bot.texts import Reader
from bot.troubles import about_card, about_chat
from purchasing.cards import Outgoing
from purchasing.crash import crash_point, write
from purchasing.errors import StorageUnavailable
from purchasing.people import Person
from purchasing.ports import Clock, Database, Store
from purchasing.tell import owners, tell
from purchasing.words import Lane

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 8
TRIES = 3
RETRY_AFTER = timedelta(seconds=5)
NOTE_AGAIN = 2.0

NOT_MODIFIED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
    "there is no media in the message",
    "there is no caption in the message",
)
UNREACHABLE = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid")


class Outbox:
    """`wake()` after every commit; `run()` until cancelled."""

    def __init__(self, bot: Bot, db: Database, clock: Clock, flood: Flood) -> None:
        self._bot, self._db, self._clock = bot, db, clock
        self._flood = flood
        self._awake = asyncio.Event()
        self._senders = Nursery()
        self._busy: set[int] = set()
        self._pauses = Pauses()
        self._rejected: Counter[int] = Counter()
        self._away = Away("Telegram takes no messages")

    def wake(self) -> None:
        self._awake.set()

    @property
    def sending(self) -> bool:
        return bool(self._busy)

    async def run(self) -> None:
        while True:
            self._awake.clear()
            try:
                until = await self._start_due()
            except Exception:
                log.exception("the outbox can't be read")
                until = 5.0
            try:
                async with asyncio.timeout(until):
                    await self._awake.wait()
            except TimeoutError:
                pass

    async def stop(self, seconds: float) -> None:
        """Lets messages under way arrive; call it after `run` was cancelled."""
        await self._senders.drain(seconds)
        await self._senders.close()

    async def _start_due(self) -> float | None:
        """Starts a sender for each chat whose turn it is; the seconds until there may be more, None: until woken."""
        if self._pauses.all_paused or len(self._busy) >= SIDE_BY_SIDE:
            return self._pauses.soonest()
        now, skip = self._clock(), self._busy | self._pauses.chats()
        room = SIDE_BY_SIDE - len(self._busy)
        due, later = await self._db.read(lambda store: _due(store, now, skip, room))
        for outgoing in due:
            chat_id = outgoing.card.chat_id
            if chat_id not in self._busy:
                self._busy.add(chat_id)
                self._senders.spawn(self._send(outgoing), f"message to {chat_id}")
        soon = [self._pauses.soonest()]
        if later is not None and later > now:
            soon.append((later - now).total_seconds())
        return min((seconds for seconds in soon if seconds is not None), default=None)

    async def _send(self, outgoing: Outgoing) -> None:
        chat_id = outgoing.card.chat_id
        try:
            await self._deliver(outgoing)
        except Exception:
            log.exception("card %s can't be stored as sent", outgoing.card.id)
            self._pauses.grow(chat_id)
        finally:
            self._busy.discard(chat_id)
            self.wake()

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            await self._show(outgoing)
        except TelegramRetryAfter as error:
            self._pauses.obey(outgoing.card.chat_id, error.retry_after + random.uniform(0, 0.5))  # noqa: S311 - jitter
            log.warning("Telegram asks for a pause of %s s in a chat", error.retry_after)
        except TelegramForbiddenError as error:
            await self._bury_chat(outgoing, error.message)
        except (TelegramServerError, TelegramNetworkError, ClientDecodeError) as error:
            self._away.trouble(error)
            self._pauses.grow(outgoing.card.chat_id)
        except (TelegramBadRequest, TelegramNotFound) as error:
            await self._rejected_by_telegram(outgoing, error)
        except StorageUnavailable:
            raise
        except Exception as error:
            log.exception("the card %s can't be shown", outgoing.card.address)
            await self._count_rejection(outgoing, type(error).__name__)
        else:
            self._away.fine()
            self._pauses.well(outgoing.card.chat_id)
            self._rejected.pop(outgoing.id, None)

    async def _show(self, outgoing: Outgoing) -> None:
        """One call to Telegram, or none when nothing visible changed."""
        card = outgoing.card
        if outgoing.delete:
            if self._may_go(card.chat_id):
                await self._remove(outgoing)
            return
        found = await self._db.read(lambda store: self._load(store, outgoing))
        if found is None:
            why = "nobody reads this chat"
            await write(self._db, "outbox.unread", lambda store: store.cards.bury(outgoing.id, why, self._clock()))
            return
        loaded, reader = found
        screen = await asyncio.to_thread(loaded.rendered, reader) if loaded.heavy else loaded.rendered(reader)
        digest = messages.digest(screen)
        if card.message_id is not None and digest == card.digest:
            await self._done(outgoing, card.message_id, screen, digest)
        elif self._may_go(card.chat_id):
            crash_point("outbox.send")
            message_id = await self._send_or_edit(outgoing, screen)
            crash_point("outbox.sent")
            await self._done(outgoing, message_id, screen, digest)

    def _may_go(self, chat_id: int) -> bool:
        wait = self._flood.take(chat_id)
        if wait:
            self._pauses.wait(chat_id, wait)
        return not wait

    async def _send_or_edit(self, outgoing: Outgoing, screen: Screen) -> int:
        card = outgoing.card
        if card.message_id is not None and card.media == screen.media:
            try:
                await messages.edit(self._bot, card.chat_id, card.message_id, screen)
            except TelegramBadRequest as error:
                if NOT_MODIFIED not in error.message:
                    raise
            return card.message_id
        if card.message_id is not None:
            await self._delete(card.chat_id, card.message_id)
        return await messages.send(self._bot, card.chat_id, screen, silent=outgoing.lane is Lane.PROGRESS)

    async def _remove(self, outgoing: Outgoing) -> None:
        card = outgoing.card
        if card.message_id is not None:
            await self._delete(card.chat_id, card.message_id)
        crash_point("outbox.removed")
        await write(self._db, "outbox.deleted", lambda s: s.cards.done(outgoing, None, "", "", self._clock()))

    async def _delete(self, chat_id: int, message_id: int) -> None:
        try:
            await self._bot.delete_message(chat_id, message_id)
        except TelegramBadRequest as error:
            # gone already, or over 48 hours old, when Telegram lets nobody delete it
            log.debug("a message stays: %s", error.message)

    async def _done(self, outgoing: Outgoing, message_id: int, screen: Screen, digest: str) -> None:
        """Notes it, however long the database is away: what isn't noted would be sent again."""
        while True:
            try:
                await write(self._db, "outbox.done", lambda s: self._note(s, outgoing, message_id, screen, digest))
                return
            except StorageUnavailable:
                log.warning("message %s is sent; it waits for the database to be noted", message_id)
                await asyncio.sleep(NOTE_AGAIN)

    def _note(self, store: Store, outgoing: Outgoing, message_id: int, screen: Screen, digest: str) -> None:
        store.cards.done(outgoing, message_id, screen.media, digest, self._clock())

    def _load(self, store: Store, outgoing: Outgoing) -> tuple[Loaded, Reader] | None:
        person = store.people.by_telegram(outgoing.card.chat_id)
        if person is None:
            return None
        now = self._clock()
        return load(store, outgoing.card.address, person, now), Reader(person.language, person.zone, now)

    async def _rejected_by_telegram(self, outgoing: Outgoing, error: TelegramAPIError) -> None:
        message = error.message.lower()
        if any(words in message for words in GONE):
            await write(self._db, "outbox.forget", lambda store: store.cards.forget_message(outgoing.card.id))
        elif any(words in message for words in UNREACHABLE):
            await self._bury_chat(outgoing, error.message)
        else:
            log.warning("Telegram refuses the card %s: %s", outgoing.card.address, error.message)
            await self._count_rejection(outgoing, error.message)

    async def _count_rejection(self, outgoing: Outgoing, error: str) -> None:
        self._rejected[outgoing.id] += 1
        if self._rejected[outgoing.id] < TRIES:
            again_at = self._clock() + RETRY_AFTER
            await write(self._db, "outbox.retry", lambda store: store.cards.retry(outgoing.id, again_at, error))
            return
        del self._rejected[outgoing.id]
        await write(self._db, "outbox.bury", lambda store: self._bury(store, outgoing, error))

    def _bury(self, store: Store, outgoing: Outgoing, error: str) -> None:
        now, address = self._clock(), outgoing.card.address
        store.cards.bury(outgoing.id, error, now)
        if address.screen != "trouble":
            tell(store, owners(store), about_card(address), Lane.RESULT, now, f"card:{outgoing.id}")

    async def _bury_chat(self, outgoing: Outgoing, error: str) -> None:
        log.warning("chat %s can't be reached: %s", outgoing.card.chat_id, error)
        await write(self._db, "outbox.lose_chat", lambda store: self._lose_chat(store, outgoing.card.chat_id, error))

    def _lose_chat(self, store: Store, chat_id: int, error: str) -> None:
        now = self._clock()
        store.cards.bury_chat(chat_id, error, now)
        person: Person | None = store.people.by_telegram(chat_id)
        if person is not None and person.blocked_at is None:
            store.people.set_blocked(person.id, now)
            told = [owner for owner in owners(store) if owner.id != person.id]
            tell(
                store,
                told,
                about_chat(person),
                Lane.RESULT,
                now,
                f"chat:{person.id}:{now.timestamp():.0f}",
            )


def _due(store: Store, now: datetime, skip: set[int], room: int) -> tuple[list[Outgoing], datetime | None]:
    """What may be sent now, or when there is nothing, the time of the next."""
    due = store.cards.next(now, skip, room)
    return due, None if due else store.cards.next_due(now)
