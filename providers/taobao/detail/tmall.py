"""The order's page on Tmall: `var detailData`, with the lines inside their parcels."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from pydantic import Field, ValidationError

from providers.taobao.detail.common import order_stage, waybill
from providers.taobao.lenient import Lenient
from providers.taobao.texts import moment, price, price_fen
from purchasing.errors import PageChanged
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen


class _TmallText(Lenient):
    text: str = ""
    company: str = Field("", alias="companyName")
    number: str = Field("", alias="mailNo")


class _TmallKey(Lenient):
    key: str = ""
    content: tuple[_TmallText, ...] = ()


class _TmallItem(Lenient):
    title: str = ""
    snap: str = Field("", alias="snapUrl")
    sku_text: list[_TmallKey] = Field(default_factory=list, alias="skuText")


class _TmallSub(Lenient):
    item: _TmallItem = Field(default_factory=_TmallItem, alias="itemInfo")
    price: list[_TmallText] = Field(default_factory=list, alias="priceInfo")
    quantity: str = "1"


class _TmallStatus(Lenient):
    info: list[_TmallText] = Field(default_factory=list, alias="statusInfo")
    subs: list[_TmallSub] = Field(default_factory=list, alias="subOrders")


class _TmallParcel(Lenient):
    logistic: _TmallKey = Field(default_factory=_TmallKey)
    status: tuple[_TmallStatus, ...] = ()


class _TmallOrders(Lenient):
    id: str
    parcels: list[_TmallParcel] = Field(default_factory=list, alias="list")


class _TmallBasic(Lenient):
    lists: tuple[_TmallKey, ...] = ()


class _TmallStep(Lenient):
    content: str = ""
    time: str = ""


class _TmallBar(Lenient):
    options: tuple[_TmallStep, ...] = ()


class _TmallAmount(Lenient):
    count: tuple[_TmallKey, ...] = ()


class _TmallPage(Lenient):
    orders: _TmallOrders
    basic: _TmallBasic = Field(default_factory=_TmallBasic)
    bar: _TmallBar = Field(default_factory=_TmallBar, alias="stepbar")
    amount: _TmallAmount = Field(default_factory=_TmallAmount)


def read_tmall(data: object) -> ProviderOrderSeen:
    """The order of a Tmall page's `detailData`. Raises PageChanged."""
    try:
        seen = _TmallPage.model_validate(data)
    except ValidationError as error:
        raise PageChanged("the Tmall order page's data", str(error.errors()[0]["loc"])) from error
    parcels = seen.orders.parcels
    raw = next((info.text for one in parcels for status in one.status for info in status.info if info.text), "")
    paid = _tmall_step(seen, "付款")
    return ProviderOrderSeen(
        number=seen.orders.id,
        raw_status=raw,
        stage=order_stage(raw, paid),
        total=next((price_fen(one.text) or 0 for key in seen.amount.count for one in key.content), 0),
        freight=0,
        seller="",
        created_at=_tmall_step(seen, "拍下"),
        lines=_tmall_lines(parcels),
        waybills=tuple(one for parcel in parcels if (one := _tmall_waybill(parcel))),
        paid_at=paid,
        address_seen=next((one.text for key in seen.basic.lists if "收货地址" in key.key for one in key.content), ""),
        tmall=True,
    )


def _tmall_step(seen: _TmallPage, word: str) -> datetime | None:
    return next((moment(one.time) for one in seen.bar.options if word in one.content), None)


def _subs(parcel: _TmallParcel) -> list[_TmallSub]:
    return [sub for status in parcel.status for sub in status.subs]


def _sub_number(sub: _TmallSub) -> str:
    found = re.search(r"tradeID=(\d+)", sub.item.snap)
    return found[1] if found else ""


def _tmall_lines(parcels: list[_TmallParcel]) -> tuple[ProviderLineSeen, ...]:
    """A line that is split over parcels is one line again."""
    lines: dict[str, ProviderLineSeen] = {}
    for sub in (sub for parcel in parcels for sub in _subs(parcel)):
        line = _tmall_line(sub)
        key = line.sub_number or f"{line.title} {line.choice}"
        known = lines.get(key)
        lines[key] = replace(line, quantity=line.quantity + known.quantity) if known else line
    return tuple(lines.values())


def _tmall_line(sub: _TmallSub) -> ProviderLineSeen:
    return ProviderLineSeen(
        sub_number=_sub_number(sub),
        item_id="",
        sku_id="",
        choice=";".join(f"{one.key}:{one.content[0].text}" for one in sub.item.sku_text if one.content),
        title=sub.item.title,
        quantity=int(sub.quantity) if sub.quantity.isdigit() else 1,
        unit_price=next((found for one in sub.price if (found := price(one.text)) is not None), Decimal(0)),
    )


def _tmall_waybill(parcel: _TmallParcel) -> WaybillSeen | None:
    told = parcel.logistic.content
    subs = tuple(number for sub in _subs(parcel) if (number := _sub_number(sub)))
    return waybill(told[0].number, told[0].company, subs) if told else None
