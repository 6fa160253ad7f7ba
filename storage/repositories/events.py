"""What happened to orders and lines, in the order in which it happened."""

from datetime import datetime

from sqlalchemy import insert, select

from purchasing.provider_orders import LineChange
from storage.repositories.base import Repository, columns_of, record
from storage.tables import line_event


class SqlEvents(Repository):
    def add(self, change: LineChange, activity_id: int | None, now: datetime) -> None:
        own = {"activity_id": activity_id, "at": change.at or now}
        self._run(insert(line_event).values(columns_of(change, line_event) | own))

    def of_order(self, order_id: int, activity_id: int | None = None, limit: int = 100) -> list[LineChange]:
        wanted = select(line_event).where(line_event.c.order_id == order_id)
        if activity_id is not None:
            wanted = wanted.where(line_event.c.activity_id == activity_id)
        newest = self._rows(wanted.order_by(line_event.c.id.desc()).limit(limit))
        return [record(LineChange, row) for row in reversed(newest)]
