"""What the providers' raw statuses are called: built-in names, and those that the owner gave instead.

Names only: what a status means is decided by each provider. A raw status without a name is shown as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from purchasing.errors import BadInput, Stale
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.typed import one_line
from purchasing.words import ProviderName

LONGEST = 60


class Names(NamedTuple):
    ru: str
    en: str


_TAOBAO = {
    "TRADE_NO_CREATE_PAY": Names("Создан, платёж не заведён", "Created, no payment yet"),
    "WAIT_BUYER_PAY": Names("Ждёт оплаты", "Waiting for payment"),
    "PAY_PENDING": Names("Оплата подтверждается", "Payment being confirmed"),
    "WAIT_PRE_AUTH_CONFIRM": Names("Ждёт подтверждения предоплаты", "Waiting for pre-authorisation"),
    "WAIT_SELLER_SEND_GOODS": Names("Оплачен, ждёт отправки", "Paid, waiting for shipment"),
    "SELLER_CONSIGNED_PART": Names("Отправлен частично", "Partly shipped"),
    "PAID_FORBID_CONSIGN": Names("Оплачен, отправка запрещена", "Paid, shipping not allowed yet"),
    "WAIT_BUYER_CONFIRM_GOODS": Names("Отправлен", "Shipped"),
    "TRADE_BUYER_SIGNED": Names("Получен", "Signed for"),
    "TRADE_FINISHED": Names("Завершён", "Finished"),
    "TRADE_CLOSED": Names("Закрыт с возвратом", "Closed, refunded"),
    "TRADE_CLOSED_BY_TAOBAO": Names("Закрыт без оплаты", "Closed before payment"),
    "等待买家付款": Names("Ждёт оплаты", "Waiting for payment"),
    "待付款": Names("Ждёт оплаты", "Waiting for payment"),
    "买家已付款": Names("Оплачен", "Paid"),
    "待发货": Names("Оплачен, ждёт отправки", "Paid, waiting for shipment"),
    "部分发货": Names("Отправлен частично", "Partly shipped"),
    "卖家部分发货": Names("Отправлен частично", "Partly shipped"),
    "卖家已发货": Names("Отправлен", "Shipped"),
    "待收货": Names("Отправлен", "Shipped"),
    "运输中": Names("В пути", "In transit"),
    "派送中": Names("Доставляется", "Out for delivery"),
    "已签收": Names("Получен", "Signed for"),
    "交易成功": Names("Завершён", "Finished"),
    "充值成功": Names("Пополнение выполнено", "Top-up done"),
    "交易关闭": Names("Закрыт", "Closed"),
}
"""Of the Open Platform's tradeStatus, and of the texts that newer pages show instead."""

