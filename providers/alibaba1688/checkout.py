"""Places one order, once and unpaid. Between the gate and the create call nothing may be asked or waited for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import Field

from providers.alibaba1688 import apis, cargo, statuses
from providers.alibaba1688.client import Client
from providers.alibaba1688.preview import GENERAL_FLOW, Offered, preview
from providers.alibaba1688.refusals import (
    FailedOffer,
    failed_refusals,
    line_refusals,
    looks_like_limit,
    looks_temporary,
)
from providers.alibaba1688.wire import Json, Wire, read_as
from purchasing.crash import crash_point
from purchasing.errors import LimitReached, OutcomeUnknown, PageChanged, ProviderError, Refused
from purchasing.money import yuan
from purchasing.provider import (
    AboutToSend,
    Checkout,
    CheckoutLine,
    Gate,
    LineRefusal,
    Placed,
    ProviderLineSeen,
    ProviderOrderSeen,
)
from purchasing.refusals import Refusal

ESCROW = ("assureTrade", "fxassure", "alipay", "assure")
"""1688's kinds of escrow, preferred first (fxassure is the older name of the 4.0 escrow). Left blank, 1688 may choose
credit; credit, account period, bank and staged payment are never asked for."""

UNPAID = "waitbuyerpay"
_READ_BACK_SECONDS = 10

ReadBack = Callable[[str], Awaitable[ProviderOrderSeen]]
"""Reads one order by its number."""


class _Created(Wire):
    """One of several orders; sums are fen, `orderAmmount` is 1688's spelling."""

    order_id: str = ""
    order_ammount: int = 0
    post_fee: int = 0
    result_code: str = ""
    message: str = ""


class _Result(Wire):
    """Sums are fen. `success` says nothing about an order: official samples have false beside a valid order id."""

    success: bool = False
    order_id: str = ""
    total_success_amount: int = 0
    post_fee: int = 0
    code: str = ""
    message: str = ""
    failed_offer_list: list[FailedOffer] = Field(default_factory=list)
    order_list: list[_Created] = Field(default_factory=list)

    @property
    def orders(self) -> list[_Created]:
        listed = [one for one in self.order_list if one.order_id]
        if listed or not self.order_id:
            return listed
        return [
            _Created(orderId=self.order_id, orderAmmount=self.total_success_amount, postFee=self.post_fee),
        ]


class _Answer(_Result):
    """Wrapped in `result`, or not."""

    result: _Result | None = None


async def place(client: Client, account_id: int, checkout: Checkout, gate: Gate, read_back: ReadBack) -> Placed:
    """See the port. The order's key goes along as outOrderId, by which it can be found whatever happens here."""
    offered = await preview(client, account_id, checkout)
    _check(checkout, offered)
    call = await client.prepare(account_id, apis.CREATE, _parameters(checkout, offered))
    quote = offered.quote
    deadline = await gate(AboutToSend(quote.total, quote.freight, _evidence(checkout, offered)))
    crash_point("alibaba1688.create")
    answer = await call.send(deadline)
    crash_point("alibaba1688.created")
    result = _result(answer)
    if not result.orders:
        raise _refusal(result, checkout.lines)
    refusals = failed_refusals(result.failed_offer_list, checkout.lines)
    seen = await _orders(result.orders, checkout, refusals, read_back)
    crash_point("alibaba1688.read_back")
    return Placed(seen, refusals or _left_out(result, seen, checkout.lines))


def _evidence(checkout: Checkout, offered: Offered) -> str:
    prices = {(offer_id, spec_id): price for offer_id, spec_id, price in offered.prices}
    goods = [f"{key[0]}/{key[1]} x{pieces} @{prices.get(key)}" for key, pieces in cargo.merged(checkout.lines).items()]
    return f"preview: flow {offered.flow}; " + "; ".join(goods)


def _trade_type(offered: Offered) -> str:
    """Raises Refused when no kind of escrow is offered."""
    if offered.trade_types is None:
        return ESCROW[0]
    if not offered.trade_types:
        raise Refused(Refusal.NOT_FOR_SALE_ONLINE, detail="1688 takes no order for this by API")
    for kind in ESCROW:
        if kind in offered.trade_types:
            return kind
    raise Refused(Refusal.NO_ESCROW, detail=", ".join(offered.trade_types))


def _check(checkout: Checkout, offered: Offered) -> None:
    if offered.quote.refusals:
        first = offered.quote.refusals[0]
        raise Refused(first.code, first.line_id, first.detail)
    total, expected = offered.quote.total, checkout.expected_total
    if expected is not None and total <= expected + checkout.tolerance:
        return
    for line in checkout.lines:
        if (price := _dearer(line, offered)) is not None:
            raise Refused(Refusal.PRICE_CHANGED, line.line_id, str(price))
    raise Refused(Refusal.TOTAL_DIFFERS, detail=f"{yuan(total)}")


