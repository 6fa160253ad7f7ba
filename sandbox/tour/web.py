"""The tour's part over the bot's own web server: a shop pushes an order, a person opens the live view."""

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass

import aiohttp

from sandbox.demo import World
from sandbox.telegram.operator import Operator
from sandbox.tour.steps import KEEN, Shift, expect

SHOP = "main-shop"
ROW = {
    "order": "2001",
    "line": "1",
    "customer": "Клиент 201",
    "item_url": "https://item.taobao.com/item.htm?id=640000000003",
    "title": "Термос 500 мл",
    "quantity": 1,
    "price": "59.00",
    "status": "paid",
}


@dataclass
class WebTour:
    world: World
    owner: Operator

    def steps(self) -> Shift:
        return [
            ("a shop pushes a signed order over HTTP", self.push),
            ("the marketplace's page in the live view, by a link that works once", self.live_view),
        ]

    async def push(self) -> None:
        sent = await self.owner.send("/settings")
        settings = await self.owner.wait_for("Настройки", after=sent)
        await self.owner.press("Магазины", settings)
        await self.owner.press("Добавить магазин", settings)
        typed = await self.owner.send(SHOP)
        shown = await self.owner.wait_for(lambda m: "whsec_" in str(m.raw), after=typed)
        found = re.search(r"whsec_[\w+/=]+", str(shown.raw))
        assert found is not None  # noqa: S101 - just waited for
        await self.owner.press("Сохранил", shown)
        await self.owner.press("Включить заказы по HTTP", shown)
        await self.owner.wait_for(lambda m: m.button("Выключить заказы по HTTP") is not None)
        answer = await self._push(found.group(0), json.dumps([ROW]).encode())
        expect((answer["status"], answer["new"]) == ("done", 1), f"the order was not taken: {answer}")
        asked = await self.owner.send(str(ROW["order"]))
        await self.owner.wait_for("Клиент 201", after=asked)

    async def _push(self, secret: str, body: bytes) -> dict[str, object]:
        key, at = "msg_tour_1", str(int(time.time()))
        signed = b".".join((key.encode(), at.encode(), body))
        digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        headers = {
            "vykup-shop": SHOP,
            "webhook-id": key,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
        async with self.world.http.post(f"{self.world.web}/shop/orders", data=body, headers=headers) as response:
            answer: dict[str, object] = await response.json()
            return answer

    async def live_view(self) -> None:
        """A finger on the slider is another test's; here the page is seen, and its link works once."""
        await self.world.fault("taobao", "login", "captcha")
        sent = await self.owner.send("/sessions")
        sessions = await self.owner.wait_for("Сессии", after=sent)
        await self.owner.press("➕ Taobao", sessions)
        card = await self.owner.wait_for("показывает проверку", within=KEEN)
        await self.owner.press("Ссылка на страницу площадки", card)
        opened = await self.owner.wait_for(lambda m: "/page#" in str(m.raw))
        found = re.search(r"/page#([\w-]+)", str(opened.raw))
        assert found is not None  # noqa: S101 - just waited for
        await self._see(found.group(1))
        again = await self._opened(found.group(1))
        expect(not again.get("live"), "the link worked twice")
        await self.owner.press("Отмена")
        await self.owner.wait_for("Вход отменён", after=sent)

    async def _see(self, token: str) -> None:
        async with self._socket() as page:
            await page.send_json({"token": token})
            first = await page.receive_json(timeout=KEEN)
            picture = await page.receive(timeout=KEEN)
            shown = first.get("live") and isinstance(picture.data, bytes)
            expect(shown, f"no live page: {first}, {picture.type}")

    async def _opened(self, token: str) -> dict[str, object]:
        async with self._socket() as page:
            await page.send_json({"token": token})
            answer: dict[str, object] = await page.receive_json(timeout=KEEN)
            return answer

    def _socket(self) -> "aiohttp.client._WSRequestContextManager":
        return self.world.http.ws_connect(f"{self.world.web}/page/ws", headers={"Origin": self.world.web})
