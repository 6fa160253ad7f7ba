"""Looks now and then whether the morning's word about arrivals is due; what is told is the domain's to say."""

from purchasing.crash import write
from purchasing.ports import Clock, Database
from purchasing.tell_arrivals import tell_arrivals


class ArrivalsJob:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def __call__(self) -> None:
        await write(self._db, "schedule.arrivals", lambda store: tell_arrivals(store, self._clock()))
