"""Takes ties off. A line goes back to ready only when nothing covers any piece of it: else it would be bought twice."""

from collections.abc import Collection
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import note
from purchasing.free_lines import free_lines
from purchasing.line_status import Mover
from purchasing.moves import touch_order
from purchasing.orders import OrderLine
from purchasing.pieces import free_pieces
from purchasing.ports import Store
from purchasing.provider_orders import Binding, LineChange, ProviderLine
from purchasing.unbind.plan import Target


def ties(store: Store, target: Target) -> list[Binding]:
    """The target's own ties that are still on."""
    return [b for b in store.bindings.of_provider_order(target.order_id) if b.line_id in target.line_ids]


def others_on(store: Store, target: Target) -> list[OrderLine]:
    """Lines outside of the target that hang on the same provider order."""
    bindings = store.bindings.of_provider_order(target.order_id)
    return store.lines.many({b.line_id for b in bindings} - set(target.line_ids))


def foreign_goods(store: Store, target: Target) -> list[ProviderLine]:
    """Goods in an order made by hand that nothing of ours is tied to: somebody may want them."""
    order = store.provider_orders.get(target.order_id)
    if order is None or order.origin == "placed":
        return []
    free = free_pieces(store, order)
    return [line for line in order.lines if free[line.id] > 0]


def untie(store: Store, activity: Activity, target: Target, line_ids: Collection[int], now: datetime) -> None:
    """Takes the ties of these lines off the target's order; each pair is remembered as unbound."""
    mine = [binding for binding in ties(store, target) if binding.line_id in line_ids]
    for binding in mine:
        store.bindings.end(binding.id, now)
    lines = store.lines.many({binding.line_id for binding in mine})
    covered = {binding.line_id for binding in store.bindings.of_lines([line.id for line in lines])}
    for line in lines:
        params = (("number", target.number),)
        store.events.add(LineChange(line.order_id, line.id, "unbound", params), activity.id, now)
        touch_order(store, line.order_id, now)
        if line.id in covered:
            note(store, activity, "info", "still_tied", now, line.id, order=line.order_number)
    free = [line for line in lines if line.id not in covered]
    free_lines(store, free, Mover.PERSON, now, activity_id=activity.id)
    if mine:
        note(store, activity, "ok", "unbound", now, number=target.number, lines=len(lines))
