"""The pieces of a line that were split off: which they are, and what the shop's file means for each part.

A file knows the line as one: what it says of it goes for all parts, but the parts' sums stay as staff divided them
until the file itself says something new."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from purchasing.orders import LineData, OrderLine, said
from purchasing.words import LineStatus

DIVIDED = ("quantity", "shipping", "purchase_shipping")
"""Columns that the parts share; each part has the others whole."""


def parts_of(line: OrderLine, lines: Sequence[OrderLine]) -> list[OrderLine]:
    """What was split off this line and is still wanted."""
    return [part for part in lines if part.split_from == line.id and part.status is not LineStatus.CANCELLED]


def for_part(part: OrderLine, proposed: LineData) -> LineData:
    """Of a file's row, what concerns a part that was split off."""
    return replace(proposed, key=part.key, **{name: getattr(part, name) for name in DIVIDED})


def for_whole(line: OrderLine, parts: Sequence[OrderLine], proposed: LineData) -> LineData | None:
    """Of a file's row, what is left for the line itself beside its parts; None when they are more than the row."""
    if not parts:
        return proposed
    left: dict[str, Any] = {name: _left(line, parts, proposed, name) for name in DIVIDED}
    return None if (left["quantity"] or 0) < 1 else replace(proposed, **left)


def _left(line: OrderLine, parts: Sequence[OrderLine], proposed: LineData, name: str) -> int | None:
    ours, theirs = getattr(line, name), getattr(proposed, name)
    if theirs == ours or theirs is None or said(theirs) == dict(line.told).get(name):
        return ours  # type: ignore[no-any-return]  # a column's value
    beside = sum(getattr(part, name) or 0 for part in parts)
    return int(theirs - beside) if name == "quantity" else int(max(0, theirs - beside))
