"""Bought lists in their shapes, order details, parcels, cancelling."""

import json
import re
from typing import Any

import pytest

from tests.sandbox.taobao.conftest import BUYER, CUP, EARPHONES, SHIRT, SHIRT_NAVY_L, Answer, Visitor

LIST = "/buyertrade.taobao.com/trade/itemlist/list_bought_items.htm"
CALL = "/buyertrade.taobao.com/trade/itemlist/asyncBought.htm?action=itemlist/BoughtQueryAction&event_submit_do_query=1"
TRANSIT = "/buyertrade.taobao.com/trade/json/transit_step.do?bizOrderId="
V2 = ("mtop.taobao.order.queryboughtlistV2", "1.0")


def held(answer: Answer, name: str = "data") -> Any:
    """What the page holds in `var data = JSON.parse('…')`, read as JavaScript reads it."""
    found = re.search(rf"var {name} = JSON\.parse\('(.*?)'\);", answer.text, re.DOTALL)
    assert found
    return json.loads(re.sub(r"\\(.)", r"\1", found[1]))


async def async_list(buyer: Visitor, referer: str = LIST, **form: str) -> Any:
    answer = await buyer.post(CALL, {"pageNum": "1", "pageSize": "15"} | form, Referer=buyer.url + referer)
    return answer.json


async def test_old_page_holds_the_list(buyer: Visitor) -> None:
    order_id = await buyer.order()
    data = held(await buyer.get(LIST))
    [order] = data["mainOrders"]
    assert (order["id"], order["extra"]["tradeStatus"]) == (order_id, "WAIT_BUYER_PAY")
    assert order["payInfo"]["actualFee"] == "85.80"
    [sub] = order["subOrders"]
    assert (sub["id"], sub["itemInfo"]["id"], sub["quantity"]) == (order_id, SHIRT, "2")
    assert sub["itemInfo"]["skuId"] == SHIRT_NAVY_L
    assert sub["itemInfo"]["skuText"] == [{"name": "颜色", "value": "藏青"}, {"name": "尺码", "value": "L"}]
    assert sub["priceInfo"]["realTotal"] == "39.90"
    assert order["statusInfo"]["operations"][0]["url"].startswith("//127.0.0.1")
    assert data["page"] == {"currentPage": 1, "pageSize": 15, "totalNumber": 1, "totalPage": 1}


async def test_gbk(buyer: Visitor) -> None:
    await buyer.order()
    await buyer.verb("mode", charset="gb18030")
    page = await buyer.get(LIST)
    assert page.charset == "gb18030"
    assert held(page)["mainOrders"][0]["statusInfo"]["text"] == "等待买家付款"
    assert (await async_list(buyer))["mainOrders"][0]["seller"]["nick"] == "潮流街头男装店"


async def test_call_pages_tabs_and_searches(buyer: Visitor) -> None:
    ids = [await buyer.order(CUP, "0", n) for n in (1, 2, 3)]
    await buyer.verb("pay", order_id=ids[0])
    reply = await async_list(buyer, pageNum="2", pageSize="2")
    assert [one["id"] for one in reply["mainOrders"]] == [ids[0]]
    assert reply["page"]["totalPage"] == 2
    assert [one["id"] for one in (await async_list(buyer, tabCode="waitSend"))["mainOrders"]] == [ids[0]]
    assert [one["id"] for one in (await async_list(buyer, itemTitle=ids[1]))["mainOrders"]] == [ids[1]]


async def test_call_needs_the_lists_page_as_referer(buyer: Visitor) -> None:
    await buyer.order()
    assert (await async_list(buyer, referer="/i.taobao.com/my_itaobao"))["mainOrders"] == []


async def test_call_after_the_session(buyer: Visitor) -> None:
    await buyer.fault("bought", "captcha")
    assert (await async_list(buyer))["rgv587_flag"] == "sm"
    await buyer.verb("pass_challenges")
    await buyer.verb("expire_session", account=BUYER)
    answer = await buyer.post(CALL, {}, Referer=buyer.url + LIST)
    assert "<!doctype html>" in answer.text


