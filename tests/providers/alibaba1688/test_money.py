"""Fen and yuan, field by field, on answers written as the documents' samples write them."""

from decimal import Decimal

import pytest

from purchasing.errors import OutcomeUnknown, Refused
from purchasing.provider import CheckoutQuote, ProviderOrderSeen, Want
from purchasing.refusals import Refusal
from tests.providers.alibaba1688.conftest import ACCOUNT, Gate, canned, checkout, line

SPEC = "b266e0726506185beaf205cbae88530d"
LINES = (line(1, 1, SPEC, 2, "18"),)
ENTRY: dict[str, object] = {
    "sumPayment": 4400,
    "sumCarriage": 800,
    "sumPaymentNoCarriage": 3600,
    "discountFee": 0,
    "additionalFee": None,
    "flowFlag": "general",
    "tradeModeNameList": ["assureTrade"],
    "status": True,
    "cargoList": [{"amount": 36, "finalUnitPrice": 18, "specId": SPEC, "offerId": 730000000001}],
}
PREVIEW = {"orderPreviewResuslt": [ENTRY], "success": True}
BASE: dict[str, object] = {
    "id": 58218860983545944,
    "idOfStr": "58218860983545941",
    "status": "waitbuyerpay",
    "totalAmount": 44.01,
    "shippingFee": 8.0,
    "couponFee": 0.0,
    "discount": -3989,
    "createTime": "20180802061113000-0700",
    "payTimeout": 432000,
}
ITEM: dict[str, object] = {
    "subItemID": 58218860983545944,
    "subItemIDString": 58218860983545941,
    "productID": 554456348334,
    "specId": SPEC,
    "quantity": 2.0,
    "price": 0.0085,
    "itemAmount": 36.01,
    "entryDiscount": -3989,
}


def detail(**changes: object) -> dict[str, object]:
    return {"result": {"baseInfo": BASE | changes, "productItems": [ITEM]}, "success": "true"}


async def read(**changes: object) -> ProviderOrderSeen:
    async with canned(alibaba_trade_get_buyerView=detail(**changes)) as provider:
        return await provider.order(ACCOUNT, "58218860983545941")


async def previewed(**changes: object) -> CheckoutQuote:
    answer = {"orderPreviewResuslt": [{**ENTRY, **changes}], "success": True}
    async with canned(alibaba_createOrder_preview=answer) as provider:
        return await provider.preview(ACCOUNT, checkout(*LINES))


async def placed(created: object) -> ProviderOrderSeen:
    """Placed, when nothing can be read back."""
    refused = {"errorCode": "ORDER_NOT_EXIST", "errorMessage": ""}
    async with canned(
        alibaba_createOrder_preview=PREVIEW,
        alibaba_trade_fastCreateOrder=created,
        alibaba_trade_get_buyerView=refused,
    ) as provider:
        return (await provider.place(ACCOUNT, checkout(*LINES, total=4400), Gate())).orders[0]


async def test_sums_of_a_preview_are_fen() -> None:
    quote = await previewed()
    assert (quote.total, quote.freight, quote.goods, quote.discount) == (4400, 800, 3600, 0)
    quote = await previewed(sumPayment=4300, discountFee=100)
    assert (quote.total, quote.goods, quote.discount) == (4300, 3600, 100)


async def test_the_price_of_a_previews_cargo_is_yuan() -> None:
    cargo = [{"amount": 36.5, "finalUnitPrice": 18.25, "specId": SPEC, "offerId": 730000000001}]
    answer = {"orderPreviewResuslt": [{**ENTRY, "sumPayment": 4450, "cargoList": cargo}]}
    async with canned(alibaba_createOrder_preview=answer) as provider:
        with pytest.raises(Refused) as refused:
            await provider.place(ACCOUNT, checkout(*LINES, total=4400), Gate())
    assert refused.value.detail == "18.25"


async def test_sums_of_a_create_are_fen() -> None:
    order = await placed({"result": {"orderId": "42", "totalSuccessAmount": 4400, "postFee": 800, "success": True}})
    assert (order.number, order.total, order.freight) == ("42", 4400, 800)


