"""Moves lines from status to status by the transition table, and remembers that it happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from purchasing.line_status import Mover, check_move
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider_orders import LineChange
from purchasing.shop_news import order_changed
from purchasing.words import Lane, LineStatus


def move(
    store: Store,
    lines: Iterable[OrderLine],
    new: LineStatus,
    mover: Mover,
    now: datetime,
    *,
    why: str = "",
    activity_id: int | None = None,
) -> None:
    """Raises WrongMove before anything is written when the mover may not take one of the lines there."""
    lines = [line for line in lines if line.status is not new]
    for line in lines:
        check_move(mover, line.status, new)
    store.lines.set_status([line.id for line in lines], new, why)
    for line in lines:
        params = (("old", line.status.value), ("new", new.value), ("why", why))
        store.events.add(LineChange(line.order_id, line.id, "status", params), activity_id, now)
    _untick(store, [line.id for line in lines if LineStatus.READY in (line.status, new)])
    for order_id in {line.order_id for line in lines}:
        touch_order(store, order_id, now)


def _untick(store: Store, line_ids: Sequence[int]) -> None:
    """A tick on a ready line means "reserve it", on a bound one "unbind it": it must not turn into the other."""
    for person in store.people.all() if line_ids else ():
        store.selection.remove(person.id, line_ids)


def touch_order(store: Store, order_id: int, now: datetime) -> None:
    """Something of the order or its lines is different now: for those who see its card, and for its shop."""
    store.cards.touch(f"order:{order_id}", Lane.PROGRESS, now)
    order_changed(store, order_id, now)
