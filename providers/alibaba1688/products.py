"""Reads an offer as it is sold now. Prices here are yuan; what an order really costs only a preview tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from providers.alibaba1688 import apis
from providers.alibaba1688.client import Client, Declined, as_json
from providers.alibaba1688.refusals import looks_temporary
from providers.alibaba1688.wire import Wire
from purchasing.errors import PageChanged, Transient
from purchasing.refusals import Refusal

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tier:
    start: int
    price: Decimal


@dataclass(frozen=True)
class Sku:
    """`spec_id` is unique within the offer only, and it is what orders take; `sku_id` is unique everywhere."""

    sku_id: str
    spec_id: str
    attributes: Attributes
    translated: Attributes
    price: Decimal | None
    stock: int | None

    @property
    def choice(self) -> str:
        return "; ".join(value for _, value in self.attributes)


@dataclass(frozen=True)
class Offer:
    """`minimum` counts pieces of all skus together (inferred); `quote_type` is 1 when the price is the sku's own."""

    title: str
    seller: str
    seller_id: str
    status: str
    sold_online: bool
    minimum: int
    mixed_batch: bool
    quote_type: int
    stock: int | None
    tiers: tuple[Tier, ...]
    skus: tuple[Sku, ...]

    def unit_price(self, sku: Sku | None, offer_quantity: int) -> Decimal | None:
        """Yuan for a piece when `offer_quantity` pieces of the whole offer are bought."""
        if self.quote_type in {1, 3} and sku is not None and sku.price is not None:
            return sku.price
        if not self.tiers:
            return sku.price if sku is not None else None
        reached = [tier.price for tier in self.tiers if tier.start <= offer_quantity]
        return reached[-1] if reached else self.tiers[0].price


@dataclass(frozen=True)
class NoOffer:
    """Why an offer can't be bought at all."""

    refusal: Refusal
    detail: str = ""


class _Priced(Wire):
    """A promotion's price undercuts the other; others report that a preview doesn't always honour it."""

    price: Decimal | None = None
    promotion_price: Decimal | None = None

    @property
    def lowest(self) -> Decimal | None:
        return min((one for one in (self.price, self.promotion_price) if one), default=None)


class _Range(_Priced):
    start_quantity: int = 1


class _Attribute(Wire):
    attribute_name: str = ""
    attribute_name_trans: str = ""
    value: str = ""
    value_trans: str = ""
    attribute_value: str = ""


class _Sku(_Priced):
    sku_id: str = ""
    spec_id: str = ""
    amount_on_sale: int | None = None
    sku_attributes: list[_Attribute] = Field(default_factory=list)
    attributes: list[_Attribute] = Field(default_factory=list)


class _Mix(Wire):
    general_hunpi: bool = False


class _Sale(Wire):
    amount_on_sale: int | None = None
    quote_type: int = 0
    price_range_list: list[_Range] = Field(default_factory=list)
    price_ranges: list[_Range] = Field(default_factory=list)
    support_online_trade: bool = True
    mix_whole_sale: bool = False
    min_order_quantity: int = 1


class _Detail(Wire):
    subject: str = ""
    status: str = ""
    min_order_quantity: int = 1
    seller_open_id: str = ""
    company_name: str = ""
    seller_mix_setting: _Mix = Field(default_factory=_Mix)
    product_sku_infos: list[_Sku] = Field(default_factory=list)
    product_sale_info: _Sale = Field(default_factory=_Sale)


class _DetailEnvelope(Wire):
    success: bool = True
    code: str = ""
    message: str = ""
    result: _Detail | None = None


class _DetailAnswer(Wire):
    result: _DetailEnvelope = Field(default_factory=_DetailEnvelope)


class _Simple(Wire):
    subject: str = ""
    status: str = ""
    supplier_login_id: str = ""
    supplier_user_id: str = ""
    sku_infos: list[_Sku] = Field(default_factory=list)
    sale_info: _Sale = Field(default_factory=_Sale)


