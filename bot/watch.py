"""Tells the owners of what keeps the bot itself from telling: a database that can't be written, Telegram away."""

import asyncio
import logging
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.texts import Reader
from handlers.troubles import Trouble, away_text
from purchasing.crash import write
from purchasing.people import Person
from purchasing.ports import Clock
from purchasing.tell import owners
from purchasing.troubles import DATABASE, TELEGRAM, tell_over
from storage.engine import SqlDatabase

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
PATIENCE = timedelta(minutes=1)
AWAY_LONG = timedelta(minutes=10)


class Watch:
    """Says once that the database can't be written, past the outbox, which needs it; and once that it can again."""

    def __init__(self, db: SqlDatabase, bot: Bot, clock: Clock, patience: timedelta = PATIENCE) -> None:
        self._db, self._bot, self._clock, self._patience = db, bot, clock, patience
        self._owners: list[Person] = []
        self._told: datetime | None = None

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the watch could not look; trying on")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        since = self._db.unwritable_since
        if since is None:
            await self._writable()
        elif self._told is None and self._clock() - since >= self._patience:
            log.error("the database can't be written since %s", since)
            self._told = since if await self._say(since) else None

    async def telegram_back(self, seconds: float) -> None:
        """For the poller: short absences are nobody's concern."""
        now = self._clock()
        away = timedelta(seconds=seconds)
        if away >= AWAY_LONG:
            await write(self._db, "watch.telegram", lambda store: tell_over(store, TELEGRAM, now - away, now))

    async def _writable(self) -> None:
        self._owners = await self._db.read(owners)
        if self._told is not None:
            since, now = self._told, self._clock()
            await write(self._db, "watch.database", lambda store: tell_over(store, DATABASE, since, now))
            self._told = None

    async def _say(self, since: datetime) -> bool:
        """True when somebody has it."""
        said = False
        for owner in self._owners:
            text = away_text(Trouble(DATABASE, since), Reader(owner.language, owner.zone, self._clock()))
            try:
                await self._bot.send_message(owner.telegram_id, text)
                said = True
            except AiogramError as error:
                log.warning("an owner can't be told (%s)", type(error).__name__)
        return said
