"""What a shop's order file says once read: good rows, and bad cells with their reasons. Codes here, never sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from purchasing.orders import ParcelDetails
from purchasing.words import ProviderName


@dataclass(frozen=True)
class FileRow:
    """One order line as the file has it. Money of the marketplace: `price` and `purchase_price` in yuan a piece,
    `shipping` and `purchase_shipping` in fen for the whole line; `weight` in grams."""

    row: int
    """As the person's program numbers it, from 1."""
    order: str
    provider: ProviderName
    item_id: str
    quantity: int
    line: str = ""
    customer: str = ""
    item_url: str = ""
    tmall: bool = False
    sku: str = ""
    title: str = ""
    image: str = ""
    seller: str = ""
    price: Decimal | None = None
    """None when the file has no such column, which changes nothing of a known line."""
    shipping: int | None = None
    customer_price: Decimal | None = None
    currency: str = ""
    rate: Decimal | None = None
    purchase_price: Decimal | None = None
    purchase_shipping: int | None = None
    weight: int | None = None
    status: str = ""
    """The shop's own word."""
    comment: str = ""
    parcel: ParcelDetails = field(default_factory=ParcelDetails)


@dataclass(frozen=True)
class RowProblem:
    """Why a row was refused. `column` is the contract's name, `rule` a code of the texts, `value` what was there."""

    row: int
    column: str
    rule: str
    value: str = ""


@dataclass(frozen=True)
class OrderFile:
    rows: tuple[FileRow, ...] = ()
    refused: tuple[RowProblem, ...] = ()
    skipped_sheets: tuple[str, ...] = ()
    """Other sheets of the workbook that look like order lists too: not read, because one list may be a part of the
    other and the same goods must not come in twice."""


def refused_rows(problems: Sequence[RowProblem]) -> int:
    return len({problem.row for problem in problems})
