"""The order's page in both shapes, and the small answer about a parcel, read without a browser."""

import json
from datetime import datetime
from typing import Any

import pytest

from providers.taobao.caught import loads
from providers.taobao.detail.page import with_detail
from providers.taobao.detail.taobao import read_taobao
from providers.taobao.detail.tmall import read_tmall
from providers.taobao.texts import SHANGHAI, decode
from providers.taobao.transit import read_transit
from purchasing.errors import PageChanged
from purchasing.provider import WaybillSeen
from purchasing.words import Stage

NUMBER = "2487900612967594069"
FIRST, SECOND = "2487900612967594070", "2487900612967594071"


def value(name: str, text: str) -> dict[str, Any]:
    return {"value": {"name": name, "value": text}}


def sub(number: str, status: str) -> dict[str, Any]:
    return {
        "id": number,
        "itemInfo": {"title": "保温杯", "skuText": [{"content": [value("颜色", "红色"), value("容量", "500ml")]}]},
        "priceInfo": "59.00",
        "quantity": 1,
        "tradeStatus": [{"content": [{"value": status}]}],
    }


def taobao(status: str = "卖家已发货", paid: str = "2026-05-04 12:40:00", **over: Any) -> dict[str, Any]:
    return {
        "mainOrder": {
            "id": NUMBER,
            "subOrders": [sub(FIRST, status), sub(SECOND, status)],
            "payInfo": {
                "feeMess": [{"name": "运费(快递)", "value": "￥8.00"}, {"name": "实付款", "value": "￥126.00"}]
            },
        },
        "deliveryInfo": {
            "address": "收货仓库，13800138001，广东省 广州市 大源北路1号仓库，510540",
            "logisticsName": "—",
            "logisticsNum": "—",
            "showLogistics": False,
        },
        "packageInfos": {
            "list": [
                {
                    "companyName": "中通快递",
                    "invoiceNo": " 78 1234 5678 9012 ",
                    "consignTime": "2026-05-05 10:00:00",
                    "details": [{"id": FIRST}],
                },
                {"companyName": "韵达快递", "invoiceNo": "312345678901234", "details": []},
                {"companyName": "", "invoiceNo": "暂无单号", "details": []},
            ]
        },
        "orderBar": {
            "nodes": [
                {"text": "拍下商品", "date": "2026-05-04 12:30:01"},
                {"text": "付款到支付宝", "date": paid},
                {"text": "卖家发货", "date": ""},
            ]
        },
    } | over


def test_several_parcels_of_a_taobao_order() -> None:
    order = read_taobao(taobao())
    assert (order.number, order.stage, order.total, order.freight) == (NUMBER, Stage.SHIPPED, 12600, 800)
    assert order.created_at == datetime(2026, 5, 4, 12, 30, 1, tzinfo=SHANGHAI)
    assert order.paid_at == datetime(2026, 5, 4, 12, 40, tzinfo=SHANGHAI)
    assert order.waybills == (
        WaybillSeen("78123456789012", carrier_name="中通快递", sub_numbers=(FIRST,)),
        WaybillSeen("312345678901234", carrier_name="韵达快递"),
    )
    assert [line.choice for line in order.lines] == ["颜色:红色;容量:500ml"] * 2


def test_a_single_parcel_stands_in_the_delivery_part() -> None:
    delivery = {"address": "x", "logisticsName": "顺丰速运", "logisticsNum": "sf1234567890123", "showLogistics": True}
    order = read_taobao(taobao(deliveryInfo=delivery, packageInfos={}))
    assert order.waybills == (WaybillSeen("SF1234567890123", carrier_name="顺丰速运"),)


def test_no_number_yet_is_no_parcel() -> None:
    assert read_taobao(taobao(packageInfos={"list": []})).waybills == ()


@pytest.mark.parametrize(("paid", "stage"), [("", Stage.CLOSED_UNPAID), ("2026-05-04 12:40:00", Stage.CLOSED_REFUNDED)])
def test_the_payment_tells_what_a_closed_order_was(paid: str, stage: Stage) -> None:
    assert read_taobao(taobao("交易关闭", paid)).stage is stage


def tmall_parcel(waybill: str, number: str, quantity: int) -> dict[str, Any]:
    return {
        "logistic": {"content": [{"companyName": "圆通速递", "mailNo": waybill}] if waybill else []},
        "status": [
            {
                "statusInfo": [{"text": "卖家已发货"}],
                "subOrders": [
                    {
                        "itemInfo": {
                            "title": "耳机",
                            "snapUrl": f"//trade.tmall.com/detail/tradeItemDetail.htm?tradeID={number}",
                            "skuText": [{"key": "颜色", "content": [{"text": "黑色"}]}],
                        },
                        "priceInfo": [{"text": "199.00"}],
                        "quantity": str(quantity),
                    }
                ],
            }
        ],
    }


def test_a_tmall_order_with_a_line_in_two_parcels() -> None:
    parcels = [tmall_parcel("YT1234567890123", FIRST, 2), tmall_parcel("", FIRST, 1)]
    data = {
        "orders": {"id": NUMBER, "list": parcels},
        "basic": {"lists": [{"key": "收货地址", "content": [{"text": "大源北路1号仓库"}]}]},
        "stepbar": {"options": [{"content": "拍下商品", "time": "2026-05-04 12:30:01"}]},
        "amount": {"count": [{"key": "订单总价", "content": [{"text": "￥597.00"}]}]},
    }
    order = read_tmall(data)
    assert (order.number, order.total, order.tmall, order.stage) == (NUMBER, 59700, True, Stage.SHIPPED)
    assert order.waybills == (WaybillSeen("YT1234567890123", carrier_name="圆通速递", sub_numbers=(FIRST,)),)
    assert [(line.sub_number, line.quantity, line.choice) for line in order.lines] == [(FIRST, 3, "颜色:黑色")]
    assert order.address_seen == "大源北路1号仓库"


def test_other_data_is_a_changed_page() -> None:
    with pytest.raises(PageChanged):
        read_taobao({"order": {}})
    with pytest.raises(PageChanged):
        read_tmall({"orders": {"list": []}})


def test_the_page_completes_the_list() -> None:
    detail = read_taobao(taobao())
    listed = read_taobao(taobao("订单处理中", deliveryInfo={}, packageInfos={}))
    both = with_detail(listed, detail)
    assert (both.raw_status, both.stage, both.waybills) == ("订单处理中", Stage.SHIPPED, detail.waybills)


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ({"isSuccess": "true", "expressId": "78123456789012", "expressName": "中通快递"}, "78123456789012"),
        ({"isSuccess": "true", "expressId": "无需物流", "expressName": ""}, ""),
        ({"isSuccess": "false"}, ""),
        ({}, ""),
    ],
)
def test_the_answer_about_a_parcel(answer: dict[str, str], number: str) -> None:
    body = json.dumps(answer, ensure_ascii=False).encode("gbk")
    found = read_transit(loads(decode(body)))
    assert (found.number if found else "") == number
