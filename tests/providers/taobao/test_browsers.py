"""An account's own browser and proxy are what its pages are opened with, and what is away is told by name."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
from aiohttp import web

from providers.taobao.driver import TaobaoProvider
from purchasing.errors import Transient
from purchasing.provider import AccountRef
from tests.providers.taobao.conftest import BUYER, Market

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOGIN = f"Basic {base64.b64encode(b'agency:p@ss').decode()}"


@dataclass
class Proxy:
    """A forward proxy that wants a login; `seen` is where it was asked to go."""

    address: str = ""
    seen: list[str] = field(default_factory=list)


@asynccontextmanager
async def proxy() -> AsyncIterator[Proxy]:
    made = Proxy()

    async def forward(request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Proxy-Authorization") != LOGIN:
            wanted = {"Proxy-Authenticate": 'Basic realm="agency"'}
            return web.Response(status=407, text="a password is wanted", headers=wanted)
        made.seen.append(str(request.url))
        headers = {name: value for name, value in request.headers.items() if not name.startswith("Proxy-")}
        async with http.request(
            request.method, request.url, headers=headers, data=await request.read(), allow_redirects=False
        ) as answer:
            kept = {n: v for n, v in answer.headers.items() if n in ("Location", "Content-Type")}
            whole = web.Response(status=answer.status, body=await answer.read(), headers=kept)
            for cookie in answer.headers.getall("Set-Cookie", ()):
                whole.headers.add("Set-Cookie", cookie)
            return whole

    runner = web.ServerRunner(web.Server(forward), shutdown_timeout=0.1)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.address = f"127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield made
        finally:
            await runner.cleanup()


async def test_an_accounts_pages_go_through_its_proxy(market: Market, provider: TaobaoProvider) -> None:
    async with proxy() as through:
        account = replace(market.account, proxy=f"http://agency:p%40ss@{through.address}")
        assert (await provider.check_session(account)).nick == BUYER
        assert any("i.taobao.com" in url for url in through.seen)
        assert (await provider.try_browser(account)).startswith("Chromium ")

        through.seen.clear()
        assert (await provider.check_session(market.account)).nick == BUYER  # taken back: no page goes there any more
        assert not any("i.taobao.com" in url for url in through.seen)  # what the closed browser had begun may come late


async def test_a_proxy_that_is_away_or_locked_is_named(market: Market, provider: TaobaoProvider) -> None:
    with pytest.raises(Transient) as away:
        await provider.try_browser(replace(market.account, proxy="http://127.0.0.1:9"))
    assert away.value.code == "proxy_away"
    async with proxy() as through:
        with pytest.raises(Transient) as refused:
            await provider.try_browser(replace(market.account, proxy=f"http://agency:wrong@{through.address}"))
    assert refused.value.code == "proxy_away", str(refused.value)


async def test_a_chrome_that_is_away_is_named(market: Market, provider: TaobaoProvider) -> None:
    account = AccountRef(market.account.id, BUYER, cdp_url="http://127.0.0.1:9")
    with pytest.raises(Transient) as away:
        await provider.try_browser(account)
    assert away.value.code == "browser_away"
    assert (await provider.check_session(market.account)).nick == BUYER  # and the own browser serves as before
