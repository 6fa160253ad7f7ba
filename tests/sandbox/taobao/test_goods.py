"""Item pages' data and the cart's calls."""

from tests.sandbox.taobao.conftest import BAG, BUYER, CUP, EARPHONES, SHIRT, SHIRT_NAVY_L, Visitor

DETAIL = ("mtop.taobao.pcdetail.data.get", "1.0")


async def test_item_data_ties_choices_to_skus(visitor: Visitor) -> None:
    reply = await visitor.mtop(*DETAIL, {"id": SHIRT})
    res = reply["data"]
    names = {
        f"{prop['pid']}:{value['vid']}": value["name"] for prop in res["skuBase"]["props"] for value in prop["values"]
    }
    paths = {sku["skuId"]: {names[part] for part in sku["propPath"].split(";")} for sku in res["skuBase"]["skus"]}
    assert paths[SHIRT_NAVY_L] == {"藏青", "L"}
    core = res["skuCore"]["sku2info"][SHIRT_NAVY_L]
    assert (core["price"]["priceText"], core["price"]["priceMoney"], core["quantityText"]) == ("39.90", "3990", "有货")


async def test_page_holds_the_same_tree_unless_only_the_call_does(visitor: Visitor) -> None:
    path = f"/item.taobao.com/item.htm?id={SHIRT}"
    assert '"skuBase"' in (await visitor.get(path)).text
    await visitor.verb("mode", item_data="xhr")
    assert '"skuBase"' not in (await visitor.get(path)).text


async def test_goods_without_variants_have_one_entry(visitor: Visitor) -> None:
    res = (await visitor.mtop(*DETAIL, {"id": CUP}))["data"]
    assert res["skuBase"] == {"props": [], "skus": []}
    assert list(res["skuCore"]["sku2info"]) == ["0"]


async def test_sold_out_sku(visitor: Visitor) -> None:
    info = (await visitor.mtop(*DETAIL, {"id": BAG}))["data"]["skuCore"]["sku2info"]
    assert (info["5400000000051"]["quantity"], info["5400000000051"]["quantityText"]) == ("0", "缺货")


async def test_tmall_goods_lead_to_tmall(visitor: Visitor) -> None:
    answer = await visitor.get(f"/item.taobao.com/item.htm?id={EARPHONES}&skuId=5400000000041")
    assert answer.path == "/detail.tmall.com/item.htm"
    assert answer.query == {"id": EARPHONES, "skuId": "5400000000041"}


async def test_tmall_names_the_buyer_in_its_own_way(buyer: Visitor) -> None:
    page = (await buyer.get(f"/detail.tmall.com/item.htm?id={EARPHONES}")).text
    assert f'class="j_Username" href="/i.taobao.com/my_itaobao">{BUYER}</a>' in page
    assert "site-nav-user" not in page


async def test_gone_goods_say_so(visitor: Visitor) -> None:
    assert "宝贝不存在" in (await visitor.get("/item.taobao.com/item.htm?id=1")).text
    await visitor.verb("off_shelf", item_id=CUP)
    assert "已下架" in (await visitor.get(f"/item.taobao.com/item.htm?id={CUP}")).text


async def test_call_needs_the_right_signature(visitor: Visitor) -> None:
    await visitor.mtop(*DETAIL, {"id": CUP})
    reply = await visitor.mtop(*DETAIL, {"id": CUP}, sign="0" * 32)
    assert reply["ret"] == ["FAIL_SYS_ILLEGAL_ACCESS::非法请求"]


async def test_cart_adds_up_and_remembers_checks(buyer: Visitor) -> None:
    first = await buyer.add(SHIRT, SHIRT_NAVY_L)
    assert await buyer.add(SHIRT, SHIRT_NAVY_L, 2) == first
    await buyer.add(CUP)
    await buyer.mtop("mtop.trade.update.bag", "1.0", {"operation": "check", "cartIds": first})
    reply = await buyer.mtop("mtop.trade.query.bag", "5.0", {})
    shops = reply["data"]["shops"]
    lines = [(one["itemId"], one["quantity"], one["checked"]) for shop in shops for one in shop["items"]]
    assert lines == [(CUP, 1, False), (SHIRT, 3, True)]
    await buyer.mtop("mtop.trade.update.bag", "1.0", {"operation": "delete", "cartIds": first})
    assert [line["item_id"] for line in (await buyer.get("/_truth/site")).json["carts"][BUYER]] == [CUP]


async def test_cart_refuses_in_the_sites_words(buyer: Visitor) -> None:
    async def ret(item: str, sku: str, quantity: int = 1) -> str:
        data: dict[str, object] = {"itemId": item, "skuId": sku, "quantity": str(quantity)}
        return str((await buyer.mtop("mtop.trade.addBag", "3.1", data))["ret"][0])

    assert "缺货" in await ret(BAG, "5400000000051")
    assert "商品已失效" in await ret("640000000007", "5400000000071")
    await buyer.verb("mode", limit_per_order=2)
    assert "每人限购2件" in await ret(CUP, "0", 3)


async def test_guest_call_is_an_expired_session(visitor: Visitor) -> None:
    reply = await visitor.mtop("mtop.trade.query.bag", "5.0", {})
    assert reply["ret"] == ["FAIL_SYS_SESSION_EXPIRED::Session过期"]


async def test_suspect_call_names_the_punish_page(buyer: Visitor) -> None:
    await buyer.fault("cart", "captcha")
    reply = await buyer.mtop("mtop.trade.query.bag", "5.0", {})
    assert reply["ret"][0].startswith("FAIL_SYS_USER_VALIDATE")
    assert "x5step=2" in reply["data"]["url"]
    await buyer.verb("pass_challenges")
    assert (await buyer.mtop("mtop.trade.query.bag", "5.0", {}))["ret"] == ["SUCCESS::调用成功"]
