"""Bought orders in the newer shapes: the mtop component map and the cards of its page."""

import json
from dataclasses import dataclass

from aiohttp import web

from sandbox.market.model import MarketOrder, MarketOrderLine
from sandbox.taobao.bought_old import choice_pairs, detail_url, operations, unit_text
from sandbox.taobao.bought_query import Query, visible_orders
from sandbox.taobao.couriers import code_of
from sandbox.taobao.hosts import bare_url
from sandbox.taobao.mtop import Data, MtopError, caller
from sandbox.taobao.pages import yuan
from sandbox.taobao.statuses import china_time, raw_status, status_text


@dataclass(frozen=True, slots=True)
class Card:
    """One order as the newer page draws it."""

    order: MarketOrder
    status: str
    time: str
    detail: str
    operations: list[dict[str, str]]


def card_view(request: web.Request, order: MarketOrder) -> Card:
    status = status_text(raw_status(order))
    return Card(order, status, china_time(order.created_at), detail_url(request, order), operations(request, order))


async def list_call(request: web.Request, data: Data) -> object:
    """`mtop.taobao.order.queryboughtlistV2` 1.0."""
    if "tbwang_" not in request.query.get("ttid", ""):
        raise MtopError("FAIL_BIZ_PARAM_INVALID::参数错误")
    orders = visible_orders(request, caller(request).login)
    condition = json.loads(str(data.get("condition") or "{}"))
    word = condition.get("wordTerm") or condition.get("itemTitle") or ""
    number = int(str(data.get("page") or 1))
    query = Query(tab=str(data.get("tabCode") or "all"), number=number, word=word)
    shown, count = query.cut(orders)
    components: dict[str, object] = {}
    for order in shown:
        components |= _components(request, order)
    more = "true" if count > number * query.size else "false"
    components["boughtlist"] = {"fields": {"hasMore": more, "page": str(number)}}
    return {"data": components}


def _components(request: web.Request, order: MarketOrder) -> dict[str, object]:
    """One order's components, each under `<component>_<order id>`."""
    time = china_time(order.created_at)
    made: dict[str, object] = {
        f"shopInfo_{order.id}": _component(
            "shopInfo",
            orderId=order.id,
            createDay=time[:10],
            createTime=time,
            sellerName=order.seller.login,
            shopName=order.seller.shop,
            tradeTitle=status_text(raw_status(order)),
        ),
        f"orderPayment_{order.id}": _component(
            "orderPayment",
            actualFee={"prefix": "实付款", "value": f"￥{yuan(order.total_fen)}"},
            totalFee={"value": f"￥{yuan(order.goods_fen)}"},
        ),
    }
    for line in order.lines:
        made[f"orderItemInfo_{order.id}_{line.sub_id}"] = _component("orderItemInfo", item=_item(request, order, line))
    return made | _logistics(order)


def _item(request: web.Request, order: MarketOrder, line: MarketOrderLine) -> dict[str, object]:
    return {
        "itemId": line.item_id,
        "title": line.title,
        "skuText": ";".join(f"{one['name']}:{one['value']}" for one in choice_pairs(line)),
        "pic": bare_url(request, "g.alicdn.com", f"/picture/{line.item_id}.png"),
        "quantity": str(line.quantity),
        "priceInfo": {"actualTotalFee": f"￥{unit_text(line)}"},
    }


def _logistics(order: MarketOrder) -> dict[str, object]:
    if not order.shipments:
        return {}
    first = order.shipments[0]
    packages = [
        {
            "cpCode": code_of(one.carrier),
            "cpName": one.carrier,
            "mailNo": one.waybill,
            "subOrderList": [piece.sub_id for piece in one.lines],
        }
        for one in order.shipments
    ]
    return {
        f"orderStatus_{order.id}": _component(
            "orderStatus", cpCode=code_of(first.carrier), mailNo=first.waybill, title="运输中", subTitle=""
        ),
        f"orderLogistics_{order.id}": _component(
            "orderLogistics", packagePreview={"mainOrderId": order.id, "packageViewList": packages}
        ),
    }


def _component(tag: str, **fields: object) -> dict[str, object]:
    return {"tag": tag, "fields": fields}
