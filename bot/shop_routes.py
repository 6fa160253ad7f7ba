"""The shops' way in over HTTP: pushed orders and parcels, and questions for an order's status. Whoever doesn't know a
shop's secret gets one and the same empty answer, whatever they send; nothing of it is kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel

from bot.shop_answers import Refusal, order_answer, push_answer
from bot.web import MAX_BODY
from purchasing.crash import write
from purchasing.errors import Conflict
from purchasing.ports import Clock, Database, Store
from purchasing.push_orders import take_push
from purchasing.shops import Pushed, Shop
from purchasing.signing import ID, WINDOW, authentic, new_secret

log = logging.getLogger(__name__)

SHOP = "vykup-shop"
EACH: RateLimitItem = RateLimitItemPerMinute(120)
READING_SECONDS, READING_AT_ONCE = 10, 16
PATIENCE = 10
"""Seconds for which a push waits for what comes of it; then the shop asks again."""


@dataclass(frozen=True)
class Call:
    """A request whose sender is known. `key` is its id."""

    shop: Shop
    key: str
    body: bytes


class ShopRoutes:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._nobodys = new_secret()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._reading = asyncio.Semaphore(READING_AT_ONCE)
        self._asked: dict[tuple[int, str], datetime] = {}
        self._commit = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/shop/orders", self._known(lambda call, _request: self._push(call, Pushed.ORDERS))),
            web.post("/shop/parcels", self._known(lambda call, _request: self._push(call, Pushed.PARCELS))),
            web.get("/shop/orders/{number}", self._known(self._order)),
            web.get("/shop/requests/{key}", self._known(self._request)),
        ]

    def committed(self) -> None:
        """Something was written: perhaps what a push waits for."""
        self._commit.set()
        self._commit = asyncio.Event()

    def _known(
        self, handle: Callable[[Call, web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def guarded(request: web.Request) -> web.Response:
            call = await self._authentic(request)
            if call is None:
                return web.Response(status=401)
            if not self._limiter.hit(EACH, call.shop.code):
                return _json(Refusal(error="too_many_requests"), 429, {"retry-after": "60"})
            return await handle(call, request)

        return guarded

    async def _authentic(self, request: web.Request) -> Call | None:
        if (request.content_length or 0) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
        body = await self._body(request)
        given = {name.lower(): value for name, value in request.headers.items()}
        shop, secret = await self._db.read(lambda store: _shop(store, given.get(SHOP, "")))
        good = body is not None and authentic(secret or self._nobodys, given, body, self._clock())
        if not good or shop is None or body is None:
            return None
        call = Call(shop, given[ID], body)
        return call if request.method == "POST" or self._first_time(call) else None

    async def _body(self, request: web.Request) -> bytes | None:
        """What was signed: the body, or for a question its path. None for what can't be read."""
        if request.method != "POST":
            return request.raw_path.encode()
        try:
            async with self._reading, asyncio.timeout(READING_SECONDS):
                return await request.read()
        except (TimeoutError, web.HTTPRequestEntityTooLarge):
            return None

    def _first_time(self, call: Call) -> bool:
        """A question is answered once: heard again by somebody else it tells nothing new."""
        now = self._clock()
        self._asked = {key: at for key, at in self._asked.items() if now - at < 2 * WINDOW}
        key = (call.shop.id, call.key)
        return self._asked.setdefault(key, now) is now

    async def _push(self, call: Call, kind: Pushed) -> web.Response:
        if call.body.lstrip()[:1] not in (b"[", b"{"):
            return _json(Refusal(error="not_json"), 422)
        now = self._clock()
        try:
            await write(
                self._db, "shop.push", lambda store: take_push(store, call.shop, kind, call.key, call.body, now)
            )
        except Conflict:
            return _json(Refusal(error="id_used_for_another_body"), 409)
        await self._end(call)
        return await self._answer(call, call.key)

    async def _end(self, call: Call) -> None:
        """Waits until what was pushed is taken in, but not for ever."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    commit = self._commit
                    request = await self._db.read(lambda store: store.shops.request(call.shop.id, call.key))
                    if request is None or request.ended_at is not None:
                        return
                    await commit.wait()
        except TimeoutError:
            return

    async def _request(self, call: Call, request: web.Request) -> web.Response:
        return await self._answer(call, request.match_info["key"])

    async def _answer(self, call: Call, key: str) -> web.Response:
        answer = await self._db.read(lambda store: push_answer(store, call.shop, key))
        if answer is None:
            return _json(Refusal(error="no_such_request"), 404)
        return _json(answer, 202 if answer.status == "running" else 200)

    async def _order(self, call: Call, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        answer = await self._db.read(lambda store: order_answer(store, call.shop, number))
        return _json(Refusal(error="no_such_order"), 404) if answer is None else _json(answer, 200)


def _shop(store: Store, code: str) -> tuple[Shop | None, str]:
    """None for a shop that may send nothing."""
    shop = store.shops.by_code(code[:64])
    return (shop, store.shops.secret(shop.id) or "") if shop and shop.intake else (None, "")


def _json(answer: BaseModel, status: int, headers: dict[str, str] | None = None) -> web.Response:
    text = answer.model_dump_json(exclude_none=True)
    return web.Response(text=text, status=status, content_type="application/json", headers=headers)
