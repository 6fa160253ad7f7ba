"""A phone's browser before the bot's own pages: sees what they show, and puts a finger on what it sees."""

from dataclasses import dataclass

from playwright.async_api import Browser, CDPSession, Page, expect

PATIENCE_MS = 60_000
PHONE = {"width": 390, "height": 780}
STEPS = 12
PIXELS = """(() => { const shown = document.getElementById("picture");
    return shown.getContext("2d").getImageData(0, 0, shown.width, shown.height).data; })()"""


@dataclass
class Phone:
    """`touch` is a place of the marketplace's page, by parts of its width and height."""

    page: Page
    fingers: CDPSession

    @classmethod
    async def open(cls, browser: Browser, url: str) -> "Phone":
        context = await browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]}, has_touch=True, is_mobile=True
        )
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        phone = cls(page, await context.new_cdp_session(page))
        await page.goto(url)
        return phone

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_role("status")).to_contain_text(text, timeout=PATIENCE_MS)

    async def sees_page(self) -> None:
        """A picture of the marketplace's page has come."""
        picture = self.page.locator("#picture")
        await expect(picture).to_be_visible(timeout=PATIENCE_MS)
        await expect(picture).not_to_have_attribute("width", "1", timeout=PATIENCE_MS)

    async def remember(self) -> None:
        """What the picture shows now."""
        await self.page.evaluate(f"window.remembered = {PIXELS}")

    async def sees_another_page(self) -> None:
        """The picture is quite another than the remembered one."""
        other = f"""() => {{
            const now = {PIXELS}, then = window.remembered;
            let differ = now.length !== then.length ? now.length : 0;
            for (let at = 0; at < now.length; at += 4) differ += now[at] !== then[at] ? 4 : 0;
            return differ > now.length / 20;
        }}"""
        await self.page.wait_for_function(other, timeout=PATIENCE_MS)

    async def tap(self, where: tuple[float, float]) -> None:
        await self._touch("touchStart", where)
        await self._touch("touchEnd")

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        await self._touch("touchStart", start)
        for step in range(1, STEPS + 1):
            part = step / STEPS
            await self._touch("touchMove", (start[0] + (end[0] - start[0]) * part, start[1]))
            await self.page.evaluate("() => new Promise(requestAnimationFrame)")
        await self._touch("touchEnd")

    async def type(self, text: str) -> None:
        await self.page.locator("#keys").press_sequentially(text)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def _touch(self, kind: str, where: tuple[float, float] | None = None) -> None:
        box = await self.page.locator("#picture").bounding_box()
        assert box
        points = [{"x": box["x"] + where[0] * box["width"], "y": box["y"] + where[1] * box["height"]}] if where else []
        await self.fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    async def leave(self) -> None:
        await self.page.context.close()
