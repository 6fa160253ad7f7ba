"""Reading and closing orders: list, detail, cancel. A fresh order may be missing from every search."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.alibaba1688.market import Call, Json
from sandbox.alibaba1688.trade_info import detailed, listed, raw_status
from sandbox.market.model import MarketOrder

HISTORY_AFTER = timedelta(days=90)
CANCEL_REASONS = ("buyerCancel", "sellerGoodsLack", "other")


def get_list(call: Call) -> Json:
    """alibaba.trade.getBuyerOrderList: no `success` field; `orderIds` is ignored, as measured by others."""
    wanted = _Filter.of(call)
    found = [order for order in call.world.look(call.login) if wanted.fits(order, call.world.now())]
    size = min(call.number("pageSize", 20), call.market.manners.page_limit)
    first = (max(call.number("page", 1), 1) - 1) * size
    page = found[first : first + size]
    if call.take("partial"):
        page = page[: len(page) // 2]
    unknown = call.take("unknown_status") is not None
    return {
        "result": [listed(order, call.market, unknown=unknown) for order in page],
        "totalRecord": len(found),
        "errorCode": "",
        "errorMessage": "",
    }


@dataclass(frozen=True, slots=True)
class _Filter:
    """The list's arguments; empty ones let everything through."""

    history: bool
    biz_types: str
    exact: tuple[str, ...]
    product_name: str
    created: tuple[datetime | None, datetime | None]
    modified: tuple[datetime | None, datetime | None]

    @classmethod
    def of(cls, call: Call) -> "_Filter":
        keys = ("outOrderId", "orderStatus", "sellerMemberId", "sellerLoginId")
        return cls(
            history=call.flag("isHis"),
            biz_types=call.text("bizTypes"),
            exact=tuple(call.text(key) for key in keys),
            product_name=call.text("productName"),
            created=(call.moment("createStartTime"), call.moment("createEndTime")),
            modified=(call.moment("modifyStartTime"), call.moment("modifyEndTime")),
        )

    def fits(self, order: MarketOrder, now: datetime) -> bool:
        """`bizTypes` hides orders of newer kinds, as ours are (measured by others: never send it)."""
        old = order.status in {"finished", "closed"} and order.created_at < now - HISTORY_AFTER
        if old != self.history or self.biz_types:
            return False
        values = (order.out_order_id, raw_status(order), order.seller.seller_id, order.seller.login)
        if any(wanted not in {"", value} for wanted, value in zip(self.exact, values, strict=True)):
            return False
        named = any(self.product_name in line.title for line in order.lines)
        return named and _inside(order.created_at, *self.created) and _inside(order.modified_at, *self.modified)


def _inside(moment: datetime, start: datetime | None, end: datetime | None) -> bool:
    """Both ends belong to the window; dates have milliseconds on the wire."""
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return (start is None or start <= moment) and (end is None or moment <= end)


def get_detail(call: Call) -> Json:
    """alibaba.trade.get.buyerView: `success` is a text. The codes of its refusals are inferred."""
    order = _find(call)
    if order is None:
        return _failed("ORDER_NOT_EXIST", "订单不存在") | {"success": "false"}
    if order.account != call.login:
        return _failed("400_3", "无权限操作该订单") | {"success": "false"}
    unknown = call.take("unknown_status") is not None
    return {
        "result": detailed(order, call.market, unknown=unknown),
        "success": "true",
        "errorCode": "",
        "errorMessage": "",
    }


def _find(call: Call) -> MarketOrder | None:
    """By orderId at once; by outOrderId only what a list shows already."""
    if call.text("orderId"):
        return call.world.orders.get(call.text("orderId"))
    mine = (one for one in call.world.look(call.login) if one.out_order_id == call.text("outOrderId"))
    return next(mine, None) if call.text("outOrderId") else None


def cancel(call: Call) -> Json:
    """alibaba.trade.cancel: unpaid orders only, and not in their first seconds. The order is `tradeID`."""
    order = call.world.orders.get(call.text("tradeID"))
    if order is None:
        return _failed("ORDER_NOT_EXIST", "订单不存在")
    if order.account != call.login:
        return _failed("400_3", "无权限操作该订单")
    if call.text("cancelReason") not in CANCEL_REASONS or call.text("webSite") != "1688":
        return _failed("400_1", "参数错误")
    if order.status != "unpaid":
        return _failed("ORDER_STATUS_ERROR", "订单状态不允许关闭")
    if call.world.now() - order.created_at < timedelta(seconds=call.market.manners.close_after):
        return _failed("CLOSE_ORDER_TOO_FAST", "订单创建后太快关闭, 请稍后再试")
    call.world.close(order.id, call.text("cancelReason"))
    return {"success": True, "errorCode": "", "errorMessage": ""}


def _failed(code: str, text: str) -> Json:
    return {"success": False, "errorCode": code, "errorMessage": text}
