"""A person in a browser before the demo's chat: sees messages and presses what is seen. Knows nothing of the bot."""

import base64
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 430, "height": 860}
PATIENCE_MS = 120_000
DROP = """([name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, {type}));
    const place = document.getElementById("text");
    for (const step of ["dragenter", "dragover", "drop"])
        place.dispatchEvent(new DragEvent(step, {bubbles: true, cancelable: true, dataTransfer: data}));
}"""
"""What a browser tells a page when a file is dropped on it; a real drag starts outside of the browser."""


@dataclass
class Visitor:
    page: Page
    pictures: Path

    @classmethod
    async def come(cls, browser: Browser, url: str, folder: Path) -> "Visitor":
        """Pictures go to `folder`, or to the one that PICTURES names."""
        context = await browser.new_context(viewport=PHONE, device_scale_factor=1.5)
        context.set_default_timeout(PATIENCE_MS)
        visitor = cls(await context.new_page(), Path(os.environ.get("PICTURES") or folder))
        visitor.pictures.mkdir(parents=True, exist_ok=True)
        await visitor.page.goto(url)
        return visitor

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def message(self, *texts: str | re.Pattern[str]) -> Locator:
        """The newest message of the bot that has all of these texts."""
        found = self.log.locator("article.theirs")
        for text in texts:
            found = found.filter(has_text=text)
        return found.last

    async def sees(self, *texts: str | re.Pattern[str]) -> Locator:
        message = self.message(*texts)
        await expect(message).to_be_visible(timeout=PATIENCE_MS)
        return message

    async def press(self, label: str, within: Locator | None = None) -> None:
        """The newest button whose label begins so."""
        button = (within or self.log).get_by_role("button", name=re.compile(f"^{re.escape(label)}")).last
        await expect(button).to_be_enabled(timeout=PATIENCE_MS)
        await button.click()

    async def whisper(self, text: str) -> None:
        """A text that may be removed from the chat at once."""
        await self.page.get_by_label("Сообщение", exact=True).fill(text)
        await self.page.get_by_role("button", name="Отправить", exact=True).click()

    async def say(self, text: str) -> None:
        """Until it stands in the chat, so that `answer` is the answer to it."""
        said = self.log.locator("article.own").filter(has_text=text)
        before = await said.count()
        await self.whisper(text)
        await expect(said).to_have_count(before + 1)

    @property
    def answer(self) -> Locator:
        """The bot's first message after the person's own last one."""
        return self.log.locator("article.own").last.locator("xpath=following-sibling::article").first

    async def drop(self, name: str, kind: str, content: bytes) -> None:
        await self.page.evaluate(DROP, [name, kind, base64.b64encode(content).decode()])
        dialog = self.page.get_by_role("dialog", name="Отправить файлы")
        await dialog.get_by_role("button", name="Отправить").click()

    async def tab(self, url: str) -> Page:
        page = await self.page.context.new_page()
        await page.goto(url)
        return page

    async def submit(self, button: Locator) -> None:
        """Presses what sends a form and waits for the page that comes: Chromium may never say that a page is closed
        which was closed on its way there."""
        async with button.page.expect_navigation():
            await button.click()

    async def picture(self, name: str, message: Locator, edge: Literal["start", "end"] = "end") -> None:
        """Of the chat, with this edge of the message in sight."""
        await message.evaluate("(element, block) => element.scrollIntoView({block})", edge)
        await self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")
