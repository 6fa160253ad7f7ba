"""What only a browser shows: pages that load their data, sku choice, the slider, the way from login to cashier."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Frame, Page, expect

from sandbox.taobao.login import PASSWORD
from tests.sandbox.taobao.conftest import BAG, BUYER, CHROMIUM, CUP, SHIRT, SHIRT_NAVY_L, Visitor, page_of

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
LIST = "/buyertrade.taobao.com/trade/itemlist/list_bought_items.htm"


async def test_from_qr_to_cashier(visitor: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, visitor, signed_in=False)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{visitor.url}/i.taobao.com/my_itaobao")
    await expect(page.locator("#qrcode-img img")).to_have_attribute("src", re.compile("picture.png"))
    await visitor.verb("scan", account=BUYER)
    await expect(page.get_by_text("扫描成功")).to_be_visible()
    await visitor.verb("confirm", account=BUYER)
    await expect(page.locator(".site-nav-user a")).to_have_text(BUYER)
    names = {cookie["name"] for cookie in await page.context.cookies()}
    assert {"unb", "cookie2", "tracknick"} <= names

    await page.goto(f"{visitor.url}/item.taobao.com/item.htm?id={SHIRT}")
    await choose(page, "藏青", "L")
    assert f"skuId={SHIRT_NAVY_L}" in page.url
    await page.locator('input[class*="countValue"]').fill("2")
    await page.get_by_text("加入购物车", exact=True).click()
    await expect(page.get_by_text("加入购物车成功")).to_be_visible()

    await page.goto(f"{visitor.url}/cart.taobao.com/cart.htm")
    await page.locator(".trade-cart-item-info input[type=checkbox]").check()
    await page.locator("//div[contains(@class,'trade-cart-btn-submit')]//div[contains(text(),'结算(1)')]").click()
    await expect(page.get_by_text("￥85.80")).to_be_visible()
    await page.get_by_text("提交订单", exact=True).click()
    await page.wait_for_url("**/cashierstm.alipay.com/**")
    truth = await visitor.truth()
    assert [order["total_fen"] for order in truth["orders"]] == [8580]
    assert errors == []


async def choose(page: Page, *values: str) -> None:
    panel = page.locator("#tbpcDetail_SkuPanelBody")
    for value in values:
        await panel.locator('[class*="valueItem--"]').filter(has_text=re.compile(f"^{value}$")).click()


async def test_expired_code_is_replaced_by_the_page(visitor: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, visitor, signed_in=False)
    await page.goto(f"{visitor.url}/login.taobao.com/member/login.jhtml")
    picture = page.locator("#qrcode-img img")
    await expect(picture).to_have_attribute("src", re.compile("t="))
    old = await picture.get_attribute("src")
    await visitor.verb("expire_qr")
    await expect(page.get_by_text("二维码已失效").first).to_be_visible()
    await expect(picture).not_to_have_attribute("src", str(old))
    await expect(page.locator(".qrcode-error")).to_be_hidden()


async def test_sku_panel_says_no(buyer: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, buyer)
    await page.goto(f"{buyer.url}/item.taobao.com/item.htm?id={BAG}")
    gone = page.locator('[class*="valueItem--"][class*="isDisabled--"]')
    await expect(gone).to_have_text("黑色")
    await gone.click()
    assert "skuId" not in page.url
    await page.get_by_text("立即购买", exact=True).click()
    await expect(page.get_by_text("请选择商品信息")).to_be_visible()
    await page.goto(f"{buyer.url}/item.taobao.com/item.htm?id={BAG}&skuId=5400000000052")
    await expect(page.locator('[class*="isSelected--"]')).to_have_text("白色")
    await buyer.verb("sell_out", item_id=BAG)
    await page.reload()
    await expect(page.get_by_text("商品已售罄")).to_be_visible()
    await expect(page.get_by_role("button", name="立即购买")).to_be_disabled()


async def test_session_that_ends_at_the_item_leads_to_the_login(buyer: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, buyer)
    await page.goto(f"{buyer.url}/item.taobao.com/item.htm?id={CUP}")
    await buyer.verb("expire_session", account=BUYER)
    await page.get_by_text("加入购物车", exact=True).click()
    await page.wait_for_url("**/login.taobao.com/**")
    await page.get_by_role("button", name="快速进入").click()
    await page.wait_for_url("**/item.taobao.com/**")


async def test_confirm_page_opens_in_a_new_tab_and_counts_again(buyer: Visitor, chromium: Browser) -> None:
    await buyer.verb("mode", confirm_new_tab=True)
    page = await page_of(chromium, buyer)
    await page.goto(f"{buyer.url}/item.taobao.com/item.htm?id={CUP}")
    async with page.context.expect_page() as opened:
        await page.get_by_text("立即购买", exact=True).click()
    tab = await opened.value
    await expect(tab.locator("#J_Payable")).to_have_text("￥67.00")
    await tab.get_by_role("button", name="+").click()
    await expect(tab.locator("#J_Payable")).to_have_text("￥126.00")
    await tab.get_by_text("备用仓库").click()
    await tab.get_by_text("提交订单", exact=True).click()
    await tab.wait_for_url("**/cashierstm.alipay.com/**")
    [order] = (await buyer.truth())["orders"]
    assert (order["total_fen"], order["address"]["name"]) == (12600, "备用仓库")


async def test_lists_draw_orders_and_turn_pages(buyer: Visitor, chromium: Browser) -> None:
    first = await buyer.order(CUP, "0", 1)
    for _ in range(15):
        await buyer.order(CUP, "0", 1)
    page = await page_of(chromium, buyer)
    for mode in ("old", "v2", "dom"):
        await buyer.verb("mode", bought_list=mode, charset="gb18030")
        await page.goto(buyer.url + LIST)
        await expect(page.get_by_text("订单号:")).to_have_count(15)
        assert await page.get_by_text(first).count() == 0
        await page.get_by_text("下一页").click()
        await expect(page.get_by_text(f"订单号: {first}")).to_be_visible()


async def test_order_is_cancelled_by_hand(buyer: Visitor, chromium: Browser) -> None:
    await buyer.order(CUP, "0", 1)
    page = await page_of(chromium, buyer)
    await page.goto(buyer.url + LIST)
    await page.get_by_text("取消订单").click()
    await page.get_by_role("button", name="确定").click()
    await expect(page.get_by_text("交易关闭")).to_be_visible()


async def test_slider_by_mouse(buyer: Visitor, chromium: Browser) -> None:
    await buyer.fault("cart", "captcha")
    page = await page_of(chromium, buyer)
    await page.goto(f"{buyer.url}/cart.taobao.com/cart.htm")
    assert "_____tmd_____" in page.url
    box = await knob_box(page)
    await page.mouse.move(box["x"], box["y"])
    await page.mouse.down()
    await page.mouse.move(box["x"] + 400, box["y"], steps=12)
    await page.mouse.up()
    await page.wait_for_url("**/cart.taobao.com/cart.htm")


async def test_slider_by_touch_on_a_phone(buyer: Visitor, chromium: Browser) -> None:
    await buyer.fault("cart", "captcha")
    page = await page_of(chromium, buyer, phone=True)
    await page.goto(f"{buyer.url}/cart.taobao.com/cart.htm")
    box = await knob_box(page)
    client = await page.context.new_cdp_session(page)

    async def touch(kind: str, *points: dict[str, float]) -> None:
        await client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    await touch("touchStart", box)
    for step in range(1, 13):
        await touch("touchMove", {"x": box["x"] + step * 30, "y": box["y"]})
    await touch("touchEnd")
    await page.wait_for_url("**/cart.taobao.com/cart.htm")


async def test_password_on_a_phone_with_a_slider_between(visitor: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, visitor, signed_in=False, phone=True)
    await page.goto(f"{visitor.url}/login.taobao.com/member/login.jhtml")
    await page.locator("#fm-login-id").fill(BUYER)
    await page.locator("#fm-login-password").fill("wrong")
    for _ in range(2):
        await page.locator(".fm-btn button").tap()
        await expect(page.locator("#login-error")).to_have_text("账号名或登录密码不正确")
        await page.locator("#login-error").evaluate("node => node.textContent = ''")
    await expect(page.locator("#baxia-login-check-code")).to_be_visible()
    await page.locator("#fm-login-password").fill(PASSWORD)
    await page.locator(".fm-btn button").tap()
    await expect(page.locator("#login-error")).to_contain_text("滑块")
    knob = page.frame_locator("#baxia-login-check-code").locator("#nc_1_n1z")
    await knob.scroll_into_view_if_needed()
    box = await knob.bounding_box()
    assert box
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 420, box["y"] + 20, steps=12)
    await page.mouse.up()
    await expect(page.locator("#baxia-login-check-code")).to_have_count(0)
    await page.locator(".fm-btn button").tap()
    await expect(page.locator(".site-nav-user a")).to_have_text(BUYER)


async def knob_box(page: Page) -> Any:
    """The middle of the slider's handle in the page."""
    knob = slider_frame(page).locator("#nc_1_n1z")
    box = await knob.bounding_box()
    assert box
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def slider_frame(page: Page) -> Frame:
    [frame] = [one for one in page.frames if one.url.endswith("/slider")]
    return frame


