"""Packing: received goods are gathered into parcels for their customer. A piece is in one parcel at most."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from purchasing.errors import BadInput, Stale
from purchasing.line_status import Mover, may_move
from purchasing.moves import move
from purchasing.orders import Order, OrderLine
from purchasing.parcels import Addressee, Parcel, ParcelState
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.shop_news import parcel_changed
from purchasing.words import Lane, LineStatus

MOST_ORDERS = 500
"""Orders with goods to pack among which a customer's others are looked for."""


def pack_customer(store: Store, person: Person, order_id: int, now: datetime) -> Parcel:
    """All received goods of the order's customer that are in no parcel, into the open parcel or a new one.
    Raises NotAllowed, Stale when there is nothing to pack."""
    check(person, Right.RECEIVE)
    orders = orders_of_customer(store, order_id)
    free = free_to_pack(store, [line for order in orders for line in store.lines.of_order(order.id)])
    if not free:
        raise Stale("nothing_to_pack")
    opened = store.parcels.open_for(order_id)
    parcel = opened[0] if opened else _new(store, person, order_id, now)
    has = {item.line_id: item.quantity for item in parcel.items}
    for line_id, pieces in free.items():
        store.parcels.put_item(parcel.id, line_id, has.get(line_id, 0) + pieces)
    return _changed(store, person, parcel, "gathered", now)


def orders_of_customer(store: Store, order_id: int) -> list[Order]:
    """The order and the same customer's others that have goods to pack; an order without a customer stays alone."""
    order = store.orders.get(order_id)
    if order is None:
        raise Stale("order_gone")
    if not order.customer:
        return [order]
    waiting = [store.orders.get(found) for found, _lines in store.parcels.to_pack(0, MOST_ORDERS)[0]]
    others = [o for o in waiting if o and o.id != order.id and (o.customer, o.shop) == (order.customer, order.shop)]
    return [order, *others]


def free_to_pack(store: Store, lines: Iterable[OrderLine]) -> dict[int, int]:
    """Line id → its pieces that are in the warehouse and in no parcel; cancelled lines are left out."""
    ids = [line.id for line in lines if line.status is not LineStatus.CANCELLED]
    free = dict.fromkeys(ids, 0)
    for tie in store.bindings.of_lines(ids):
        free[tie.line_id] += tie.received
    for line_id, pieces in store.parcels.in_parcels(ids).items():
        free[line_id] -= pieces
    return {line_id: pieces for line_id, pieces in free.items() if pieces > 0}


def put_pieces(store: Store, person: Person, parcel_id: int, line_id: int, pieces: int, now: datetime) -> None:
    """How many pieces of a line are in the parcel, 0 takes it out. Raises NotAllowed, Stale, BadInput."""
    parcel, line = _open(store, person, parcel_id), store.lines.get(line_id)
    if line is None:
        raise Stale("line_gone")
    has = pieces_in(parcel, line_id)
    if not 0 <= pieces <= has + free_to_pack(store, [line]).get(line_id, 0):
        raise BadInput("pieces", "pieces_received", str(pieces))
    store.parcels.put_item(parcel_id, line_id, pieces)
    _changed(store, person, parcel, "pieces", now)


def move_to(store: Store, person: Person, parcel_id: int, line_id: int, other_id: int | None, now: datetime) -> Parcel:
    """A line's pieces into another open parcel, or into a new one. Raises NotAllowed, Stale."""
    parcel = _open(store, person, parcel_id)
    pieces = pieces_in(parcel, line_id)
    if not pieces:
        raise Stale("line_gone")
    other = _open(store, person, other_id) if other_id else _split_off(store, person, parcel, now)
    store.parcels.put_item(parcel_id, line_id, 0)
    store.parcels.put_item(other.id, line_id, pieces_in(other, line_id) + pieces)
    _changed(store, person, parcel, "split", now)
    return _changed(store, person, other, "split", now)


def merge(store: Store, person: Person, parcel_id: int, other_id: int, now: datetime) -> None:
    """Everything of the other open parcel into this one; the other is gone. Raises NotAllowed, Stale."""
    parcel, other = _open(store, person, parcel_id), _open(store, person, other_id)
    if other.id == parcel.id or other.customer != parcel.customer:
        raise Stale("other_customer")
    for item in other.items:
        store.parcels.put_item(parcel.id, item.line_id, pieces_in(parcel, item.line_id) + item.quantity)
    store.parcels.remove(other.id)
    _changed(store, person, other, "merged", now)
    _changed(store, person, parcel, "merged", now)


