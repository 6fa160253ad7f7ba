"""Looks now and then for customers who haven't answered in time; whom to tell is the domain's to say."""

from purchasing.crash import write
from purchasing.late_consents import tell_late
from purchasing.ports import Clock, Database


class ConsentsJob:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def __call__(self) -> None:
        await write(self._db, "schedule.consents", lambda store: tell_late(store, self._clock()))
