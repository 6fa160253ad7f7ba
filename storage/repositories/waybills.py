"""Track numbers typed by staff; they live among those that providers show, and are never lost."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update

from purchasing.carriers import carrier_code
from purchasing.provider_orders import Waybill
from storage.repositories.base import Repository, record
from storage.tables import waybill, waybill_line


class SqlWaybills(Repository):
    def get(self, waybill_id: int) -> Waybill | None:
        row = self._row(select(waybill).where(waybill.c.id == waybill_id))
        return record(Waybill, row, sub_numbers=tuple(self._parts(waybill_id))) if row else None

    def put(self, provider_order_id: int, number: str, sub_numbers: Collection[str], by: int, now: datetime) -> Waybill:
        mine = waybill.c.provider_order_id == provider_order_id, waybill.c.plain_number == number
        known = self._value(select(waybill.c.id).where(*mine).order_by(waybill.c.id))
        if known is None:
            known = self._add(provider_order_id, number, by, now)
            self._put_parts(known, sub_numbers)
        else:
            self._run(update(waybill).where(*mine).values(replaced_at=None, replaced_by=None))
            if self._parts(known):  # without parts it is the whole order's already
                self._put_parts(known, sub_numbers)
        return self._found(known)

    def set_aside(self, waybill_id: int, by: int, now: datetime) -> None:
        self._run(update(waybill).where(waybill.c.id == waybill_id).values(replaced_at=now, replaced_by=by))

    def _found(self, waybill_id: int) -> Waybill:
        found = self.get(waybill_id)
        assert found is not None  # noqa: S101  # just written
        return found

    def _add(self, provider_order_id: int, number: str, by: int, now: datetime) -> int:
        words = {"number": number, "plain_number": number, "reversed": number[::-1], "carrier": carrier_code(number)}
        own = {"provider_order_id": provider_order_id, "first_seen_at": now, "typed_by": by}
        return int(self._value(insert(waybill).values(words | own).returning(waybill.c.id)))

    def _parts(self, waybill_id: int) -> Collection[str]:
        parts = select(waybill_line.c.sub_number).where(waybill_line.c.waybill_id == waybill_id)
        return self._column(parts.order_by(waybill_line.c.sub_number))

    def _put_parts(self, waybill_id: int, sub_numbers: Collection[str]) -> None:
        fresh = set(sub_numbers) - set(self._parts(waybill_id))
        self._run_many(insert(waybill_line), [{"waybill_id": waybill_id, "sub_number": n} for n in sorted(fresh)])
