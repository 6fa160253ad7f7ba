"""Lines of customers' orders and who holds them. Statuses are written here but judged by `purchasing.moves`."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from purchasing.order_ports import LineFilter
from purchasing.orders import LineData, OrderLine
from purchasing.provider_orders import Binding
from purchasing.shipments import Tie
from purchasing.words import LineStatus
from storage.repositories import line_filter
from storage.repositories.base import Joined, any_of, columns_of, record, unique
from storage.repositories.words import SearchedRepository, search_text
from storage.tables import binding, customer_order, line_hold, order_line, provider_line

_LINES = select(*line_filter.LINE_COLUMNS).join_from(order_line, customer_order)
_ONE = _LINES.where(order_line.c.id == bindparam("one"))
_MANY = _LINES.where(order_line.c.id.in_(any_of("ids"))).order_by(order_line.c.id)
_TIED = Joined(binding.c, line_filter.LINE_COLUMNS)
_OF_PROVIDER_ORDER = (
    select(*_TIED.columns)
    .join_from(order_line, customer_order)
    .join(binding, binding.c.line_id == order_line.c.id)
    .join(provider_line, provider_line.c.id == binding.c.provider_line_id)
    .where(provider_line.c.provider_order_id == bindparam("provider_order"), binding.c.ended_at.is_(None))
    .order_by(order_line.c.id, binding.c.id)
)
_OF_ORDER = _LINES.where(order_line.c.order_id == bindparam("in_order")).order_by(order_line.c.id)


class SqlLines(SearchedRepository):
    def get(self, line_id: int) -> OrderLine | None:
        row = self._row(_ONE, one=line_id)
        return record(OrderLine, row) if row else None

    def many(self, line_ids: Collection[int]) -> list[OrderLine]:
        return [record(OrderLine, row) for row in self._rows(_MANY, ids=unique(line_ids))]

    def of_order(self, order_id: int) -> list[OrderLine]:
        return [record(OrderLine, row) for row in self._rows(_OF_ORDER, in_order=order_id)]

    def of_provider_order(self, provider_order_id: int) -> list[Tie]:
        rows = map(_TIED.parts, self._tuples(_OF_PROVIDER_ORDER, provider_order=provider_order_id))
        return [(record(Binding, tie), record(OrderLine, line)) for tie, line in rows]

    def page(self, where: LineFilter, offset: int, limit: int) -> tuple[list[OrderLine], int]:
        shape, texts, values = self._asked(where)
        rows = self._rows(line_filter.a_page(shape, texts), offset=offset, limit=limit, **values)
        held = self.holders([row["id"] for row in rows], where.now) if where.now else {}
        lines = [record(OrderLine, row, holder_id=held.get(row["id"])) for row in rows]
        whole = offset == 0 and len(lines) < limit  # then nothing needs to be counted
        return lines, len(lines) if whole else int(self._value(line_filter.the_count(shape, texts), **values))

    def ids(self, where: LineFilter) -> list[int]:
        shape, texts, values = self._asked(where)
        return list(self._column(line_filter.the_ids(shape, texts), **values))

    def counts(self) -> dict[LineStatus, int]:
        status = order_line.c.status
        rows = self._rows(select(status, func.count().label("lines")).group_by(status))
        return dict.fromkeys(LineStatus, 0) | {row["status"]: row["lines"] for row in rows}

    def add(self, order_id: int, data: LineData, status: LineStatus, split_from: int | None = None) -> OrderLine:
        values = _values(data) | {"order_id": order_id, "status": status, "split_from": split_from}
        line_id = int(self._value(self._insert(order_line).values(values).returning(order_line.c.id)))
        self._put_words(order_line, line_id, values["search"])
        return self.many([line_id])[0]

    def save(self, line_id: int, data: LineData) -> None:
        values = _values(data)
        self._run(update(order_line).where(order_line.c.id == line_id).values(values))
        self._put_words(order_line, line_id, values["search"])

    def set_told(self, line_id: int, told: Mapping[str, str]) -> None:
        self._run(update(order_line).where(order_line.c.id == line_id).values(told=tuple(sorted(told.items()))))

    def set_seller_note(self, line_id: int, note: str) -> None:
        self._run(update(order_line).where(order_line.c.id == line_id).values(seller_note=note))

    def set_status(self, line_ids: Collection[int], status: LineStatus, why: str = "") -> None:
        where = order_line.c.id.in_(unique(line_ids))
        self._run(update(order_line).where(where).values(status=status, why=why))

    def hold(self, line_ids: Collection[int], person_id: int, until: datetime) -> None:
        insert = self._insert(line_hold)
        taken = {"person_id": insert.excluded.person_id, "until": insert.excluded.until}
        rows = [{"line_id": line_id, "person_id": person_id, "until": until} for line_id in unique(line_ids)]
        self._run_many(insert.on_conflict_do_update(index_elements=[line_hold.c.line_id], set_=taken), rows)

    def release(self, line_ids: Collection[int], until: datetime) -> None:
        where = line_hold.c.line_id.in_(unique(line_ids)), line_hold.c.until <= until
        self._run(delete(line_hold).where(*where))

    def holders(self, line_ids: Collection[int], now: datetime) -> dict[int, int]:
        where = line_hold.c.line_id.in_(unique(line_ids)), line_hold.c.until > now
        return {row["line_id"]: row["person_id"] for row in self._rows(select(line_hold).where(*where))}

    def _asked(self, where: LineFilter) -> tuple[line_filter.Shape, line_filter.Texts, dict[str, Any]]:
        shape, values = line_filter.shape_of(where)
        if not where.text.strip():
            return shape, None, values
        in_order, of_order = self._sought(customer_order, where.text)
        in_line, of_line = self._sought(order_line, where.text)
        return shape, (in_order, in_line), values | of_order | of_line


_SHOPS = frozenset(field.name for field in fields(LineData))
"""Columns that the shop fills; a whole line given for saving changes no others."""


def _values(data: LineData) -> dict[str, Any]:
    own = {name: value for name, value in columns_of(data, order_line).items() if name in _SHOPS}
    return own | {"search": search_text(data.title, data.item_id, data.sku)}
