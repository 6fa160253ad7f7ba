"""The whole bot with its own pages, a Taobao-like site with the real driver in Chromium, and a phone's browser."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Frame, async_playwright

from sandbox.launch import free_port
from sandbox.telegram.operator import Seen
from sandbox.testing import start_part
from tests.support.desk import Desk, open_desk
from tests.support.waiting import PATIENCE

BUYER = "vykup_buyer_01"
CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
QUICK = {"between_pages": 0, "before_press": 0, "page_timeout": 10, "drawn_timeout": 3, "change_timeout": 3}
DESKTOP = {"width": 1366, "height": 900}


def page_link(card: Seen) -> str:
    """The link that stands on a card."""
    urls = [str(button["url"]) for row in card.buttons for button in row if "/page#" in button.get("url", "")]
    assert len(urls) == 1, card.buttons
    return urls[0]


async def listening(http: aiohttp.ClientSession, web: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with http.get(web):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


@dataclass
class Live:
    desk: Desk
    site: str
    web: str
    http: aiohttp.ClientSession
    browser: Browser

    async def fault(self, at: str, fault: str, **details: object) -> None:
        async with self.http.post(f"{self.site}/_control", json={"at": at, "fault": fault} | details) as answer:
            assert answer.status == 200, await answer.text()

    async def verb(self, verb: str, **arguments: object) -> None:
        async with self.http.post(f"{self.site}/_control/world", json={"verb": verb} | arguments) as answer:
            assert answer.status == 200, await answer.text()

    async def link(self, label: str) -> str:
        """Presses a button of the login's card that makes a link; the link."""
        await self.desk.owner.look()
        await self.desk.owner.press(label)
        return page_link(self.desk.owner.screen)

    async def see(self, text: str) -> None:
        await self.desk.owner.wait_for(text)
        await self.desk.owner.look()

    async def place(self, path: str, selector: str) -> tuple[tuple[float, float], tuple[float, float]]:
        """Middle and right edge of something on the site's page, by parts of a desktop's window, as any guest sees it
        there."""
        context = await self.browser.new_context(viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]})
        page = await context.new_page()
        await page.goto(f"{self.site}{path}")
        frame: Frame = page.frames[-1]
        box = await frame.locator(selector).bounding_box()
        await context.close()
        assert box
        middle = (box["y"] + box["height"] / 2) / DESKTOP["height"]
        whole = DESKTOP["width"]
        return ((box["x"] + box["width"] / 2) / whole, middle), ((box["x"] + box["width"]) / whole, middle)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest.fixture
async def live(data_dir: Path, browser: Browser) -> AsyncIterator[Live]:
    async with start_part("taobao") as site, aiohttp.ClientSession() as http:
        async with http.get(f"{site}/_site") as answer:
            hosts = (await answer.json())["hosts"]
        site_file = data_dir / "site.json"
        site_file.write_text(json.dumps({"hosts": hosts, "pace": QUICK}), encoding="utf-8")
        listen = f"127.0.0.1:{free_port()}"
        settings: dict[str, Any] = {
            "taobao_site_file": site_file,
            "chromium_path": CHROMIUM,
            "web_listen": listen,
            "web_url": f"http://{listen}",
        }
        async with open_desk(data_dir, **settings) as desk:
            await listening(http, f"http://{listen}")
            yield Live(desk, site, f"http://{listen}", http, browser)
