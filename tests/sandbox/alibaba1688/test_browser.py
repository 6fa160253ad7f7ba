"""A person in a browser: allows the application, pays, and a seller ships."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

from tests.sandbox.alibaba1688.conftest import OOB, Shop

CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.browser


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield await browser.new_page()
        await browser.close()


async def test_person_allows_pays_and_seller_ships(shop: Shop, page: Page) -> None:
    await page.goto(f"{shop.url}/oauth/authorize?client_id=1234567&site=1688&redirect_uri={OOB}&state=x")
    await page.get_by_label("Account").select_option("vykup1688_02")
    await page.get_by_role("button", name="Allow").click()
    code = await page.get_by_label("Code").input_value()
    _, grant = await shop.get_token(grant_type="authorization_code", code=code, redirect_uri=OOB)
    shop.token = grant["access_token"]
    order_id = await shop.reserve()

    pay = await shop.trade("alibaba.alipay.url.get", orderIdList=[int(order_id)])
    await page.goto(pay["payUrl"])
    await page.get_by_role("button", name="PAY").click()
    await page.get_by_text("等待卖家发货 Paid").wait_for()

    await page.get_by_role("link", name="Seller desk").click()
    await page.get_by_label("Track numbers").fill("YT8812345678901, YT8812345678902")
    await page.get_by_label("Carrier").select_option("圆通速递")
    await page.get_by_role("button", name="发货 Ship").click()
    await page.get_by_text("卖家已发货 Shipped").wait_for()
    (order,) = (await shop.truth())["orders"]
    assert [one["waybill"] for one in order["shipments"]] == ["YT8812345678901", "YT8812345678902"]
    assert order["account"] == "vykup1688_02"
