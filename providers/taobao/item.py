"""An item's data: price, stock and the one configuration that a line means. It chooses and refuses; pure functions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from providers.base import part_of_choice, same_choice
from providers.taobao.lenient import Lenient
from providers.taobao.texts import price
from purchasing.errors import PageChanged
from purchasing.provider import LineRefusal, Quote, Want
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    pass

NO_SKU = "0"
"""Goods without variants are one sku of this number."""


class _Head(Lenient):
    id: str = Field("", alias="itemId")
    title: str = ""


class _Seller(Lenient):
    id: str = Field("", alias="sellerId")
    nick: str = Field("", alias="sellerNick")
    shop: str = Field("", alias="shopName")


class _Value(Lenient):
    id: str = Field("", alias="vid")
    name: str = ""


class _Prop(Lenient):
    id: str = Field("", alias="pid")
    name: str = ""
    values: tuple[_Value, ...] = ()


class _Sku(Lenient):
    id: str = Field(alias="skuId")
    path: str = Field("", alias="propPath")


class _SkuBase(Lenient):
    props: tuple[_Prop, ...] = ()
    skus: tuple[_Sku, ...] = ()


class _Price(Lenient):
    text: str = Field("", alias="priceText")
    money: str = Field("", alias="priceMoney")


class _SkuInfo(Lenient):
    price: _Price = Field(default_factory=_Price)
    sub_price: _Price = Field(default_factory=_Price, alias="subPrice")
    quantity: str = ""
    quantity_text: str = Field("", alias="quantityText")


class _SkuCore(Lenient):
    info: dict[str, _SkuInfo] = Field(default_factory=dict, alias="sku2info")


class _Res(Lenient):
    item: _Head = Field(default_factory=_Head)
    seller: _Seller = Field(default_factory=_Seller)
    base: _SkuBase = Field(default_factory=_SkuBase, alias="skuBase")
    core: _SkuCore = Field(default_factory=_SkuCore, alias="skuCore")


@dataclass(frozen=True)
class SkuSeen:
    """One configuration; `available` None when the page only says that there are some."""

    id: str
    choice: tuple[tuple[str, str], ...]
    unit_price: Decimal | None
    available: int | None

    @property
    def text(self) -> str:
        return ";".join(f"{name}:{value}" for name, value in self.choice)


@dataclass(frozen=True)
class ItemSeen:
    """`refusal` stands for a page that says that nothing can be bought here; `limit` is pieces for one buyer."""

    item_id: str
    title: str = ""
    seller: str = ""
    seller_id: str = ""
    skus: tuple[SkuSeen, ...] = ()
    tmall: bool = False
    limit: int | None = None
    refusal: Refusal | None = None


def read_item(data: object) -> ItemSeen | None:
    """The item of a page's data; None when it holds none. Raises PageChanged."""
    try:
        res = _Res.model_validate(data)
    except ValidationError as error:
        raise PageChanged("the item page's data", str(error.errors()[0]["loc"])) from error
    if not res.item.id or not res.core.info:
        return None
    return ItemSeen(res.item.id, res.item.title, res.seller.nick or res.seller.shop, res.seller.id, tuple(_skus(res)))


def _skus(res: _Res) -> list[SkuSeen]:
    names = {(prop.id, value.id): (prop.name, value.name) for prop in res.base.props for value in prop.values}
    if not res.base.skus:
        return [_sku(NO_SKU, (), res.core.info[NO_SKU])] if NO_SKU in res.core.info else []
    seen = []
    for sku in res.base.skus:
        pairs = [tuple(part.split(":", 1)) for part in sku.path.split(";") if ":" in part]
        choice = tuple(names.get((pid, vid), ("", vid)) for pid, vid in pairs)
        seen.append(_sku(sku.id, choice, res.core.info.get(sku.id, _SkuInfo())))
    return seen


def _sku(sku_id: str, choice: tuple[tuple[str, str], ...], info: _SkuInfo) -> SkuSeen:
    return SkuSeen(sku_id, choice, _price(info.sub_price) or _price(info.price), _available(info))


def _price(seen: _Price) -> Decimal | None:
    """Yuan; `priceMoney` is fen. What is finally paid, only the confirm page tells."""
    if seen.money.isdigit():
        return Decimal(seen.money) / 100
    return price(seen.text) if seen.text else None


def _available(info: _SkuInfo) -> int | None:
    if info.quantity.isdigit():
        return int(info.quantity)
    return 0 if any(word in info.quantity_text for word in ("无货", "缺货", "售罄")) else None


def quote_of(want: Want, item: ItemSeen) -> Quote:
    """The line's quote from its item. Never two skus for one text: what isn't clear is refused."""
    if item.refusal is not None:
        return _refused(want, item.refusal)
    sku, refusal = choose(want.sku, item.skus)
    if sku is None or refusal is not None:
        return _refused(want, refusal or Refusal.CONFIGURATION_CHANGED, _choices(item), item)
    found = _why_not(want, item, sku)
    return Quote(
        line_id=want.line_id,
        unit_price=sku.unit_price,
        seller=item.seller,
        seller_id=item.seller_id,
        sku_id="" if sku.id == NO_SKU else sku.id,
        choice=sku.text,
        title=item.title,
        available=sku.available,
        refusal=LineRefusal(want.line_id, found[0], found[1]) if found else None,
    )


def _why_not(want: Want, item: ItemSeen, sku: SkuSeen) -> tuple[Refusal, str] | None:
    if item.tmall:
        return Refusal.TMALL, ""
    if sku.available == 0:
        return Refusal.SOLD_OUT, sku.text
    if sku.available is not None and sku.available < want.quantity:
        return Refusal.STOCK_SHORT, str(sku.available)
    if item.limit is not None and item.limit < want.quantity:
        return Refusal.QUANTITY_LIMIT, str(item.limit)
    return None


def choose(wanted: str, skus: tuple[SkuSeen, ...]) -> tuple[SkuSeen | None, Refusal | None]:
    """The one sku that an id or the text of a choice means, or why there is none."""
    wanted = "" if wanted.strip() == NO_SKU else wanted.strip()
    if not wanted:
        return (skus[0], None) if len(skus) == 1 else (None, Refusal.CONFIGURATION_UNCLEAR)
    fits = [sku for sku in skus if sku.id == wanted] or [sku for sku in skus if same_choice(wanted, sku.choice)]
    if len(fits) == 1:
        return fits[0], None
    unclear = bool(fits) or any(part_of_choice(wanted, sku.choice) for sku in skus)
    return None, Refusal.CONFIGURATION_UNCLEAR if unclear else Refusal.CONFIGURATION_CHANGED


def _choices(item: ItemSeen) -> str:
    return " | ".join(sku.text for sku in item.skus if sku.text)[:500]


def _refused(want: Want, code: Refusal, detail: str = "", item: ItemSeen | None = None) -> Quote:
    refusal = LineRefusal(want.line_id, code, detail)
    if item is None:
        return Quote(want.line_id, refusal=refusal)
    return Quote(want.line_id, seller=item.seller, seller_id=item.seller_id, title=item.title, refusal=refusal)
