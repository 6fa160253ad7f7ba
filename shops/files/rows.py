"""From the cells of one record to a row that is right in every column, or to the problems that keep it out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TypeVar

from babel.numbers import list_currencies

from purchasing.links import ProductLink
from purchasing.money import fen
from purchasing.order_file import FileRow, RowProblem
from purchasing.orders import ParcelDetails
from shops.files import items
from shops.files.cells import BadCell, Cell, grams, identifier, limited, money, number, short, text
from shops.files.headers import KILOGRAMS, plain

T = TypeVar("T")

MOST_PIECES = 1_000_000
HIGHEST_PRICE = Decimal(1_000_000)
HEAVIEST = 10_000_000  # grams

_PRIVATE = frozenset(field.name for field in fields(ParcelDetails))
"""Columns whose values are shown to nobody, not even as an error."""
_PIECES = re.compile(r"\s*(?:шт|штук[аи]?|pcs|件)\.?\s*$", re.IGNORECASE)
_CURRENCIES = frozenset(list_currencies())
_CURRENCY_WORDS = {
    "₽": "RUB", "руб": "RUB", "рубль": "RUB", "рубли": "RUB", "р": "RUB", "$": "USD", "доллар": "USD", "€": "EUR",
    "евро": "EUR", "₸": "KZT", "тг": "KZT", "тенге": "KZT", "сом": "KGS", "бел руб": "BYN", "¥": "CNY", "￥": "CNY",
    "юань": "CNY", "юани": "CNY", "元": "CNY", "rmb": "CNY",
}  # fmt: skip


def read_row(row: int, cells: Mapping[str, Cell]) -> FileRow | list[RowProblem]:
    """The row, or everything that is wrong with it."""
    reader = _Reader(row, cells)
    found = reader.read()
    return reader.problems or found


class _Reader:
    """Reads one record by column and gathers what is wrong; a bad cell reads as empty and is remembered."""

    def __init__(self, row: int, cells: Mapping[str, Cell]) -> None:
        self._row, self._cells = row, cells
        self.problems: list[RowProblem] = []

    def read(self) -> FileRow:
        link = self._get("item_url", items.link_in)
        named = self._get("provider", items.provider_named)
        place = self._join("provider", "item_url", lambda: items.same_provider(link, named))
        return FileRow(
            row=self._row,
            order=self._needed("order", identifier) or "",
            line=self._get("line", identifier) or "",
            customer=self._text("customer", 120),
            provider=(place or items.NOWHERE).provider,
            tmall=(place or items.NOWHERE).tmall,
            item_id=self._item(link),
            item_url=link.url if link else "",
            sku=self._sku(link),
            title=self._cut("title", 300),
            image=self._cut("image", 1000),
            seller=self._cut("seller", 120),
            quantity=self._needed("quantity", _quantity) or 0,
            price=self._needed("price", _yuan) if "price" in self._cells else None,
            shipping=self._get("shipping", _yuan_total),
            customer_price=self._get("customer_price", lambda cell: _sum(money(cell, yuan=False))),
            currency=self._get("currency", _currency) or "",
            rate=self._get("rate", _rate),
            purchase_price=self._get("purchase_price", _yuan),
            purchase_shipping=self._get("purchase_shipping", _yuan_total),
            weight=self._weight(),
            status=self._text("status", 60),
            comment=self._cut("comment", 1000),
            parcel=self._parcel(),
        )

    def _item(self, link: ProductLink | None) -> str:
        written = self._get("item_id", items.item_id)
        return self._join("item_id", "item_url", lambda: items.same_item(link, written)) or ""

    def _sku(self, link: ProductLink | None) -> str:
        written = self._get("sku", items.choice) or ""
        return self._join("sku", "item_url", lambda: items.same_sku(link, written)) or ""

    def _weight(self) -> int | None:
        column = KILOGRAMS if KILOGRAMS in self._cells else "weight"
        return self._get(column, lambda cell: _weight(grams(cell, kilograms=column == KILOGRAMS)))

    def _parcel(self) -> ParcelDetails:
        return ParcelDetails(
            self._text("recipient", 200),
            self._text("phone", 40),
            self._text("address", 500),
            self._text("passport", 100),
            self._text("tax_number", 40),
            self._text("delivery_mode", 100),
        )

    def _text(self, column: str, longest: int) -> str:
        return self._get(column, lambda cell: limited(cell, longest)) or ""

    def _cut(self, column: str, longest: int) -> str:
        """A text that only informs may be shortened."""
        return text(self._cells.get(column))[:longest]

    def _get(self, column: str, parse: Callable[[Cell], T]) -> T | None:
        if not text(self._cells.get(column)):
            return None
        try:
            return parse(self._cells[column])
        except BadCell as bad:
            self._bad(column, bad.rule)
            return None

    def _needed(self, column: str, parse: Callable[[Cell], T]) -> T | None:
        if not text(self._cells.get(column)):
            self._bad(column, "missing")
        return self._get(column, parse)

    def _join(self, column: str, other: str, join: Callable[[], T]) -> T | None:
        """What two columns say together; silent when one of them was bad by itself."""
        if any(problem.column in (column, other) for problem in self.problems):
            return None
        try:
            return join()
        except BadCell as bad:
            self._bad(column, bad.rule)
            return None

    def _bad(self, column: str, rule: str) -> None:
        name = "weight" if column == KILOGRAMS else column
        value = "" if column in _PRIVATE else short(self._cells.get(column))
        self.problems.append(RowProblem(self._row, name, rule, value))


def _quantity(cell: Cell) -> int:
    found = number(_PIECES.sub("", cell) if isinstance(cell, str) else cell)
    if found != found.to_integral_value():
        raise BadCell("not_whole")
    if found < 1:
        raise BadCell("too_small")
    if found > MOST_PIECES:
        raise BadCell("too_large")
    return int(found)


def _sum(found: Decimal) -> Decimal:
    if found < 0:
        raise BadCell("negative")
    if found > HIGHEST_PRICE:
        raise BadCell("too_large")
    return found


def _yuan(cell: Cell) -> Decimal:
    return _sum(money(cell, yuan=True))


def _yuan_total(cell: Cell) -> int:
    return fen(_yuan(cell))


def _rate(cell: Cell) -> Decimal:
    found = _sum(number(cell))
    if found == 0:
        raise BadCell("too_small")
    return found


def _weight(found: Decimal) -> int:
    if found < 0:
        raise BadCell("negative")
    if found > HEAVIEST:
        raise BadCell("too_large")
    return round(found)


def _currency(cell: Cell) -> str:
    """The ISO code. Raises BadCell("currency")."""
    written = text(cell)
    code = _CURRENCY_WORDS.get(written) or _CURRENCY_WORDS.get(plain(written)) or written.upper()
    if code not in _CURRENCIES:
        raise BadCell("currency")
    return code
