"""Ties a line to a provider line that exists, and moves it to where that stands. Never one piece twice."""

from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import note
from purchasing.begin_purchase import begin_purchase
from purchasing.line_cost import learn_cost, line_cost
from purchasing.line_status import Mover, may_move
from purchasing.moves import move, touch_order
from purchasing.pieces import free_pieces, missing_pieces
from purchasing.ports import Store
from purchasing.provider_orders import LineChange, ProviderOrder
from purchasing.purchases import Purchase
from purchasing.see_order import least_advanced
from purchasing.words import LineStatus


def tie_up(
    store: Store, activity: Activity, order: ProviderOrder, line_id: int, provider_line_id: int, now: datetime
) -> int:
    """Ties as many pieces as the line misses and the provider line has left; their number. With 0 it says why.

    A line of which only a part is covered moves all the same: as ready it would be bought whole once more."""
    line = store.lines.many([line_id])[0]
    missing = missing_pieces(store, [line])[line_id]
    take = min(missing, free_pieces(store, order).get(provider_line_id, 0))
    words = {"number": order.number, "order": line.order_number}
    if take <= 0:
        note(store, activity, "error", "pieces_used_up", now, line_id, **words)
        return 0
    store.bindings.bind(line_id, provider_line_id, take, now)
    _begin(store, activity, order, line_id, provider_line_id, now)
    if order.ignored_at:
        store.provider_orders.set_ignored([order.id], None)
    store.events.add(LineChange(line.order_id, line_id, "linked", (("number", order.number),)), activity.id, now)
    note(store, activity, "ok", "linked", now, line_id, n=take, whole=line.quantity, **words)
    status = least_advanced(store, line) or LineStatus.RESERVED
    mover = next((mover for mover in (Mover.PERSON, Mover.SYNC) if may_move(mover, line.status, status)), None)
    if mover:
        move(store, [line], status, mover, now, activity_id=activity.id)
    touch_order(store, line.order_id, now)
    return take


def _begin(
    store: Store, activity: Activity, order: ProviderOrder, line_id: int, provider_line_id: int, now: datetime
) -> None:
    """Whoever links an order has seen what it costs."""
    line = store.lines.many([line_id])[0]
    goods = next(one for one in order.lines if one.id == provider_line_id)
    cost = line_cost(store, line_id).total
    purchase = Purchase(line_id, activity.started_by, now, cost, goods.sku_id, goods.choice, goods.title)
    begin_purchase(store, purchase)
    learn_cost(store, line)
