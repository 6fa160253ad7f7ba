"""One order as list and detail show it (`TradeInfo`). Sums are yuan but `discount`, `entryDiscount` and
`refundPayment`, which are fen; `id` is rounded like a float, `idOfStr` is right."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from sandbox.alibaba1688.market import Json, Market
from sandbox.market.model import MarketOrder, MarketOrderLine, Refund

RAW = {
    "unpaid": "waitbuyerpay",
    "paid": "waitsellersend",
    "part_shipped": "waitsellersend",
    "shipped": "waitbuyerreceive",
    "delivered": "waitbuyerreceive",
    "finished": "success",
    "closed": "cancel",
}
"""A part shipment keeps waitsellersend, as the topic PART_PART_SENDGOODS shows."""
UNKNOWN_STATUS = "waitsandboxmiracle"
SHANGHAI = timezone(timedelta(hours=8))
_ORDER_REFUND = {
    "asked": "waitselleragree",
    "agreed": "waitbuyersend",
    "done": "refundsuccess",
    "refused": "refundclose",
}
_LINE_REFUND = {
    "asked": "WAIT_SELLER_AGREE",
    "agreed": "WAIT_BUYER_SEND",
    "done": "REFUND_SUCCESS",
    "refused": "REFUND_CLOSED",
}
_CLOSED_BY = {"buyerCancel": "CLOSE_TRADE_BY_BUYER", "sellerGoodsLack": "CLOSE_TRADE_BY_SELLER"}
_PAY_WAYS = {"creditBuy": "3", "bank": "4", "period": "7"}


def raw_status(order: MarketOrder) -> str:
    return order.raw_status or RAW[order.status]


def yuan(amount_fen: int) -> float:
    return float(Decimal(amount_fen) / 100)


def rounded(order_id: str) -> int:
    """What the official samples show as `id`: the number after it went through a float."""
    return int(float(order_id))


def listed(order: MarketOrder, market: Market, *, unknown: bool) -> Json:
    """An entry of the list: no logistics."""
    info = _info(order, market, UNKNOWN_STATUS if unknown else raw_status(order))
    base = info["baseInfo"]
    if market.manners.ids_as_numbers and isinstance(base, dict):
        base["idOfStr"] = int(order.id)
    return info


def detailed(order: MarketOrder, market: Market, *, unknown: bool) -> Json:
    """The whole of an order, with logistics once something is shipped (type 0: a courier; 2: none, and a
    Chinese word stands for the track number)."""
    info = _info(order, market, UNKNOWN_STATUS if unknown else raw_status(order))
    return info | {
        "nativeLogistics": {
            "address": order.address.detail,
            "contactPerson": order.address.name,
            "mobile": order.address.mobile,
            "province": order.address.province,
            "city": order.address.city,
            "area": order.address.area,
            "zip": order.address.post,
            "logisticsItems": [
                {
                    "id": 70_000_000 + index,
                    "logisticsBillNo": one.waybill,
                    "logisticsCode": one.shipment_id,
                    "logisticsCompanyName": one.carrier,
                    "logisticsCompanyNo": "",
                    "type": "0" if one.waybill.isascii() else "2",
                    "status": "alreadysend",
                    "subItemIds": ",".join(piece.sub_id for piece in one.lines),
                    "deliveredTime": market.stamp(one.shipped_at),
                    "carriage": yuan(order.freight_fen),
                }
                for index, one in enumerate(order.shipments)
            ],
        }
    }


def _info(order: MarketOrder, market: Market, status: str) -> Json:
    return {
        "baseInfo": _base(order, market, status),
        "productItems": [_item(order, line, status) for line in order.lines],
        "tradeTerms": [_term(order, market)],
        "orderRateInfo": {},
        "extAttributes": [],
    }


def _base(order: MarketOrder, market: Market, status: str) -> Json:
    buyer = market.world.account(order.account)
    refunded = sum(one.amount_fen for one in order.refunds if one.state == "done")
    base: Json = {
        "id": rounded(order.id),
        "idOfStr": order.id,
        "outOrderId": order.out_order_id,
        "status": status,
        "businessType": "cn",
        "tradeType": "50060",
        "tradeTypeCode": order.details.get("trade_type", ""),
        "totalAmount": yuan(order.total_fen),
        "sumProductPayment": yuan(order.goods_fen),
        "shippingFee": yuan(order.freight_fen),
        "couponFee": 0.0,
        "refund": yuan(refunded),
        "refundPayment": refunded,
        "discount": sum(line.discount_fen for line in order.lines),
        "payTimeout": 5 * 24 * 3600,
        "closeReason": order.close_reason,
        "closeOperateType": _CLOSED_BY.get(order.close_reason, "") if order.closed_at else "",
        "sellerID": order.seller.seller_id,
        "sellerLoginId": order.seller.login,
        "sellerUserId": int(order.seller.seller_id[4:]),
        "buyerID": buyer.member_id,
        "buyerLoginId": buyer.login,
        "buyerUserId": int(buyer.user_id),
        "sellerContact": {"name": order.seller.shop, "shopName": order.seller.shop, "companyName": order.seller.shop},
        "receiverInfo": _receiver(order),
        "buyerFeedback": order.remark,
        "remark": "",
    }
    if order.refunds:
        last = order.refunds[-1]
        base |= {"refundStatus": _ORDER_REFUND[last.state], "refundId": last.refund_id}
    return base | _times(order, market)


def _times(order: MarketOrder, market: Market) -> Json:
    """Times that did not come yet are absent."""
    complete = order.status in {"shipped", "delivered", "finished"}
    moments = {
        "createTime": order.created_at,
        "modifyTime": order.modified_at,
        "payTime": order.paid_at,
        "allDeliveredTime": order.shipments[-1].shipped_at if complete and order.shipments else None,
        "receivingTime": order.finished_at,
        "completeTime": order.finished_at or order.closed_at,
    }
    return {key: market.stamp(moment) for key, moment in moments.items() if moment}


def _receiver(order: MarketOrder) -> Json:
    to = order.address
    return {
        "toFullName": to.name,
        "toMobile": to.mobile,
        "toPhone": to.phone,
        "toPost": to.post,
        "toDivisionCode": to.region_code,
        "toTownCode": "",
        "toArea": " ".join(part for part in (to.province, to.city, to.area, to.town, to.detail) if part),
    }


def _item(order: MarketOrder, line: MarketOrderLine, status: str) -> Json:
    refund = _last_refund(order, line)
    item: Json = {
        "subItemID": rounded(line.sub_id),
        "subItemIDString": line.sub_id,
        "productID": int(line.item_id),
        "specId": line.spec_id,
        "name": line.title,
        "quantity": float(line.quantity),
        "price": float(line.unit_price),
        "itemAmount": yuan(line.amount_fen),
        "entryDiscount": line.discount_fen,
        "refund": yuan(refund.amount_fen if refund and refund.state == "done" else 0),
        "sharePostage": 0.0,
        "unit": "件",
        "status": status,
        "statusStr": status,
        "logisticsStatus": _logistics_status(order, line),
        "gmtPayExpireTime": _local(order.created_at + timedelta(days=5)),
        "skuInfos": [_choice(pair) for pair in line.choice.split(";") if pair],
        "productImgUrl": [],
        "productSnapshotUrl": "",
    }
    if line.sku_id:
        item["skuID"] = int(line.sku_id)
    if refund:
        item["refundStatus"] = _LINE_REFUND[refund.state]
    return item


def _choice(pair: str) -> Json:
    name, _, value = pair.partition(":")
    return {"name": name, "value": value}


def _last_refund(order: MarketOrder, line: MarketOrderLine) -> Refund | None:
    return next((one for one in reversed(order.refunds) if one.sub_id == line.sub_id), None)


def _logistics_status(order: MarketOrder, line: MarketOrderLine) -> int:
    """1 unshipped, 2 shipped, 3 received, 5 part."""
    left = order.unshipped(line)
    if left == line.quantity:
        return 1
    if left:
        return 5
    return 3 if order.finished_at else 2


def _term(order: MarketOrder, market: Market) -> Json:
    """payStatus: 1 unpaid, 2 paid, 6 seller paid out, 8 cancelled before pay, 4 refunded."""
    pay_status = {"unpaid": "1", "finished": "6"}.get(order.status, "2")
    if order.closed_at:
        pay_status = "4" if order.paid_at else "8"
    term: Json = {
        "payStatus": pay_status,
        "payWay": _PAY_WAYS.get(order.details.get("trade_type", ""), "1"),
        "phasAmount": yuan(order.total_fen),
        "phase": rounded(order.id),
    }
    return term | ({"payTime": market.stamp(order.paid_at)} if order.paid_at else {})


def _local(moment: datetime) -> str:
    """A naive Shanghai time."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
