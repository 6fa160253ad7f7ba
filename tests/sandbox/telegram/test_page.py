"""The chat page in a real browser: what a person sees and does there."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import BotCommand, BufferedInputFile, InputMediaPhoto
from playwright.async_api import Browser, FilePayload, Page, async_playwright, expect

from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.operator import Operator
from sandbox.testing import start_app
from tests.sandbox.telegram.conftest import BUYER, TOKEN, WAREHOUSE, Api, Part

CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
PASTE = """([name, type, event]) => {
    const data = new DataTransfer();
    data.items.add(new File(["some bytes"], name, {type}));
    const options = {bubbles: true, cancelable: true};
    const place = document.getElementById("text");
    if (event === "paste") place.dispatchEvent(new ClipboardEvent("paste", {...options, clipboardData: data}));
    else for (const step of ["dragenter", "dragover", "drop"])
        place.dispatchEvent(new DragEvent(step, {...options, dataTransfer: data}));
}"""
pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, part: Part) -> AsyncIterator[Page]:
    """The buyer's chat; a script error on the page fails the test."""
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{part.url}/chat/{BUYER}")
    yield page
    assert errors == []


async def test_from_start_to_an_edit_in_place(page: Page, bot: Bot) -> None:
    await page.get_by_role("button", name="Запустить").click()
    [update] = await bot.get_updates(timeout=50)
    assert update.message
    assert update.message.text == "/start"
    sent = await bot.send_message(BUYER, "<b>1</b> of 9 <script>", parse_mode=None)
    article = page.locator(f"[data-message-id='{sent.message_id}']")
    await expect(article).to_contain_text("<b>1</b> of 9 <script>")
    await bot.edit_message_text("<b>9</b> of 9", chat_id=BUYER, message_id=sent.message_id, parse_mode="HTML")
    await expect(article.locator("strong")).to_have_text("9")
    await expect(article).to_contain_text("изменено")
    await bot.delete_message(BUYER, sent.message_id)
    await expect(article).to_have_count(0)
    await page.get_by_label("Сообщение", exact=True).fill("two\nlines")
    await page.get_by_role("button", name="Отправить", exact=True).click()
    update = (await bot.get_updates(offset=update.update_id + 1, timeout=50))[0]
    assert update.message
    assert update.message.text == "two\nlines"


async def test_buttons(page: Page, bot: Bot, api: Api, buyer: Operator) -> None:
    rows: list[list[dict[str, Any]]] = [
        [{"text": "Buy", "callback_data": "b", "style": "success"}],
        [{"text": "Drop", "callback_data": "d", "style": "danger"}],
        [{"text": "Copy", "copy_text": {"text": "SF123"}}, {"text": "Taken", "disabled": {}}],
        [{"text": "Open", "url": "https://item.taobao.com/item.htm?id=1"}],
    ]
    await api.ok("sendMessage", chat_id=BUYER, text="card", reply_markup={"inline_keyboard": rows})
    buy = page.get_by_role("button", name="Buy")
    await buy.click()
    query = (await bot.get_updates(timeout=50))[0].callback_query
    assert query
    await expect(buy).to_have_attribute("aria-busy", "true")
    await bot.answer_callback_query(query.id, "Bought <b>")
    await expect(page.get_by_text("Bought <b>")).to_be_visible()
    await expect(buy).not_to_have_attribute("aria-busy", "true")
    await page.get_by_role("button", name="Drop").click()
    query = (await bot.get_updates(offset=-1, timeout=50))[0].callback_query
    assert query
    await bot.answer_callback_query(query.id, "Really?", show_alert=True)
    await page.get_by_role("dialog").get_by_role("button", name="Понятно").click()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("Скопировано: SF123")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "SF123"
    await expect(page.get_by_role("button", name="Taken")).to_be_disabled()
    link = page.get_by_role("button", name="Open")
    await expect(link).to_have_attribute("href", "https://item.taobao.com/item.htm?id=1")
    await expect(link).to_have_attribute("target", "_blank")


async def test_entities(page: Page, bot: Bot, buyer: Operator) -> None:
    lines = "\n".join(f"line {number}" for number in range(9))
    text = (
        f"📦 <i>it</i><blockquote expandable>{lines}</blockquote><tg-time unix='0' format='D'>then</tg-time> "
        "<a href='https://taobao.com'>shop</a> <code>SF1</code><pre><code class='language-json'>{}</code></pre>"
    )
    sent = await bot.send_message(BUYER, text, parse_mode="HTML")
    fold = page.get_by_role("button", name="Показать полностью")
    await expect(fold).to_have_attribute("aria-expanded", "false")
    await fold.click()
    await expect(page.get_by_role("button", name="Свернуть")).to_have_attribute("aria-expanded", "true")
    await bot.edit_message_text(f"{text} edited", chat_id=BUYER, message_id=sent.message_id, parse_mode="HTML")
    await expect(page.get_by_role("log")).to_contain_text("edited")
    await expect(page.get_by_role("button", name="Свернуть")).to_have_attribute("aria-expanded", "true")
    await expect(page.locator("em")).to_have_text("it")
    await expect(page.locator(".words time")).to_contain_text("1970")
    await expect(page.get_by_role("link", name="shop", exact=True)).to_have_attribute("href", "https://taobao.com")
    await expect(page.locator("pre")).to_have_attribute("data-language", "json")