async def test_call_of_a_suspect_opens_the_dialog(buyer: Visitor, chromium: Browser) -> None:
    page = await page_of(chromium, buyer)
    await page.goto(f"{buyer.url}/item.taobao.com/item.htm?id={CUP}")
    await buyer.fault("add_cart", "captcha")
    await page.get_by_text("加入购物车", exact=True).click()
    await expect(page.locator(".baxia-dialog iframe")).to_be_visible()


DRAWN = {
    "/login.taobao.com/member/login.jhtml": "#qrcode-img img[src]",
    "/item.taobao.com/_____tmd_____/punish?back=/": "iframe",
    f"/item.taobao.com/item.htm?id={SHIRT}": "text=加入购物车",
    "/cart.taobao.com/cart.htm": ".trade-cart-item-info",
    f"/buy.taobao.com/auction/buy_now.jhtml?itemId={SHIRT}&skuId={SHIRT_NAVY_L}&quantity=1": "text=提交订单",
    LIST: "text=订单号:",
    f"/phone/{BUYER}": "text=扫描 Scan",
}
"""Pages and what stands on them once they are drawn."""


async def test_pages_fit_a_phone(buyer: Visitor, chromium: Browser) -> None:
    await buyer.order(CUP, "0", 1)
    await buyer.add(SHIRT, SHIRT_NAVY_L)
    await buyer.qr()
    page = await page_of(chromium, buyer, phone=True)
    for path, drawn in DRAWN.items():
        await page.goto(buyer.url + path)
        await expect(page.locator(drawn).first).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path
