"""A shop beside a drilled world: it pushes an order until it is taken in, and hears what the bot tells it."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from purchasing.signing import headers
from sandbox.telegram.operator import Operator
from tests.drill.figures import SLOW

CODE = "drill-shop"
GOODS = "https://item.taobao.com/item.htm?id=640000000001&skuId=5400000000011"
PATIENCE = 60.0


@dataclass
class Shop:
    """`listen` is where the bot hears shops, `hook` where this one hears the bot."""

    listen: str
    hook: str = ""
    secret: str = ""
    orders: list[str] = field(default_factory=list)
    heard: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Numbers of the events that came, by order."""

    async def set_up(self, owner: Operator) -> None:
        """Once, by an owner in the chat."""
        if self.secret:
            return
        sent = await owner.send("/settings")
        card = await owner.wait_for("Settings", after=sent)
        await owner.press("Shops", card)
        await owner.press("Add a shop", card)
        await owner.wait_for(lambda m: m.id == card.id and "small Latin letters" in m.text)
        await owner.send(CODE)
        shown = await owner.wait_for(lambda m: m.id >= card.id and m.button("Copy the secret") is not None)
        await owner.press("I have it", shown)
        await owner.press("Switch orders over HTTP on", shown)
        await owner.press("Address for callbacks", shown)
        await owner.wait_for(lambda m: m.id >= card.id and "Now: —" in m.text)
        await owner.send(self.hook)
        await owner.wait_for(lambda m: m.id >= card.id and f"Told of changes at: {self.hook}" in m.text)
        button = shown.button("Copy the secret")
        assert button is not None
        self.secret = button["copy_text"]["text"]

    async def push(self, http: aiohttp.ClientSession) -> None:
        """A new order, again under the same key until it is taken in."""
        number = f"S-{len(self.orders)}"
        self.orders.append(number)
        line = {"order": number, "line": "1", "item_url": GOODS, "quantity": 1, "price": "39.9", "status": "paid"}
        body = json.dumps([line | {"title": "T恤", "customer": "Guest"}]).encode()
        async with asyncio.timeout(PATIENCE * SLOW):
            while not await self._sent(http, f"msg_{number}", body):  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.3)

    async def _sent(self, http: aiohttp.ClientSession, key: str, body: bytes) -> bool:
        given = headers(self.secret, key, datetime.now(UTC), body)
        given |= {"vykup-shop": CODE, "content-type": "application/json"}
        try:
            async with http.post(f"http://{self.listen}/shop/orders", data=body, headers=given) as answer:
                if 400 <= answer.status < 500:
                    raise RuntimeError(f"the bot refuses a shop's order: {await answer.text()}")
                return answer.ok
        except aiohttp.ClientError:
            return False  # nobody listens, or the answer was cut off

    async def hear(self, request: web.Request) -> web.Response:
        event = await request.json()
        self.heard[event["order"]["order"]].add(event["sequence"])
        return web.Response()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hook", self.hear)
        return app
