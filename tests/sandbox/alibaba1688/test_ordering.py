"""Preview and create: rules, units, shapes and traps."""

from typing import Any

import pytest

from tests.sandbox.alibaba1688.conftest import Shop

SHIRT, SCREW, TIE, BUBBLE, KITCHEN, SPEAKER, SHELF, PART = (
    730000000001, 730000000002, 730000000003, 730000000004, 730000000005, 730000000006, 730000000009,
    730000000011,
)  # fmt: skip


async def test_product_detail_is_double_wrapped_with_text_prices(shop: Shop) -> None:
    answer = await shop.call(
        "com.alibaba.fenxiao.crossborder",
        "product.search.queryProductDetail",
        offerDetailParam={"offerId": SHIRT, "country": "en"},
    )
    inner = answer["result"]["result"]
    assert answer["result"]["success"] is True
    assert inner["minOrderQuantity"] == 10
    assert inner["productSkuInfos"][0]["price"] == "18.00"
    assert len(inner["productSkuInfos"][0]["specId"]) == 32
    assert inner["productShippingInfo"]["weight"] == 0.5
    assert inner["productShippingInfo"]["skuShippingInfoList"][0]["weight"] == 500


async def test_old_product_call_has_number_prices(shop: Shop) -> None:
    ask = {"productID": str(SHIRT), "webSite": "1688"}
    answer = await shop.call("com.alibaba.product", "alibaba.product.simple.get", **ask)
    assert answer["productInfo"]["skuInfos"][0]["price"] == 18.0
    missing = await shop.call("com.alibaba.product", "alibaba.product.simple.get", **(ask | {"productID": "1"}))
    assert missing["errMsg"] == "商品[1]不存在"


async def test_freight_estimate_is_yuan_text(shop: Shop) -> None:
    ask = {"offerId": SHIRT, "totalNum": 10, "logisticsSkuNumModels": [{"skuId": "5700000000011", "number": 10}]}
    answer = await shop.call(
        "com.alibaba.fenxiao.crossborder", "product.freight.estimate", productFreightQueryParamsNew=ask
    )
    assert answer["result"]["code"] == "S0000"
    assert answer["result"]["result"]["freight"] == "8"


async def test_preview_units(shop: Shop) -> None:
    answer = await shop.preview(await shop.cargo(SHIRT, 10))
    (entry,) = answer["orderPreviewResuslt"]
    assert (entry["sumPayment"], entry["sumCarriage"], entry["sumPaymentNoCarriage"]) == (18_800, 800, 18_000)
    assert (entry["cargoList"][0]["amount"], entry["cargoList"][0]["finalUnitPrice"]) == (180.0, 18.0)
    assert "quantity" not in entry["cargoList"][0]
    assert "assureTrade" in entry["tradeModeNameList"]
    assert entry["flowFlag"] == "general"


async def test_tier_and_sub_fen_prices(shop: Shop) -> None:
    small = (await shop.preview(await shop.cargo(BUBBLE, 50, None)))["orderPreviewResuslt"][0]
    large = (await shop.preview(await shop.cargo(BUBBLE, 500, None)))["orderPreviewResuslt"][0]
    screws = await shop.preview(await shop.cargo(SCREW, 6_000), await shop.cargo(SCREW, 5_000, 1))
    assert small["sumPaymentNoCarriage"] == 2_250
    assert large["sumPaymentNoCarriage"] == 19_000
    assert [one["finalUnitPrice"] for one in screws["orderPreviewResuslt"][0]["cargoList"]] == [0.0065, 0.0065]
    assert screws["orderPreviewResuslt"][0]["sumPaymentNoCarriage"] == 3_900 + 3_250


async def test_freight_by_description_is_named(shop: Shop) -> None:
    answer = await shop.preview(await shop.cargo(SHELF, 1))
    assert answer["postFeeByDescOfferList"] == [SHELF]


