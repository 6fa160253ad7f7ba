"""The bought list's shapes as the facts tell them, read without a browser."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.taobao.bought.dom import Card, read_cards
from providers.taobao.bought.old import read_old
from providers.taobao.bought.v2 import read_v2
from providers.taobao.texts import SHANGHAI, decode, script_data
from purchasing.errors import PageChanged
from purchasing.provider import WaybillSeen
from purchasing.words import Stage

NUMBER = "5113222887354003142"


def main_order(**over: Any) -> dict[str, Any]:
    return {
        "id": NUMBER,
        "extra": {"tradeStatus": "WAIT_BUYER_PAY", "finish": False},
        "orderInfo": {"id": NUMBER, "createDay": "2026-05-04", "createTime": "2026-05-04 12:30:01"},
        "payInfo": {
            "actualFee": "105.80",
            "icons": [],
            "postFees": [{"prefix": "(含运费：", "value": "￥6.00", "suffix": ")"}],
        },
        "seller": {"id": 2208, "nick": "潮流", "shopName": "潮流街头"},
        "statusInfo": {"text": "等待买家付款", "operations": [{"id": "viewDetail", "url": "//trade.taobao.com/x"}]},
        "operations": None,
        "subOrders": [
            {
                "id": f"{NUMBER[:-1]}3",
                "itemInfo": {
                    "id": 640000000001,
                    "skuId": "5400000000018",
                    "title": 'T恤 "男"',
                    "itemUrl": "//item.taobao.com/item.htm?id=640000000001",
                    "skuText": [{"name": "颜色", "value": "藏青"}, {"name": "尺码", "value": "L"}],
                },
                "priceInfo": {"original": "59.90", "realTotal": "49.90"},
                "quantity": "2",
                "operations": [{"text": "查看退款", "style": "t8"}],
            },
            {
                "id": "9",
                "itemInfo": {"title": "保险服务"},
                "priceInfo": {"realTotal": "0.00"},
                "quantity": 1,
                "operations": [],
            },
        ],
    } | over


def old_list(*orders: dict[str, Any]) -> dict[str, Any]:
    return {"mainOrders": list(orders), "page": {"currentPage": 1, "totalPage": 3, "totalNumber": 31}}


def js_page(data: object) -> str:
    """As the page's script holds it: JSON inside a JavaScript string."""
    text = json.dumps(data, ensure_ascii=True).replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return f"<script>var data = JSON.parse('{text}');</script>"


def test_main_orders_are_read() -> None:
    page = read_old(old_list(main_order()))
    (order,) = page.orders
    assert (page.has_more, page.total) == (True, 31)
    assert (order.number, order.stage, order.total, order.freight) == (NUMBER, Stage.UNPAID, 10580, 600)
    assert (order.seller, order.tmall, order.waybills) == ("潮流", False, None)
    assert order.created_at == datetime(2026, 5, 4, 12, 30, 1, tzinfo=SHANGHAI)
    (line,) = order.lines
    assert (line.item_id, line.sku_id, line.quantity, line.unit_price) == (
        "640000000001",
        "5400000000018",
        2,
        Decimal("49.90"),
    )
    assert (line.choice, line.title) == ("颜色:藏青;尺码:L", 'T恤 "男"')
    assert (line.raw_status, line.refund_status) == ("cancelled", "查看退款")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_data_survives_its_script_and_charset(charset: str) -> None:
    data = old_list(main_order(seller={"nick": "街😀头'店\\"}))
    assert script_data(decode(js_page(data).encode(charset))) == data
    plain = f"<script>var data = {json.dumps(data, ensure_ascii=False)};var x = 1</script>"
    assert script_data(decode(plain.encode(charset))) == data


@pytest.mark.parametrize("sku", [-1, 0, "0", "-1", None, ""])
def test_goods_without_variants_have_no_sku(sku: object) -> None:
    sub = main_order()["subOrders"][0]
    sub["itemInfo"]["skuId"] = sku
    assert read_old(old_list(main_order(subOrders=[sub]))).orders[0].lines[0].sku_id == ""


def test_a_tmall_order_is_known_by_its_page() -> None:
    operations = [{"id": "viewDetail", "url": "//trade.tmall.com/detail/orderDetail.htm?bizOrderId=1"}]
    order = main_order(statusInfo={"text": "交易成功", "operations": operations})
    assert read_old(old_list(order)).orders[0].tmall


def test_an_unknown_status_is_kept_and_the_text_stands_in() -> None:
    orders = read_old(
        old_list(
            main_order(extra={"tradeStatus": "TRADE_NEW_THING"}),
            main_order(extra={}, statusInfo={"text": "卖家已发货", "operations": []}),
        )
    ).orders
    assert [(one.raw_status, one.stage) for one in orders] == [
        ("TRADE_NEW_THING", None),
        ("卖家已发货", Stage.SHIPPED),
    ]


