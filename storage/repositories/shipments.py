"""What is in the parcels of a track number: all that a lookup shows comes in two statements. Changes nothing."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, func, select

from purchasing.orders import OrderLine
from purchasing.provider_orders import Binding, ProviderLine, ProviderOrder, Waybill
from purchasing.shipments import Shipment, Tie, shipments
from storage.repositories.base import Joined, Named, record
from storage.repositories.line_filter import LINE_COLUMNS
from storage.repositories.provider_order_reader import ProviderOrderReader
from storage.tables import binding, customer_order, order_line, provider_line, provider_order, waybill

# between, not LIKE: an index serves it whatever the database's collation
_NUMBERS = (
    select(waybill.c.plain_number)
    .where(waybill.c.reversed.between(bindparam("start"), bindparam("stop")))
    .group_by(waybill.c.plain_number)
    .order_by(waybill.c.plain_number != bindparam("whole"), func.max(waybill.c.id).desc())
    .limit(bindparam("most"))
)
_JOINED = Joined(provider_order.c, provider_line.c, binding.c, LINE_COLUMNS)
_ENDING = (
    select(*_JOINED.columns)
    .select_from(provider_order)
    .outerjoin(provider_line, provider_line.c.provider_order_id == provider_order.c.id)
    .outerjoin(binding, and_(binding.c.provider_line_id == provider_line.c.id, binding.c.ended_at.is_(None)))
    .outerjoin(order_line, order_line.c.id == binding.c.line_id)
    .outerjoin(customer_order, customer_order.c.id == order_line.c.order_id)
    .where(provider_order.c.id.in_(select(waybill.c.provider_order_id).where(waybill.c.plain_number.in_(_NUMBERS))))
    .order_by(provider_order.c.id, provider_line.c.id, order_line.c.id)
)

Parts = Sequence[Named]
"""A provider order, a line of it, its tie and our line; there may be none of the latter three."""


class SqlShipments(ProviderOrderReader):
    def ending(self, tail: str, limit: int) -> list[Shipment]:
        start = tail[::-1]
        stop = start + "Z" * 24  # comes last in all collations
        of_orders: dict[int, list[Parts]] = {}
        for parts in map(_JOINED.parts, self._tuples(_ENDING, start=start, stop=stop, whole=tail, most=limit)):
            of_orders.setdefault(parts[0]["id"], []).append(parts)
        waybills = self._waybills(list(of_orders)) if of_orders else {}
        found = [one for id_, rows in of_orders.items() for one in shipments(*_order(rows, waybills[id_]), tail)]
        return sorted(found, key=lambda one: (one.number != tail, -one.waybill.id))


def _order(rows: Sequence[Parts], waybills: Sequence[Waybill]) -> tuple[ProviderOrder, list[Tie]]:
    lines = {line["id"]: record(ProviderLine, line) for _, line, _, _ in rows if line["id"] is not None}
    ties = [(record(Binding, tie), record(OrderLine, ours)) for _, _, tie, ours in rows if tie["id"] is not None]
    order = record(ProviderOrder, rows[0][0], lines=tuple(lines.values()), waybills=tuple(waybills))
    return order, sorted(ties, key=lambda tie: tie[1].id)
