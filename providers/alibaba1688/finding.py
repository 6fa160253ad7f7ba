"""Finds what an order call with an unknown outcome has made. An order with other goods than asked is never ours."""

from datetime import timedelta

from providers.alibaba1688 import cargo, dates, orders
from providers.alibaba1688.client import Client
from purchasing.provider import CheckoutLine, ProviderLineSeen, ProviderOrderSeen, Sought

_BEFORE = timedelta(minutes=1)
_PAGE = 20


async def find_placed(client: Client, account_id: int, sought: Sought) -> list[ProviderOrderSeen]:
    """By outOrderId, from a minute before the call. A fresh order may be missing from the list for a while."""
    params = {
        "outOrderId": sought.checkout.key,
        "createStartTime": dates.write(sought.since - _BEFORE),
        "page": "1",
        "pageSize": str(_PAGE),
    }
    answer = await orders.listed(client, account_id, params)
    return [order for info in answer.result if _is_ours(order := orders.seen(info), sought)]


def _is_ours(order: ProviderOrderSeen, sought: Sought) -> bool:
    """The list's own filter is not relied on: others found that it ignores one for order numbers."""
    if order.number in sought.bound or order.out_key not in {"", sought.checkout.key}:
        return False
    if order.created_at is not None and order.created_at < sought.since - _BEFORE:
        return False
    return bool(order.lines) and _goods_match(order.lines, sought.checkout.lines)


def _goods_match(found: tuple[ProviderLineSeen, ...], lines: tuple[CheckoutLine, ...]) -> bool:
    """Each line found is one of the checkout with its whole quantity; others may be left out or split off."""
    wanted = cargo.merged(lines)
    got: cargo.Pieces = {}
    for line in found:
        key = (line.item_id, line.sku_id)
        got[key] = got.get(key, 0) + line.quantity
    return all(wanted.get(key) == quantity for key, quantity in got.items())