@pytest.mark.parametrize("data", [{}, {"mainOrders": None}, {"mainOrders": [{"extra": {}}]}, [], None])
def test_an_order_that_cannot_be_read_is_never_skipped(data: object) -> None:
    with pytest.raises(PageChanged):
        read_old(data)


def components(**over: Any) -> dict[str, Any]:
    """The sample of 2026-05: a flat map."""
    sub = f"{NUMBER[:-1]}3"
    return {
        f"shopInfo_{NUMBER}": {
            "orderId": NUMBER,
            "createDay": "2026-05-04",
            "createTime": "2026-05-04 12:30:01",
            "sellerName": "潮流",
            "shopName": "潮流街头",
            "tradeTitle": "卖家已发货",
        },
        f"orderStatus_{NUMBER}": {"cpCode": "YUNDA", "mailNo": "312345678901234", "title": "运输中"},
        f"orderLogistics_{NUMBER}": {
            "packagePreview": {
                "mainOrderId": NUMBER,
                "packageViewList": [
                    {"cpCode": "YUNDA", "cpName": "韵达快递", "mailNo": "312345678901234", "subOrderList": [sub]},
                    {"cpCode": "ZTO", "cpName": "中通快递", "mailNo": "78123456789012", "subOrderList": []},
                ],
            }
        },
        f"orderItemInfo_{NUMBER}_{sub}": {
            "item": {
                "itemId": "640000000001",
                "title": "T恤",
                "skuText": "藏青 L",
                "quantity": "2",
                "priceInfo": {"actualTotalFee": "￥49.90"},
            }
        },
        f"orderPayment_{NUMBER}": {"actualFee": {"prefix": "实付款", "value": "￥99.80"}},
        "boughtlist": {"hasMore": True},
        "somethingNew_1": {"x": 1},
    } | over


def wrapped(data: dict[str, Any]) -> dict[str, Any]:
    return {key: {"tag": key, "fields": value} for key, value in data.items()}


@pytest.mark.parametrize(
    "reply",
    [
        components(),
        wrapped(components()),
        {"data": {"data": components()}},
        {"ret": ["SUCCESS::调用成功"], "data": {"data": wrapped(components())}},
    ],
    ids=["bare", "fields", "data", "mtop"],
)
def test_components_are_read_in_every_wrapping(reply: dict[str, Any]) -> None:
    page = read_v2(reply)
    (order,) = page.orders
    assert page.has_more is True
    assert (order.number, order.stage, order.total, order.seller) == (NUMBER, Stage.SHIPPED, 9980, "潮流")
    assert order.waybills == (
        WaybillSeen("312345678901234", "YUNDA", "韵达快递", (f"{NUMBER[:-1]}3",)),
        WaybillSeen("78123456789012", "ZTO", "中通快递"),
    )
    (line,) = order.lines
    assert (line.item_id, line.choice, line.quantity, line.unit_price) == (
        "640000000001",
        "藏青 L",
        2,
        Decimal("49.90"),
    )


def test_a_list_without_parcels_says_nothing_about_them() -> None:
    data = {key: value for key, value in components().items() if not key.startswith(("orderStatus", "orderLog"))}
    assert read_v2(data).orders[0].waybills is None


def test_variants_of_the_new_reply() -> None:
    alike = read_v2({"data": {"result": json.dumps(old_list(main_order()))}})
    assert alike.orders[0].number == NUMBER
    named = {key.replace("shopInfo_", "sellerInfo_"): value for key, value in components().items()}
    assert read_v2(named).orders[0].seller == "潮流"


def test_an_empty_list_is_no_change() -> None:
    assert read_v2({"data": {"data": {"boughtlist": {"hasMore": "false"}}}}).orders == ()


@pytest.mark.parametrize("reply", [{"data": {}}, {"data": {"data": {"other": 1}}}, {"data": "{"}, None, "x"])
def test_an_answer_without_data_is_a_changed_page(reply: object) -> None:
    with pytest.raises(PageChanged):
        read_v2(reply)


def test_a_card_is_read_as_a_person_reads_it() -> None:
    text = f"""2026-05-04
订单号: {NUMBER}
潮流街头
等待买家付款
T恤 [交易快照]
颜色:藏青;尺码:L
￥49.90
x2
实付款 ￥105.80
立即付款"""
    link = "https://item.taobao.com/item.htm?id=640000000001"
    (order,) = read_cards((Card(text, (link, link, "https://trade.taobao.com/x")), Card("猜你喜欢"))).orders
    assert (order.number, order.stage, order.total, order.seller) == (NUMBER, Stage.UNPAID, 10580, "潮流街头")
    assert order.created_at is None
    (line,) = order.lines
    assert (line.item_id, line.choice, line.quantity, line.unit_price, line.title) == (
        "640000000001",
        "颜色:藏青;尺码:L",
        2,
        Decimal("49.90"),
        "T恤",
    )