@pytest.mark.parametrize(
    ("basket", "code"),
    [
        ([(PART, 1, None)], "500_001"),
        ([(1, 1, None)], "500_001"),
        ([(SHIRT, 10, None)], "500_002"),
        ([(SHIRT, 10, 0), (BUBBLE, 50, None)], "500_002"),
        ([(SHIRT, 10, 0), (KITCHEN, 5, 0)], "500_003"),
        ([(SHIRT, 10, -1)], "500_003"),
        ([(SPEAKER, 1, 0)], "500_004"),
        ([(SHIRT, 9, 0)], "500_005"),
        ([(TIE, 99, 0)], "500_006"),
    ],
)
async def test_preview_refuses(shop: Shop, basket: list[tuple[int, int, int | None]], code: str) -> None:
    cargo: list[dict[str, object]] = []
    for offer, quantity, sku in basket:
        if sku == -1:
            cargo.append({"offerId": offer, "specId": "0" * 32, "quantity": quantity})
        else:
            cargo.append(await shop.cargo(offer, quantity, sku))
    answer = await shop.preview(*cargo)
    assert (answer["success"], answer["errorCode"]) == (False, code)
    assert answer["orderPreviewResuslt"] == []


async def test_minimum_counts_the_whole_offer(shop: Shop) -> None:
    answer = await shop.preview(await shop.cargo(SHIRT, 5), await shop.cargo(SHIRT, 5, 1))
    assert answer["success"] is True


async def test_mixed_batch_passes_below_the_minimum(shop: Shop) -> None:
    answer = await shop.preview(await shop.cargo(SCREW, 6_250), await shop.cargo(TIE, 99))
    assert answer["success"] is True


async def test_consign_flow_and_repeated_lines_are_refused(shop: Shop) -> None:
    line = await shop.cargo(SHIRT, 10)
    assert (await shop.preview(line, flow="saleproxy"))["errorCode"] == "500_007"
    assert (await shop.preview(line, line))["success"] is False


async def test_split_basket(shop: Shop) -> None:
    await shop.manners(split_offers=True)
    cargo = [await shop.cargo(SCREW, 1_000), await shop.cargo(TIE, 100)]
    assert len((await shop.preview(*cargo))["orderPreviewResuslt"]) == 2
    result = (await shop.create(*cargo, outOrderId="PO-2"))["result"]
    assert (result["orderId"], result["totalSuccessAmount"], result["postFee"]) == ("", None, None)
    for one in result["orderList"]:
        assert one["orderAmmount"] == one["sumPaymentNoCarriageFromClient"] + one["postFee"]
    truth = (await shop.truth())["orders"]
    assert {one["id"] for one in truth} == {one["orderId"] for one in result["orderList"]}
    assert {one["out_order_id"] for one in truth} == {"PO-2"}


@pytest.mark.parametrize("api", ["fastCreateOrder", "createCrossOrder"])
async def test_create(shop: Shop, api: str) -> None:
    answer = await shop.create(await shop.cargo(SHIRT, 10), api=api, outOrderId="PO-3", message="谢谢")
    result = answer["result"]
    (order,) = (await shop.truth())["orders"]
    assert (answer["success"], result["orderId"]) == (True, order["id"])
    assert (result["totalSuccessAmount"], result["postFee"]) == (18_800, 800)
    assert (order["status"], order["total_fen"], order["remark"]) == ("unpaid", 18_800, "谢谢")
    assert order["address"]["detail"] == "大源北路1号仓库"
    assert order["details"]["trade_type"] == "assureTrade"
    assert len(order["id"]) == 19


async def test_flat_answer_that_says_false_with_an_order(shop: Shop) -> None:
    await shop.manners(create_wrapped=False, create_success=False)
    answer = await shop.create(await shop.cargo(SHIRT, 10))
    assert answer["success"] is False
    assert [one["id"] for one in (await shop.truth())["orders"]] == [answer["orderId"]]


async def test_blank_trade_type_buys_on_credit(shop: Shop) -> None:
    await shop.create(await shop.cargo(SHIRT, 10), tradeType="")
    assert (await shop.truth())["orders"][0]["details"]["trade_type"] == "creditBuy"


async def test_unsupported_trade_type(shop: Shop) -> None:
    answer = await shop.create(await shop.cargo(SHIRT, 10), tradeType="bank")
    assert answer["message"] == "not support tradeType:【bank】"
    assert (await shop.truth())["orders"] == []


