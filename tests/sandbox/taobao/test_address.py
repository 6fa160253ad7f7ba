"""The address book."""

from tests.sandbox.taobao.conftest import BUYER, CUP, Visitor

BOOK = "/member1.taobao.com/member/fresh/deliver_address.htm"
GOOD = {
    "divisionCode": "330782",
    "addressDetail": "稠江街道国贸大道8号3仓",
    "post": "322000",
    "fullName": "义乌仓VK77",
    "mobile": "13900139000",
}


async def test_added_address_is_listed_and_can_be_chosen(buyer: Visitor) -> None:
    page = (await buyer.post(BOOK, GOOD | {"defaultAddress": "1"})).text
    assert "<td>义乌仓VK77</td><td>浙江省 金华市 义乌市 </td>" in page
    assert "已保存了3条地址" in page
    added = (await buyer.get("/_truth/site")).json["addresses"][BUYER][-1]
    confirm = (await buyer.confirm(await buyer.add(CUP))).text
    assert f'id="J_Address" value="{added["address_id"]}"' in confirm


async def test_form_says_what_is_wrong(buyer: Visitor) -> None:
    for change, text in (
        ({"mobile": "123"}, "手机号码格式不正确"),
        ({"divisionCode": "999999"}, "请选择所在地区"),
        ({"addressDetail": "仓"}, "详细地址长度"),
        ({"fullName": "仓"}, "收货人姓名长度"),
        ({"post": "1"}, "邮政编码格式不正确"),
    ):
        assert text in (await buyer.post(BOOK, GOOD | change)).text
    assert len((await buyer.get("/_truth/site")).json["addresses"][BUYER]) == 2


async def test_default_and_delete(buyer: Visitor) -> None:
    other = "1688100001"
    base = "/member1.taobao.com/member/fresh/address"
    await buyer.post(f"{base}/default.htm", {"addressId": other})
    await buyer.post(f"{base}/delete.htm", {"addressId": "1688000001"})
    page = (await buyer.get(BOOK)).text
    assert "大源北路" not in page
    assert "默认地址" in page
