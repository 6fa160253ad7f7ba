"""Reading, closing, paying and following orders."""

from typing import Any

from tests.sandbox.alibaba1688.conftest import Shop, start_shop

SHIRT = 730000000001
LIST = "alibaba.trade.getBuyerOrderList"


async def test_detail_units_and_ids(shop: Shop) -> None:
    order_id = await shop.reserve(outOrderId="PO-1", message="快点")
    answer = await shop.view(order_id)
    info = answer["result"]
    base, (item,) = info["baseInfo"], info["productItems"]
    assert answer["success"] == "true"
    assert base["idOfStr"] == order_id
    assert base["id"] != int(order_id)
    assert base["id"] == int(float(order_id))
    assert (base["totalAmount"], base["sumProductPayment"], base["shippingFee"]) == (188.0, 180.0, 8.0)
    assert (base["status"], base["outOrderId"], base["tradeTypeCode"]) == ("waitbuyerpay", "PO-1", "assureTrade")
    assert (item["subItemIDString"], item["productID"], item["itemAmount"]) == (order_id, SHIRT, 180.0)
    assert item["skuInfos"] == [{"name": "颜色", "value": "黑色"}, {"name": "尺码", "value": "M"}]
    assert info["tradeTerms"][0]["payStatus"] == "1"
    assert base["createTime"].endswith("+0800")


