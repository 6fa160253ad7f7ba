"""Vectors of the official documents, of SDKs and of our own computing (two languages agree)."""

import json

import pytest

from providers.alibaba1688.client import as_json
from providers.alibaba1688.signature import sign

TRADE = "param2/1/com.alibaba.trade"
ADDRESS = {
    "fullName": "张三",
    "mobile": "15251667788",
    "phone": "0517-88990077",
    "postCode": "000000",
    "provinceText": "浙江省",
    "cityText": "杭州市",
    "areaText": "滨江区",
    "townText": "",
    "address": "网商路699号",
}
CARGO = [{"offerId": 554456348334, "specId": "b266e0726506185beaf205cbae88530d", "quantity": 5}]


@pytest.mark.parametrize(
    ("path", "params", "secret", "signature"),
    [
        (
            "param2/1/system/currentTime/1000000",
            {"b": "2", "a": "1"},
            "test123",
            "33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88",
        ),
        (
            f"{TRADE}/alibaba.trade.getBuyerOrderList/1234567",
            {
                "_aop_datatype": "application/json",
                "_aop_timestamp": "1700000000000",
                "access_token": "tok-abc",
                "page": "1",
                "pageSize": "20",
            },
            "secretXYZ",
            "D01C12C8FCD4B59367FFDD51E1DEC31C7C237A4C",
        ),
        (
            "param2/1/com.alibaba.agent/newtoncloud.task.create/mykey",
            {
                "_aop_datatype": "application/json",
                "_aop_timestamp": "1699999999999",
                "access_token": "a1",
                "fileUrls": '["u1","u2"]',
                "message": "hello",
            },
            "sk",
            "AAE1AB7148B81D8EB334345395E71D7338F6BB43",
        ),
        (
            "param2/1/system/currentTime/TEST_APPKEY_0001",
            {
                "_aop_timestamp": "1700000000000",
                "access_token": "UNIT-TEST-TOKEN-abc123",
                "productId": "694567890123",
            },
            "UNIT-TEST-SECRET",
            "75CD0EB77C5DCB393BD2C2E4DB4CE09849780EC9",
        ),
        (
            f"{TRADE}/alibaba.trade.get.buyerView/1234567",
            {
                "webSite": "1688",
                "orderId": "58218860983545941",
                "access_token": "TOKEN-EXAMPLE",
                "_aop_timestamp": "1700000000000",
                "_aop_signature": "never signed itself",
            },
            "exampleSecret",
            "8B53BBEB35690A77884DBD5D5D52FC71FEB5C6B6",
        ),
        (
            f"{TRADE}/alibaba.trade.fastCreateOrder/1234567",
            {
                "_aop_timestamp": "1700000000000",
                "access_token": "TOKEN-EXAMPLE",
                "addressParam": as_json(ADDRESS),
                "cargoParamList": as_json(CARGO),
                "flow": "general",
                "outOrderId": "PO-2026-0001",
            },
            "exampleSecret",
            "3C41FA875556C1B3C0B47B04BDB079730FC0944A",
        ),
    ],
)
def test_known_signatures(path: str, params: dict[str, str], secret: str, signature: str) -> None:
    assert sign(path, params, secret) == signature


def test_joined_texts_are_sorted_and_not_the_keys() -> None:
    """`pageSize20` stands before `pageT`, though the key `page` comes before `pageSize`."""
    assert sign("p", {"page": "T", "pageSize": "20"}, "s") == sign("p" + "pageSize20pageT", {}, "s")


def test_an_object_is_written_once_without_spaces_or_escapes() -> None:
    text = as_json({"a": ["张", 1]})
    assert text == '{"a":["张",1]}'
    assert json.loads(text) == {"a": ["张", 1]}
