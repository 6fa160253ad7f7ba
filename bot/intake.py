"""Takes updates in: strangers are turned away, the rest is stored before Telegram is told that we have it, then worked
off in order per chat and side by side across chats. An acknowledged update is never lost and never applied twice."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.access import Guesses, Raw, Refusals, invitation_token, sender
from bot.tasks import Nursery
from bot.troubles import about_update, about_yours
from purchasing.crash import write
from purchasing.errors import StorageUnavailable
from purchasing.inbox import Incoming
from purchasing.ports import Clock, Database, Store
from purchasing.staff import holds
from purchasing.tell import owners, tell
from purchasing.words import Lane

log = logging.getLogger(__name__)

TRIES = 3
HANDLER_SECONDS = 60.0
SIDE_BY_SIDE = 16
DATABASE_AWAY = 5.0
"""Seconds before an update is tried again that the database could not take: no try of its three."""

Handle = Callable[[Incoming], Awaitable[None]]


class Intake:
    """`handle` works off one update; `pauses` are the seconds before the second and the third try."""

    def __init__(
        self, db: Database, clock: Clock, bot_id: int, handle: Handle, *, pauses: Sequence[float] = (0.5, 2.0)
    ) -> None:
        self._db, self._clock, self._bot_id, self._handle, self._pauses = db, clock, bot_id, handle, pauses
        self._queues: dict[str, deque[Incoming]] = {}
        """One per chat with something to do; it ends with its worker, so strangers and idle chats hold nothing."""
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self._workers = Nursery()
        self._stopping = False
        self.refusals = Refusals()
        self._guesses = Guesses()

    async def take(self, updates: Sequence[Raw]) -> None:
        """Stores what is new and queues it; when it returns, Telegram may forget these updates."""
        known = await self._db.read(lambda store: {person.telegram_id for person in store.people.all()})
        known |= await self._invited(updates, known)
        accepted = [incoming for update in updates if (incoming := self._accepted(update, known)) is not None]
        if accepted:
            self._queue(await write(self._db, "inbox.accept", lambda store: store.inbox.accept(accepted)))

    async def replay(self) -> None:
        """Queues what an earlier life of the process left undone; called once, before anything new is taken."""
        pending = await self._db.read(lambda store: store.inbox.pending())
        if pending:
            log.info("%s updates are left from before", len(pending))
        self._queue(pending)

    async def stop(self, seconds: float) -> None:
        """Lets the handlers under way end, at most so many seconds; what waits stays stored for the next start."""
        self._stopping = True
        if not await self._workers.drain(seconds):
            log.warning("%s handlers were still at work and are broken off", len(self._workers))
        await self._workers.close()
        self.refusals.flush()

    @property
    def working(self) -> bool:
        return bool(self._queues)

    async def _invited(self, updates: Sequence[Raw], known: set[int]) -> set[int]:
        """Strangers who bring a good invitation."""
        invited: set[int] = set()
        for update in updates:
            who, token = sender(update), invitation_token(update)
            if who is None or token is None or who.user_id in known or not self._guesses.allowed(who.user_id):
                continue
            if await self._db.read(partial(holds, token=token, now=self._clock())):
                invited.add(who.user_id)
        return invited

    def _accepted(self, update: Raw, known: set[int]) -> Incoming | None:
        who = sender(update)
        if who is None or who.user_id not in known:
            self.refusals.count()
            return None
        payload = json.dumps(update, ensure_ascii=False)
        return Incoming(self._bot_id, int(update["update_id"]), str(who.chat_id), payload, self._clock())

    def _queue(self, incoming: Sequence[Incoming]) -> None:
        for one in incoming:
            if one.key in self._queues:
                self._queues[one.key].append(one)
            else:
                self._queues[one.key] = deque([one])
                self._workers.spawn(self._work_off(one.key), f"chat {one.key}")

    async def _work_off(self, key: str) -> None:
        queue = self._queues[key]
        try:
            while queue and not self._stopping:
                async with self._slots:
                    again = await self._attempt(queue[0])
                if again is None:
                    queue.popleft()
                else:
                    await asyncio.sleep(again)
        finally:
            del self._queues[key]

    async def _attempt(self, incoming: Incoming) -> float | None:
        """None when this update is over, else the seconds before its next try."""
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._handle(incoming)
        except StorageUnavailable:
            log.warning("update %s waits for the database", incoming.update_id)
            return DATABASE_AWAY
        except Exception as error:
            log.exception("update %s failed", incoming.update_id)
            return await self._count_failure(incoming, type(error).__name__)
        return None

    async def _count_failure(self, incoming: Incoming, error: str) -> float | None:
        def unit(store: Store) -> int:
            tries = store.inbox.failed(incoming.bot_id, incoming.update_id, error)
            if tries >= TRIES:
                self._park(store, incoming, error)
            return tries

        try:
            tries = await write(self._db, "inbox.failed", unit)
        except Exception:
            log.exception("the failure of update %s can't be stored", incoming.update_id)
            return DATABASE_AWAY
        return None if tries >= TRIES else self._pauses[tries - 1]

    def _park(self, store: Store, incoming: Incoming, error: str) -> None:
        now, number = self._clock(), incoming.update_id
        store.inbox.park(incoming.bot_id, number, error, now)
        store.cards.post(int(incoming.key), about_yours(number), Lane.RESULT, now, f"parked:{number}")
        others = [person for person in owners(store) if str(person.telegram_id) != incoming.key]
        tell(store, others, about_update(number), Lane.RESULT, now, f"parked:{number}")
