"""Numbers that only stand in for a provider line's real one: finds the same goods under both. Pairs no line twice.

A driver that couldn't read a placed order back numbers its lines "?1", "?2", or a single one like its order."""

from collections.abc import Sequence

from purchasing.provider import ProviderLineSeen
from purchasing.provider_orders import ProviderLine


def stands_in(number: str, order_number: str) -> bool:
    return number in {"", order_number} or number.startswith("?")


def same_lines(
    order_number: str, known: Sequence[ProviderLine], seen: Sequence[ProviderLineSeen]
) -> dict[str, ProviderLine]:
    """The known line for each number seen: of that number, else the same goods where one of the numbers stands in."""
    found = {line.sub_number: line for line in known}
    shown = {line.sub_number for line in seen}
    free = [line for line in known if line.sub_number not in shown]
    for line in seen:
        if line.sub_number in found:
            continue
        is_placeholder = stands_in(line.sub_number, order_number)
        others = (old for old in free if stands_in(old.sub_number, order_number) is not is_placeholder)
        same = next((old for old in others if _same_goods(old, line)), None)
        if same is not None:
            free.remove(same)
            found[line.sub_number] = same
    return found


def _same_goods(old: ProviderLine, seen: ProviderLineSeen) -> bool:
    if (old.item_id, old.quantity) != (seen.item_id, seen.quantity):
        return False
    return old.sku_id == seen.sku_id if old.sku_id and seen.sku_id else old.choice == seen.choice
