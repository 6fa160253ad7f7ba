"""What happened to orders and lines, in the order in which it happened."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from purchasing.orders import OrderLine
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
        return self._newest(wanted, limit)

    def of_line(self, line: OrderLine, kinds: Collection[str], limit: int) -> list[LineChange]:
        # by order, which is what the index knows
        mine = line_event.c.order_id == line.order_id, line_event.c.line_id == line.id
        return self._newest(select(line_event).where(*mine, line_event.c.kind.in_(sorted(kinds))), limit)

    def _newest(self, wanted: Select[Any], limit: int) -> list[LineChange]:
        newest = self._rows(wanted.order_by(line_event.c.id.desc()).limit(limit))
        return [record(LineChange, row) for row in reversed(newest)]
