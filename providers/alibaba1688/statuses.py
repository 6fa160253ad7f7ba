"""What 1688's raw statuses mean to us and are called. A status that isn't here is unknown, never an error."""

from typing import NamedTuple

from purchasing.words import Stage


class Names(NamedTuple):
    ru: str
    en: str


_STAGES = {
    "waitbuyerpay": Stage.UNPAID,
    "waitsellersend": Stage.PAID,
    "waitlogisticstakein": Stage.SHIPPED,
    "waitbuyerreceive": Stage.SHIPPED,
    "waitbuyersign": Stage.SHIPPED,
    "signinsuccess": Stage.SIGNED,
    "confirm_goods": Stage.SIGNED,
    "success": Stage.DONE,
    # Orders paid in stages: inferred from the names alone.
    "waitactivate": Stage.UNPAID,
    "waitsellerpush": Stage.PAID,
    "waitselleract": Stage.PAID,
    "waitbuyerconfirmaction": Stage.PAID,
    "settlebill": Stage.DONE,
}
_CLOSED = {"cancel", "terminated", "inactiveandcancel"}

NAMES = {
    "waitbuyerpay": Names("ждёт оплаты", "waiting for payment"),
    "waitsellersend": Names("ждёт отправки", "waiting for the seller to ship"),
    "waitlogisticstakein": Names("ждёт курьера", "waiting for the courier"),
    "waitbuyerreceive": Names("отправлен", "shipped"),
    "waitbuyersign": Names("ждёт подписи получателя", "waiting to be signed for"),
    "signinsuccess": Names("получение подписано", "signed for"),
    "confirm_goods": Names("получение подтверждено", "receipt confirmed"),
    "success": Names("завершён", "completed"),
    "cancel": Names("закрыт", "closed"),
    "terminated": Names("прекращён", "terminated"),
    "waitactivate": Names("ждёт активации", "waiting to be activated"),
    "waitsellerpush": Names("ждёт следующего этапа от продавца", "waiting for the seller's next stage"),
    "waitselleract": Names("ждёт действия продавца", "waiting for the seller to act"),
    "waitbuyerconfirmaction": Names("ждёт подтверждения этапа", "waiting for the stage to be confirmed"),
    "settlebill": Names("расчёт", "settling the bill"),
    "inactiveandcancel": Names("закрыт без активации", "closed without activation"),
}

# Order lines write the same words in capitals, and REFUND_CLOSED where orders write refundclose.
REFUND_NAMES = {
    "waitselleragree": Names("возврат ждёт продавца", "refund waits for the seller"),
    "waitbuyermodify": Names("возврат надо исправить", "refund must be changed by the buyer"),
    "waitbuyersend": Names("возврат: отправьте товар", "refund: send the goods back"),
    "waitsellerreceive": Names("возврат: продавец ждёт товар", "refund: the seller awaits the goods"),
    "refundsuccess": Names("деньги возвращены", "refunded"),
    "refundclose": Names("возврат закрыт", "refund closed"),
    "WAIT_SELLER_AGREE": Names("возврат ждёт продавца", "refund waits for the seller"),
    "WAIT_BUYER_MODIFY": Names("возврат надо исправить", "refund must be changed by the buyer"),
    "WAIT_BUYER_SEND": Names("возврат: отправьте товар", "refund: send the goods back"),
    "WAIT_SELLER_RECEIVE": Names("возврат: продавец ждёт товар", "refund: the seller awaits the goods"),
    "REFUND_SUCCESS": Names("деньги возвращены", "refunded"),
    "REFUND_CLOSED": Names("возврат закрыт", "refund closed"),
}


def stage(raw: str, *, paid: bool) -> Stage | None:
    """`paid`: whether money was ever taken, which tells a closed order that was refunded from one never paid."""
    if raw in _CLOSED:
        return Stage.CLOSED_REFUNDED if paid else Stage.CLOSED_UNPAID
    return _STAGES.get(raw)
