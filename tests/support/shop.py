"""A shop for tests: pushes signed requests over real HTTP, and a receiver that keeps every callback it is sent."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from purchasing.manage_shops import add_shop, set_callback, switch_intake
from purchasing.ports import Store
from purchasing.signing import authentic, headers
from sandbox.launch import free_port
from sandbox.testing import start_app
from tests.support.desk import Desk, open_desk
from tests.support.waiting import PATIENCE

Headers = dict[str, str]
NONE: Headers = {}

CODE = "main-shop"
TAOBAO = "https://item.taobao.com/item.htm?id=640000000001&skuId=5400000000011"
_keys = count(1)


def row(order: str = "A-1", line: str = "7", **more: Any) -> dict[str, Any]:
    paid = {"order": order, "line": line, "item_url": TAOBAO, "quantity": 2, "price": "39.9", "status": "paid"}
    return paid | {"title": "T恤", "customer": "Клиент 101"} | more


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Shop:
    """`desk` with its web server; `secret` is what the shop signs with."""

    desk: Desk
    url: str
    http: aiohttp.ClientSession
    id: int = 1
    code: str = CODE
    secret: str = ""

    async def push(
        self,
        rows: object,
        *,
        path: str = "/shop/orders",
        key: str = "",
        at: datetime | None = None,
        given: Headers = NONE,
    ) -> Answer:
        """`given` headers win over those of the signature."""
        body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        signed = self.signed(key, at, body) | {"content-type": "application/json"} | given
        async with self.http.post(self.url + path, data=io.BytesIO(body), headers=signed) as answer:
            return Answer(answer.status, await answer.text())

    async def ask(self, path: str, *, key: str = "", given: Headers = NONE) -> Answer:
        async with self.http.get(self.url + path, headers=self.signed(key, None, path.encode()) | given) as answer:
            return Answer(answer.status, await answer.text())

    def signed(self, key: str, at: datetime | None, body: bytes) -> dict[str, str]:
        key = key or f"msg_{next(_keys)}"
        return headers(self.secret, key, at or self.desk.clock(), body) | {"vykup-shop": self.code}

    async def callback_to(self, url: str) -> None:
        owner, now = await self.desk.somebody(), self.desk.clock()
        await self.desk.write(lambda store: set_callback(store, owner, self.id, url, now))


@asynccontextmanager
async def open_shop(data_dir: Path, **overrides: Any) -> AsyncIterator[Shop]:
    listen = f"127.0.0.1:{free_port()}"
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        desk = await stack.enter_async_context(open_desk(data_dir, web_listen=listen, **overrides))
        yield await set_up(desk, f"http://{listen}", http)


async def set_up(desk: Desk, url: str, http: aiohttp.ClientSession) -> Shop:
    """With its intake on, and somebody listening."""
    shop = Shop(desk, url, http)
    owner, now = await desk.somebody(), desk.clock()

    def unit(store: Store) -> str:
        if not store.shops.all():
            switch_intake(store, owner, add_shop(store, owner, CODE, now).id, True, now)
        return store.shops.secret(1) or ""

    shop.secret = await desk.write(unit)
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await shop.ask("/shop/requests/none")
                return shop
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)


@dataclass
class Receiver:
    """`statuses` are answered one after the other, then 200; with `hold` set it answers nothing until that is set."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    hold: asyncio.Event | None = None
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.calls]

    def authentic(self, secret: str, now: datetime) -> bool:
        """Whether the last call was signed for us; ids of ours are refused only on the way in."""
        given, body = self.calls[-1]
        return authentic(secret, given, body, now, ours=True)

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        if self.hold is not None:
            await self.hold.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers={"location": "/elsewhere"} if 300 <= status < 400 else None)

    async def elsewhere(self, _request: web.Request) -> web.Response:
        raise AssertionError("a redirect was followed")


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    app.router.add_route("*", "/elsewhere", receiver.elsewhere)
    async with start_app(app) as url:
        receiver.url = f"{url}/hook"
        yield receiver


def statuses(order: dict[str, Any]) -> Sequence[tuple[str, str]]:
    return [(line["line"], line["status"]) for line in order["lines"]]


LATE = timedelta(minutes=6)
