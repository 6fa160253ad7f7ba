"""What a line costs on the marketplace: its share of each order that covers it, goods and freight, exact to the fen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from purchasing.money import goods_total, share
from purchasing.orders import OrderLine, data_of
from purchasing.ports import Store
from purchasing.provider_orders import Binding, ProviderOrder
from purchasing.purchases import Cost
from purchasing.words import Stage

CLOSED = frozenset({Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED})


def own_total(line: OrderLine) -> int:
    """Fen that the customer's order has for the line, delivery included."""
    return goods_total(line.price, line.quantity) + line.shipping


def split(order: ProviderOrder, bindings: Iterable[Binding]) -> dict[int, Cost]:
    """Binding id → its part of what the order costs. Pieces that cover nothing bear a part too; a discount is shared
    like the goods."""
    prices = {line.id: line.unit_price for line in order.lines}
    free = {line.id: line.quantity for line in order.lines}
    parts: list[tuple[int, int, int]] = []
    for binding in bindings:
        weight = goods_total(prices[binding.provider_line_id], binding.quantity)
        parts.append((binding.id, weight, binding.quantity))
        free[binding.provider_line_id] -= binding.quantity
    parts += [(0, goods_total(prices[i], pieces), pieces) for i, pieces in free.items() if pieces > 0]
    weights = [weight for _, weight, _ in parts]
    goods = share(max(0, order.total - order.freight), weights)
    freight = share(order.freight, weights)
    shared = zip(parts, goods, freight, strict=True)
    return {binding_id: Cost(g, f, pieces) for (binding_id, _, pieces), g, f in shared if binding_id}


def line_cost(store: Store, line_id: int) -> Cost:
    """The line's parts of all orders that cover it."""
    return sum((_part(store, binding) for binding in store.bindings.of_lines([line_id])), Cost())


def _part(store: Store, binding: Binding) -> Cost:
    provider_line = store.provider_orders.line(binding.provider_line_id)
    order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
    return split(order, store.bindings.of_provider_order(order.id))[binding.id] if order else Cost()


def learn_costs(store: Store, before: ProviderOrder | None, order: ProviderOrder) -> None:
    """Until an order is paid its newest sums are what its lines cost; afterwards only what isn't known yet is learnt.
    `before` is the order as it was known, None for a new one."""
    if order.stage is None or order.stage in CLOSED:
        return
    changing = before is None or before.stage in (None, Stage.UNPAID)
    bindings = store.bindings.of_provider_order(order.id)
    for line in store.lines.many({binding.line_id for binding in bindings}):
        if changing or line.purchase_price is None:
            learn_cost(store, line)


def learn_cost(store: Store, line: OrderLine) -> None:
    """Writes the real purchase price and delivery into the line; what a person has typed stays."""
    cost, typed = line_cost(store, line.id), dict(line.told)
    learnt: dict[str, Any] = {"purchase_price": cost.unit_price, "purchase_shipping": cost.shipping}
    known = replace(line, **{column: value for column, value in learnt.items() if column not in typed})
    if cost.pieces and known != line:
        store.lines.save(line.id, data_of(known))
