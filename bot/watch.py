"""Tells the owners of what keeps the bot itself from telling: a database that can't be written, Telegram away. What was
told, and since when Telegram is away, is kept, so that a restart in between neither repeats nor swallows it."""

import asyncio
import logging
import os
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.texts import Reader
from handlers.troubles import Trouble, away_text
from purchasing import troubles
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


@dataclass(frozen=True)
class Contact:
    """Whether Telegram answers, and since when."""

    answers: bool
    since: datetime


class Watch:
    """Says once that the database can't be written, past the outbox, which needs it; and once that it can again.

    `told` is a file whose date says since when the owners were told that it can't."""

    def __init__(self, db: SqlDatabase, bot: Bot, clock: Clock, told: Path, patience: timedelta = PATIENCE) -> None:
        self._db, self._bot, self._clock, self._patience = db, bot, clock, patience
        self._owners: list[Person] = []
        self._file = told
        self._told = _date_of(told)
        self._contact: Contact | None = None
        self._changes: deque[Contact] = deque()
        """Those of the contact that aren't kept yet; the database may be away, too."""

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
            await self._keep_changes()
        elif self._told is None and self._clock() - since >= self._patience:
            log.error("the database can't be written since %s", since)
            if await self._say(since):
                self._told = since
                _date(self._file, since)

    def telegram(self, answers: bool) -> None:
        """For the poller: whether Telegram answers."""
        if self._contact is None or self._contact.answers is not answers:
            self._contact = Contact(answers, self._clock())
            self._changes.append(self._contact)

    async def _keep_changes(self) -> None:
        while self._changes:
            await self._keep(self._changes[0])
            self._changes.popleft()

    async def _keep(self, contact: Contact) -> None:
        """Short absences are nobody's concern."""
        at = contact.since
        if not contact.answers:
            await write(self._db, "watch.telegram_away", lambda store: troubles.begin(store, TELEGRAM, at, None))
        elif await self._db.read(lambda store: troubles.known(store, TELEGRAM)):
            await write(self._db, "watch.telegram", lambda store: troubles.over(store, TELEGRAM, at, AWAY_LONG))

    async def _writable(self) -> None:
        self._owners = await self._db.read(owners)
        if self._told is not None:
            since, now = self._told, self._clock()
            await write(self._db, "watch.database", lambda store: tell_over(store, DATABASE, since, now))
            self._told = None
            self._file.unlink(missing_ok=True)

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


def _date(file: Path, moment: datetime) -> None:
    """Nothing is written into the file: a disk that is full mostly takes an empty one."""
    with suppress(OSError):
        file.touch()
        os.utime(file, (moment.timestamp(), moment.timestamp()))


def _date_of(file: Path) -> datetime | None:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None
