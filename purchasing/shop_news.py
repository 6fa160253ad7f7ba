"""Marks orders whose shop has to be told, in the unit of work of the change; what it is told is read when it is sent,
so that it is always the newest."""

from datetime import datetime

from purchasing.parcels import Parcel
from purchasing.ports import Store


def order_changed(store: Store, order_id: int, now: datetime) -> None:
    """Cheap when the order's shop wants no callbacks."""
    store.callbacks.mark(order_id, now)


def parcel_changed(store: Store, parcel: Parcel, now: datetime) -> None:
    inside = store.lines.many([item.line_id for item in parcel.items])
    for order_id in sorted({parcel.order_id, *(line.order_id for line in inside)}):
        order_changed(store, order_id, now)
