"""From the confirm page to orders: sums, one order per seller, refusals, and what is written down about paying."""

import asyncio
import json
import re

import aiohttp
import pytest

from tests.sandbox.taobao.conftest import BAG, CUP, EARPHONES, SHIRT, SHIRT_NAVY_L, Visitor

CASHIER = "/cashierstm.alipay.com/standard/lightpay/lightPayCashier.htm"


async def test_two_sellers_become_two_orders_and_leave_the_cart(buyer: Visitor) -> None:
    cart = [await buyer.add(SHIRT, SHIRT_NAVY_L, 2), await buyer.add(CUP)]
    kept = await buyer.add(BAG, "5400000000052")
    page = await buyer.confirm(*cart)
    answer = await buyer.submit(page.text, remark_2208800000002="请尽快发货")
    assert answer.path == CASHIER
    truth = await buyer.truth()
    made = [(order["total_fen"], order["freight_fen"], order["remark"]) for order in truth["orders"]]
    assert sorted(made) == [(6700, 800, "请尽快发货"), (8580, 600, "")]
    assert truth["paying_presses"] == []
    carts = (await buyer.get("/_truth/site")).json["carts"]
    assert [line["cart_id"] for lines in carts.values() for line in lines] == [kept]


async def test_cashier_number_is_no_orders(buyer: Visitor) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    number = (await buyer.submit(page.text)).query["orderId"]
    assert re.fullmatch(r"\d{28}", number)
    assert number not in {order["id"] for order in (await buyer.truth())["orders"]}


async def test_page_adds_up_and_hides_doubles(buyer: Visitor) -> None:
    await buyer.verb("mode", shop_discount_fen=500)
    page = (await buyer.confirm(await buyer.add(SHIRT, SHIRT_NAVY_L, 2), await buyer.add(CUP))).text
    for text in ("确认订单信息", "付款详情", "￥138.80", "￥14.00", "-￥10.00", "￥142.80", "颜色：藏青；尺码：L"):
        assert text in page
    assert page.count("不锈钢保温杯500ml") == 2
    assert page.count('style="display:none"') == 2
    await buyer.submit(page)
    assert sum(order["total_fen"] for order in (await buyer.truth())["orders"]) == 14280


async def test_platform_discount_is_shared_by_the_orders(buyer: Visitor) -> None:
    await buyer.verb("mode", platform_discount_fen=1001)
    page = (await buyer.confirm(await buyer.add(SHIRT, SHIRT_NAVY_L, 2), await buyer.add(CUP))).text
    assert "平台优惠" in page
    assert "￥142.79" in page
    await buyer.submit(page)
    assert sum(order["total_fen"] for order in (await buyer.truth())["orders"]) == 14279


async def test_address_where_nothing_is_delivered(buyer: Visitor) -> None:
    await buyer.verb("mode", no_delivery_to="1688000001")
    page = await buyer.confirm(await buyer.add(CUP))
    assert "不可售" in (await buyer.submit(page.text)).text
    assert (await buyer.truth())["orders"] == []


async def test_old_page_holds_its_tree(buyer: Visitor) -> None:
    await buyer.verb("mode", confirm_page="old")
    page = (await buyer.confirm(await buyer.add(SHIRT, SHIRT_NAVY_L, 2))).text
    found = re.search(r"var orderData = (\{.*\});</script>", page)
    assert found
    tree = json.loads(found[1])
    assert tree["data"]["realPayPC_1"]["fields"]["price"] == "85.80"
    assert tree["data"]["addressPC_1"]["fields"]["selectedId"] == "1688000001"
    assert "itemInfoPC_1" in tree["linkage"]["input"]
    assert 'title="提交订单"' in page
    assert (await buyer.submit(page, addressId="1688100001")).path == CASHIER
    assert (await buyer.truth())["orders"][0]["address"]["name"] == "备用仓库"


async def test_what_cant_be_bought_is_shown_apart(buyer: Visitor) -> None:
    cart = await buyer.add(BAG, "5400000000052")
    await buyer.verb("sell_out", item_id=BAG)
    await buyer.verb("mode", confirm_page="old")
    page = (await buyer.confirm(cart)).text
    assert 'id="invalidGroup_2"' in page
    assert '"input"' not in page
    assert 'title="提交订单"' not in page


async def test_prices_may_rise_before_the_page_shows_them(buyer: Visitor) -> None:
    cart = await buyer.add(CUP)
    await buyer.fault("confirm", "price_changed", price="61.50")
    assert "￥61.50" in (await buyer.confirm(cart)).text


