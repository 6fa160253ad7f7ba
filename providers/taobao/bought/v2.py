"""The newer list: a flat map of components, `<component>_<order>[_<sub order>]`. Keys and their wrapping vary between
builds, so a component is known by its name's beginning and any field may be absent."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field, ValidationError

from providers.taobao.bought.old import is_old, read_old
from providers.taobao.bought.page import BoughtPage
from providers.taobao.caught import loads
from providers.taobao.lenient import Lenient
from providers.taobao.statuses import stage_of
from providers.taobao.texts import moment, price, price_fen
from purchasing.errors import PageChanged
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen

_KEY = re.compile(r"^([A-Za-z]\w*?)_(\d{15,20})(?:_(\d{15,20}))?$")
_SHOP = ("shopInfo", "sellerInfo", "Main")
_ITEM = ("orderItemInfo", "item")


class _Shop(Lenient):
    create_time: str = Field("", alias="createTime")
    create_day: str = Field("", alias="createDay")
    seller: str = Field("", alias="sellerName")
    shop: str = Field("", alias="shopName")
    title: str = Field("", alias="tradeTitle")
    trade_status: str = Field("", alias="tradeStatus")
    url: str = Field("", alias="orderDetailUrl")


class _State(Lenient):
    code: str = Field("", alias="cpCode")
    number: str = Field("", alias="mailNo")
    title: str = ""


class _Sub(Lenient):
    id: str = Field("", alias="subOrderId")


class _Package(Lenient):
    code: str = Field("", alias="cpCode")
    name: str = Field("", alias="cpName")
    number: str = Field("", alias="mailNo")
    subs: list[_Sub | str] = Field(default_factory=list, alias="subOrderList")


class _Preview(Lenient):
    packages: list[_Package] = Field(default_factory=list, alias="packageViewList")


class _Logistics(Lenient):
    preview: _Preview = Field(default_factory=_Preview, alias="packagePreview")


class _ItemPrice(Lenient):
    unit: str = Field("", alias="actualTotalFee")


class _Item(Lenient):
    id: str = Field("", alias="itemId")
    sku_id: str = Field("", alias="skuId")
    title: str = ""
    choice: str = Field("", alias="skuText")
    quantity: str = "1"
    price: _ItemPrice = Field(default_factory=_ItemPrice, alias="priceInfo")


class _ItemInfo(Lenient):
    item: _Item = Field(default_factory=_Item)


class _Fee(Lenient):
    prefix: str = ""
    value: str = ""
    suffix: str = ""


class _Payment(Lenient):
    actual: _Fee = Field(default_factory=_Fee, alias="actualFee")


class _More(Lenient):
    has_more: bool | None = Field(None, alias="hasMore")


class _Components:
    """What belongs to one order, by component name."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.parts: dict[str, object] = {}
        self.items: dict[str, object] = {}

    def part(self, *names: str) -> object:
        return next((self.parts[name] for name in names if name in self.parts), {})


def read_v2(reply: object) -> BoughtPage:
    """`reply` is the whole mtop answer or its `data`. Raises PageChanged."""
    data = _inner(reply)
    if is_old(data):
        return read_old(data)
    if not isinstance(data, dict):
        raise PageChanged("the bought list's components", str(reply)[:200])
    try:
        orders = tuple(_order(one) for one in _grouped(data))
        more = _More.model_validate(_fields(data.get("boughtlist")) or {})
    except ValidationError as error:
        first = error.errors()[0]
        raise PageChanged("the bought list's components", f"{first['loc']}: {first['msg']}") from error
    if not orders and "boughtlist" not in data:
        raise PageChanged("the bought list's components", ", ".join(sorted(map(str, data))[:20]))
    newest = sorted(orders, key=lambda one: (one.created_at is not None, one.created_at), reverse=True)
    return BoughtPage(tuple(newest), more.has_more)


def _inner(reply: object) -> object:
    """Goes down `data` and `result` to the map of components or to mainOrders."""
    data = reply
    for _ in range(4):
        if isinstance(data, str):
            data = loads(data)
        if not isinstance(data, dict) or is_old(data) or any(_KEY.match(str(key)) for key in data):
            return data
        if "boughtlist" in data:
            return data
        data = data.get("data", data.get("result"))
    return data


def _fields(component: object) -> object:
    """A component's fields, which some builds wrap as {"fields": {…}}."""
    return component.get("fields", component) if isinstance(component, dict) else component


def _grouped(data: dict[str, object]) -> Iterator[_Components]:
    orders: dict[str, _Components] = {}
    for key, value in data.items():
        match = _KEY.match(key)
        if not match:
            continue
        name, number, sub = match.groups()
        order = orders.setdefault(number, _Components(number))
        if name in _ITEM:
            order.items[sub or number] = _fields(value)
        else:
            order.parts[name] = _fields(value)
    yield from orders.values()


def _order(parts: _Components) -> ProviderOrderSeen:
    shop = _Shop.model_validate(parts.part(*_SHOP))
    state = _State.model_validate(parts.part("orderStatus"))
    payment = _Payment.model_validate(parts.part("orderPayment"))
    raw = shop.trade_status or shop.title or state.title
    return ProviderOrderSeen(
        number=parts.number,
        raw_status=raw,
        stage=stage_of(raw),
        total=price_fen(payment.actual.value) or 0,
        freight=_freight(payment.actual),
        seller=shop.seller or shop.shop,
        created_at=moment(shop.create_time) or moment(shop.create_day),
        lines=tuple(line for sub, item in parts.items.items() if (line := _line(sub, item)).item_id),
        waybills=_waybills(_Logistics.model_validate(parts.part("orderLogistics")), state),
        tmall="trade.tmall.com" in shop.url,
    )


def _freight(fee: _Fee) -> int:
    """Told beside the sum as "(含运费￥5.00)" [inferred]; 0 when not told."""
    text = next((one for one in (fee.prefix, fee.suffix) if "运费" in one), "")
    return price_fen(text) or 0


def _line(sub: str, component: object) -> ProviderLineSeen:
    info = _ItemInfo.model_validate(component)
    item = info.item if info.item.id else _Item.model_validate(component)
    return ProviderLineSeen(
        sub_number=sub,
        item_id=item.id,
        sku_id=item.sku_id if re.fullmatch(r"[1-9]\d*", item.sku_id) else "",
        choice=item.choice,
        title=item.title,
        quantity=int(item.quantity) if item.quantity.isdigit() else 1,
        unit_price=price(item.price.unit) or Decimal(0),
    )


def _waybills(logistics: _Logistics, state: _State) -> tuple[WaybillSeen, ...] | None:
    """None when the list does not tell: some builds never do."""
    packages = [one for one in logistics.preview.packages if one.number]
    if packages:
        return tuple(WaybillSeen(one.number, one.code, one.name, _subs(one)) for one in packages)
    return (WaybillSeen(state.number, state.code),) if state.number else None


def _subs(package: _Package) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else one.id for one in package.subs)
