"""Reads provider orders whole, with their lines and waybills. Changes nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from purchasing.provider_orders import ProviderLine, ProviderOrder, Waybill
from storage.repositories.base import Repository, any_of, grouped, record
from storage.tables import provider_line, waybill, waybill_line

_LINES = (
    select(provider_line).where(provider_line.c.provider_order_id.in_(any_of("orders"))).order_by(provider_line.c.id)
)
_WAYBILLS = (
    select(waybill, waybill_line.c.sub_number)
    .select_from(waybill.outerjoin(waybill_line))
    .where(waybill.c.provider_order_id.in_(any_of("orders")))
    .order_by(waybill.c.id, waybill_line.c.sub_number)
)


class ProviderOrderReader(Repository):
    def _load(self, orders: Select[Any], **values: Any) -> list[ProviderOrder]:
        rows = self._rows(orders, **values)
        ids = [row["id"] for row in rows]
        if not ids:
            return []
        lines = grouped(self._rows(_LINES, orders=ids), "provider_order_id")
        waybills = self._waybills(ids)
        return [
            record(
                ProviderOrder,
                row,
                lines=tuple(record(ProviderLine, line) for line in lines.get(row["id"], ())),
                waybills=tuple(waybills.get(row["id"], ())),
            )
            for row in rows
        ]

    def _waybills(self, ids: Sequence[int]) -> dict[int, list[Waybill]]:
        found: dict[int, list[Waybill]] = {}
        for of_one in grouped(self._rows(_WAYBILLS, orders=ids), "id").values():
            subs = tuple(row["sub_number"] for row in of_one if row["sub_number"] is not None)
            found.setdefault(of_one[0]["provider_order_id"], []).append(record(Waybill, of_one[0], sub_numbers=subs))
        return found
