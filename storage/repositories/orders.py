"""Customers' orders. Parcel details stay sealed and come out only when asked for by themselves."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, case, exists, func, select, update

from purchasing.orders import Order, OrderSummary, ParcelDetails, Section
from purchasing.words import LineStatus
from storage.repositories.base import any_of, columns_of, grouped, record
from storage.repositories.words import SearchedRepository, containing, search_text
from storage.tables import customer_order, order_line

_COLUMNS = [column for column in customer_order.c if column.name != "parcel"]
_ONE = select(*_COLUMNS).where(customer_order.c.id == bindparam("one"))
_SPELT = select(*_COLUMNS).where(customer_order.c.number.in_(any_of("numbers")))
_SECTIONS = {"ready": Section.READY, "bought": Section.BOUGHT, "attention": Section.ATTENTION}


class SqlOrders(SearchedRepository):
    def get(self, order_id: int) -> Order | None:
        row = self._row(_ONE, one=order_id)
        return record(Order, row) if row else None

    def by_number(self, *spellings: str) -> Order | None:
        found = [record(Order, row) for row in self._rows(_SPELT, numbers=sorted({*spellings} - {""}))]
        return min(found, key=lambda order: (spellings.index(order.number), -order.id), default=None)

    def numbered(self, number: str, shop: str | None = None) -> list[Order]:
        wanted = select(*_COLUMNS).where(customer_order.c.number == number)
        if shop is not None:
            wanted = wanted.where(customer_order.c.shop == shop)
        return [record(Order, row) for row in self._rows(wanted.order_by(customer_order.c.id))]

    def find(self, text: str, limit: int = 10) -> list[Order]:
        exact = case((customer_order.c.number == text.strip(), 0), else_=1)
        how, sought = self._sought(customer_order, text)
        found = select(*_COLUMNS).where(containing(customer_order, how))
        rows = self._rows(found.order_by(exact, customer_order.c.id.desc()).limit(limit), **sought)
        return [record(Order, row) for row in rows]

    def ensure(self, number: str, shop: str, now: datetime) -> Order:
        values = {"number": number, "shop": shop, "created_at": now, "search": search_text(number)}
        added = self._run(self._insert(customer_order).values(values).on_conflict_do_nothing())
        key = (customer_order.c.number == number, customer_order.c.shop == shop)
        order = record(Order, self._rows(select(*_COLUMNS).where(*key))[0])
        if added:
            self._put_words(customer_order, order.id, search_text(number))
        return order

    def save(self, order: Order) -> None:
        values = columns_of(order, customer_order, "id", "number", "shop", "parcel")
        if order.created_at is None:
            del values["created_at"]
        if order.parcel != ParcelDetails():
            values["parcel"] = self._seal(customer_order.c.parcel, json.dumps(asdict(order.parcel)).encode(), order.id)
        values["search"] = search_text(order.number, order.customer)
        self._run(update(customer_order).where(customer_order.c.id == order.id).values(values))
        self._put_words(customer_order, order.id, values["search"])

    def page(
        self, text: str, section: str, offset: int, limit: int, *, assignee_id: int | None = None
    ) -> tuple[list[OrderSummary], int]:
        wanted, sought = select(*_COLUMNS), dict[str, str]()
        if assignee_id is not None:
            wanted = wanted.where(customer_order.c.assignee_id == assignee_id)
        if text.strip():
            how, sought = self._sought(customer_order, text)
            wanted = wanted.where(containing(customer_order, how))
        if section:
            has = order_line.c.order_id == customer_order.c.id, order_line.c.status.in_(_SECTIONS[section])
            wanted = wanted.where(exists().where(*has))
        rows = self._rows(wanted.order_by(customer_order.c.id.desc()).offset(offset).limit(limit), **sought)
        return self._summaries([record(Order, row) for row in rows]), self._count(wanted, **sought)

    def parcel(self, order_id: int) -> ParcelDetails:
        sealed = self._value(select(customer_order.c.parcel).where(customer_order.c.id == order_id))
        if sealed is None:
            return ParcelDetails()
        return ParcelDetails(**json.loads(self._open(customer_order.c.parcel, sealed, order_id)))

    def _summaries(self, orders: list[Order]) -> list[OrderSummary]:
        key = order_line.c.order_id
        counted = (
            select(key, order_line.c.status, func.count().label("lines"))
            .where(key.in_([order.id for order in orders]))
            .group_by(key, order_line.c.status)
        )
        groups = grouped(self._rows(counted), "order_id")
        return [_summary(o, {row["status"]: row["lines"] for row in groups.get(o.id, ())}) for o in orders]


def _summary(order: Order, lines: dict[LineStatus, int]) -> OrderSummary:
    ready, bought, attention = (sum(lines.get(s, 0) for s in statuses) for statuses in _SECTIONS.values())
    return OrderSummary(order, sum(lines.values()), ready, bought, attention)
