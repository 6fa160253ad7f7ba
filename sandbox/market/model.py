"""The things of a marketplace: goods, sellers, buyers, orders. No rules of one marketplace may live here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Provider = Literal["taobao", "alibaba1688"]
Status = Literal["unpaid", "paid", "part_shipped", "shipped", "delivered", "finished", "closed"]
"""The sandbox's own words; each marketplace turns them into its raw statuses."""
RepeatPolicy = Literal["same_order", "second_order", "refuse"]


class Refused(Exception):
    """The world can't do it. `code` is one of: not_found, sold_out, limit, status, repeated, lines."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def fen(yuan: Decimal) -> int:
    """Yuan as whole fen, halves up."""
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Seller:
    """A shop; `mix_*` is the 1688 rule that lets a mixed basket pass below the minimum of each goods."""

    seller_id: str
    login: str
    shop: str
    tmall: bool = False
    mix_amount: Decimal | None = None
    mix_number: int | None = None


@dataclass(slots=True)
class Sku:
    """One configuration. `choice` is ordered pairs, such as (("颜色", "黑色"), ("尺码", "L"))."""

    sku_id: str
    choice: tuple[tuple[str, str], ...]
    price: Decimal
    stock: int
    spec_id: str = ""

    @property
    def choice_text(self) -> str:
        return ";".join(f"{name}:{value}" for name, value in self.choice)


@dataclass(frozen=True, slots=True)
class Tier:
    """From `start` pieces of the goods on, one piece costs `price` yuan."""

    start: int
    price: Decimal


@dataclass(slots=True)
class Goods:
    """An item. `quote_type` as 1688 has it: 0 no skus, 1 priced by sku, 2 skus but priced by quantity."""

    item_id: str
    title: str
    seller: Seller
    price: Decimal
    stock: int
    skus: tuple[Sku, ...] = ()
    minimum: int = 1
    quote_type: int = 1
    tiers: tuple[Tier, ...] = ()
    freight_fen: int = 0
    freight_by_description: bool = False
    weight_g: int = 500
    unit: str = "件"
    online_trade: bool = True

    def sku(self, sku_id: str) -> Sku | None:
        return next((sku for sku in self.skus if sku.sku_id == sku_id), None)

    def unit_price(self, sku_id: str, offer_quantity: int) -> Decimal:
        """Yuan for a piece when `offer_quantity` pieces of the whole goods are taken."""
        if self.tiers:
            reached = [tier.price for tier in self.tiers if tier.start <= offer_quantity]
            return reached[-1] if reached else self.tiers[0].price
        sku = self.sku(sku_id)
        return sku.price if sku else self.price

    def available(self, sku_id: str) -> int:
        sku = self.sku(sku_id)
        return sku.stock if sku else self.stock


@dataclass(frozen=True, slots=True)
class Address:
    """A recipient; `region_code` is the six-digit district."""

    address_id: str
    name: str
    mobile: str
    province: str
    city: str
    area: str
    detail: str
    town: str = ""
    phone: str = ""
    post: str = "000000"
    region_code: str = ""


@dataclass(slots=True)
class BuyerAccount:
    """`session_epoch` grows when sessions expire: an older cookie or token is dead.
    `orders_left` is None while no booking limit is reached."""

    login: str
    member_id: str
    user_id: str
    addresses: list[Address] = field(default_factory=list)
    default_address_id: str = ""
    session_epoch: int = 0
    orders_left: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer puts into an order; `sku_id` is empty for goods without skus."""

    item_id: str
    sku_id: str
    quantity: int


@dataclass(slots=True)
class MarketOrderLine:
    sub_id: str
    item_id: str
    sku_id: str
    title: str
    choice: str
    quantity: int
    unit_price: Decimal
    amount_fen: int
    spec_id: str = ""
    discount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """So many pieces of one order line."""

    sub_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a seller ships at once; no lines means all that is not shipped yet."""

    waybill: str
    carrier: str = "中通快递"
    lines: tuple[Piece, ...] = ()


@dataclass(slots=True)
class Shipment:
    shipment_id: str
    waybill: str
    carrier: str
    lines: tuple[Piece, ...]
    shipped_at: datetime
    delivered_at: datetime | None = None


@dataclass(slots=True)
class Refund:
    """`state`: asked, agreed, done, refused."""

    refund_id: str
    sub_id: str
    state: str
    quantity: int
    amount_fen: int
    created_at: datetime


@dataclass(slots=True)
class MarketOrder:
    """`hidden_until` and `hidden_looks` keep a fresh order out of lists; its own page always shows it.
    `raw_status` stands in place of the marketplace's word when somebody sets it."""

    id: str
    provider: Provider
    account: str
    seller: Seller
    created_at: datetime
    modified_at: datetime
    freight_fen: int
    lines: list[MarketOrderLine]
    address: Address
    out_order_id: str = ""
    remark: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    shipments: list[Shipment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    paid_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str = ""
    raw_status: str | None = None
    hidden_until: datetime | None = None
    hidden_looks: int = 0

    @property
    def goods_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.freight_fen

    @property
    def status(self) -> Status:
        if self.closed_at:
            return "closed"
        if self.finished_at:
            return "finished"
        if not self.paid_at:
            return "unpaid"
        return self._shipping_status()

    def _shipping_status(self) -> Status:
        if not self.shipments:
            return "paid"
        if any(self.unshipped(line) for line in self.lines):
            return "part_shipped"
        return "delivered" if all(one.delivered_at for one in self.shipments) else "shipped"

    def unshipped(self, line: MarketOrderLine) -> int:
        """How many pieces of the line are in no shipment yet."""
        sent = sum(p.quantity for one in self.shipments for p in one.lines if p.sub_id == line.sub_id)
        return line.quantity - sent

    def line(self, sub_id: str) -> MarketOrderLine:
        for line in self.lines:
            if line.sub_id == sub_id:
                return line
        raise Refused("not_found", f"order {self.id} has no line {sub_id}")
