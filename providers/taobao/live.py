"""A page shown to a person as pictures, and that person's fingers and keys brought to it.

What is typed is passed on and kept nowhere. The page must stand within the fence."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from providers.taobao.site import Site, pattern
from providers.taobao.tab import known_errors, read
from purchasing.live import Deed, Go, Key, Pointer, Scroll, Typed

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

PER_SECOND = 8
PICTURE = {"format": "jpeg", "quality": 60, "maxWidth": 1366, "maxHeight": 1024, "everyNthFrame": 1}
DEED_SECONDS = 5


def page_to_show(site: Site, url: str) -> str:
    """Where a person was wanted, to be opened once more; the gate page for where an order is sent or paid."""
    risky = pattern(*site.confirm.places, *site.confirm.cashier).search(site.place(url))
    ours = url.startswith("http") and not site.foreign().search(url)
    return url if ours and not risky else site.url("gate")


class ScreenCast:
    """`purchasing.live.LivePage` by Chromium's own screencast."""

    def __init__(self, page: "Page", cdp: "CDPSession", *, touch: bool) -> None:
        self._page, self._cdp, self._touch = page, cdp, touch
        self._fresh = asyncio.Event()
        self._picture = ""
        self._unseen: list[int] = []
        self._size = (0.0, 0.0)
        self._held = False
        self.over = False

    @classmethod
    async def of(cls, page: "Page") -> "ScreenCast":
        """Raises Transient."""
        async with known_errors():
            touch = bool(await read(page, "() => navigator.maxTouchPoints > 0"))
            cast = cls(page, await page.context.new_cdp_session(page), touch=touch)
            await cast._start()
        return cast

    async def _start(self) -> None:
        self._cdp.on("Page.screencastFrame", self._take)
        for ending in ("close", "crash"):
            self._page.on(ending, self._gone)
        await self._page.bring_to_front()  # a tab behind others draws nothing
        await self._cdp.send("Page.startScreencast", PICTURE)

    def _take(self, frame: dict[str, Any]) -> None:
        self._picture = frame["data"]
        self._size = float(frame["metadata"]["deviceWidth"]), float(frame["metadata"]["deviceHeight"])
        self._unseen.append(frame["sessionId"])
        self._fresh.set()

    def _gone(self, _page: "Page") -> None:
        self.over = True
        self._fresh.set()

    async def frames(self) -> AsyncIterator[bytes]:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            if self.over:
                return
            yield base64.b64decode(self._picture)
            await self._seen()
            await asyncio.sleep(1 / PER_SECOND)

    async def _seen(self) -> None:
        """Chromium sends no more than two pictures that nobody has acknowledged."""
        seen, self._unseen = self._unseen, []
        for number in seen:
            await self._bravely(self._cdp.send("Page.screencastFrameAck", {"sessionId": number}))

    async def act(self, deed: Deed) -> bool:
        ready = not self.over and all(self._size)
        return await self._bravely(self._acted(deed)) if ready else True

    async def _acted(self, deed: Deed) -> None:
        match deed:
            case Pointer(touch=True) if self._touch:
                await self._touched(deed)
            case Pointer():
                await self._moused(deed)
            case Scroll():
                await self._page.mouse.move(*self._at(deed))
                await self._page.mouse.wheel(deed.dx * self._size[0], deed.dy * self._size[1])
            case Key():
                await self._page.keyboard.press(deed.key)
            case Typed():
                await self._type(deed.text)
            case Go(where="back"):
                await self._page.go_back(wait_until="commit")
            case Go():
                await self._page.reload(wait_until="commit")

    def _at(self, place: Pointer | Scroll) -> tuple[float, float]:
        return place.x * self._size[0], place.y * self._size[1]

    async def _moused(self, pointer: Pointer) -> None:
        await self._page.mouse.move(*self._at(pointer))
        if pointer.what == "down":
            self._held = True
            await self._page.mouse.down()
        elif pointer.what == "up":
            self._held = False
            await self._page.mouse.up()

    async def _touched(self, pointer: Pointer) -> None:
        kind = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}[pointer.what]
        x, y = self._at(pointer)
        points = [] if pointer.what == "up" else [{"x": x, "y": y}]
        await self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    async def _type(self, text: str) -> None:
        """One character as a key of a keyboard, which forms listen to; what was pasted or composed at once."""
        if len(text) == 1:
            await self._page.keyboard.type(text)
        else:
            await self._page.keyboard.insert_text(text)

    async def close(self) -> None:
        if self.over:
            return
        self.over = True
        self._fresh.set()
        if self._held:  # a person who left in the middle of a drag
            await self._bravely(self._page.mouse.up())
        await self._bravely(self._stop())

    async def _stop(self) -> None:
        await self._cdp.send("Page.stopScreencast")
        await self._cdp.detach()

    async def _bravely(self, doing: Any) -> bool:
        """A page on its way to another, or gone, takes nothing; its errors might repeat what was typed. False when it
        hung."""
        from playwright.async_api import Error

        try:
            await asyncio.wait_for(doing, DEED_SECONDS)
        except TimeoutError:
            return False
        except Error:
            return True
        return True