def close_parcel(store: Store, person: Person, parcel_id: int, now: datetime) -> None:
    """Packed: lines whose pieces are all in packed parcels move on. Raises NotAllowed, Stale, BadInput (empty)."""
    parcel = _open(store, person, parcel_id)
    if not parcel.items:
        raise BadInput("parcel", "parcel_empty")
    store.parcels.save(replace(parcel, state=ParcelState.PACKED, packed_at=now))
    _settle(store, parcel, now)
    _changed(store, person, parcel, "packed", now)


def reopen_parcel(store: Store, person: Person, parcel_id: int, now: datetime) -> None:
    """A packed one that hasn't left can be changed again. Raises NotAllowed, Stale."""
    parcel = _in_state(store, person, parcel_id, ParcelState.PACKED)
    store.parcels.save(replace(parcel, state=ParcelState.OPEN, packed_at=None))
    _settle(store, parcel, now)
    _changed(store, person, parcel, "reopened", now)


def send_parcel(store: Store, person: Person, parcel_id: int, now: datetime) -> None:
    """It has left the warehouse. Raises NotAllowed, Stale."""
    parcel = _in_state(store, person, parcel_id, ParcelState.PACKED)
    store.parcels.save(replace(parcel, state=ParcelState.SENT, sent_at=now))
    _changed(store, person, parcel, "sent", now)


def remove_parcel(store: Store, person: Person, parcel_id: int, now: datetime) -> None:
    """Its goods are free to be packed again. Raises NotAllowed, Stale."""
    parcel = _open(store, person, parcel_id)
    store.parcels.remove(parcel.id)
    _changed(store, person, parcel, "removed", now)


def pieces_in(parcel: Parcel, line_id: int) -> int:
    return next((item.quantity for item in parcel.items if item.line_id == line_id), 0)


def open_parcel(store: Store, person: Person, parcel_id: int) -> Parcel:
    """One that can still be filled in: open or packed. Raises NotAllowed, Stale."""
    return _in_state(store, person, parcel_id, ParcelState.OPEN, ParcelState.PACKED)


def _open(store: Store, person: Person, parcel_id: int) -> Parcel:
    return _in_state(store, person, parcel_id, ParcelState.OPEN)


def _in_state(store: Store, person: Person, parcel_id: int, *states: ParcelState) -> Parcel:
    check(person, Right.RECEIVE)
    parcel = store.parcels.get(parcel_id)
    if parcel is None or parcel.state not in states:
        raise Stale("parcel_closed")
    return parcel


def _new(store: Store, person: Person, order_id: int, now: datetime) -> Parcel:
    told = store.orders.parcel(order_id)
    details = Addressee(
        recipient=told.recipient,
        phone=told.phone,
        address=told.address,
        passport=told.passport,
        tax_number=told.tax_number,
    )
    return store.parcels.add(order_id, details, told.delivery_mode, person.id, now)


def _split_off(store: Store, person: Person, parcel: Parcel, now: datetime) -> Parcel:
    details = store.parcels.details(parcel.id)
    return store.parcels.add(parcel.order_id, details, parcel.delivery_mode, person.id, now)


def _settle(store: Store, parcel: Parcel, now: datetime) -> None:
    lines = store.lines.many([item.line_id for item in parcel.items])
    packed = store.parcels.in_parcels([line.id for line in lines], closed=True)
    for line in lines:
        new = LineStatus.PACKED if packed.get(line.id, 0) >= line.quantity else LineStatus.RECEIVED
        if may_move(Mover.WAREHOUSE, line.status, new) and line.status in (LineStatus.RECEIVED, LineStatus.PACKED):
            move(store, [line], new, Mover.WAREHOUSE, now)


def _changed(store: Store, person: Person, parcel: Parcel, what: str, now: datetime) -> Parcel:
    store.audit.add(AuditEntry(now, person.id, f"parcel_{what}", parcel.number))
    store.cards.touch(f"parcel:{parcel.id}", Lane.PRESS, now)
    current = store.parcels.get(parcel.id) or parcel
    for one in (parcel, current):  # goods taken out count too
        parcel_changed(store, one, now)
    return current
