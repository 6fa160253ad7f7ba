"""The driver in a real Chromium against the sandbox's site: one browser for all tests, a fresh site for each."""

import io
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import psutil
import pytest
import pytest_asyncio
from aiohttp import web

from providers.taobao.driver import TaobaoProvider
from purchasing.provider import AboutToSend, AccountRef, Checkout, CheckoutLine
from purchasing.recipient import TaobaoRecipient
from sandbox.launch import free_port
from sandbox.options import PartOptions
from sandbox.taobao.app import make_app
from sandbox.taobao.state import SITE
from sandbox.testing import start_app

BUYER = "vykup_buyer_01"
CHROMIUM = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
WAREHOUSE = TaobaoRecipient("收货仓库", "13800138001", "440111", "510540", "大源北路1号仓库")
QUICK = {
    "between_pages": 0,
    "before_press": 0,
    "page_timeout": 10,
    "drawn_timeout": 3,
    "change_timeout": 3,
    "outcome_timeout": 3,
    "looks": 2,
    "between_looks": 0.1,
}


@dataclass
class MemorySecrets:
    """Sessions by account id, as the storage would keep them."""

    kept: dict[int, bytes] = field(default_factory=dict)

    async def load(self, account_id: int) -> bytes | None:
        return self.kept.get(account_id)

    async def save(self, account_id: int, secret: bytes, expires_at: datetime | None = None) -> None:
        self.kept[account_id] = secret


@dataclass
class Market:
    """The site of one test: its control, its truth, and an account that is signed in."""

    url: str
    app: web.Application
    http: aiohttp.ClientSession
    secrets: MemorySecrets
    account: AccountRef

    async def verb(self, verb: str, **arguments: object) -> None:
        async with self.http.post(f"{self.url}/_control/world", json={"verb": verb} | arguments) as answer:
            assert answer.status == 200, await answer.text()

    async def fault(self, at: str, fault: str, **details: object) -> None:
        async with self.http.post(f"{self.url}/_control", json={"at": at, "fault": fault} | details) as answer:
            assert answer.status == 200, await answer.text()

    async def orders(self) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.url}/_truth/orders") as answer:
            return list((await answer.json())["orders"])

    async def truth(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/_truth/site") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def cart(self) -> list[dict[str, Any]]:
        return list((await self.truth())["carts"].get(BUYER, []))

    async def visits(self, at: str) -> int:
        async with self.http.get(f"{self.url}/_truth/visits") as answer:
            return sum(one["at"] == at for one in (await answer.json())["visits"])

    def session(self, account: AccountRef, login: str = BUYER) -> None:
        """Lets the account be signed in without a login."""
        session = self.app[SITE].open_session(login)
        cookies = [_cookie("cookie2", session.sid), _cookie("cna", session.sid[:24])]
        state = {"cookies": cookies, "origins": []}
        self.secrets.kept[account.id] = json.dumps(state).encode()


def _cookie(name: str, value: str) -> dict[str, object]:
    return {
        "name": name,
        "value": value,
        "domain": "127.0.0.1",
        "path": "/",
        "expires": -1,
        "httpOnly": False,
        "secure": False,
        "sameSite": "Lax",
    }


@pytest.fixture(scope="session")
def port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def provider(
    port: int, secrets: MemorySecrets, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TaobaoProvider]:
    if not CHROMIUM:
        pytest.skip("no Chromium")
    folder = tmp_path_factory.mktemp("taobao")
    async with (
        start_app(make_app(PartOptions()), port) as url,
        aiohttp.ClientSession() as http,
        http.get(f"{url}/_site") as answer,
    ):
        hosts = (await answer.json())["hosts"]
    site_file = folder / "site.json"
    site_file.write_text(json.dumps({"hosts": hosts, "pace": QUICK}), encoding="utf-8")
    made = TaobaoProvider(secrets, folder, CHROMIUM, site_file=site_file)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def account_ids() -> Iterator[int]:
    return iter(range(1, 10_000))


@pytest_asyncio.fixture(loop_scope="session")
async def market(
    provider: TaobaoProvider, port: int, secrets: MemorySecrets, account_ids: Iterator[int]
) -> AsyncIterator[Market]:
    account = AccountRef(next(account_ids), BUYER)
    app = make_app(PartOptions(seed=account.id))  # order numbers of their own
    async with start_app(app, port) as url, aiohttp.ClientSession() as http:
        made = Market(url, app, http, secrets, account)
        made.session(account)
        yield made
        assert (await made.truth())["paying_presses"] == []
        await provider.stop_hands(account)


@dataclass
class Gate:
    """A gate that opens; what it was shown is kept."""

    seconds: float = 8
    shown: list[AboutToSend] = field(default_factory=list)

    async def __call__(self, about: AboutToSend) -> datetime:
        self.shown.append(about)
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


@pytest.fixture
def gate() -> Gate:
    return Gate()


SHIRT = CheckoutLine(1, "640000000001", "5400000000018", "颜色:藏青;尺码:L", 2, Decimal("39.90"))
TROUSERS = CheckoutLine(2, "640000000002", "5400000000021", "颜色:黑色;尺码:M", 1, Decimal("89.00"))
CUP = CheckoutLine(3, "640000000003", "", "", 1, Decimal("59.00"))


def checkout(*lines: CheckoutLine, total: int | None = None, tolerance: int = 0, note: str = "") -> Checkout:
    return Checkout("VK1-1", lines, WAREHOUSE, note=note, expected_total=total, tolerance=tolerance)


def readable_qr(png: bytes) -> str:
    """What a phone's camera reads in the picture."""
    import zxingcpp
    from PIL import Image

    return zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))[0].text


def ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to notice."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
