"""Which of our lines a provider order's goods are for. Pure; it calls certain only what leaves no choice."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from purchasing.money import goods_total
from purchasing.orders import OrderLine
from purchasing.provider import ProviderLineSeen
from purchasing.provider_orders import ProviderLine


@dataclass(frozen=True)
class Open:
    """A line of which `missing` pieces are covered by nothing; `sku_id` and `choice` as the provider names its
    configuration, "" where that isn't known."""

    line: OrderLine
    missing: int
    sku_id: str = ""
    choice: str = ""


@dataclass(frozen=True)
class Offered:
    """A provider line of which `free` pieces cover nothing."""

    line: ProviderLine
    free: int


@dataclass(frozen=True)
class Tie:
    line_id: int
    provider_line_id: int
    quantity: int


@dataclass
class Match:
    """`doubtful`: provider lines with the lines that each may be for; `strange`: those whose item no line has."""

    certain: list[Tie] = field(default_factory=list)
    doubtful: list[tuple[Offered, list[Open]]] = field(default_factory=list)
    strange: list[Offered] = field(default_factory=list)


Tolerance = Callable[[int], int]
"""Fen by which a sum may differ from the expected one (fen)."""
MayTie = Callable[[int, int], bool]
"""Whether a line (id) may be tied to a provider line (id)."""


def match(
    opens: Sequence[Open], offers: Sequence[Offered], tolerance: Tolerance, may_tie: MayTie, *, exact: bool
) -> Match:
    """`exact`: pieces must come out even, so that nothing is left to choose; else the provider's may be more."""
    found = Match()
    left = [offer for offer in offers if offer.free > 0]
    while left:
        group = [offer for offer in left if _same_goods(offer.line, left[0].line)]
        left = [offer for offer in left if offer not in group]
        fitting = [o for o in opens if any(same_sku(o, offer.line) for offer in group)]
        if _certain(fitting, group, tolerance, may_tie, exact=exact):
            found.certain += _cover(fitting, group)
            continue
        for offer in group:
            same_item = [o for o in opens if o.line.item_id == offer.line.item_id]
            if candidates := fitting or same_item:
                found.doubtful.append((offer, candidates))
            else:
                found.strange.append(offer)
    taken = {tie.line_id for tie in found.certain}
    found.doubtful = [(offer, [o for o in wanted if o.line.id not in taken]) for offer, wanted in found.doubtful]
    found.strange += [offer for offer, wanted in found.doubtful if not wanted]
    found.doubtful = [(offer, wanted) for offer, wanted in found.doubtful if wanted]
    return found


def same_sku(wanted: Open, seen: ProviderLine | ProviderLineSeen) -> bool:
    """The same item in the same configuration, by its id or by its words."""
    line = wanted.line
    if line.item_id != seen.item_id:
        return False
    if seen.sku_id and seen.sku_id in {line.sku, wanted.sku_id}:
        return True
    if seen.choice and choice_words(seen.choice) in {choice_words(line.sku), choice_words(wanted.choice)}:
        return True
    return not line.sku and not seen.sku_id and not seen.choice


def choice_words(text: str) -> tuple[str, ...]:
    """The values of a configuration's text without their names (`颜色:黑色;尺码:M`), in no order."""
    parts = (re.split("[:：]", part)[-1].strip().casefold() for part in re.split("[;；,，|/]", text))
    return tuple(sorted(part for part in parts if part))


def _same_goods(one: ProviderLine, other: ProviderLine) -> bool:
    return (one.item_id, one.sku_id, choice_words(one.choice)) == (
        other.item_id,
        other.sku_id,
        choice_words(other.choice),
    )


def _certain(
    fitting: Sequence[Open], group: Sequence[Offered], tolerance: Tolerance, may_tie: MayTie, *, exact: bool
) -> bool:
    missing, free = sum(o.missing for o in fitting), sum(offer.free for offer in group)
    if not fitting or missing > free or (exact and missing != free):
        return False
    pairs = [(wanted, offer) for wanted in fitting for offer in group]
    return all(may_tie(wanted.line.id, offer.line.id) and _priced(wanted, offer, tolerance) for wanted, offer in pairs)


def _priced(wanted: Open, offer: Offered, tolerance: Tolerance) -> bool:
    expected = goods_total(wanted.line.price, wanted.missing)
    return abs(goods_total(offer.line.unit_price, wanted.missing) - expected) <= tolerance(expected)


def _cover(fitting: Sequence[Open], group: Sequence[Offered]) -> list[Tie]:
    free = {offer.line.id: offer.free for offer in group}
    ties = []
    for wanted in fitting:
        missing = wanted.missing
        for provider_line_id, pieces in free.items():
            take = min(missing, pieces)
            if take > 0:
                ties.append(Tie(wanted.line.id, provider_line_id, take))
                free[provider_line_id] -= take
                missing -= take
    return ties
