"""Where an order's parcels are: the older call, the mtop calls and the page for people. Reads only."""

import json
from typing import Any

from aiohttp import web

from sandbox.market.model import MarketOrder, Shipment
from sandbox.taobao.access import enter, enter_call
from sandbox.taobao.couriers import code_of
from sandbox.taobao.detail import own_order
from sandbox.taobao.hosts import MOBILE, bare_url
from sandbox.taobao.mtop import Data, MtopError, caller
from sandbox.taobao.pages import page
from sandbox.taobao.state import site_of
from sandbox.taobao.statuses import china_time


async def transit_call(request: web.Request) -> web.Response:
    """`transit_step.do`: the first parcel only, in GBK, `isSuccess` a text; `{}` for a refunded order."""
    buyer = enter_call(request, "transit")
    order = own_order(request, buyer.login, request.query.get("bizOrderId", ""))
    body: dict[str, Any] = {"isSuccess": "false"}
    if order.shipments:
        first = order.shipments[0]
        body = {"isSuccess": "true", "expressId": first.waybill, "expressName": first.carrier, "address": trace(first)}
    if order.refunds and order.status == "closed":
        body = {}
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(body=text.encode("gbk"), content_type="application/json", charset="GBK")


def trace(shipment: Shipment) -> list[dict[str, str]]:
    """Newest first."""
    steps = [{"place": "卖家已发货，快件已揽收", "time": china_time(shipment.shipped_at)}]
    if shipment.delivered_at:
        steps.insert(0, {"place": "已签收，签收人：本人", "time": china_time(shipment.delivered_at)})
    return steps


async def logistics_call(request: web.Request, data: Data) -> object:
    """`mtop.taobao.logistics.detailorlist.query` 1.0: one parcel, or the list of several (names as spelt live)."""
    order = site_of(request).world.orders.get(str(data.get("orderId", "")))
    if order is None or order.account != caller(request).login:
        raise MtopError("FAIL_BIZ_ORDER_NOT_FOUND::订单不存在")
    wanted = [one for one in order.shipments if data.get("mailNo") in {None, "", one.waybill}]
    if len(wanted) == 1:
        one = wanted[0]
        fields = {
            "name": one.carrier,
            "mailNo": one.waybill,
            "phoneNum": "",
            "icon": "",
            "cpCode": code_of(one.carrier),
        }
        return {"data": {"popupBodyCompony": {"fields": fields}}}
    parcels = {f"pakcage_{i}": _parcel(request, order, one, i) for i, one in enumerate(wanted, 1)}
    return {"endpoint": {"page": "logisticsPackageList"}, "data": parcels}


def _parcel(request: web.Request, order: MarketOrder, one: Shipment, number: int) -> dict[str, object]:
    url = bare_url(
        request, MOBILE, "/app/dinamic/pc-trade-logistics/home.html",
        orderId=order.id, logisticsOrderId=one.shipment_id, mailNo=one.waybill,
    )  # fmt: skip
    count = sum(piece.quantity for piece in one.lines)
    return {
        "tag": "pakcage",
        "fields": {"title": one.carrier, "subTitle": f"包裹{number}", "numInfo": f"共{count}件", "rightBtnUrl": url},
    }


async def trace_call(request: web.Request, data: Data) -> object:
    """`mtop.taobao.logisticstracedetailservice.queryalltrace` 1.0."""
    for order in site_of(request).world.orders.values():
        for shipment in order.shipments:
            if shipment.waybill == data.get("mailNo"):
                steps = [{"time": one["time"], "desc": one["place"]} for one in trace(shipment)]
                return {"result": [{"fullTraceDetail": steps, "packageItems": []}]}
    raise MtopError("FAIL_BIZ_NO_TRACE::对不起，查不到包裹信息")


async def logistics_page(request: web.Request) -> web.Response:
    buyer = enter(request, "transit")
    order = own_order(request, buyer.login, request.query.get("orderId", ""))
    parcels = [(one, trace(one)) for one in order.shipments]
    return page(request, "logistics.html", order=order, parcels=parcels)