def _dearer(line: CheckoutLine, offered: Offered) -> Decimal | None:
    for offer_id, spec_id, price in offered.prices:
        if (offer_id, spec_id) == (line.item_id, line.sku_id) and price > line.unit_price:
            return price
    return None


def _parameters(checkout: Checkout, offered: Offered) -> dict[str, str]:
    optional = {"message": checkout.note, "shopPromotionId": offered.promotion}
    return {
        **cargo.parameters(checkout),
        "flow": offered.flow or GENERAL_FLOW,
        "tradeType": _trade_type(offered),
        "outOrderId": checkout.key,
        **{key: value for key, value in optional.items() if value},
    }


def _result(body: Json) -> _Result:
    try:
        answer = read_as(_Answer, body, "fastCreateOrder")
    except PageChanged as error:
        raise OutcomeUnknown(f"fastCreateOrder: {error.evidence}") from error
    if answer.result is None:
        return answer
    if answer.result.code or answer.result.message:
        return answer.result
    return answer.result.model_copy(update={"code": answer.code, "message": answer.message})


def _refusal(result: _Result, lines: Sequence[CheckoutLine]) -> ProviderError:
    """Why no order came back: a refusal when 1688 gives a reason, else nobody knows what was done."""
    code, message = result.code, result.message
    failed = failed_refusals(result.failed_offer_list, lines)
    if failed and {line.line_id for line in lines} == {one.line_id for one in failed}:
        return Refused(failed[0].code, failed[0].line_id, failed[0].detail)
    if _leaves_open(result):
        return OutcomeUnknown(f"fastCreateOrder gave no order: {code} {message}".strip())
    if looks_like_limit(code, message):
        return LimitReached(f"{code} {message}".strip())
    first = (*failed, *line_refusals(code, message, lines))[0]
    pointed = failed or len(lines) == 1 or "[" in message
    return Refused(first.code, first.line_id if pointed else None, first.detail)


def _leaves_open(result: _Result) -> bool:
    """No reason, a failure inside 1688, or a key that 1688 knows already: then an earlier call has made an order."""
    code, message = result.code, result.message
    if result.success or code == "200" or not (code or message):
        return True
    return looks_temporary(code, message) or "outorderid" in f"{code}{message}".replace("_", "").lower()


def _left_out(
    result: _Result, seen: Sequence[ProviderOrderSeen], lines: Sequence[CheckoutLine]
) -> tuple[LineRefusal, ...]:
    """Of several orders one may fail without naming its lines: they are those that no order holds."""
    failed = [one for one in result.order_list if not one.order_id]
    if not failed or not all(order.lines for order in seen):
        return ()
    bought = {(one.item_id, one.sku_id) for order in seen for one in order.lines}
    rest = [line for line in lines if (line.item_id, line.sku_id) not in bought]
    return line_refusals(failed[0].result_code, failed[0].message, rest)


async def _orders(
    created: Sequence[_Created], checkout: Checkout, refusals: Sequence[LineRefusal], read_back: ReadBack
) -> tuple[ProviderOrderSeen, ...]:
    """Each order as it reads now; one that can't be read back is told as the create told it."""
    seen = []
    refused = {one.line_id for one in refusals}
    for one in created:
        try:
            async with asyncio.timeout(_READ_BACK_SECONDS):
                seen.append(await read_back(one.order_id))
        except (ProviderError, TimeoutError):
            # Which lines are in which of several orders the create doesn't tell: a sync will.
            lines = [line for line in checkout.lines if line.line_id not in refused] if len(created) == 1 else []
            seen.append(_as_told(one, checkout, lines))
    return tuple(seen)


def _as_told(created: _Created, checkout: Checkout, lines: Sequence[CheckoutLine]) -> ProviderOrderSeen:
    goods = list(cargo.merged(lines).items())
    # Inferred: a single line carries its order's number. The numbers of several only a reading tells.
    numbers = [created.order_id] if len(goods) == 1 else [f"?{position}" for position, _ in enumerate(goods, 1)]
    return ProviderOrderSeen(
        number=created.order_id,
        raw_status=UNPAID,
        stage=statuses.stage(UNPAID, paid=False),
        total=created.order_ammount or checkout.expected_total or 0,
        freight=created.post_fee,
        seller="",
        created_at=datetime.now(UTC),
        lines=tuple(
            _line_as_told(number, lines, key, pieces) for number, (key, pieces) in zip(numbers, goods, strict=True)
        ),
        out_key=checkout.key,
    )


def _line_as_told(number: str, lines: Sequence[CheckoutLine], key: tuple[str, str], pieces: int) -> ProviderLineSeen:
    line = next(one for one in lines if (one.item_id, one.sku_id) == key)
    return ProviderLineSeen(number, line.item_id, line.sku_id, line.choice, line.title, pieces, line.unit_price, UNPAID)
