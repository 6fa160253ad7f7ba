"""Rates by currency and day."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from purchasing.orders import Order
from purchasing.rates import Rate
from storage.repositories.base import Repository, columns_of, record
from storage.tables import customer_order, rate


class SqlRates(Repository):
    def add(self, draft: Rate) -> Rate:
        row = self._row(insert(rate).values(columns_of(draft, rate, "id")).returning(rate))
        assert row is not None  # noqa: S101  # just written
        return record(Rate, row)

    def get(self, rate_id: int) -> Rate | None:
        row = self._row(select(rate).where(rate.c.id == rate_id))
        return record(Rate, row) if row else None

    def remove(self, rate_id: int) -> None:
        self._run(delete(rate).where(rate.c.id == rate_id))

    def at(self, currency: str, moment: datetime) -> Rate | None:
        begun = select(rate).where(rate.c.currency == currency, rate.c.since <= moment)
        row = self._row(begun.order_by(rate.c.since.desc(), rate.c.id.desc()).limit(1))
        return record(Rate, row) if row else None

    def currencies(self) -> list[str]:
        return list(self._column(select(rate.c.currency).distinct().order_by(rate.c.currency)))

    def page(self, offset: int, limit: int) -> tuple[list[Rate], int]:
        wanted = select(rate)
        newest = wanted.order_by(rate.c.currency, rate.c.since.desc(), rate.c.id.desc())
        return [record(Rate, row) for row in self._rows(newest.offset(offset).limit(limit))], self._count(wanted)

    def orders_without(self, currency: str) -> list[Order]:
        columns = [column for column in customer_order.c if column.name != "parcel"]
        bare = customer_order.c.rate.is_(None), customer_order.c.currency.in_({currency, currency.lower()})
        return [record(Order, row) for row in self._rows(select(*columns).where(*bare).order_by(customer_order.c.id))]
