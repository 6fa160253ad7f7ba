"""Counts pieces: how many of a line nothing covers yet, how many of a provider line cover nothing. Changes nothing."""

from collections.abc import Iterable

from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder


def free_pieces(store: Store, order: ProviderOrder) -> dict[int, int]:
    """Provider line id → its pieces that no line has."""
    free = {line.id: line.quantity for line in order.lines}
    for binding in store.bindings.of_provider_order(order.id):
        free[binding.provider_line_id] -= binding.quantity
    return free


def missing_pieces(store: Store, lines: Iterable[OrderLine]) -> dict[int, int]:
    """Line id → its pieces that no provider line covers."""
    missing = {line.id: line.quantity for line in lines}
    for binding in store.bindings.of_lines(list(missing)):
        missing[binding.line_id] -= binding.quantity
    return missing
