"""What steers the site, and what only its people see."""

import aiohttp
import pytest

from sandbox.testing import start_process
from tests.sandbox.taobao.conftest import BUYER, CUP, SHIRT, Visitor

GATE = "/i.taobao.com/my_itaobao"
LIST = "/buyertrade.taobao.com/trade/itemlist/list_bought_items.htm"


async def test_wrong_mode_is_refused_whole(visitor: Visitor) -> None:
    body = {"verb": "mode", "bought_list": "dom", "confirm_page": "newest"}
    async with visitor.http.post(f"{visitor.url}/_control/world", json=body) as answer:
        assert answer.status == 400
    assert (await visitor.get("/_truth/site")).json["modes"]["bought_list"] == "old"


@pytest.mark.parametrize(
    ("at", "path", "usual"),
    [
        ("login", "/login.taobao.com/havanaone/login/login.htm", 'id="qrcode-img"'),
        ("item", f"/item.taobao.com/item.htm?id={SHIRT}", 'id="tbpcDetail_SkuPanelBody"'),
        ("cart", "/cart.taobao.com/cart.htm", "trade-cart-btn-submit"),
        ("confirm", f"/buy.taobao.com/auction/buy_now.jhtml?itemId={CUP}&skuId=0&quantity=1", "确认订单信息"),
        ("bought", LIST, "var data"),
        ("address", "/member1.taobao.com/member/fresh/deliver_address.htm", "tbl-main"),
    ],
)
async def test_changed_page_misses_what_it_is_known_by(buyer: Visitor, at: str, path: str, usual: str) -> None:
    await buyer.fault(at, "page_changed")
    assert usual not in (await buyer.get(path)).text
    assert usual in (await buyer.get(path)).text


async def test_call_may_be_turned_away_though_the_session_lives(buyer: Visitor) -> None:
    await buyer.fault("transit", "session_expired", kind="background")
    order_id = await buyer.order()
    answer = await buyer.get(f"/buyertrade.taobao.com/trade/json/transit_step.do?bizOrderId={order_id}")
    assert "/login.taobao.com/" in answer.url
    assert (await buyer.get(GATE)).path == GATE


async def test_common_faults_apply_by_name_and_visits_are_told(buyer: Visitor) -> None:
    await buyer.fault("bought", "http_500")
    assert (await buyer.get(LIST)).status == 500
    assert (await buyer.get(LIST)).status == 200
    visits = (await buyer.get("/_truth/visits")).json["visits"]
    assert [one["fault"] for one in visits if one["at"] == "bought"] == ["http_500", ""]


async def test_front_page_of_the_sandbox_leads_people_on(visitor: Visitor) -> None:
    page = (await visitor.get("/")).text
    for path in (f"/phone/{BUYER}", f"/person/{BUYER}/orders", "/seller"):
        assert path in page
        assert (await visitor.get(path)).status == 200


async def test_runs_as_a_process() -> None:
    async with start_process("taobao") as running, aiohttp.ClientSession() as http:
        assert list(running.urls) == ["taobao"]
        async with http.get(f"{running.urls['taobao']}/item.taobao.com/item.htm?id={CUP}") as answer:
            assert "不锈钢保温杯" in await answer.text()