async def test_address_id_wins_over_texts(shop: Shop) -> None:
    book = await shop.trade("alibaba.trade.receiveAddress.get")
    spare = next(one for one in book["result"]["receiveAddressItems"] if not one["isDefault"])
    await shop.create(
        await shop.cargo(SHIRT, 10), addressParam={"addressId": spare["id"], "address": "别处", "fullName": "x"}
    )
    assert (await shop.truth())["orders"][0]["address"]["detail"] == spare["address"]
    refused = await shop.create(await shop.cargo(SHIRT, 10), addressParam={"addressId": 5})
    assert refused["message"] == "AddressId invalid:AddressId invalid"


@pytest.mark.parametrize(("policy", "orders"), [("same_order", 1), ("second_order", 2), ("refuse", 1)])
async def test_repeated_out_order_id(shop: Shop, policy: str, orders: int) -> None:
    await shop.world("set_repeat_policy", policy=policy)
    first = await shop.reserve(outOrderId="PO-4")
    second = (await shop.create(await shop.cargo(SHIRT, 10), outOrderId="PO-4"))["result"]["orderId"]
    assert len((await shop.truth())["orders"]) == orders
    assert second == (first if policy == "same_order" else second)


async def test_partial_create_names_the_lost_line(shop: Shop) -> None:
    await shop.world("sell_out", item_id=str(SHIRT), sku_id="5700000000012")
    cargo = [await shop.cargo(SHIRT, 10), await shop.cargo(SHIRT, 10, 1)]
    refused = await shop.create(*cargo)
    assert (refused["success"], refused["code"]) == (False, "500_004")
    assert refused["result"]["failedOfferList"][0]["specId"] == cargo[1]["specId"]
    await shop.manners(partial_create=True)
    partly = (await shop.create(*cargo))["result"]
    assert [one["specId"] for one in partly["failedOfferList"]] == [cargo[1]["specId"]]
    (order,) = (await shop.truth())["orders"]
    assert [line["sku_id"] for line in order["lines"]] == ["5700000000011"]
    assert partly["orderId"] == order["id"]


async def test_fifty_skus_at_most(shop: Shop) -> None:
    cargo = [{"offerId": SHIRT, "specId": f"{number:032x}", "quantity": 10} for number in range(51)]
    answer: Any = await shop.create(*cargo)
    assert answer["success"] is False
    assert "50" in answer["message"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [("sold_out", "500_004"), ("below_minimum", "500_005"), ("booking_limit", "BUYER_ORDER_LIMIT")],
)
async def test_ordered_refusals_of_a_create(shop: Shop, fault: str, code: str) -> None:
    await shop.fault("alibaba.trade.*Create*", fault)
    cargo = await shop.cargo(SHIRT, 10)
    assert (await shop.create(cargo))["code"] == code
    assert (await shop.truth())["orders"] == []
    assert (await shop.create(cargo))["result"]["orderId"]


async def test_ordered_price_change_and_partial(shop: Shop) -> None:
    await shop.fault("alibaba.trade.fastCreateOrder", "price_changed")
    await shop.fault("alibaba.trade.fastCreateOrder", "partial")
    result = (await shop.create(await shop.cargo(SHIRT, 10), await shop.cargo(SHIRT, 10, 1)))["result"]
    assert len(result["failedOfferList"]) == 1
    assert result["totalSuccessAmount"] == 19_800 + 800


async def test_booking_limit_of_the_world(shop: Shop) -> None:
    await shop.world("reach_limit", account="vykup1688_01", orders_left=1)
    assert await shop.reserve()
    assert (await shop.create(await shop.cargo(SHIRT, 10)))["code"] == "BUYER_ORDER_LIMIT"


async def test_page_changed_and_captcha(shop: Shop) -> None:
    await shop.fault("alibaba.createOrder.preview", "page_changed")
    assert "orderPreviewResuslt" not in await shop.preview(await shop.cargo(SHIRT, 10))
    await shop.fault("alibaba.trade.receiveAddress.get", "captcha")
    params = {"access_token": shop.token}
    status, body = await shop.raw("com.alibaba.trade", "alibaba.trade.receiveAddress.get", params)
    assert (status, body["error_code"]) == (400, "gw.RiskControlDecline")
