"""A gateway on a free port for each test, and a driver whose account has logged in there as a person would."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from aiohttp import web

from providers.alibaba1688.driver import Alibaba1688Provider
from providers.alibaba1688.oauth import Tokens
from purchasing.provider import AboutToSend, AccountRef, Checkout, CheckoutLine, CodeWanted, LoggedIn, LoginAttempt
from purchasing.recipient import Alibaba1688Recipient
from sandbox.testing import start_app, start_part

APP_KEY, APP_SECRET = "1234567", "exampleSecret"
BUYER = "vykup1688_01"
ACCOUNT = AccountRef(1, BUYER)
WAREHOUSE = Alibaba1688Recipient(
    "收货仓库", "13800138001", "02012345678", "510540", "广东省", "广州市", "白云区", "大源北路1号"
)


@dataclass
class Market:
    """The sandbox gateway: its control and its truth."""

    url: str
    http: aiohttp.ClientSession

    async def fault(self, at: str, fault: str, times: int = 1, **details: str) -> None:
        await self._post("/_control", {"at": at, "fault": fault, "times": times, **details})

    async def world(self, verb: str, **arguments: Any) -> None:
        await self._post("/_control/world", {"verb": verb, **arguments})

    async def orders(self) -> list[dict[str, Any]]:
        return list((await self._get("/_truth/orders"))["orders"])

    async def paying_calls(self) -> list[str]:
        return list((await self._get("/_truth/orders"))["paying_calls"])

    async def calls(self, name: str = "") -> list[str]:
        """Names of the calls that reached the gateway."""
        return [one["at"] for one in (await self._get("/_truth/visits"))["visits"] if name in {"", one["at"]}]

    async def allow(self, link: str, buyer: str = BUYER) -> str:
        """What a person does on the authorize page: the code that it then shows."""
        query = dict(parse_qsl(urlsplit(link).query))
        form = {"account": buyer, "redirect_uri": query["redirect_uri"], "state": query["state"]}
        async with self.http.post(link.partition("?")[0], data=form) as response:
            found = re.search(r'id="code"[^>]*value="([^"]+)"', await response.text())
        assert found is not None
        return found[1]

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(self.url + path, json=body) as response:
            assert response.status == 200, await response.text()

    async def _get(self, path: str) -> dict[str, Any]:
        async with self.http.get(self.url + path) as response:
            return dict(await response.json())


@dataclass
class Secrets:
    kept: dict[int, bytes] = field(default_factory=dict)
    saves: int = 0

    async def load(self, account_id: int) -> bytes | None:
        return self.kept.get(account_id)

    async def save(self, account_id: int, secret: bytes, expires_at: datetime | None = None) -> None:
        self.kept[account_id] = secret
        self.saves += 1


@dataclass
class Gate:
    """Lets pass for `seconds` and remembers what was shown."""

    seconds: float = 8
    shown: list[AboutToSend] = field(default_factory=list)

    async def __call__(self, about: AboutToSend) -> datetime:
        self.shown.append(about)
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


async def log_in(attempt: LoginAttempt, market: Market, buyer: str = BUYER) -> LoggedIn:
    async for event in attempt.events():
        if isinstance(event, CodeWanted):
            await attempt.submit_code(await market.allow(event.link, buyer))
        if isinstance(event, LoggedIn):
            return event
    raise AssertionError("no login")


def spec(sku_id: int) -> str:
    """The sandbox's spec id of a sku."""
    return hashlib.md5(str(sku_id).encode(), usedforsecurity=False).hexdigest()


def line(line_id: int, item: int, sku: str, quantity: int, price: str) -> CheckoutLine:
    """`item` is the last digits of the sandbox's offer."""
    return CheckoutLine(line_id, f"7300000000{item:02d}", sku, "", quantity, Decimal(price))


def checkout(*lines: CheckoutLine, total: int | None = None, key: str = "PO-1", tolerance: int = 0) -> Checkout:
    return Checkout(key, lines, WAREHOUSE, expected_total=total, tolerance=tolerance)


@asynccontextmanager
async def canned(**answers: object) -> AsyncIterator[Alibaba1688Provider]:
    """A driver before a gateway that gives these answers, by the call's name with _ for dots.

    A text is given as it is, of a list one answer after the other."""

    async def answer(request: web.Request) -> web.Response:
        value = answers[request.match_info["api"].replace(".", "_")]
        value = value.pop(0) if isinstance(value, list) else value
        return web.Response(text=value if isinstance(value, str) else json.dumps(value))

    app = web.Application()
    app.router.add_post("/openapi/param2/1/{namespace}/{api}/{key}", answer)
    secrets = Secrets({ACCOUNT.id: Tokens(access_token="any").sealed()})
    async with start_app(app) as url:
        driver = Alibaba1688Provider(APP_KEY, APP_SECRET, secrets, gateway=url, per_second=500)
        try:
            yield driver
        finally:
            await driver.close()


@pytest.fixture
async def market() -> AsyncIterator[Market]:
    async with start_part("alibaba1688") as url, aiohttp.ClientSession() as http:
        market = Market(url, http)
        yield market
        assert await market.paying_calls() == []


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
async def provider(market: Market, secrets: Secrets) -> AsyncIterator[Alibaba1688Provider]:
    """Logged in, and as fast as the sandbox allows."""
    await market.world("set_manners", rate_calls=1000)
    driver = Alibaba1688Provider(APP_KEY, APP_SECRET, secrets, gateway=market.url, per_second=500)
    secrets.kept[ACCOUNT.id] = (await log_in(driver.login(ACCOUNT), market)).secret
    yield driver
    await driver.close()
