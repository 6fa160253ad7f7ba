"""The bot's desk with the sandbox's 1688 behind it: an account that is logged in, and orders on the marketplace."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from providers.alibaba1688.driver import Alibaba1688Provider
from purchasing.accounts import Account
from purchasing.orders import LineData, OrderLine
from purchasing.ports import Store
from purchasing.provider import AboutToSend, Checkout, CheckoutLine, CodeWanted, LoggedIn, Want
from purchasing.recipient import Alibaba1688Recipient
from purchasing.sessions import session_restored
from purchasing.words import LineStatus, ProviderName
from sandbox.testing import start_part
from tests.support.desk import Desk, open_desk
from tests.support.waiting import until

NICK = "vykup1688_01"
RED = ("730000000008", "5700000000081")
BLUE = ("730000000008", "5700000000082")
PRICE = Decimal("2.60")
KEYS = ("1234567", "exampleSecret")
WAREHOUSE = Alibaba1688Recipient(
    name="收货仓库",
    mobile="13800138001",
    phone="020-88990077",
    zip="510540",
    province="广东省",
    city="广州市",
    district="白云区",
    address="太和镇大源北路1号仓库",
)


class KeptSecrets:
    def __init__(self) -> None:
        self.secret: bytes | None = None

    async def load(self, _account_id: int) -> bytes | None:
        return self.secret

    async def save(self, _account_id: int, secret: bytes, _expires_at: datetime | None = None) -> None:
        self.secret = secret


@dataclass
class Gateway:
    """`desk` has one account; `order` places an order on the marketplace by hand, past the bot."""

    desk: Desk
    url: str
    http: aiohttp.ClientSession
    driver: Alibaba1688Provider
    account: Account

    async def lines(
        self, *wanted: tuple[str, str, int], order: str = "1001", status: LineStatus = LineStatus.READY
    ) -> list[OrderLine]:
        def unit(store: Store) -> list[OrderLine]:
            made = store.orders.ensure(order, "files", self.desk.clock())
            rows = [
                LineData(
                    key=f"{order}-{item}-{sku}-{number}",
                    provider=ProviderName.ALIBABA1688,
                    item_id=item,
                    sku=sku,
                    title=f"item {number}",
                    quantity=quantity,
                    price=PRICE,
                )
                for number, (item, sku, quantity) in enumerate(wanted, 1)
            ]
            return [store.lines.add(made.id, row, status) for row in rows]

        return await self.desk.write(unit)

    async def order(self, *goods: tuple[str, str, int]) -> str:
        wants = [Want(number, item, sku, pieces, PRICE) for number, (item, sku, pieces) in enumerate(goods, 1)]
        quotes = await self.driver.quote(self.account.ref, wants)
        chosen = tuple(
            CheckoutLine(w.line_id, w.item_id, q.sku_id, q.choice, w.quantity, q.unit_price or PRICE)
            for w, q in zip(wants, quotes, strict=True)
        )

        async def straight_on(_about: AboutToSend) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=8)

        key = f"HAND{datetime.now(UTC).timestamp()}"
        checkout = Checkout(key, chosen, WAREHOUSE, quotes[0].seller_id, expected_total=10**7)
        return (await self.driver.place(self.account.ref, checkout, straight_on)).orders[0].number

    async def world(self, verb: str, **arguments: Any) -> None:
        async with self.http.post(f"{self.url}/_control/world", json={"verb": verb, **arguments}) as response:
            assert response.ok, await response.text()

    async def on_provider(self) -> list[str]:
        async with self.http.get(f"{self.url}/_truth/orders") as response:
            return [order["status"] for order in (await response.json())["orders"]]

    async def rest(self) -> None:
        """Until every activity has ended or waits for somebody, and everybody has been told."""
        await until(lambda: self.desk.read(lambda s: not s.activities.page("running", 0, 1)[1]))
        await self.desk.owner.look()


@asynccontextmanager
async def open_gateway(data_dir: Path) -> AsyncIterator[Gateway]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(start_part("alibaba1688"))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        desk = await stack.enter_async_context(
            open_desk(
                data_dir,
                alibaba1688_gateway=url,
                alibaba1688_app_key=KEYS[0],
                alibaba1688_app_secret=SecretStr(KEYS[1]),
            )
        )
        secrets = KeptSecrets()
        driver = Alibaba1688Provider(*KEYS, secrets, gateway=url, per_second=9)
        stack.push_async_callback(driver.close)
        yield Gateway(desk, url, http, driver, await _log_in(desk, driver, secrets, http))


async def _log_in(
    desk: Desk, driver: Alibaba1688Provider, secrets: KeptSecrets, http: aiohttp.ClientSession
) -> Account:
    """The person opens the authorisation page, allows, and pastes the code."""
    attempt = driver.login(None)
    async for event in attempt.events():
        if isinstance(event, CodeWanted):
            await attempt.submit_code(await _allow(http, event.link))
        elif isinstance(event, LoggedIn):
            secret, expires_at = event.secret, event.expires_at
    keeper = await desk.somebody()
    name, now = ProviderName.ALIBABA1688, desk.clock()
    secrets.secret = secret
    return await desk.write(lambda s: session_restored(s, name, NICK, secret, expires_at, keeper.id, now))


async def _allow(http: aiohttp.ClientSession, link: str) -> str:
    async with http.get(link) as page:
        form = await page.text()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    async with http.post(link, data={**fields, "account": NICK}, allow_redirects=False) as answer:
        text = answer.headers.get("Location", "") or await answer.text()
    found = re.search(r"code=([\w-]+)", text) or re.search(r'id="code"[^>]*>([\w-]+)', text)
    assert found, text
    return found.group(1)
