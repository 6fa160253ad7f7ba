"""What is under way, or has arrived, under one track number. Reads nothing by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from purchasing.carriers import plain_number
from purchasing.orders import OrderLine
from purchasing.provider_orders import Binding, ProviderOrder, Waybill

Tie = tuple[Binding, OrderLine]
"""A live binding to one of a provider order's lines, with our line."""


@dataclass(frozen=True)
class Shipment:
    """`ties` are those of the whole provider order, in the order of our lines; `number` as it is looked up."""

    number: str
    waybill: Waybill
    order: ProviderOrder
    ties: Sequence[Tie]


def shipments(order: ProviderOrder, ties: Sequence[Tie], tail: str) -> Iterator[Shipment]:
    """The order's, whose numbers end in `tail`. A waybill that the provider shows now wins over a replaced one of the
    same number."""
    found: dict[str, Waybill] = {}
    for waybill in sorted(order.waybills, key=lambda one: one.replaced_at is not None):
        found.setdefault(plain_number(waybill.number), waybill)
    for number, waybill in found.items():
        if number.endswith(tail):
            yield Shipment(number, waybill, order, ties)
