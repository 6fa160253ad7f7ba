"""Ends previews that nobody confirmed in time."""

from purchasing.crash import write
from purchasing.ports import Clock, Database
from purchasing.reserve.start import drop_late


class PreviewsJob:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def __call__(self) -> None:
        await write(self._db, "schedule.previews", lambda store: drop_late(store, self._clock()))
