"""Orders as 1688 shows them. Sums here are yuan on the wire (the signed discounts, which we don't need, are fen)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from pydantic import Field

from providers.alibaba1688 import apis, dates, statuses
from providers.alibaba1688.client import Client
from providers.alibaba1688.logistics import Parcels, parcels
from providers.alibaba1688.refusals import looks_temporary, meaning
from providers.alibaba1688.wire import Wire
from purchasing.errors import PageChanged, Refused, Transient
from purchasing.money import fen
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.words import Stage

_NOT_SENT = {Stage.UNPAID, Stage.PAID}
_CLOSED = {Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED}
_SENT_LINE = {"2", "3", "5"}
_PAID = {"2", "4", "6"}


class _Contact(Wire):
    shop_name: str = ""
    company_name: str = ""


class _Receiver(Wire):
    to_full_name: str = ""
    to_mobile: str = ""
    to_area: str = ""


class _Base(Wire):
    """`id` may have been rounded through a float: `idOfStr` is the order's number."""

    id: str = ""
    id_of_str: str = ""
    out_order_id: str = ""
    status: str = ""
    create_time: str = ""
    pay_time: str = ""
    total_amount: Decimal | None = None
    shipping_fee: Decimal = Decimal(0)
    pay_timeout: int | None = None
    refund_status: str = ""
    seller_login_id: str = ""
    buyer_login_id: str = ""
    seller_contact: _Contact = Field(default_factory=_Contact)
    receiver_info: _Receiver = Field(default_factory=_Receiver)


class _SkuInfo(Wire):
    name: str = ""
    value: str = ""


class _Item(Wire):
    sub_item_id: str = Field("", alias="subItemID")
    sub_item_id_string: str = Field("", alias="subItemIDString")
    product_id: str = Field("", alias="productID")
    sku_id: str = Field("", alias="skuID")
    spec_id: str = ""
    name: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    status: str = ""
    refund_status: str = ""
    refund: Decimal = Decimal(0)
    """Yuan."""
    logistics_status: str = ""
    gmt_pay_expire_time: str = ""
    sku_infos: list[_SkuInfo] = Field(default_factory=list)


class _Native(Wire):
    logistics_items: list[Wire] = Field(default_factory=list)


class _Term(Wire):
    pay_status: str = ""


class TradeInfo(Wire):
    """One order, in the list and in the detail."""

    base: _Base = Field(alias="baseInfo")
    items: list[_Item] = Field(default_factory=list, alias="productItems")
    terms: list[_Term] = Field(default_factory=list, alias="tradeTerms")
    native: _Native = Field(default_factory=_Native, alias="nativeLogistics")
    """Only the detail has it, once something is sent."""

    @property
    def number(self) -> str:
        return self.base.id_of_str or self.base.id

    @property
    def paid(self) -> bool:
        return bool(self.base.pay_time) or any(term.pay_status in _PAID for term in self.terms)

    @property
    def stage(self) -> Stage | None:
        """A part shipment leaves the order's status at waitsellersend."""
        stage = statuses.stage(self.base.status, paid=self.paid)
        sent = self.native.logistics_items or any(item.logistics_status in _SENT_LINE for item in self.items)
        return Stage.PART_SHIPPED if stage is Stage.PAID and sent else stage


class OrderList(Wire):
    """It has no `success`: a blank errorCode is one."""

    result: list[TradeInfo] = Field(default_factory=list)
    total_record: int | None = None
    error_code: str = ""
    error_message: str = ""


class _Detail(Wire):
    result: TradeInfo | None = None
    error_code: str = ""
    error_message: str = ""


async def listed(client: Client, account_id: int, params: dict[str, str]) -> OrderList:
    answer = await client.read(account_id, apis.ORDER_LIST, params, OrderList)
    if answer.error_code:
        raise _failure(apis.ORDER_LIST, answer.error_code, answer.error_message)
    return answer


async def detail(client: Client, account_id: int, number: str) -> TradeInfo:
    """Raises Refused(ORDER_NOT_FOUND) beside what every reading raises."""
    params = {"orderId": number, "webSite": "1688"}
    answer = await client.read(account_id, apis.ORDER_DETAIL, params, _Detail)
    if answer.result is None:
        raise _failure(apis.ORDER_DETAIL, answer.error_code, answer.error_message)
    return answer.result


async def whole_order(client: Client, account_id: int, number: str) -> ProviderOrderSeen:
    """The detail, and the parcels unless nothing can have been sent; a closed order's old ones are left as they are."""
    info = await detail(client, account_id, number)
    if info.stage in _NOT_SENT:
        return seen(info, Parcels())
    return seen(info, None if info.stage in _CLOSED else await parcels(client, account_id, number))


def seen(info: TradeInfo, sent: Parcels | None = None) -> ProviderOrderSeen:
    """`sent` None: this reading doesn't tell parcels. Raises PageChanged for an order without number or sum."""
    base, stage = info.base, info.stage
    if base.total_amount is None or not info.number:
        raise PageChanged("an order without its number or totalAmount", info.number)
    return ProviderOrderSeen(
        number=info.number,
        raw_status=base.status,
        stage=Stage.SIGNED if sent and sent.signed and stage is Stage.SHIPPED else stage,
        total=fen(base.total_amount),
        freight=fen(base.shipping_fee),
        seller=base.seller_contact.shop_name or base.seller_contact.company_name or base.seller_login_id,
        created_at=dates.parse(base.create_time),
        lines=tuple(_line(item) for item in info.items),
        waybills=sent.waybills if sent else None,
        paid_at=dates.parse(base.pay_time),
        closes_at=_closes_at(info) if stage is Stage.UNPAID else None,
        out_key=base.out_order_id,
        address_seen=_joined(
            (base.receiver_info.to_full_name, base.receiver_info.to_mobile, base.receiver_info.to_area)
        ),
    )


def _line(item: _Item) -> ProviderLineSeen:
    return ProviderLineSeen(
        sub_number=item.sub_item_id_string or item.sub_item_id,
        item_id=item.product_id,
        sku_id=item.spec_id,
        choice="; ".join(one.value for one in item.sku_infos),
        title=item.name,
        # Orders made by hand may hold 0.5 tons; ours are whole pieces.
        quantity=ceil(item.quantity),
        unit_price=item.price,
        raw_status=item.status,
        refund_status=item.refund_status,
        refunded=fen(item.refund),
    )


def _closes_at(info: TradeInfo) -> datetime | None:
    """The lines tell the moment; that payTimeout counts from the order's creation is inferred."""
    told = [moment for item in info.items if (moment := dates.parse(item.gmt_pay_expire_time))]
    if told:
        return min(told)
    created = dates.parse(info.base.create_time)
    timeout = info.base.pay_timeout
    return created + timedelta(seconds=timeout) if created and timeout else None


def _joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)


def _failure(api: apis.Api, code: str, message: str) -> Exception:
    """No code for an order that isn't there is documented for the detail: those of cancel and logistics are taken."""
    if meaning(code, message) is Refusal.ORDER_NOT_FOUND or "不存在" in message:
        return Refused(Refusal.ORDER_NOT_FOUND, detail=f"{code} {message}".strip())
    if looks_temporary(code, message):
        return Transient(f"{api.name}: {code} {message}")
    return PageChanged(f"{api.name} refuses: {code} {message}", code)
