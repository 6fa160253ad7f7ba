"""What 1688 would make of a checkout. Sums of an entry are fen, those of its cargo are yuan; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from providers.alibaba1688 import apis, cargo
from providers.alibaba1688.client import Client
from providers.alibaba1688.refusals import FailedOffer, failed_refusals, line_refusals, looks_temporary
from providers.alibaba1688.wire import Wire
from purchasing.errors import PageChanged, Transient
from purchasing.provider import Checkout, CheckoutLine, CheckoutQuote, LineRefusal

GENERAL_FLOW = "general"


@dataclass(frozen=True)
class Offered:
    """A preview's outcome, and what a create must repeat of it to get the same sums.

    `trade_types` is None when 1688 doesn't tell them, empty when the goods can't be ordered by API."""

    quote: CheckoutQuote
    flow: str = ""
    trade_types: tuple[str, ...] | None = None
    promotion: str = ""
    prices: tuple[tuple[str, str, Decimal], ...] = ()
    """(offerId, specId, yuan for a piece)"""


class _Cargo(Wire):
    offer_id: str = ""
    spec_id: str = ""
    final_unit_price: Decimal | None = None
    result_code: str = ""
    message: str = ""


class _Promotion(Wire):
    promotion_id: str = ""
    selected: bool = False


class _Entry(Wire):
    """One of the orders that 1688 would make."""

    sum_payment: int | None = None
    sum_carriage: int = 0
    discount_fee: int = 0
    flow_flag: str = ""
    trade_mode_name_list: list[str] | None = None
    shop_promotion_list: list[_Promotion] = Field(default_factory=list)
    cargo_list: list[_Cargo] = Field(default_factory=list)
    status: bool = True
    result_code: str = ""
    message: str = ""


class _Answer(Wire):
    # The spelling is 1688's own.
    entries: list[_Entry] = Field(default_factory=list, alias="orderPreviewResuslt")
    success: bool = True
    error_code: str = ""
    error_msg: str = ""
    post_fee_by_desc_offer_list: list[str] = Field(default_factory=list)


async def preview(client: Client, account_id: int, checkout: Checkout) -> Offered:
    """Asked without a flow, 1688 offers the cheapest. Parts of different flows can't become one create: then the whole
    is asked for as the open market sells it."""
    offered = await _ask(client, account_id, checkout, "")
    if offered.flow or offered.quote.refusals:
        return offered
    return await _ask(client, account_id, checkout, GENERAL_FLOW)


async def _ask(client: Client, account_id: int, checkout: Checkout, flow: str) -> Offered:
    params = cargo.parameters(checkout) | ({"flow": flow} if flow else {})
    answer = await client.read(account_id, apis.PREVIEW, params, _Answer)
    if refusals := _refusals(answer, checkout.lines):
        return Offered(CheckoutQuote(refusals=refusals))
    flows = {entry.flow_flag for entry in answer.entries}
    return Offered(
        quote=_quote(answer),
        flow=flow or (flows.pop() if len(flows) == 1 else ""),
        trade_types=_common_trade_types(answer.entries),
        promotion=_promotion(answer.entries),
        prices=tuple(
            (one.offer_id, one.spec_id, one.final_unit_price)
            for entry in answer.entries
            for one in entry.cargo_list
            if one.final_unit_price is not None
        ),
    )


def _quote(answer: _Answer) -> CheckoutQuote:
    """`goods` is what remains of the payment without freight and discount, so that the three always add up to it."""
    sums = [entry.sum_payment for entry in answer.entries if entry.sum_payment is not None]
    if len(sums) != len(answer.entries):
        raise PageChanged("a preview without sumPayment")
    total = sum(sums)
    freight = sum(entry.sum_carriage for entry in answer.entries)
    discount = sum(entry.discount_fee for entry in answer.entries)
    return CheckoutQuote(
        goods=total - freight + discount,
        freight=freight,
        discount=discount,
        total=total,
        # Inferred: freight "by description" is set by the seller after the order.
        freight_final=not answer.post_fee_by_desc_offer_list,
    )


def _refusals(answer: _Answer, lines: Sequence[CheckoutLine]) -> tuple[LineRefusal, ...]:
    if answer.error_code or not answer.entries:
        if looks_temporary(answer.error_code, answer.error_msg):
            raise Transient(f"1688 could not preview: {answer.error_code} {answer.error_msg}")
        return line_refusals(answer.error_code, answer.error_msg, lines)
    refused_entries = [entry for entry in answer.entries if not entry.status and entry.result_code]
    by_entry = [line_refusals(entry.result_code, entry.message, _in_entry(entry, lines)) for entry in refused_entries]
    failed = [
        FailedOffer(offerId=one.offer_id, specId=one.spec_id, errorCode=one.result_code, errorMessage=one.message)
        for entry in answer.entries
        for one in entry.cargo_list
        if one.result_code.startswith("500_")
    ]
    found = (*failed_refusals(failed, lines), *(one for refusals in by_entry for one in refusals))
    return tuple({one.line_id: one for one in reversed(found)}.values())


def _in_entry(entry: _Entry, lines: Sequence[CheckoutLine]) -> Sequence[CheckoutLine]:
    offers = {one.offer_id for one in entry.cargo_list}
    return [line for line in lines if line.item_id in offers] or lines


def _common_trade_types(entries: Sequence[_Entry]) -> tuple[str, ...] | None:
    """Those that every part allows, in 1688's order."""
    told = [entry.trade_mode_name_list for entry in entries if entry.trade_mode_name_list is not None]
    if not told:
        return None
    return tuple(one for one in told[0] if all(one in others for others in told))


def _promotion(entries: Sequence[_Entry]) -> str:
    """The shop's promotion that a single order's sums include (inferred from `selected`)."""
    chosen = [one.promotion_id for entry in entries for one in entry.shop_promotion_list if one.selected]
    return chosen[0] if len(entries) == 1 and len(chosen) == 1 else ""