async def test_dates_may_carry_another_offset(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.manners(zone_hours=-7)
    assert (await shop.view(order_id))["result"]["baseInfo"]["createTime"].endswith("-0700")


async def test_detail_of_no_order_and_of_anothers(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.authorize("vykup1688_02")
    assert (await shop.view(order_id))["errorCode"] == "400_3"
    assert (await shop.view("1"))["success"] == "false"


async def test_seller_changes_the_price(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.world("set_order_price", order_id=order_id, goods_fen=15_000, freight_fen=0)
    base = (await shop.view(order_id))["result"]["baseInfo"]
    assert (base["totalAmount"], base["discount"]) == (150.0, -3_000)


async def test_list_pages_and_filters(shop: Shop) -> None:
    ids = [await shop.reserve(outOrderId=f"PO-{number}") for number in range(3)]
    await shop.world("pay", order_id=ids[0])
    everything = await shop.trade(LIST)
    assert "success" not in everything
    assert everything["totalRecord"] == 3
    assert "nativeLogistics" not in everything["result"][0]
    assert _ids(everything) == ids[::-1]
    assert _ids(await shop.trade(LIST, page=2, pageSize=2)) == ids[:1]
    assert _ids(await shop.trade(LIST, orderStatus="waitsellersend")) == ids[:1]
    assert _ids(await shop.trade(LIST, outOrderId="PO-1")) == ids[1:2]
    assert _ids(await shop.trade(LIST, bizTypes='["cn"]')) == []
    assert len(_ids(await shop.trade(LIST, orderIds=[int(ids[0])]))) == 3, "orderIds is ignored"


async def test_list_by_modify_time(shop: Shop) -> None:
    old, paid = await shop.reserve(), await shop.reserve()
    await shop.world("advance_clock", seconds=3600)
    await shop.world("pay", order_id=paid)
    info = (await shop.view(paid))["result"]["baseInfo"]
    assert _ids(await shop.trade(LIST, modifyStartTime=info["modifyTime"])) == [paid]
    assert _ids(await shop.trade(LIST, createEndTime=info["createTime"])) == [paid, old]


async def test_finished_orders_move_to_history(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.world("close", order_id=order_id)
    await shop.world("advance_clock", seconds=91 * 24 * 3600)
    await shop.authorize()
    assert _ids(await shop.trade(LIST)) == []
    assert _ids(await shop.trade(LIST, isHis="true")) == [order_id]


async def test_list_lag_hides_from_list_and_search_but_not_from_detail(shop: Shop) -> None:
    await shop.world("list_lag", looks=2)
    order_id = await shop.reserve(outOrderId="PO-1")
    view = "alibaba.trade.get.buyerView"
    assert (await shop.view(order_id))["success"] == "true"
    assert _ids(await shop.trade(LIST, outOrderId="PO-1")) == []
    assert (await shop.trade(view, webSite="1688", outOrderId="PO-1"))["success"] == "false"
    assert _ids(await shop.trade(LIST, outOrderId="PO-1")) == [order_id]
    await shop.world("list_lag", seconds=60)
    late = await shop.reserve()
    assert _ids(await shop.trade(LIST)) == [order_id]
    await shop.world("advance_clock", seconds=61)
    assert _ids(await shop.trade(LIST)) == [late, order_id]


async def test_unknown_statuses(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.world("set_raw_status", order_id=order_id, raw_status="paid_but_not_fund")
    assert (await shop.view(order_id))["result"]["baseInfo"]["status"] == "paid_but_not_fund"
    await shop.fault(LIST, "unknown_status")
    odd = (await shop.trade(LIST))["result"][0]["baseInfo"]["status"]
    assert odd not in {"waitbuyerpay", "paid_but_not_fund"}


async def test_ids_as_numbers(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.manners(ids_as_numbers=True)
    assert (await shop.trade(LIST))["result"][0]["baseInfo"]["idOfStr"] == int(order_id)


async def test_cancel(shop: Shop) -> None:
    order_id = await shop.reserve()
    assert (await _cancel(shop, order_id))["errorCode"] == "CLOSE_ORDER_TOO_FAST"
    await shop.world("advance_clock", seconds=11)
    assert (await _cancel(shop, order_id))["success"] is True
    assert (await _cancel(shop, order_id))["errorCode"] == "ORDER_STATUS_ERROR"
    assert (await _cancel(shop, "1"))["errorCode"] == "ORDER_NOT_EXIST"
    base = (await shop.view(order_id))["result"]["baseInfo"]
    assert (base["status"], base["closeReason"]) == ("cancel", "buyerCancel")
    await shop.authorize("vykup1688_02")
    assert (await _cancel(shop, order_id))["errorCode"] == "400_3"


async def test_pay_url_leads_to_the_cashier_where_a_person_pays(shop: Shop) -> None:
    paid, unpaid = await shop.reserve(), await shop.reserve()
    await shop.world("pay", order_id=paid)
    answer = await shop.trade("alibaba.alipay.url.get", orderIdList=[int(paid), int(unpaid)])
    assert answer["payFailureOrderList"] == [int(paid)]
    assert "erroMsg" in answer
    async with shop.http.get(answer["payUrl"]) as page:
        text = await page.text()
    assert unpaid in text
    assert "188.00" in text
    async with shop.http.post(f"{shop.url}/person/vykup1688_01/pay", data={"order": unpaid}):
        pass
    assert (await shop.view(unpaid))["result"]["baseInfo"]["status"] == "waitsellersend"


async def test_paying_call_pays_nothing_and_is_recorded(shop: Shop) -> None:
    order_id = await shop.reserve()
    assert (await shop.truth())["paying_calls"] == []
    await shop.trade(
        "alibaba.trade.pay.protocolPay.preparePay", tradeWithholdPreparePayParam={"orderId": int(order_id)}
    )
    truth = await shop.truth()
    assert len(truth["paying_calls"]) == 1
    assert truth["orders"][0]["paid_at"] is None


async def test_logistics_of_several_parcels(shop: Shop) -> None:
    cargo = [await shop.cargo(SHIRT, 10), await shop.cargo(SHIRT, 10, 1)]
    order_id = (await shop.create(*cargo))["result"]["orderId"]
    assert (await _logistics(shop, order_id))["errorCode"] == "500_2"
    assert (await _traces(shop, order_id))["errorCode"] == "404"
    await shop.world("pay", order_id=order_id)
    first, second = (line["sub_id"] for line in (await shop.truth())["orders"][0]["lines"])
    parts = {"waybill": "YT1", "lines": [{"sub_id": first, "quantity": 10}, {"sub_id": second, "quantity": 4}]}
    await shop.world("ship", order_id=order_id, parcels=[parts])
    base = (await shop.view(order_id))["result"]
    assert base["baseInfo"]["status"] == "waitsellersend"
    assert [item["logisticsStatus"] for item in base["productItems"]] == [2, 5]
    await shop.world("ship", order_id=order_id, parcels=[{"waybill": "YT2"}])
    await shop.world("change_waybill", order_id=order_id, old="YT2", new="YT3")
    parcels = (await _logistics(shop, order_id))["result"]
    assert [one["logisticsBillNo"] for one in parcels] == ["YT1", "YT3"]
    assert [one["orderEntryIds"] for one in parcels] == [f"{first},{second}", second]
    assert [goods["quantity"] for goods in parcels[0]["logisticsOrderGoods"]] == [10.0, 4.0]
    assert (await shop.view(order_id))["result"]["baseInfo"]["status"] == "waitbuyerreceive"
    await shop.world("deliver", order_id=order_id)
    traces = await _traces(shop, order_id)
    assert "result" not in traces
    assert [len(one["logisticsSteps"]) for one in traces["logisticsTrace"]] == [2, 2]
    assert (await _logistics(shop, order_id))["result"][0]["status"] == "SIGN"


async def test_shipment_without_a_courier(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.world("pay", order_id=order_id)
    await shop.world("ship", order_id=order_id, parcels=[{"waybill": "无需物流", "carrier": ""}])
    (item,) = (await shop.view(order_id))["result"]["nativeLogistics"]["logisticsItems"]
    assert (item["type"], item["logisticsBillNo"]) == ("2", "无需物流")


async def test_refund(shop: Shop) -> None:
    order_id = await shop.reserve()
    await shop.world("pay", order_id=order_id)
    await shop.world("refund", order_id=order_id, sub_id=order_id, amount_fen=5_000, state="asked")
    info = (await shop.view(order_id))["result"]
    assert info["baseInfo"]["refundStatus"] == "waitselleragree"
    assert info["productItems"][0]["refundStatus"] == "WAIT_SELLER_AGREE"
    assert info["baseInfo"]["status"] == "waitsellersend"
    await shop.world("refund", order_id=order_id, sub_id=order_id, amount_fen=5_000)
    base = (await shop.view(order_id))["result"]["baseInfo"]
    assert (base["refundStatus"], base["refund"], base["refundPayment"]) == ("refundsuccess", 50.0, 5_000)


async def test_same_seed_same_order_ids() -> None:
    ids = []
    for _ in range(2):
        async with start_shop(seed=7) as shop:
            ids.append(await shop.reserve())
    assert ids[0] == ids[1]


def _ids(answer: Any) -> list[str]:
    return [one["baseInfo"]["idOfStr"] for one in answer["result"]]


async def _cancel(shop: Shop, order_id: str) -> Any:
    return await shop.trade("alibaba.trade.cancel", webSite="1688", tradeID=order_id, cancelReason="buyerCancel")


async def _logistics(shop: Shop, order_id: str) -> Any:
    api = "alibaba.trade.getLogisticsInfos.buyerView"
    return await shop.call("com.alibaba.logistics", api, orderId=order_id, webSite="1688")


async def _traces(shop: Shop, order_id: str) -> Any:
    api = "alibaba.trade.getLogisticsTraceInfo.buyerView"
    return await shop.call("com.alibaba.logistics", api, orderId=order_id, webSite="1688")
