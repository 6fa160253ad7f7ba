"""Remembers what was agreed to when a line is bought, so that its real cost can be compared with it later."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from purchasing.line_cost import own_total
from purchasing.money import goods_total, share
from purchasing.ports import Store
from purchasing.provider import Checkout
from purchasing.purchases import Purchase


def begin_purchase(store: Store, purchase: Purchase) -> None:
    """Never agrees to less than what the customer's order has for the line."""
    line = store.lines.get(purchase.line_id)
    if line:
        store.purchases.put(replace(purchase, agreed=max(purchase.agreed, own_total(line))))


def begin_placed(
    store: Store, checkout: Checkout, line_ids: Collection[int], person_id: int | None, now: datetime
) -> None:
    """`line_ids` of the checkout were placed; each bears its share of the sum that the person has confirmed."""
    weights = [goods_total(line.unit_price, line.quantity) for line in checkout.lines]
    agreed = checkout.expected_total if checkout.expected_total is not None else sum(weights)
    for line, part in zip(checkout.lines, share(agreed, weights), strict=True):
        if line.line_id in line_ids:
            begin_purchase(store, Purchase(line.line_id, person_id, now, part, line.sku_id, line.choice, line.title))
