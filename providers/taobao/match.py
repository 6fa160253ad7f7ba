"""Whether an order in the bought list can be what a checkout made. Compares only; the caller decides."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from providers.base import same_choice
from providers.taobao.texts import pairs_of
from purchasing.provider import Checkout, CheckoutLine, ProviderLineSeen, ProviderOrderSeen

EARLIER = timedelta(minutes=1)
"""An order may seem older than our press: the clocks differ and the list may drop seconds."""


def may_be(order: ProviderOrderSeen, checkout: Checkout, since: datetime, total: int | None = None) -> bool:
    """Same goods and quantities, created since then (less a minute), and of this total where one is given (fen)."""
    return (
        order.created_at is not None
        and order.created_at >= since - EARLIER
        and (total is None or order.total == total)
        and _same_lines(order.lines, checkout.lines)
    )


def _same_lines(seen: tuple[ProviderLineSeen, ...], wanted: tuple[CheckoutLine, ...]) -> bool:
    """Each wanted line pairs off with its own seen one; quantities of one configuration are added up first."""
    if Counter(_by_item(seen)) != Counter(_by_item(wanted)):
        return False
    left = list(seen)
    for line in _merged(wanted):
        found = next((one for one in left if _same_line(one, line)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _by_item(lines: tuple[ProviderLineSeen, ...] | tuple[CheckoutLine, ...]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.item_id] = sums.get(line.item_id, 0) + line.quantity
    return sums


Wanted = tuple[str, str, str, int]
"""Item, sku, choice, quantity."""


def _merged(lines: tuple[CheckoutLine, ...]) -> list[Wanted]:
    """Two lines of one configuration are one line on the site."""
    sums: dict[tuple[str, str], tuple[str, int]] = {}
    for line in lines:
        key = (line.item_id, line.sku_id)
        sums[key] = (line.choice, sums.get(key, ("", 0))[1] + line.quantity)
    return [(item, sku, choice, quantity) for (item, sku), (choice, quantity) in sums.items()]


def _same_line(seen: ProviderLineSeen, wanted: Wanted) -> bool:
    item, sku, choice, quantity = wanted
    if seen.item_id != item or seen.quantity != quantity:
        return False
    if seen.sku_id and sku:
        return seen.sku_id == sku
    return not (seen.choice and choice) or same_choice(seen.choice, pairs_of(choice))


def with_skus(order: ProviderOrderSeen, checkout: Checkout) -> ProviderOrderSeen:
    """The order with our sku ids and choices: some shapes of the list tell neither as the item page does."""
    wanted = _merged(checkout.lines)

    def named(seen: ProviderLineSeen) -> ProviderLineSeen:
        found = next((one for one in wanted if _same_line(seen, one)), None)
        return replace(seen, sku_id=found[1], choice=found[2]) if found else seen

    return replace(order, lines=tuple(named(line) for line in order.lines))
