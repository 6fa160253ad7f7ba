"""The order's page on Taobao: `var data` with mainOrder, deliveryInfo, packageInfos and orderBar."""

import re
from datetime import datetime
from decimal import Decimal

from pydantic import Field, ValidationError

from providers.taobao.detail.common import order_stage, waybill
from providers.taobao.lenient import Lenient
from providers.taobao.texts import moment, price, price_fen
from purchasing.errors import PageChanged
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen


class _Value(Lenient):
    name: str = ""
    value: "str | _Value" = ""

    def text(self) -> str:
        return self.value if isinstance(self.value, str) else self.value.text()

    def pair(self) -> tuple[str, str]:
        return (self.name, self.value) if isinstance(self.value, str) else self.value.pair()


class _Content(Lenient):
    content: tuple[_Value, ...] = ()


class _Item(Lenient):
    id: str = ""
    title: str = ""
    sku_text: list[_Content] = Field(default_factory=list, alias="skuText")


class _Sub(Lenient):
    id: str = ""
    item: _Item = Field(default_factory=_Item, alias="itemInfo")
    price: str | dict[str, object] = Field("", alias="priceInfo")
    quantity: str = "1"
    status: list[_Content] = Field(default_factory=list, alias="tradeStatus")


class _Pay(Lenient):
    fees: list[_Value] = Field(default_factory=list, alias="feeMess")


class _Text(Lenient):
    text: str = ""


class _Extra(Lenient):
    trade_status: str = Field("", alias="tradeStatus")


class _Seller(Lenient):
    nick: str = ""
    shop: str = Field("", alias="shopName")


class _Main(Lenient):
    id: str
    subs: list[_Sub] = Field(default_factory=list, alias="subOrders")
    pay: _Pay = Field(default_factory=_Pay, alias="payInfo")
    status: _Text = Field(default_factory=_Text, alias="statusInfo")
    extra: _Extra = Field(default_factory=_Extra)
    seller: _Seller = Field(default_factory=_Seller)


class _Delivery(Lenient):
    address: str = ""
    name: str = Field("", alias="logisticsName")
    number: str = Field("", alias="logisticsNum")


class _Detail(Lenient):
    id: str = ""


class _Package(Lenient):
    name: str = Field("", alias="companyName")
    number: str = Field("", alias="invoiceNo")
    details: tuple[_Detail, ...] = ()


class _Packages(Lenient):
    packages: list[_Package] = Field(default_factory=list, alias="list")


class _Node(Lenient):
    text: str = ""
    date: str = ""


class _Bar(Lenient):
    nodes: tuple[_Node, ...] = ()


class _TaobaoPage(Lenient):
    main: _Main = Field(alias="mainOrder")
    delivery: _Delivery = Field(default_factory=_Delivery, alias="deliveryInfo")
    packages: _Packages = Field(default_factory=_Packages, alias="packageInfos")
    bar: _Bar = Field(default_factory=_Bar, alias="orderBar")


def read_taobao(data: object) -> ProviderOrderSeen:
    """The order of a Taobao page's `data`. Raises PageChanged."""
    try:
        seen = _TaobaoPage.model_validate(data)
    except ValidationError as error:
        raise PageChanged("the order page's data", str(error.errors()[0]["loc"])) from error
    main = seen.main
    raw = main.extra.trade_status or main.status.text or _line_status(main.subs)
    paid = _step(seen.bar.nodes, "付款")
    fees = {fee.name: price_fen(fee.text()) or 0 for fee in main.pay.fees}
    return ProviderOrderSeen(
        number=main.id,
        raw_status=raw,
        stage=order_stage(raw, paid),
        total=next((fen for name, fen in fees.items() if re.search("实付|应付|实收", name)), 0),
        freight=next((fen for name, fen in fees.items() if "运费" in name), 0),
        seller=main.seller.nick or main.seller.shop,
        created_at=_step(seen.bar.nodes, "拍下"),
        lines=tuple(_line(sub) for sub in main.subs),
        waybills=_waybills(seen),
        paid_at=paid,
        address_seen=seen.delivery.address,
    )


def _line_status(subs: list[_Sub]) -> str:
    return next((value.text() for sub in subs for one in sub.status for value in one.content if value.text()), "")


def _step(nodes: tuple[_Node, ...], word: str) -> datetime | None:
    return next((moment(node.date) for node in nodes if word in node.text), None)


def _line(sub: _Sub) -> ProviderLineSeen:
    pairs = [value.pair() for content in sub.item.sku_text for value in content.content]
    status = next((value.text() for one in sub.status for value in one.content), "")
    return ProviderLineSeen(
        sub_number=sub.id,
        item_id=sub.item.id,
        sku_id="",
        choice=";".join(f"{name}:{value}" for name, value in pairs if value),
        title=sub.item.title,
        quantity=int(sub.quantity) if sub.quantity.isdigit() else 1,
        unit_price=price(sub.price) or Decimal(0),
        raw_status=status,
    )


def _waybills(seen: _TaobaoPage) -> tuple[WaybillSeen, ...]:
    """Parcels with their lines; a single one stands in the delivery part instead."""
    ours = {sub.id for sub in seen.main.subs}
    found = [
        waybill(one.number, one.name, tuple(detail.id for detail in one.details if detail.id in ours))
        for one in seen.packages.packages
    ]
    if not any(found):
        found = [waybill(seen.delivery.number, seen.delivery.name)]
    return tuple(one for one in found if one)