async def test_component_map(buyer: Visitor) -> None:
    order_id = await buyer.order()
    await buyer.verb("pay", order_id=order_id)
    await buyer.verb("ship", order_id=order_id, parcels=[{"waybill": "432123456789012", "carrier": "韵达快递"}])
    refused = await buyer.mtop(*V2, {"tabCode": "all", "page": 1})
    assert refused["ret"][0].startswith("FAIL_BIZ")
    reply = await buyer.mtop(*V2, {"tabCode": "all", "page": 1}, ttid="1@tbwang_windows_1.0.0#pc")
    parts = reply["data"]["data"]
    assert parts[f"shopInfo_{order_id}"]["fields"]["tradeTitle"] == "卖家已发货"
    assert parts[f"orderStatus_{order_id}"]["fields"]["mailNo"] == "432123456789012"
    item = parts[f"orderItemInfo_{order_id}_{order_id}"]["fields"]["item"]
    assert (item["itemId"], item["quantity"], item["priceInfo"]["actualTotalFee"]) == (SHIRT, "2", "￥39.90")
    assert parts[f"orderPayment_{order_id}"]["fields"]["actualFee"]["value"] == "￥85.80"
    assert parts["boughtlist"]["fields"]["hasMore"] == "false"


async def test_component_map_searches_by_order_id(buyer: Visitor) -> None:
    ids = [await buyer.order(CUP, "0", n) for n in (1, 2)]
    condition = json.dumps({"wordType": "3", "wordTerm": ids[0]})
    data: dict[str, object] = {"tabCode": "all", "page": 1, "OrderType": "OrderSearch", "condition": condition}
    parts = (await buyer.mtop(*V2, data, ttid="1@tbwang_mac_1.0.0#pc"))["data"]["data"]
    assert [key for key in parts if key.startswith("shopInfo_")] == [f"shopInfo_{ids[0]}"]


async def test_newer_page_in_dom_and_the_way_back(buyer: Visitor) -> None:
    order_id = await buyer.order()
    await buyer.verb("mode", bought_list="dom")
    page = (await buyer.get(LIST)).text
    assert f"订单号: {order_id}" in page
    assert "[交易快照]" in page
    assert "JSON.parse" not in page
    assert held(await buyer.get(f"{LIST}?route_to=tm1"))["mainOrders"][0]["id"] == order_id


async def test_pseudo_lines_have_no_item(buyer: Visitor) -> None:
    await buyer.order()
    await buyer.verb("mode", pseudo_lines=True)
    subs = (await async_list(buyer))["mainOrders"][0]["subOrders"]
    assert [one["itemInfo"].get("id") for one in subs] == [SHIRT, None]


async def test_unknown_status(buyer: Visitor) -> None:
    await buyer.order()
    await buyer.fault("bought", "unknown_status", status="TRADE_SLEEPS")
    assert (await async_list(buyer))["mainOrders"][0]["extra"]["tradeStatus"] == "TRADE_SLEEPS"


async def test_lists_lag_behind_but_the_order_has_its_page(buyer: Visitor) -> None:
    await buyer.verb("list_lag", looks=2)
    order_id = await buyer.order()
    seen = [len((await async_list(buyer))["mainOrders"]) for _ in range(3)]
    assert seen == [0, 0, 1]
    detail = await buyer.get(f"/trade.taobao.com/trade/detail/trade_order_detail.htm?biz_order_id={order_id}")
    assert held(detail)["mainOrder"]["id"] == order_id


@pytest.mark.parametrize(
    ("verbs", "status"),
    [
        ((), "WAIT_BUYER_PAY"),
        (("pay",), "WAIT_SELLER_SEND_GOODS"),
        (("close",), "TRADE_CLOSED_BY_TAOBAO"),
        (("pay", "close"), "TRADE_CLOSED"),
        (("pay", "ship"), "WAIT_BUYER_CONFIRM_GOODS"),
        (("pay", "ship", "finish"), "TRADE_FINISHED"),
    ],
)
async def test_statuses(buyer: Visitor, verbs: tuple[str, ...], status: str) -> None:
    order_id = await buyer.order()
    for verb in verbs:
        more = {"parcels": [{"waybill": "YT1234567890123"}]} if verb == "ship" else {}
        await buyer.verb(verb, order_id=order_id, **more)
    assert (await async_list(buyer))["mainOrders"][0]["extra"]["tradeStatus"] == status


