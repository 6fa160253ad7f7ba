"""The older list: `mainOrders`, in a page's `var data`, in asyncBought's answer or inside a newer reply's `result`."""

import re
from decimal import Decimal

from pydantic import Field, ValidationError

from providers.taobao.bought.page import BoughtPage
from providers.taobao.lenient import Lenient
from providers.taobao.statuses import stage_of
from providers.taobao.texts import moment, price, price_fen
from purchasing.errors import PageChanged
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen

PSEUDO_LINES = ("保险服务", "增值服务", "买家秀", "购物金(充值)")
CANCELLED_STYLE = "t8"
REFUND = re.compile("查看退款|退款中|退款成功|退款关闭|已退款")
"""退款/退货 alone only offers to ask for one. Beside 查看退款 the words are inferred."""


class _Operation(Lenient):
    id: str = ""
    text: str = ""
    url: str = ""
    style: str = ""


class _NameValue(Lenient):
    name: str = ""
    value: str = ""


class _Item(Lenient):
    id: str = ""
    title: str = ""
    sku_id: str = Field("", alias="skuId")
    sku_text: list[_NameValue] = Field(default_factory=list, alias="skuText")


class _Price(Lenient):
    real_total: str = Field("", alias="realTotal")
    original: str = ""


class _SubOrder(Lenient):
    id: str = ""
    item: _Item = Field(default_factory=_Item, alias="itemInfo")
    price: _Price = Field(default_factory=_Price, alias="priceInfo")
    quantity: str = "1"
    operations: tuple[_Operation, ...] = ()


class _PostFee(Lenient):
    value: str = ""


class _Pay(Lenient):
    actual_fee: str = Field("", alias="actualFee")
    post_fees: list[_PostFee] = Field(default_factory=list, alias="postFees")


class _Seller(Lenient):
    id: str = ""
    nick: str = ""
    shop: str = Field("", alias="shopName")


class _Status(Lenient):
    text: str = ""
    operations: tuple[_Operation, ...] = ()


class _Info(Lenient):
    create_time: str = Field("", alias="createTime")
    create_day: str = Field("", alias="createDay")
    b2c: bool = Field(False, alias="b2C")


class _Extra(Lenient):
    trade_status: str = Field("", alias="tradeStatus")


class _Logistics(Lenient):
    number: str = Field("", alias="mailNo")
    code: str = Field("", alias="cpCode")
    name: str = Field("", alias="cpName")


class _MainOrder(Lenient):
    id: str
    extra: _Extra = Field(default_factory=_Extra)
    info: _Info = Field(default_factory=_Info, alias="orderInfo")
    pay: _Pay = Field(default_factory=_Pay, alias="payInfo")
    seller: _Seller = Field(default_factory=_Seller)
    status: _Status = Field(default_factory=_Status, alias="statusInfo")
    operations: tuple[_Operation, ...] = ()
    subs: list[_SubOrder] = Field(default_factory=list, alias="subOrders")
    logistics: _Logistics | None = Field(None, alias="logisticsInfo")


class _Paging(Lenient):
    current: int = Field(1, alias="currentPage")
    last: int = Field(1, alias="totalPage")
    total: int | None = Field(None, alias="totalNumber")


class _Reply(Lenient):
    orders: list[_MainOrder] = Field(alias="mainOrders")
    page: _Paging = Field(default_factory=_Paging)


def is_old(data: object) -> bool:
    return isinstance(data, dict) and "mainOrders" in data


def read_old(data: object) -> BoughtPage:
    """Raises PageChanged: an order that can't be read must not look like an order that isn't there."""
    try:
        reply = _Reply.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PageChanged("the bought list's mainOrders", f"{where}: {first['msg']}") from error
    return BoughtPage(
        tuple(_order(one) for one in reply.orders),
        reply.page.current < reply.page.last,
        reply.page.total,
    )


def _order(main: _MainOrder) -> ProviderOrderSeen:
    raw = main.extra.trade_status or main.status.text
    return ProviderOrderSeen(
        number=main.id,
        raw_status=raw,
        stage=stage_of(raw),
        total=price_fen(main.pay.actual_fee) or 0,
        freight=sum(price_fen(fee.value) or 0 for fee in main.pay.post_fees),
        seller=main.seller.nick or main.seller.shop,
        created_at=moment(main.info.create_time) or moment(main.info.create_day),
        lines=tuple(_line(sub) for sub in main.subs if _is_goods(sub)),
        waybills=_waybills(main.logistics),
        tmall=main.info.b2c or any("trade.tmall.com" in one.url for one in _all_operations(main)),
    )


def _all_operations(main: _MainOrder) -> tuple[_Operation, ...]:
    return main.operations + main.status.operations


def _is_goods(sub: _SubOrder) -> bool:
    return bool(sub.item.id) and sub.item.title not in PSEUDO_LINES


def _line(sub: _SubOrder) -> ProviderLineSeen:
    texts = [one.text for one in sub.operations]
    cancelled = any(one.style == CANCELLED_STYLE for one in sub.operations)
    return ProviderLineSeen(
        sub_number=sub.id,
        item_id=sub.item.id,
        sku_id=sub.item.sku_id if re.fullmatch(r"[1-9]\d*", sub.item.sku_id) else "",
        choice=";".join(f"{one.name}:{one.value}" for one in sub.item.sku_text if one.value),
        title=sub.item.title,
        quantity=int(sub.quantity) if sub.quantity.isdigit() else 1,
        unit_price=price(sub.price.real_total) or price(sub.price.original) or Decimal(0),
        raw_status="cancelled" if cancelled else "",
        refund_status=next((text for text in texts if REFUND.search(text)), ""),
    )


def _waybills(logistics: _Logistics | None) -> tuple[WaybillSeen, ...] | None:
    if logistics is None or not logistics.number:
        return None
    return (WaybillSeen(logistics.number, logistics.code, logistics.name),)
