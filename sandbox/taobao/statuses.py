"""The world's states as the site's raw statuses, texts and tabs. A status somebody set by hand passes through."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.market.model import MarketOrder

CHINA = ZoneInfo("Asia/Shanghai")
RAW = {
    "unpaid": "WAIT_BUYER_PAY",
    "paid": "WAIT_SELLER_SEND_GOODS",
    "part_shipped": "SELLER_CONSIGNED_PART",
    "shipped": "WAIT_BUYER_CONFIRM_GOODS",
    "delivered": "WAIT_BUYER_CONFIRM_GOODS",
    "finished": "TRADE_FINISHED",
}
TEXTS = {
    "WAIT_BUYER_PAY": "等待买家付款",
    "WAIT_SELLER_SEND_GOODS": "买家已付款",
    "SELLER_CONSIGNED_PART": "卖家部分发货",
    "WAIT_BUYER_CONFIRM_GOODS": "卖家已发货",
    "TRADE_FINISHED": "交易成功",
    "TRADE_CLOSED": "交易关闭",
    "TRADE_CLOSED_BY_TAOBAO": "交易关闭",
}
TABS = {
    "waitPay": ("待付款", {"WAIT_BUYER_PAY"}),
    "waitSend": ("待发货", {"WAIT_SELLER_SEND_GOODS", "SELLER_CONSIGNED_PART"}),
    "waitConfirm": ("待收货", {"WAIT_BUYER_CONFIRM_GOODS"}),
    "waitRate": ("待评价", {"TRADE_FINISHED"}),
}
"""Where a partly shipped order stands is not known from the live site: here under 待发货."""


def raw_status(order: MarketOrder) -> str:
    if order.raw_status:
        return order.raw_status
    if order.status == "closed":
        return "TRADE_CLOSED" if order.paid_at else "TRADE_CLOSED_BY_TAOBAO"
    return RAW[order.status]


def status_text(raw: str) -> str:
    return TEXTS.get(raw, "订单处理中")


def in_tab(order: MarketOrder, tab: str) -> bool:
    return tab not in TABS or raw_status(order) in TABS[tab][1]


def china_time(moment: datetime) -> str:
    """As pages write it: `2026-11-24 11:00:00`, China time without a zone."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