class _SimpleAnswer(Wire):
    product_info: _Simple | None = None
    err_msg: str = ""


async def offer(client: Client, account_id: int, offer_id: str) -> Offer | NoOffer:
    """An offer that can't be read speaks only for itself. Raises Transient, SessionExpired or Declined."""
    if not (offer_id.isascii() and offer_id.isdigit()):
        return NoOffer(Refusal.ITEM_GONE, offer_id)
    try:
        return await _by_best_call(client, account_id, offer_id)
    except Declined:
        raise
    except PageChanged as error:
        return NoOffer(Refusal.UNKNOWN, f"{error} {error.evidence}".strip())


async def _by_best_call(client: Client, account_id: int, offer_id: str) -> Offer | NoOffer:
    """An app without permission for the cross-border call asks the one for suppliers that were bought from already."""
    try:
        return await _detail(client, account_id, offer_id)
    except Declined as error:
        if error.code != "gw.APIACLDecline":
            raise
        return await _simple(client, account_id, offer_id)


async def _detail(client: Client, account_id: int, offer_id: str) -> Offer | NoOffer:
    params = {"offerDetailParam": as_json({"offerId": int(offer_id), "country": "en"})}
    answer = (await client.read(account_id, apis.OFFER_DETAIL, params, _DetailAnswer)).result
    if answer.result is None:
        return _gone(answer.code, answer.message)
    one, sale = answer.result, answer.result.product_sale_info
    return Offer(
        title=one.subject,
        seller=one.company_name,
        seller_id=one.seller_open_id,
        status=one.status,
        sold_online=True,
        minimum=one.min_order_quantity,
        mixed_batch=one.seller_mix_setting.general_hunpi,
        quote_type=sale.quote_type,
        stock=sale.amount_on_sale,
        tiers=_tiers(sale.price_range_list),
        skus=tuple(_sku(sku, sku.sku_attributes) for sku in one.product_sku_infos),
    )


async def _simple(client: Client, account_id: int, offer_id: str) -> Offer | NoOffer:
    params = {"productID": offer_id, "webSite": "1688"}
    answer = await client.read(account_id, apis.OFFER_SIMPLE, params, _SimpleAnswer)
    if answer.product_info is None:
        return _gone("", answer.err_msg)
    one, sale = answer.product_info, answer.product_info.sale_info
    return Offer(
        title=one.subject,
        seller=one.supplier_login_id,
        seller_id=one.supplier_user_id or one.supplier_login_id,
        status=one.status,
        sold_online=sale.support_online_trade,
        minimum=sale.min_order_quantity,
        mixed_batch=sale.mix_whole_sale,
        quote_type=sale.quote_type,
        stock=sale.amount_on_sale,
        tiers=_tiers(sale.price_ranges),
        skus=tuple(_sku(sku, sku.attributes) for sku in one.sku_infos),
    )


def _gone(code: str, message: str) -> NoOffer:
    """An answer without an offer; no code for a missing one is documented."""
    if looks_temporary(code, message):
        raise Transient(f"1688 could not read the offer: {code} {message}")
    if not code and not message:
        raise PageChanged("the answer about an offer holds none")
    return NoOffer(Refusal.ITEM_GONE, f"{code} {message}".strip())


def _tiers(ranges: Sequence[_Range]) -> tuple[Tier, ...]:
    priced = [Tier(one.start_quantity, one.lowest) for one in ranges if one.lowest is not None]
    return tuple(sorted(priced, key=lambda tier: tier.start))


def _sku(sku: _Sku, attributes: Sequence[_Attribute]) -> Sku:
    translated = tuple((one.attribute_name_trans, one.value_trans) for one in attributes if one.value_trans)
    return Sku(
        sku_id=sku.sku_id,
        spec_id=sku.spec_id,
        attributes=tuple((one.attribute_name, one.value or one.attribute_value) for one in attributes),
        translated=translated,
        price=sku.lowest,
        stock=sku.amount_on_sale,
    )
