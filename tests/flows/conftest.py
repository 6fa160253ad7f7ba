"""A whole desk without Telegram: real storage, real activities, the real 1688 driver against the sandbox's gateway."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from providers.alibaba1688.driver import Alibaba1688Provider
from purchasing.activities import Activity
from purchasing.check.questions import Check
from purchasing.link.advance import Link
from purchasing.log_in import LogIn, LoginPlan, give_code, start_login
from purchasing.options import set_defaults
from purchasing.orders import LineData, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider import Provider
from purchasing.reserve.advance import Reserve
from purchasing.run_activities import Kind, RunActivities
from purchasing.sync_account import Sync
from purchasing.unbind.advance import Unbind
from purchasing.words import ActivityKind, ActivityState, LineStatus, ProviderName, Role
from sandbox.testing import start_part
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault

RECIPIENT = {
    "name": "收货仓库",
    "mobile": "13800138001",
    "phone": "020-88990077",
    "zip": "510540",
    "province": "广东省",
    "city": "广州市",
    "district": "白云区",
    "address": "太和镇大源北路1号仓库",
}
NICK = "vykup1688_01"


class HandClock:
    """Time that moves only when a test says so, beginning now."""

    def __init__(self) -> None:
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def skip(self, seconds: float) -> None:
        self.skipped += timedelta(seconds=seconds)


class StoredSecrets:
    def __init__(self, db: SqlDatabase) -> None:
        self._db = db

    async def load(self, account_id: int) -> bytes | None:
        return await self._db.read(lambda store: store.accounts.secret(account_id))

    async def save(self, account_id: int, secret: bytes, expires_at: datetime | None = None) -> None:
        await self._db.write(lambda store: store.accounts.set_secret(account_id, secret, expires_at))


@dataclass
class Desk:
    db: SqlDatabase
    clock: HandClock
    url: str
    http: aiohttp.ClientSession
    providers: dict[ProviderName, Provider]
    runner: RunActivities
    buyer: Person

    async def life(self) -> "Desk":
        """The same desk after a crash: nothing of the earlier process but what was stored."""
        return _desk(self.db, self.clock, self.url, self.http, self.buyer)

    async def work(self, pieces: int = 200) -> None:
        """Runs every piece that is due, skipping over the pauses, until nothing is left but what waits for people."""
        for _ in range(pieces):
            due = await self.db.read(lambda store: store.activities.next_due(self.clock()))
            if due is None:
                return
            if due > self.clock():
                self.clock.skip((due - self.clock()).total_seconds() + 0.1)
            await self.piece()
        raise AssertionError("the activities never came to rest")

    async def piece(self) -> Activity | None:
        now = self.clock()
        activity = await self.db.write(lambda s: s.activities.claim("test", now + timedelta(minutes=1), now))
        if activity:
            await self.runner.advance(activity)
            await self.db.write(lambda store: store.activities.release(activity.id, "test"))
        return activity

    async def lines(self, *wanted: tuple[str, str, int, str], order: str = "1001") -> list[OrderLine]:
        """Ready lines of (item, sku, quantity, price) in one customer's order."""

        def unit(store: Store) -> list[OrderLine]:
            made = store.orders.ensure(order, "files", self.clock())
            rows = [
                LineData(
                    key=f"{order}-{number}",
                    provider=ProviderName.ALIBABA1688,
                    item_id=item,
                    sku=sku,
                    title=f"item {item}",
                    quantity=quantity,
                    price=Decimal(price),
                )
                for number, (item, sku, quantity, price) in enumerate(wanted)
            ]
            return [store.lines.add(made.id, row, LineStatus.READY) for row in rows]

        return await self.db.write(unit)

    async def statuses(self, lines: list[OrderLine]) -> list[LineStatus]:
        found = await self.db.read(lambda store: store.lines.many([line.id for line in lines]))
        return [line.status for line in found]

    async def activity(self, kind: ActivityKind) -> Activity:
        def unit(store: Store) -> Activity:
            pages = [a for which in ("running", "waiting", "past") for a in store.activities.page(which, 0, 50)[0]]
            return next(a for a in sorted(pages, key=lambda a: -a.id) if a.kind is kind)

        return await self.db.read(unit)

    async def control(self, **body: Any) -> None:
        async with self.http.post(f"{self.url}/_control", json=body) as response:
            response.raise_for_status()

    async def world(self, verb: str, **arguments: Any) -> None:
        async with self.http.post(f"{self.url}/_control/world", json={"verb": verb, **arguments}) as response:
            assert response.ok, await response.text()

    async def truth(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/_truth/orders") as response:
            found: dict[str, Any] = await response.json()
            return found

    async def log_in(self) -> None:
        """The person opens the authorisation page, allows, and pastes where they were sent back to."""
        await self.db.write(lambda store: start_login(store, ProviderName.ALIBABA1688, None, self.buyer, self.clock()))
        await self.work()
        waiting = await self.activity(ActivityKind.LOGIN)
        assert waiting.state is ActivityState.WAITING
        link = LoginPlan.model_validate_json(waiting.plan).link
        code = await self._allow(link)
        await self.db.write(lambda store: give_code(store, self.buyer, waiting.id, code, self.clock()))
        await self.work()
        assert (await self.activity(ActivityKind.LOGIN)).state is ActivityState.DONE

    async def _allow(self, link: str) -> str:
        async with self.http.get(link) as page:
            form = await page.text()
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        async with self.http.post(link, data={**fields, "account": NICK}, allow_redirects=False) as answer:
            text = answer.headers.get("Location", "") or await answer.text()
        found = re.search(r"code=([\w-]+)", text) or re.search(r'id="code"[^>]*>([\w-]+)', text)
        assert found, text
        return found.group(1)


def _desk(db: SqlDatabase, clock: HandClock, url: str, http: aiohttp.ClientSession, buyer: Person) -> Desk:
    driver = Alibaba1688Provider("1234567", "exampleSecret", StoredSecrets(db), gateway=url, per_second=9)
    providers: dict[ProviderName, Provider] = {ProviderName.ALIBABA1688: driver}
    kinds: dict[ActivityKind, Kind] = {
        ActivityKind.RESERVE: Reserve(db, clock, providers),
        ActivityKind.SYNC: Sync(db, clock, providers),
        ActivityKind.LINK: Link(db, clock, providers),
        ActivityKind.UNBIND: Unbind(db, clock, providers),
        ActivityKind.REPRICE: Check(db, clock),
        ActivityKind.LOGIN: LogIn(db, clock, providers),
    }
    return Desk(db, clock, url, http, providers, RunActivities(db, clock, kinds), buyer)


@pytest.fixture
async def desk(data_dir: Path) -> AsyncIterator[Desk]:
    database = f"sqlite:///{data_dir / 'vykup.db'}"
    db = await open_database(database, Vault([b"k" * 32]))
    clock = HandClock()
    defaults = {f"alibaba1688.recipient.{field}": value for field, value in RECIPIENT.items()}
    defaults["digest.minutes"] = "0"
    await db.write(lambda store: set_defaults(store, defaults, clock()))
    buyer = await db.write(lambda store: store.people.ensure(1001, Role.OWNER, "buyer", "en", "UTC"))
    async with start_part("alibaba1688") as url, aiohttp.ClientSession() as http:
        made = _desk(db, clock, url, http, buyer)
        yield made
        await made.providers[ProviderName.ALIBABA1688].close()
    await db.close()
