"""A customer's order and its lines, as our shop knows them."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

from purchasing.words import LineStatus, ProviderName


@dataclass(frozen=True)
class ParcelDetails:
    """Whom the parcel is for; sealed at rest (passport and tax numbers)."""

    recipient: str = ""
    phone: str = ""
    address: str = ""
    passport: str = ""
    tax_number: str = ""
    delivery_mode: str = ""


@dataclass(frozen=True)
class Order:
    """`rate` is units of `currency` per yuan, frozen when the order came in; None when the shop told none."""

    id: int
    number: str
    customer: str = ""
    currency: str = ""
    rate: Decimal | None = None
    shop: str = "files"
    assignee_id: int | None = None
    created_at: datetime | None = None
    parcel: ParcelDetails = field(default_factory=ParcelDetails)


@dataclass(frozen=True)
class LineData:
    """What the shop says of a line: prices in yuan, `shipping` and `purchase_shipping` in fen for the whole line."""

    key: str
    """Identifies the line in its order: the shop's own line id, else provider, item, choice and ordinal."""
    provider: ProviderName
    item_id: str
    sku: str = ""
    item_url: str = ""
    title: str = ""
    image: str = ""
    seller: str = ""
    quantity: int = 1
    price: Decimal = Decimal(0)
    shipping: int = 0
    customer_price: Decimal | None = None
    """Per piece, in the order's currency."""
    purchase_price: Decimal | None = None
    purchase_shipping: int | None = None
    weight: int | None = None
    """Grams."""
    comment: str = ""


PART = "✂"
"""Between a split line's key and its part's number."""


@dataclass(frozen=True)
class OrderLine(LineData):
    id: int = 0
    order_id: int = 0
    order_number: str = ""
    customer: str = ""
    status: LineStatus = LineStatus.NEW
    why: str = ""
    """A refusal's code while something keeps the line from being bought (Tmall, sold out), else ""."""
    told: tuple[tuple[str, str], ...] = ()
    """(column, what the shop's file last said of it as `said` writes it) of what staff have changed by hand or kept:
    the same file again must not undo it."""
    split_from: int | None = None
    """The line that the shop knows; this one's pieces were taken from it."""
    seller_note: str = ""
    """Goes to the seller with the checkout."""
    holder_id: int | None = None
    """Who has it in a preview or reservation now; told only by `Lines.page` with `now`, else ask `Lines.holders`."""

    @property
    def shop_key(self) -> str:
        """By which the shop knows it; parts of a line that was split share it."""
        return self.key if self.split_from is None else self.key.rpartition(PART)[0]


def data_of(line: OrderLine) -> LineData:
    """What the shop says of the line, without what is ours."""
    return LineData(**{f.name: getattr(line, f.name) for f in fields(LineData)})


def said(value: object) -> str:
    """A column's value as text that compares: 39.9 and 39.90 are one price; "" for what isn't told."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


@dataclass(frozen=True)
class OrderSummary:
    """One row of the orders' list."""

    order: Order
    lines: int
    ready: int
    bought: int
    attention: int


class Section:
    """The three parts of an order's screen."""

    READY = frozenset({LineStatus.READY})
    BOUGHT = frozenset(
        {LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED, LineStatus.RECEIVED, LineStatus.PACKED}
    )
    ATTENTION = frozenset({LineStatus.NEW, LineStatus.RESERVING, LineStatus.CANCELLED, LineStatus.BY_HAND})
