"""Ties lines to the provider lines that cover them: by item and sku, piece by piece, never one piece twice."""

from collections.abc import Sequence
from datetime import datetime

from purchasing.ports import Store
from purchasing.provider import CheckoutLine
from purchasing.provider_orders import ProviderLine, ProviderOrder


def bind_placed(
    store: Store, lines: Sequence[CheckoutLine], orders: Sequence[ProviderOrder], now: datetime
) -> list[int]:
    """Binds what was just placed; returns the lines that are covered whole. A line may span several provider lines,
    and a provider line several of ours (the same sku for two customers)."""
    free = {p.id: p.quantity - _bound(store, order, p.id) for order in orders for p in order.lines}
    offered = [p for order in orders for p in order.lines]
    return [line.line_id for line in lines if _cover(store, line, offered, free, now)]


def _cover(store: Store, line: CheckoutLine, offered: list[ProviderLine], free: dict[int, int], now: datetime) -> bool:
    missing = line.quantity
    for provider_line in sorted(offered, key=lambda p: not same_sku(line, p)):
        if provider_line.item_id != line.item_id or not (same_sku(line, provider_line) or _alone(line, offered)):
            continue
        take = min(missing, free[provider_line.id])
        if take > 0:
            store.bindings.bind(line.line_id, provider_line.id, take, now)
            free[provider_line.id] -= take
            missing -= take
    return missing == 0


def same_sku(line: CheckoutLine, provider_line: ProviderLine) -> bool:
    if line.sku_id and provider_line.sku_id:
        return line.sku_id == provider_line.sku_id
    return line.choice == provider_line.choice


def _alone(line: CheckoutLine, offered: Sequence[ProviderLine]) -> bool:
    """Some answers tell no sku: then the item is enough where it stands there only once."""
    return sum(p.item_id == line.item_id for p in offered) == 1


def _bound(store: Store, order: ProviderOrder, provider_line_id: int) -> int:
    return sum(b.quantity for b in store.bindings.of_provider_order(order.id) if b.provider_line_id == provider_line_id)
