"""What Taobao's words for an order's state mean to us. An unknown word has no stage and must pass through as it is;
names are in `purchasing.status_names`."""

from purchasing.words import Stage

STAGES: dict[str, Stage] = {
    "TRADE_NO_CREATE_PAY": Stage.UNPAID,
    "WAIT_BUYER_PAY": Stage.UNPAID,
    "PAY_PENDING": Stage.UNPAID,
    "WAIT_PRE_AUTH_CONFIRM": Stage.UNPAID,
    "WAIT_SELLER_SEND_GOODS": Stage.PAID,
    "PAID_FORBID_CONSIGN": Stage.PAID,
    "SELLER_CONSIGNED_PART": Stage.PART_SHIPPED,
    "WAIT_BUYER_CONFIRM_GOODS": Stage.SHIPPED,
    "TRADE_BUYER_SIGNED": Stage.SIGNED,
    "TRADE_FINISHED": Stage.DONE,
    "TRADE_CLOSED": Stage.CLOSED_REFUNDED,
    "TRADE_CLOSED_BY_TAOBAO": Stage.CLOSED_UNPAID,
    "等待买家付款": Stage.UNPAID,
    "待付款": Stage.UNPAID,
    "买家已付款": Stage.PAID,
    "待发货": Stage.PAID,
    "部分发货": Stage.PART_SHIPPED,
    "卖家部分发货": Stage.PART_SHIPPED,
    "卖家已发货": Stage.SHIPPED,
    "待收货": Stage.SHIPPED,
    "运输中": Stage.SHIPPED,
    "派送中": Stage.SHIPPED,
    "已签收": Stage.SIGNED,
    "交易成功": Stage.DONE,
    "充值成功": Stage.DONE,
}
"""tradeStatus values (their meanings: Taobao Open Platform, trade fields) and the texts that newer pages show instead.
部分发货 and the delivery words 派送中, 已签收 are inferred; PAY_PENDING and WAIT_PRE_AUTH_CONFIRM count as unpaid
because money has not arrived."""

CLOSED_TEXT = "交易关闭"
"""Alone it does not tell whether money had been paid; the order's page does."""


def stage_of(raw: str) -> Stage | None:
    return STAGES.get(raw.strip())
