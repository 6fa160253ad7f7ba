"""Parcels of an order and their traces, under the namespace com.alibaba.logistics."""

from datetime import timedelta

from sandbox.alibaba1688.market import Call, Json
from sandbox.alibaba1688.trade_info import SHANGHAI
from sandbox.market.model import MarketOrder, Shipment

COMPANY_CODES = {
    "中通快递": "ZTO",
    "圆通速递": "YTO",
    "申通快递": "STO",
    "韵达快递": "YUNDA",
    "顺丰速运": "SF",
    "极兔速递": "JTSD",
}


def infos(call: Call) -> Json:
    """alibaba.trade.getLogisticsInfos.buyerView: an unshipped order is HTTP 200 with errorCode 500_2."""
    order = _order(call)
    if order is None:
        return _failed("order.nopermission.buyer", "无权限查看该订单")
    if not order.shipments:
        return _failed("500_2", "订单未发货, 没有物流信息")
    shipments = order.shipments[:-1] if call.take("partial") else order.shipments
    return {
        "result": [_parcel(order, one) for one in shipments],
        "success": True,
        "errorCode": "",
        "errorMessage": "",
    }


def traces(call: Call) -> Json:
    """alibaba.trade.getLogisticsTraceInfo.buyerView: the traces are not under `result`."""
    order = _order(call)
    if order is None:
        return _failed("order.nopermission.buyer", "无权限查看该订单")
    if order.created_at < call.world.now() - timedelta(days=365):
        return _failed("order.createtime.history", "订单超过一年")
    wanted = [one for one in order.shipments if call.text("logisticsId") in {"", one.shipment_id}]
    if not wanted:
        return _failed("404", "没有物流跟踪信息")
    return {
        "logisticsTrace": [_trace(order, one) for one in wanted],
        "crossPackageFulfillmentDTO": [],
        "success": True,
        "errorCode": "",
        "errorMessage": "",
    }


def _order(call: Call) -> MarketOrder | None:
    order = call.world.orders.get(call.text("orderId"))
    return order if order and order.account == call.login else None


def _parcel(order: MarketOrder, shipment: Shipment) -> Json:
    to = order.address
    return {
        "logisticsId": shipment.shipment_id,
        "logisticsBillNo": shipment.waybill,
        "orderEntryIds": ",".join(piece.sub_id for piece in shipment.lines),
        "status": "SIGN" if shipment.delivered_at else "ACCEPT",
        "logisticsCompanyId": 100,
        "logisticsCompanyNo": COMPANY_CODES.get(shipment.carrier, "OTHER"),
        "logisticsCompanyName": shipment.carrier,
        "remarks": "",
        "sendGoods": [
            {"goodName": order.line(piece.sub_id).title, "quantity": str(piece.quantity), "unit": "件"}
            for piece in shipment.lines
        ],
        "receiver": {
            "receiverName": to.name,
            "receiverMobile": to.mobile,
            "receiverProvince": to.province,
            "receiverCity": to.city,
            "receiverCounty": to.area,
            "receiverAddress": to.detail,
        },
        "sender": {"senderName": order.seller.shop},
        "logisticsOrderGoods": [
            {
                "tradeOrderId": int(order.id),
                "tradeOrderItemId": int(piece.sub_id),
                "quantity": float(piece.quantity),
                "description": order.line(piece.sub_id).title,
            }
            for piece in shipment.lines
        ],
    }


def _trace(order: MarketOrder, shipment: Shipment) -> Json:
    """No company's name; times are naive, of Shanghai."""
    steps = [(shipment.shipped_at, "已揽收, 包裹正在发往广州")]
    if shipment.delivered_at:
        steps.append((shipment.delivered_at, "已签收, 签收人: 仓库"))
    return {
        "logisticsId": shipment.shipment_id,
        "orderId": int(order.id),
        "logisticsBillNo": shipment.waybill,
        "logisticsSteps": [
            {"acceptTime": f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", "remark": remark}
            for moment, remark in steps
        ],
    }


def _failed(code: str, text: str) -> Json:
    return {"success": False, "errorCode": code, "errorMessage": text}
