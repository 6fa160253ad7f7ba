"""The signature on the published vectors."""

import pytest

from sandbox.alibaba1688.signature import sign

ADDRESS = (
    '{"fullName":"张三","mobile":"15251667788","phone":"0517-88990077","postCode":"000000",'
    '"provinceText":"浙江省","cityText":"杭州市","areaText":"滨江区","townText":"","address":"网商路699号"}'
)
CARGO = '[{"offerId":554456348334,"specId":"b266e0726506185beaf205cbae88530d","quantity":5}]'
VECTORS = [
    ("system/currentTime/1000000", {"b": "2", "a": "1"}, "test123", "33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88"),
    (
        "com.alibaba.trade/alibaba.trade.getBuyerOrderList/1234567",
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
        "com.alibaba.agent/newtoncloud.task.create/mykey",
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
        "system/currentTime/TEST_APPKEY_0001",
        {
            "_aop_timestamp": "1700000000000",
            "access_token": "UNIT-TEST-TOKEN-abc123",
            "productId": "694567890123",
        },
        "UNIT-TEST-SECRET",
        "75CD0EB77C5DCB393BD2C2E4DB4CE09849780EC9",
    ),
    (
        "com.alibaba.trade/alibaba.trade.get.buyerView/1234567",
        {
            "_aop_timestamp": "1700000000000",
            "access_token": "TOKEN-EXAMPLE",
            "orderId": "58218860983545941",
            "webSite": "1688",
        },
        "exampleSecret",
        "8B53BBEB35690A77884DBD5D5D52FC71FEB5C6B6",
    ),
    (
        "com.alibaba.trade/alibaba.trade.fastCreateOrder/1234567",
        {
            "_aop_timestamp": "1700000000000",
            "access_token": "TOKEN-EXAMPLE",
            "addressParam": ADDRESS,
            "cargoParamList": CARGO,
            "flow": "general",
            "outOrderId": "PO-2026-0001",
        },
        "exampleSecret",
        "3C41FA875556C1B3C0B47B04BDB079730FC0944A",
    ),
]


@pytest.mark.parametrize(("path", "params", "secret", "expected"), VECTORS)
def test_published_vectors(path: str, params: dict[str, str], secret: str, expected: str) -> None:
    assert sign(f"param2/1/{path}", params | {"_aop_signature": "ignored"}, secret) == expected


def test_pieces_are_sorted_not_keys() -> None:
    """`page=T` comes after `pageSize=20`, although the key `page` is the shorter one."""
    assert sign("p", {"page": "T", "pageSize": "20"}, "s") == sign("p", {"pageSize20pageT": ""}, "s")
