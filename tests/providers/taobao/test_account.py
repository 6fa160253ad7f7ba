"""An account's surroundings: its address book, a person's own Chrome, and a browser that goes when unused."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from providers.taobao.driver import TaobaoProvider
from purchasing.errors import Refused, Transient
from purchasing.provider import AccountRef
from purchasing.refusals import Refusal
from sandbox.taobao.state import SITE
from tests.providers.taobao.conftest import BUYER, CHROMIUM, CUP, WAREHOUSE, Gate, Market, checkout, ended
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SECOND = replace(WAREHOUSE, name="二号仓库", mobile="13900139000", address="人民路88号3栋")


async def test_a_recipient_is_added_once(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    for _ in range(2):
        await provider.add_address(market.account, SECOND, gate)
    book = (await market.truth())["addresses"][BUYER]
    assert [one["detail"] for one in book].count("人民路88号3栋") == 1
    assert [one["region_code"] for one in book if one["mobile"] == "13900139000"] == ["440111"]
    assert len(gate.shown) == 1


async def test_an_address_that_the_site_refuses(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    with pytest.raises(Refused) as caught:
        await provider.add_address(market.account, replace(SECOND, address="短"), gate)
    assert caught.value.code == Refusal.ADDRESS_INVALID
    assert "详细地址" in caught.value.detail
    with pytest.raises(Refused, match="no region 990000"):
        await provider.add_address(market.account, replace(SECOND, region="999999"), gate)


@pytest_asyncio.fixture(loop_scope="session")
async def chrome(market: Market, tmp_path: Path) -> AsyncIterator[str]:
    """A person's Chrome with a tab of their own, signed in; gives its CDP address."""
    if not CHROMIUM:
        pytest.skip("no Chromium")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={tmp_path}"]
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *flags, f"{market.url}/www.taobao.com/", stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stderr is not None
    url = ""
    while not url:
        line = (await process.stderr.readline()).decode()
        if "DevTools listening on" in line:
            port = line.rpartition("127.0.0.1:")[2].partition("/")[0]
            url = f"http://127.0.0.1:{port}"
    async with async_playwright() as playwright:
        person = await playwright.chromium.connect_over_cdp(url, timeout=10_000)
        session = market.app[SITE].open_session(BUYER)
        await person.contexts[0].add_cookies([{"name": "cookie2", "value": session.sid, "url": market.url}])
        await person.close()
    yield url
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # some end with those they belong to
            child.kill()
    process.kill()
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # its pipe is still open


async def test_a_persons_chrome_is_used_and_left_alone(
    market: Market, provider: TaobaoProvider, gate: Gate, chrome: str
) -> None:
    account = AccountRef(9100, BUYER, cdp_url=chrome)
    assert (await provider.check_session(account)).nick == BUYER
    placed = await provider.place(account, checkout(CUP), gate)
    assert len(placed.orders) == 1
    await provider.stop_hands(account)
    assert (await provider.check_session(account)).alive
    assert 9100 not in market.secrets.kept
    async with async_playwright() as playwright:
        person = await playwright.chromium.connect_over_cdp(chrome, timeout=10_000)
        assert [page.url for page in person.contexts[0].pages] == [f"{market.url}/www.taobao.com/"]
        await person.close()
    await provider.stop_hands(account)


async def test_a_chrome_that_is_away_is_transient(market: Market, provider: TaobaoProvider) -> None:
    with pytest.raises(Transient):
        await provider.check_session(AccountRef(9101, BUYER, cdp_url="http://127.0.0.1:9"))


async def test_chromium_goes_when_unused_and_comes_back(
    market: Market, provider: TaobaoProvider, tmp_path: Path
) -> None:
    site_file = tmp_path / "site.json"
    hosts = {"i.taobao.com": f"{market.url}/i.taobao.com"}
    site_file.write_text(json.dumps({"hosts": hosts}))
    own = TaobaoProvider(market.secrets, tmp_path, CHROMIUM or "", site_file=site_file, idle_after=timedelta(0))
    for _ in range(2):
        assert (await own.check_session(market.account)).alive
        pid = json.loads((tmp_path / "chromium.pid").read_text())["pid"]
        await own.close_idle()
        assert not psutil.pid_exists(pid)
        assert not (tmp_path / "chromium.pid").exists()
    await own.close()


async def test_the_list_of_orders_is_pictured_for_a_person(market: Market, provider: TaobaoProvider) -> None:
    picture = await provider.picture(market.account)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


async def test_a_browser_that_hangs_is_ended_and_the_next_try_has_another(market: Market, tmp_path: Path) -> None:
    site_file = tmp_path / "site.json"
    hosts = {"i.taobao.com": f"{market.url}/i.taobao.com"}
    site_file.write_text(json.dumps({"hosts": hosts}))
    own = TaobaoProvider(market.secrets, tmp_path, CHROMIUM or "", site_file=site_file)
    assert (await own.check_session(market.account)).alive
    pid = json.loads((tmp_path / "chromium.pid").read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(own.check_session(market.account), 2)
    await own.stop_hands(market.account)
    await until(lambda: ended(pid))
    assert (await own.check_session(market.account)).alive
    await own.close()