async def test_sums_of_several_created_orders_are_fen() -> None:
    """An official sample, shortened."""
    one = {"postFee": 48000, "orderAmmount": 4848000, "sumPaymentNoCarriageFromClient": 4800000}
    order = await placed({"result": {"success": True, "orderList": [{**one, "orderId": "105581756010628640"}]}})
    assert (order.number, order.total, order.freight) == ("105581756010628640", 4848000, 48000)


async def test_an_order_of_several_that_failed_leaves_its_lines_refused() -> None:
    orders = [{"orderId": "58218860983545941"}, {"success": False, "resultCode": "500_004", "message": "库存不足"}]
    item = ITEM | {"productID": 730000000001}
    async with canned(
        alibaba_createOrder_preview=PREVIEW,
        alibaba_trade_fastCreateOrder={"result": {"success": True, "orderList": orders}},
        alibaba_trade_get_buyerView={"result": {"baseInfo": BASE, "productItems": [item]}},
    ) as provider:
        two = checkout(*LINES, line(2, 1, "other", 1, "18"), total=4400)
        done = await provider.place(ACCOUNT, two, Gate())
    assert [order.number for order in done.orders] == ["58218860983545941"]
    assert [(one.line_id, one.code) for one in done.refusals] == [(2, Refusal.STOCK_SHORT)]


async def test_parts_of_different_flows_are_asked_for_in_one() -> None:
    split = {"orderPreviewResuslt": [ENTRY, ENTRY | {"flowFlag": "fenxiao"}]}
    async with canned(alibaba_createOrder_preview=[split, PREVIEW]) as provider:
        assert (await provider.preview(ACCOUNT, checkout(*LINES))).total == 4400


@pytest.mark.parametrize(
    "created",
    [
        {},
        {"success": True},
        {"result": {"success": True, "code": "200"}},
        {"result": {"code": "SYSTEM_ERROR", "message": "系统异常"}},
        {"result": {"success": False, "code": "500"}},
        {"result": ["unheard of"]},
        "[]",
        '{"result": {"orderId": "4',
    ],
)
async def test_a_create_without_order_and_reason_is_unknown(created: object) -> None:
    with pytest.raises(OutcomeUnknown):
        await placed(created)


@pytest.mark.parametrize("result", [None, {}])
async def test_a_reason_outside_the_wrapping_is_a_reason(result: object) -> None:
    with pytest.raises(Refused, match=Refusal.STOCK_SHORT):
        await placed({"result": result, "success": False, "code": "500_004", "message": "库存不足"})


async def test_sums_of_an_order_are_yuan() -> None:
    order = await read()
    assert (order.total, order.freight) == (4401, 800)
    assert order.lines[0].unit_price == Decimal("0.0085")
    assert order.lines[0].quantity == 2


async def test_a_sum_that_a_float_cannot_hold_is_exact() -> None:
    assert (await read(totalAmount=1234567.29, shippingFee=0.29)).total == 123456729


async def test_ids_are_the_texts_and_not_the_rounded_numbers() -> None:
    order = await read()
    assert order.number == "58218860983545941"
    assert order.lines[0].sub_number == "58218860983545941"


async def test_an_order_without_idofstr_keeps_all_digits_of_its_id() -> None:
    assert (await read(idOfStr=None, id=2237938826932135493)).number == "2237938826932135493"


async def test_a_price_below_a_fen_is_kept_in_a_quote() -> None:
    result = {
        "status": "published",
        "productSaleInfo": {"quoteType": 0, "priceRangeList": [{"startQuantity": 1, "price": "0.0085"}]},
    }
    answer = {"result": {"success": True, "result": result}}
    async with canned(product_search_queryProductDetail=answer) as provider:
        (quote,) = await provider.quote(ACCOUNT, [Want(1, "1", "", 3, Decimal(1))])
    assert quote.unit_price == Decimal("0.0085")