async def test_one_parcel_stands_in_the_delivery_and_in_transit(buyer: Visitor) -> None:
    order_id = await buyer.order()
    assert (await buyer.get(TRANSIT + order_id)).json == {"isSuccess": "false"}
    await buyer.verb("pay", order_id=order_id)
    await buyer.verb("ship", order_id=order_id, parcels=[{"waybill": "YT1234567890123", "carrier": "圆通速递"}])
    page = await buyer.get(f"/buyertrade.taobao.com/trade/detail/trade_item_detail.htm?bizOrderId={order_id}")
    delivery = held(page)["deliveryInfo"]
    assert delivery["showLogistics"] is True
    assert (delivery["logisticsName"], delivery["logisticsNum"]) == ("圆通速递", "YT1234567890123")
    transit = await buyer.get(TRANSIT + order_id)
    assert transit.charset.lower() == "gbk"
    assert (transit.json["isSuccess"], transit.json["expressId"]) == ("true", "YT1234567890123")


async def test_several_parcels(buyer: Visitor) -> None:
    order_id = await buyer.order()
    await buyer.verb("pay", order_id=order_id)
    parcels = [
        {"waybill": waybill, "lines": [{"sub_id": order_id, "quantity": 1}]}
        for waybill in ("73512345678901", "73512345678902")
    ]
    await buyer.verb("ship", order_id=order_id, parcels=parcels[:1])
    assert (await async_list(buyer))["mainOrders"][0]["extra"]["tradeStatus"] == "SELLER_CONSIGNED_PART"
    await buyer.verb("ship", order_id=order_id, parcels=parcels[1:])
    page = await buyer.get(f"/trade.taobao.com/trade/detail/trade_order_detail.htm?biz_order_id={order_id}")
    data = held(page)
    assert data["deliveryInfo"]["showLogistics"] is False
    assert data["deliveryInfo"]["logisticsNum"] == "—"
    assert [one["invoiceNo"] for one in data["packageInfos"]["list"]] == ["73512345678901", "73512345678902"]
    reply = await buyer.mtop("mtop.taobao.logistics.detailorlist.query", "1.0", {"orderId": order_id})
    assert reply["data"]["endpoint"]["page"] == "logisticsPackageList"
    one = await buyer.mtop(
        "mtop.taobao.logistics.detailorlist.query", "1.0", {"orderId": order_id, "mailNo": "73512345678902"}
    )
    assert one["data"]["data"]["popupBodyCompony"]["fields"]["mailNo"] == "73512345678902"


async def test_tmall_order(buyer: Visitor) -> None:
    order_id = await buyer.order(EARPHONES, "5400000000041", 1)
    await buyer.verb("pay", order_id=order_id)
    await buyer.verb("ship", order_id=order_id, parcels=[{"waybill": "SF1234567890123", "carrier": "顺丰速运"}])
    order = (await async_list(buyer))["mainOrders"][0]
    url = order["statusInfo"]["operations"][0]["url"]
    assert "/trade.tmall.com/detail/orderDetail.htm?bizOrderId=" in url
    page = await buyer.get("/" + url.split("/", 3)[3])
    found = re.search(r"var detailData = (\{.*\});</script>", page.text)
    assert found
    [part] = json.loads(found[1])["orders"]["list"]
    assert part["logistic"]["content"] == [{"companyName": "顺丰速运", "mailNo": "SF1234567890123"}]


async def test_others_orders_stay_hidden(buyer: Visitor) -> None:
    order_id = await buyer.order()
    await buyer.log_in("vykup_buyer_02")
    assert (await async_list(buyer))["mainOrders"] == []
    page = await buyer.get(f"/trade.taobao.com/trade/detail/trade_order_detail.htm?biz_order_id={order_id}")
    assert "index_error" in page.url


async def test_buyer_cancels_an_unpaid_order_only(buyer: Visitor) -> None:
    order_id = await buyer.order()
    operations = (await async_list(buyer))["mainOrders"][0]["statusInfo"]["operations"]
    [url] = [one["dataUrl"] for one in operations if one["id"] == "cancelOrder"]
    cancel = "/" + url.split("/", 3)[3]
    assert (await buyer.post(cancel)).json == {"success": True}
    assert (await buyer.post(cancel)).json["success"] is False
    assert [one["status"] for one in (await buyer.truth())["orders"] if one["id"] == order_id] == ["closed"]


async def test_paying_from_the_list_is_written_down(buyer: Visitor) -> None:
    order_id = await buyer.order()
    answer = await buyer.get(f"/buyertrade.taobao.com/trade/pay.htm?biz_order_id={order_id}")
    assert "/cashierstm.alipay.com/" in answer.url
    truth = await buyer.truth()
    assert truth["orders"][0]["status"] == "unpaid"
    assert [one["where"] for one in truth["paying_presses"]] == ["bought"]
