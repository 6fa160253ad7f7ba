"""A person's browser made of plain HTTP, and Chromium for what only a browser shows."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright

from sandbox.testing import start_part

BUYER = "vykup_buyer_01"
SHIRT, CUP, EARPHONES, BAG = "640000000001", "640000000003", "640000000004", "640000000005"
SHIRT_NAVY_L = "5400000000018"
CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")


@dataclass
class Answer:
    """A page or call as it came, after redirects."""

    status: int
    url: str
    body: bytes
    charset: str

    @property
    def text(self) -> str:
        return self.body.decode(self.charset)

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(urlsplit(self.url).query).items()}


@dataclass
class Visitor:
    """One cookie jar on the site, and the test's hand on its control."""

    url: str
    http: aiohttp.ClientSession = field(repr=False)

    async def get(self, path: str, **headers: str) -> Answer:
        async with self.http.get(self.url + path, headers=headers) as answer:
            return Answer(answer.status, str(answer.url), await answer.read(), answer.charset or "utf-8")

    async def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        async with self.http.post(self.url + path, data=form or {}, headers=headers) as answer:
            return Answer(answer.status, str(answer.url), await answer.read(), answer.charset or "utf-8")

    async def verb(self, verb: str, **arguments: object) -> None:
        async with self.http.post(f"{self.url}/_control/world", json={"verb": verb} | arguments) as answer:
            assert answer.status == 200, await answer.text()

    async def fault(self, at: str, fault: str, **details: object) -> None:
        async with self.http.post(f"{self.url}/_control", json={"at": at, "fault": fault} | details) as answer:
            assert answer.status == 200, await answer.text()

    async def truth(self) -> Any:
        return (await self.get("/_truth/orders")).json

    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self.http.cookie_jar}

    async def mtop(self, api: str, version: str, data: dict[str, object], **query: str) -> Any:
        """A signed call; the first one only fetches the token, as in a browser."""
        reply = await self._call(api, version, data, query)
        if "TOKEN" in reply["ret"][0]:
            reply = await self._call(api, version, data, query)
        return reply

    async def _call(self, api: str, version: str, data: dict[str, object], query: dict[str, str]) -> Any:
        text, moment = json.dumps(data), str(int(time.time() * 1000))
        token = self.cookies().get("_m_h5_tk", "").partition("_")[0]
        sign = hashlib.md5(f"{token}&{moment}&12574478&{text}".encode(), usedforsecurity=False).hexdigest()
        params = {"appKey": "12574478", "t": moment, "sign": sign} | query
        url = f"{self.url}/h5api.m.taobao.com/h5/{api.lower()}/{version}/"
        async with self.http.post(url, params=params, data={"data": text}) as answer:
            return await answer.json()

    async def qr(self) -> dict[str, str]:
        """A fresh code of the login page: t, ck, codeContent."""
        base = "/login.taobao.com/havanaone/loginLegacy/qrCode/generate.do"
        reply = await self.get(f"{base}?bizEntrance=taobao_pc&bizName=taobao&lang=zh_CN")
        data: dict[str, str] = reply.json["content"]["data"]
        return data

    async def qr_state(self, code: dict[str, str]) -> Any:
        base = "/login.taobao.com/havanaone/loginLegacy/qrCode/query.do?bizEntrance=taobao_pc&bizName=taobao"
        reply = await self.post(base, {"t": code["t"], "ck": code["ck"]})
        return reply.json["content"]["data"]

    async def log_in(self, account: str = BUYER) -> None:
        code = await self.qr()
        await self.verb("scan", account=account, content=code["codeContent"])
        await self.verb("confirm", account=account, content=code["codeContent"])
        for url in (await self.qr_state(code))["asyncUrls"]:
            await self.get("/" + url.split("/", 3)[3])

    async def add(self, item: str, sku: str = "0", quantity: int = 1) -> str:
        """Into the cart; gives the cart line's id."""
        data: dict[str, object] = {"itemId": item, "skuId": sku, "quantity": str(quantity), "exParams": "{}"}
        reply = await self.mtop("mtop.trade.addBag", "3.1", data)
        assert reply["ret"] == ["SUCCESS::调用成功"], reply
        return str(reply["data"]["cartId"])

    async def confirm(self, *cart_ids: str) -> Answer:
        return await self.get(f"/buy.taobao.com/order/confirm_order.htm?cartIds={','.join(cart_ids)}")

    async def submit(self, confirm_page: str, **changes: str) -> Answer:
        """Press the button of a confirm page with what its form holds."""
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)"[^>]* value="([^"]*)"', confirm_page))
        form = {key: value.replace("&#34;", '"') for key, value in fields.items()} | changes
        return await self.post("/buy.taobao.com/auction/order/submit.htm", form)

    async def order(self, item: str = SHIRT, sku: str = SHIRT_NAVY_L, quantity: int = 2) -> str:
        """Buy it without paying; gives the order's id."""
        base = "/buy.taobao.com/auction/buy_now.jhtml"
        page = await self.get(f"{base}?itemId={item}&skuId={sku}&quantity={quantity}")
        await self.submit(page.text)
        return str((await self.truth())["orders"][-1]["id"])


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A guest on a fresh site."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with start_part("taobao") as url, aiohttp.ClientSession(cookie_jar=jar) as http:
        yield Visitor(url, http)


@pytest.fixture
async def buyer(visitor: Visitor) -> Visitor:
    await visitor.log_in()
    return visitor


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def page_of(browser: Browser, visitor: Visitor, *, signed_in: bool = True, phone: bool = False) -> Page:
    """A page of a new context; it takes over the visitor's cookies when signed in."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    context = await browser.new_context(viewport=size, has_touch=phone)  # type: ignore[arg-type] # a ViewportSize
    context.set_default_timeout(15_000)
    if signed_in:
        jar = [{"name": key, "value": value, "url": visitor.url} for key, value in visitor.cookies().items()]
        await context.add_cookies(jar)  # type: ignore[arg-type] # SetCookieParam
    return await context.new_page()
