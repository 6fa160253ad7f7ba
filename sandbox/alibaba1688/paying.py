"""The pay link, and the paying call, which pays nothing here: it only records that somebody made it."""

from urllib.parse import quote

from sandbox.alibaba1688.market import Call, Json, bad_argument


def pay_url(call: Call) -> Json:
    """alibaba.alipay.url.get: at most 100 orders; those that can't be paid are named. `erroMsg` is its spelling."""
    ids = call.json("orderIdList")
    if not isinstance(ids, list) or not all(isinstance(one, int) for one in ids):
        raise bad_argument("orderIdList")
    if not 0 < len(ids) <= 100:
        return {"success": False, "errorCode": "400_1", "erroMsg": "订单数量超过限制", "payFailureOrderList": ids}
    payable = [str(one) for one in ids if _payable(call, str(one))]
    if call.take("partial"):
        payable = payable[:-1]
    failed = [one for one in ids if str(one) not in payable]
    url = f"{call.origin}/person/{quote(call.login)}/cashier?orderId={';'.join(payable)}" if payable else ""
    return {
        "success": bool(payable),
        "payUrl": url,
        "errorCode": "" if payable else "ORDER_STATUS_ERROR",
        "erroMsg": "" if payable else "没有可支付的订单",
        "payFailureOrderList": failed,
    }


def _payable(call: Call, order_id: str) -> bool:
    order = call.world.orders.get(order_id)
    return order is not None and order.account == call.login and order.status == "unpaid"


def prepare_pay(call: Call) -> Json:
    """alibaba.trade.pay.protocolPay.preparePay would take money; `paying_calls` in the truth tells of it."""
    call.world.paying_calls.append(f"{call.login}: {call.text('tradeWithholdPreparePayParam')}")
    return {
        "result": {
            "success": True,
            "code": "200",
            "message": "",
            "result": {"payChannel": "alipay", "paySuccess": False},
        }
    }


def is_open(call: Call) -> Json:
    """alibaba.trade.pay.protocolPay.isopen: nobody agreed to automatic payment. The shape is inferred."""
    return {"result": {"success": True, "code": "200", "message": "", "result": {"paymentAgreements": []}}}