_ALIBABA1688 = {
    "waitbuyerpay": Names("ждёт оплаты", "waiting for payment"),
    "waitsellersend": Names("ждёт отправки", "waiting for the seller to ship"),
    "waitlogisticstakein": Names("ждёт курьера", "waiting for the courier"),
    "waitbuyerreceive": Names("отправлен", "shipped"),
    "waitbuyersign": Names("ждёт подписи получателя", "waiting to be signed for"),
    "signinsuccess": Names("получение подписано", "signed for"),
    "confirm_goods": Names("получение подтверждено", "receipt confirmed"),
    "signinfailed": Names("получение не подписано", "not signed for"),
    "paid_but_not_fund": Names("оплачен, деньги не поступили", "paid, money not arrived"),
    "send_goods_but_not_fund": Names("отправлен, деньги не поступили", "shipped, money not arrived"),
    "confirm_goods_but_not_fund": Names("получен, деньги не переведены", "received, money not passed on"),
    "confirm_goods_and_has_subsidy": Names("получен, начислена субсидия", "received, with a subsidy"),
    "waitsellerconfirm": Names("ждёт подтверждения продавца", "waiting for the seller to confirm"),
    "waitbuyerconfirm": Names("ждёт подтверждения покупателя", "waiting for the buyer to confirm"),
    "success": Names("завершён", "completed"),
    "cancel": Names("закрыт", "closed"),
    "terminated": Names("прекращён", "terminated"),
    "waitactivate": Names("ждёт активации", "waiting to be activated"),
    "waitsellerpush": Names("ждёт следующего этапа от продавца", "waiting for the seller's next stage"),
    "waitselleract": Names("ждёт действия продавца", "waiting for the seller to act"),
    "waitbuyerconfirmaction": Names("ждёт подтверждения этапа", "waiting for the stage to be confirmed"),
    "settlebill": Names("расчёт", "settling the bill"),
    "inactiveandcancel": Names("закрыт без активации", "closed without activation"),
    "waitselleragree": Names("возврат ждёт продавца", "refund waits for the seller"),
    "waitbuyermodify": Names("возврат надо исправить", "refund must be changed by the buyer"),
    "waitbuyersend": Names("возврат: отправьте товар", "refund: send the goods back"),
    "waitsellerreceive": Names("возврат: продавец ждёт товар", "refund: the seller awaits the goods"),
    "refundsuccess": Names("деньги возвращены", "refunded"),
    "refundclose": Names("возврат закрыт", "refund closed"),
    # Order lines write refund states in capitals, and REFUND_CLOSED where orders write refundclose.
    "WAIT_SELLER_AGREE": Names("возврат ждёт продавца", "refund waits for the seller"),
    "WAIT_BUYER_MODIFY": Names("возврат надо исправить", "refund must be changed by the buyer"),
    "WAIT_BUYER_SEND": Names("возврат: отправьте товар", "refund: send the goods back"),
    "WAIT_SELLER_RECEIVE": Names("возврат: продавец ждёт товар", "refund: the seller awaits the goods"),
    "REFUND_SUCCESS": Names("деньги возвращены", "refunded"),
    "REFUND_CLOSED": Names("возврат закрыт", "refund closed"),
}

DEFAULTS: Mapping[ProviderName, Mapping[str, Names]] = {
    ProviderName.TAOBAO: _TAOBAO,
    ProviderName.ALIBABA1688: _ALIBABA1688,
}
"""Every documented raw status of an order or a refund."""


class CustomNames:
    """The names given by the owner, read once for a screen."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def get(self, provider: ProviderName, raw: str) -> str | None:
        return self._names.get(_key(provider, raw))


NO_CUSTOM_NAMES = CustomNames({})


def custom_names(store: Store) -> CustomNames:
    return CustomNames(store.settings.all("status."))


def set_status_name(store: Store, person: Person, provider: ProviderName, raw: str, name: str, now: datetime) -> None:
    """Raises Stale for a raw status that isn't documented, BadInput for an empty or too long name."""
    check(person, Right.MANAGE)
    _documented(provider, raw)
    name = one_line(name)
    if not 1 <= len(name) <= LONGEST:
        raise BadInput("status_name", "name_1_60", name)
    before = custom_names(store).get(provider, raw) or ""
    store.settings.put(_key(provider, raw), name, person.id, now)
    store.audit.add(AuditEntry(now, person.id, "setting", _key(provider, raw), before, name))


def reset_status_name(store: Store, person: Person, provider: ProviderName, raw: str, now: datetime) -> None:
    check(person, Right.MANAGE)
    _documented(provider, raw)
    before = custom_names(store).get(provider, raw)
    if before is not None:
        store.settings.remove(_key(provider, raw))
        store.audit.add(AuditEntry(now, person.id, "setting", _key(provider, raw), before, ""))


def _documented(provider: ProviderName, raw: str) -> None:
    if raw not in DEFAULTS[provider]:
        raise Stale("status_unknown")


def _key(provider: ProviderName, raw: str) -> str:
    return f"status.{provider}.{raw}"