@pytest.mark.parametrize(
    ("fault", "text"),
    [("price_changed", "优惠信息变更"), ("sold_out", "无法购买"), ("booking_limit", "下单次数过多")],
)
async def test_submit_may_be_refused(buyer: Visitor, fault: str, text: str) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    await buyer.fault("submit", fault)
    answer = await buyer.submit(page.text)
    assert answer.path == "/buy.taobao.com/auction/order/TmallConfirmOrderError.htm"
    assert "__buy_error_code" in answer.query
    assert f'<h2 class="sub-title">{answer.query["text"]}</h2>' in answer.text
    assert text in answer.text
    assert (await buyer.truth())["orders"] == []


async def test_price_that_moved_since_the_page_is_refused(buyer: Visitor) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    await buyer.verb("set_price", item_id=CUP, price="70")
    assert "优惠信息变更" in (await buyer.submit(page.text)).text


async def test_limit_of_the_account(buyer: Visitor) -> None:
    await buyer.verb("reach_limit", account="vykup_buyer_01", orders_left=1)
    page = await buyer.confirm(await buyer.add(SHIRT, SHIRT_NAVY_L), await buyer.add(CUP))
    assert "下单次数过多" in (await buyer.submit(page.text)).text
    assert len((await buyer.truth())["orders"]) == 1


async def test_partial_leaves_the_first_order(buyer: Visitor) -> None:
    page = await buyer.confirm(await buyer.add(SHIRT, SHIRT_NAVY_L), await buyer.add(CUP))
    await buyer.fault("submit", "partial")
    assert "部分订单提交失败" in (await buyer.submit(page.text)).text
    assert len((await buyer.truth())["orders"]) == 1


@pytest.mark.parametrize(("fault", "made"), [("drop_connection", 0), ("drop_after", 1)])
async def test_lost_answer(buyer: Visitor, fault: str, made: int) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    await buyer.fault("submit", fault)
    with pytest.raises(aiohttp.ClientError):
        await buyer.submit(page.text)
    assert len((await buyer.truth())["orders"]) == made


@pytest.mark.parametrize(("fault", "made"), [("timeout_before", 0), ("timeout_after", 1)])
async def test_silence(buyer: Visitor, fault: str, made: int) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    await buyer.fault("submit", fault)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(buyer.submit(page.text), 0.5)
    assert len((await buyer.truth())["orders"]) == made


async def test_a_second_press_is_a_second_order(buyer: Visitor) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    await buyer.submit(page.text)
    await buyer.submit(page.text)
    assert len((await buyer.truth())["orders"]) == 2


@pytest.mark.parametrize(("label", "status"), [("立即支付", "unpaid"), ("免密支付", "paid")])
async def test_paying_labels_are_written_down(buyer: Visitor, label: str, status: str) -> None:
    await buyer.verb("mode", submit_label=label)
    page = await buyer.confirm(await buyer.add(CUP))
    assert label in page.text
    await buyer.submit(page.text)
    truth = await buyer.truth()
    [order] = truth["orders"]
    assert order["status"] == status
    assert [(one["where"], one["label"], one["order_ids"]) for one in truth["paying_presses"]] == [
        ("confirm", label, [order["id"]])
    ]


async def test_a_person_pays_at_the_cashier_and_the_buyers_browser_is_told_on(buyer: Visitor) -> None:
    page = await buyer.confirm(await buyer.add(CUP))
    answer = await buyer.submit(page.text)
    cashier = answer.url.removeprefix(buyer.url)
    async with aiohttp.ClientSession() as person, person.post(buyer.url + cashier) as paid:
        assert "付款成功" in await paid.text()
    truth = await buyer.truth()
    assert (truth["orders"][0]["status"], truth["paying_presses"]) == ("paid", [])
    await buyer.post(cashier)
    assert [one["where"] for one in (await buyer.truth())["paying_presses"]] == ["cashier"]


async def test_tmall_goods_are_bought_on_tmall(buyer: Visitor) -> None:
    page = await buyer.get(f"/buy.tmall.com/auction/buy_now.jhtml?itemId={EARPHONES}&skuId=5400000000041&quantity=1")
    assert 'action="/buy.tmall.com/auction/order/submit.htm"' in page.text


async def test_guest_who_buys_is_sent_to_log_in(visitor: Visitor) -> None:
    answer = await visitor.get(f"/buy.taobao.com/auction/buy_now.jhtml?itemId={CUP}&skuId=0&quantity=1")
    assert "/login.taobao.com/" in answer.url
    assert answer.query["redirectURL"].endswith("quantity=1")
