"""Which line of an order a row of a file is. The same goods must be found again, or they would be bought twice."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from purchasing.order_file import FileRow, RowProblem
from purchasing.orders import OrderLine
from purchasing.words import LineStatus

Goods = tuple[str, str, str]


@dataclass(frozen=True)
class KeyedRow:
    """`ordinal` counts the rows of the whole file that are about the same goods in the same order, from 1; `choices`
    are all those that the file names of this item in this order."""

    row: FileRow
    ordinal: int
    choices: frozenset[str]

    @property
    def key(self) -> str:
        return self.row.line or ":".join((*_goods(self.row), f"#{self.ordinal}"))


def keyed(rows: Sequence[FileRow]) -> list[KeyedRow]:
    """Must see the whole file: a part of it would count ordinals anew."""
    counts: Counter[tuple[str, Goods]] = Counter()
    choices: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        choices[row.order, *_goods(row)[:2]].add(_goods(row)[2])
    found = []
    for row in rows:
        same = (row.order, _goods(row))
        counts[same] += 1
        found.append(KeyedRow(row, counts[same], frozenset(choices[row.order, *_goods(row)[:2]])))
    return found


def consistent(rows: Sequence[FileRow]) -> tuple[list[FileRow], list[RowProblem]]:
    """Rows of one order must name one customer and one currency; what differs from its first row is refused."""
    first: dict[str, FileRow] = {}
    good: list[FileRow] = []
    problems: list[RowProblem] = []
    for row in rows:
        known = first.get(row.order)
        wrong = [] if known is None else list(_contradictions(known, row))
        problems += wrong
        if not wrong:
            good.append(row)
            first[row.order] = _filled(known or row, row)
    return good, problems


def _contradictions(known: FileRow, row: FileRow) -> list[RowProblem]:
    pairs = {
        "customer": (known.customer, row.customer),
        "currency": (known.currency, row.currency),
        "rate": (known.rate, row.rate),
    }
    return [
        RowProblem(row.row, column, "differs_in_order", str(theirs)[:60])
        for column, (ours, theirs) in pairs.items()
        if ours and theirs and ours != theirs
    ]


def _filled(known: FileRow, row: FileRow) -> FileRow:
    return replace(
        known,
        customer=known.customer or row.customer,
        currency=known.currency or row.currency,
        rate=known.rate or row.rate,
    )


def find_line(keyed_row: KeyedRow, lines: Sequence[OrderLine], taken: Collection[int]) -> OrderLine | None:
    """The order's line that the row is about, not one of `taken`. A file that has got a column of line ids since the
    last import (or lost it) still finds its goods, by item, choice and ordinal."""
    free = [line for line in lines if line.id not in taken]
    by_key = next((line for line in free if line.key == keyed_row.key), None)
    if by_key:
        return by_key
    found = _by_goods(keyed_row, [line for line in lines if line.split_from is None], taken)
    return found if found in free else _by_new_goods(keyed_row, free)


def _by_goods(keyed_row: KeyedRow, lines: Sequence[OrderLine], taken: Collection[int]) -> OrderLine | None:
    same = [line for line in lines if shop_goods(line) == _goods(keyed_row.row)]
    if keyed_row.row.line:
        return next((line for line in same if "#" in line.key and line.id not in taken), None)
    return same[keyed_row.ordinal - 1] if len(same) >= keyed_row.ordinal else None


def _by_new_goods(keyed_row: KeyedRow, free: Sequence[OrderLine]) -> OrderLine | None:
    """Staff have given the line these goods, and the shop, which names the old ones no more, has followed."""
    goods = _goods(keyed_row.row)
    mine = [x for x in free if x.told and x.split_from is None and ("#" in x.key or not keyed_row.row.line)]
    gone = (x for x in mine if shop_goods(x)[:2] != goods[:2] or shop_goods(x)[2] not in keyed_row.choices)
    return next((line for line in gone if goods_of(line) == goods), None)


def replaced_line(keyed_row: KeyedRow, lines: Sequence[OrderLine], matched: Collection[int]) -> OrderLine | None:
    """A line of the same item whose choice the file doesn't name any more: the row may be that line, chosen anew, and
    buying both would be a double. Rows with a line id of the shop's say themselves which line they are."""
    if keyed_row.row.line:
        return None
    item = _goods(keyed_row.row)[:2]
    return next((x for x in lines if _left_out(x, item, keyed_row.choices) and x.id not in matched), None)


def _left_out(line: OrderLine, item: tuple[str, str], choices: Collection[str]) -> bool:
    goods = shop_goods(line) if shop_goods(line)[:2] == item else goods_of(line)
    return line.status is not LineStatus.CANCELLED and goods[:2] == item and goods[2] not in choices


def goods_of(line: OrderLine) -> Goods:
    return (line.provider.value, line.item_id, line.sku.casefold())


def shop_goods(line: OrderLine) -> Goods:
    """What the shop's file called them, before staff chose others."""
    told = dict(line.told)
    provider, item_id = told.get("provider", line.provider.value), told.get("item_id", line.item_id)
    return (provider, item_id, told.get("sku", line.sku).casefold())


def _goods(row: FileRow) -> Goods:
    return (row.provider.value, row.item_id, row.sku.casefold())
