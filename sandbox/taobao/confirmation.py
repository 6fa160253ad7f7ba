"""What a confirm page is about to order: rows by seller, sums, addresses. Changes nothing in the world."""

import json
from dataclasses import dataclass

from sandbox.market.model import Address, BuyerAccount, Goods, Seller, Sku, Wanted, fen
from sandbox.taobao.cart import Basket, baskets, why_not
from sandbox.taobao.hosts import path
from sandbox.taobao.items import item_host
from sandbox.taobao.state import CartLine, Site


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the confirm page shows it; `invalid` says why it is not going to be ordered."""

    key: str
    goods: Goods
    sku: Sku | None
    quantity: int
    unit_fen: int
    url: str
    invalid: str

    @property
    def choice(self) -> str:
        return "；".join(f"{name}：{value}" for name, value in self.sku.choice) if self.sku else ""

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.goods.item_id, self.sku.sku_id if self.sku else "", self.quantity)


@dataclass(frozen=True, slots=True)
class Group:
    """One seller's part of the page. Sums in fen; invalid rows are in none of them."""

    seller: Seller
    rows: tuple[Row, ...]
    freight_fen: int
    discount_fen: int

    @property
    def goods_fen(self) -> int:
        return sum(row.unit_fen * row.quantity for row in self.rows)


@dataclass(frozen=True, slots=True)
class Checkout:
    groups: tuple[Group, ...]
    invalid: tuple[Row, ...]
    addresses: tuple[Address, ...]
    selected: str
    lines: str
    platform_fen: int

    @property
    def pieces(self) -> int:
        return sum(row.quantity for group in self.groups for row in group.rows)

    @property
    def goods_fen(self) -> int:
        return sum(group.goods_fen for group in self.groups)

    @property
    def freight_fen(self) -> int:
        return sum(group.freight_fen for group in self.groups)

    @property
    def discount_fen(self) -> int:
        return sum(group.discount_fen for group in self.groups)

    @property
    def stamp(self) -> int:
        """Sum of the unit prices as shown: the submit is refused when they have changed meanwhile."""
        return sum(row.unit_fen for group in self.groups for row in group.rows)

    @property
    def payable_fen(self) -> int:
        return self.goods_fen + self.freight_fen - self.discount_fen - self.platform_fen


def build(site: Site, buyer: BuyerAccount, lines: list[CartLine]) -> Checkout:
    """What the page shows now."""
    rows = {id(line): _row(site, line) for line in lines}
    valid = [line for line in lines if not rows[id(line)].invalid]
    groups = tuple(
        _group(site, basket, tuple(rows[id(line)] for line in basket.lines)) for basket in baskets(site, valid)
    )
    packed = [[line.cart_id, line.item_id, line.sku_id, line.quantity] for line in valid]
    return Checkout(
        groups,
        tuple(row for row in rows.values() if row.invalid),
        tuple(buyer.addresses),
        buyer.default_address_id,
        json.dumps(packed),
        min(site.modes.platform_discount_fen, sum(group.goods_fen - group.discount_fen for group in groups)),
    )


def _row(site: Site, line: CartLine) -> Row:
    goods = site.world.item(line.item_id)
    return Row(
        key=line.cart_id or line.item_id,
        goods=goods,
        sku=goods.sku(line.sku_id),
        quantity=line.quantity,
        unit_fen=fen(goods.unit_price(line.sku_id, line.quantity)),
        url=path(item_host(goods), "/item.htm", id=goods.item_id, skuId=line.sku_id or "0"),
        invalid=why_not(site, goods, line.sku_id, line.quantity),
    )


def _group(site: Site, basket: Basket, rows: tuple[Row, ...]) -> Group:
    freight = site.world.freight([row.wanted for row in rows])
    goods_fen = sum(row.unit_fen * row.quantity for row in rows)
    return Group(basket.seller, rows, freight, min(site.modes.shop_discount_fen, goods_fen))