async def test_pictures_and_files(page: Page, bot: Bot, buyer: Operator, picture: Callable[..., bytes]) -> None:
    files = [BufferedInputFile(picture(colour=colour), "1.jpg") for colour in ("red", "green")]
    await bot.send_media_group(BUYER, [InputMediaPhoto(media=file, caption=None) for file in files])
    await expect(page.locator("article.album img")).to_have_count(2)
    await bot.send_document(BUYER, BufferedInputFile(b"bytes", "отчёт.csv"))
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Скачать: отчёт.csv").click()
    assert (await waiting.value).suggested_filename == "отчёт.csv"
    await page.get_by_role("button", name="Фото").first.click()
    await expect(page.get_by_role("dialog", name="Фото")).to_be_visible()
    await page.keyboard.press("Escape")
    label: FilePayload = {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await page.get_by_label("Прикрепить файл").set_input_files([label])
    dialog = page.get_by_role("dialog", name="Отправить файлы")
    await dialog.get_by_label("Подпись").fill("whose?")
    await dialog.get_by_role("button", name="Отправить").click()
    message = (await bot.get_updates(timeout=50))[0].message
    assert message
    assert (message.caption, bool(message.photo)) == ("whose?", True)


@pytest.mark.parametrize("how", ["drop", "paste"])
async def test_dropped_and_pasted_files(page: Page, bot: Bot, buyer: Operator, how: str) -> None:
    await expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()
    await page.evaluate(PASTE, ["orders.csv", "text/csv", how])
    dialog = page.get_by_role("dialog", name="Отправить файлы")
    await expect(dialog.get_by_text("orders.csv")).to_be_visible()
    await expect(dialog.get_by_role("radio", name="Файлом")).not_to_be_visible()
    await dialog.get_by_role("button", name="Отправить").click()
    message = (await bot.get_updates(timeout=50))[0].message
    assert message
    assert message.document
    assert message.document.file_name == "orders.csv"


async def test_commands_menu(page: Page, bot: Bot, buyer: Operator) -> None:
    await bot.set_my_commands(
        [BotCommand(command="buy", description="To buy"), BotCommand(command="orders", description="Orders")]
    )
    await page.get_by_role("button", name="Меню").click()
    await page.get_by_role("button", name="/orders Orders").click()
    message = (await bot.get_updates(timeout=50))[0].message
    assert message
    assert message.text == "/orders"
    await page.get_by_label("Сообщение", exact=True).press_sequentially("/b")
    await expect(page.get_by_role("list", name="Команды бота").get_by_role("button")).to_have_text(["/buyTo buy"])


async def test_switching_between_people(page: Page, bot: Bot, buyer: Operator, part: Part) -> None:
    async with Operator(part.url, WAREHOUSE) as warehouse:
        await warehouse.start()
    for number in range(2):
        await bot.send_message(WAREHOUSE, f"parcel {number}")
    row = page.get_by_role("link", name="Склад")
    await expect(row.get_by_label("2 непрочитанных")).to_be_visible()
    await row.click()
    await expect(page.get_by_role("log").get_by_text("parcel 1")).to_be_visible()
    await expect(page.get_by_label("непрочитанных")).to_have_count(0)


async def test_page_comes_back_after_a_restart(browser: Browser) -> None:
    page = await browser.new_page()
    async with start_app(make_app(PartOptions())) as url:
        await api_of(url, "sendMessage")
        await page.goto(f"{url}/chat/{BUYER}")
        await page.get_by_role("button", name="Запустить").click()
        await expect(page.get_by_role("log")).to_contain_text("/start")
    await expect(page.get_by_role("status").first).to_contain_text("подключаюсь снова")
    async with start_app(make_app(PartOptions()), port=int(url.rpartition(":")[2])):
        await api_of(url, "getMe")
        await expect(page.get_by_role("button", name="Запустить")).to_be_visible()
        await expect(page.get_by_role("log")).not_to_contain_text("/start")


async def api_of(url: str, method: str) -> None:
    async with aiohttp.ClientSession() as http, http.post(f"{url}/bot{TOKEN}/{method}") as response:
        await response.read()


async def test_blocking(page: Page, bot: Bot, buyer: Operator) -> None:
    await page.get_by_label("Ещё").click()
    await page.get_by_role("button", name="Заблокировать бота").click()
    await page.get_by_role("button", name="Разблокировать и запустить").click()
    updates = await bot.get_updates(timeout=50)
    assert [update.event_type for update in updates] == ["my_chat_member", "my_chat_member", "message"]
    await expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()


async def test_phone_in_english(browser: Browser, bot: Bot, buyer: Operator, part: Part) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    page = await context.new_page()
    await bot.send_message(BUYER, "a long line " * 30)
    await page.goto(f"{part.url}/?lang=en")
    await expect(page.get_by_role("main")).not_to_be_visible()
    await page.get_by_role("link", name="Buyer").tap()
    await expect(page.get_by_role("log")).to_contain_text("a long line")
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("link", name="Back to the list").tap()
    await expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
