"""The demo as a new user goes through it: everything is seen and pressed in a real browser, on the chat's page and on
the marketplaces' own."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from sandbox.demo import OWNERS, World, make_world
from sandbox.example_file import ROWS, workbook
from sandbox.pictures import label
from tests.demo.visitor import PATIENCE_MS, Visitor

CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOODS = ("Футболка хлопковая", "Брюки карго", "Рюкзак холщовый", "Набор кухонный")
"""Two of one Taobao seller, a sold-out one, and one of 1688; of the first there is a bad row too."""
TAOBAO, ALIBABA = "vykup_buyer_01", "vykup1688_01"
TRACK = "YT2600000000077"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with make_world() as world:
        yield world


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def test_from_an_order_file_to_a_recognised_parcel(world: World, browser: Browser, tmp_path: Path) -> None:
    visitor = await Visitor.come(browser, f"{world.urls['telegram']}/chat/{OWNERS[0]}", tmp_path)
    await _import(visitor)
    await _log_in_to_taobao(visitor, world)
    await _log_in_to_1688(visitor)
    await _reserve(visitor)
    await _answer(visitor)
    await _pay(visitor, world)
    await _ship(visitor, world)
    await _find(visitor)
    await _look_at_settings(visitor)


async def _import(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="Запустить").click()
    await visitor.sees("Выкуп")
    rows = tuple(row for row in ROWS if row[4] in GOODS)
    await visitor.drop("orders.xlsx", XLSX, workbook(rows))
    card = await visitor.sees("новых: 4")
    await expect(card).to_contain_text("две")
    await visitor.picture("import", card)


async def _home(visitor: Visitor, button: str) -> None:
    await visitor.say("/start")
    await expect(visitor.answer).to_contain_text("Выкуп", timeout=PATIENCE_MS)
    await visitor.press(button, visitor.answer)


async def _log_in_to_taobao(visitor: Visitor, world: World) -> None:
    await _home(visitor, "Сессии")
    await visitor.press("➕ Taobao")
    code = await visitor.sees("Отсканируйте")
    await expect(code.get_by_role("img")).to_be_visible(timeout=PATIENCE_MS)
    await visitor.picture("login", code)
    phone = await visitor.tab(f"{world.urls['taobao']}/phone/{TAOBAO}")
    await visitor.submit(phone.locator("form.row", has=phone.locator("img")).get_by_role("button", name="Scan").first)
    await visitor.sees("подтвердите")
    await visitor.submit(phone.get_by_role("button", name="Confirm").first)
    await phone.close()
    await visitor.sees("Выполнен вход", TAOBAO)


async def _log_in_to_1688(visitor: Visitor) -> None:
    await _home(visitor, "Сессии")
    await visitor.press("➕ 1688")
    async with visitor.page.context.expect_page() as opened:
        await visitor.press("Открыть страницу")
    page = await opened.value
    await page.get_by_label("Account").select_option(ALIBABA)
    await visitor.submit(page.get_by_role("button", name="Allow"))
    code = await page.get_by_label("Code").input_value()
    await page.close()
    await visitor.whisper(code)
    await visitor.sees("Выполнен вход", ALIBABA)
    await _home(visitor, "Сессии")
    await visitor.picture("sessions", await visitor.sees(TAOBAO, ALIBABA))


async def _reserve(visitor: Visitor) -> None:
    await _home(visitor, "К закупке")
    await visitor.press("☑ Все")
    await visitor.press("Предпросмотр · 4")
    preview = await visitor.sees("Всего", "распродан")
    await visitor.picture("preview", preview)
    await visitor.press("Забронировать", preview)


async def _answer(visitor: Visitor) -> None:
    question = await visitor.sees("❓", "распродан", "Рюкзак")
    card = await visitor.sees("Бронирование", "1688", "100 %")
    await visitor.picture("progress", card, "start")
    await visitor.press("Пропустить данный товар", question)
    await visitor.sees("✓", "Пропустить данный товар")
    done = await visitor.sees("Бронирование", re.compile("100 %.*100 %", re.DOTALL))
    await visitor.picture("reserved", done)


async def _pay(visitor: Visitor, world: World) -> None:
    for part, account in (("taobao", TAOBAO), ("alibaba1688", ALIBABA)):
        page = await visitor.tab(f"{world.urls[part]}/person/{account}/orders")
        await visitor.submit(page.get_by_role("button", name="PAY"))
        await expect(page.get_by_text("等待卖家发货")).to_be_visible()
        await page.close()
    await visitor.sees("🔔", "1001", "выкуплен")


async def _ship(visitor: Visitor, world: World) -> None:
    page = await visitor.tab(f"{world.urls['taobao']}/seller")
    await page.get_by_label("Track numbers").first.fill(TRACK)
    await page.get_by_label("Carrier").first.select_option("圆通速递")
    await visitor.submit(page.get_by_role("button", name="Ship").first)
    await page.close()
    await visitor.picture("push", await visitor.sees("🔔", TRACK))


async def _look_at_settings(visitor: Visitor) -> None:
    await _home(visitor, "Настройки")
    await visitor.picture("settings", await visitor.sees("Настройки", "Лимит на 24 часа"))


async def _find(visitor: Visitor) -> None:
    await visitor.say(f"что за посылка {TRACK.lower()}?")
    await expect(visitor.answer).to_contain_text("Клиент 101", timeout=PATIENCE_MS)
    await visitor.drop("label.jpg", "image/jpeg", label(TRACK, "圆通速递"))
    await expect(visitor.log.locator("article.own img")).to_be_visible()
    await expect(visitor.answer).to_contain_text("Клиент 101", timeout=PATIENCE_MS)
    await visitor.picture("photo", visitor.answer)
