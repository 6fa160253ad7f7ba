"""Customers' own names: the address book gets an entry for each, agreed to in the preview and saved once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from providers.taobao.address import fits
from providers.taobao.driver import TaobaoProvider
from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.options import set_defaults
from purchasing.orders import LineData, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.reserve.advance import Reserve
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.start import confirm, start_preview
from purchasing.run_activities import RunActivities
from purchasing.sessions import session_restored
from purchasing.words import ActivityKind, LineStatus, ProviderName, Role
from sandbox.taobao.address import MOST
from sandbox.taobao.state import SITE
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.providers.taobao.conftest import BUYER, CUP, SHIRT, WAREHOUSE, Gate, Market, checkout

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IVAN = replace(WAREHOUSE, name="Ivanov Ivan")


@dataclass
class Clock:
    skipped: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped


@dataclass
class Desk:
    """The reservation's activity over real storage and the real driver."""

    db: SqlDatabase
    clock: Clock
    market: Market
    account: Account
    buyer: Person
    runner: RunActivities

    async def line(self, customer: str, order: str) -> OrderLine:
        data = LineData("1", ProviderName.TAOBAO, CUP.item_id, title="杯", price=Decimal("59.00"))

        def unit(store: Store) -> OrderLine:
            made = replace(store.orders.ensure(order, "files", self.clock()), customer=customer)
            store.orders.save(made)
            return store.lines.add(made.id, data, LineStatus.READY)

        return await self.db.write(unit)

    async def work(self) -> None:
        for _ in range(60):
            due = await self.db.read(lambda store: store.activities.next_due(self.clock()))
            if due is None:
                return
            self.clock.skipped += max(timedelta(), due - self.clock() + timedelta(seconds=0.1))
            await self._piece()
        raise AssertionError("the activities never came to rest")

    async def _piece(self) -> None:
        now = self.clock()
        claimed = await self.db.write(lambda s: s.activities.claim("test", now + timedelta(minutes=1), now))
        assert claimed is not None
        await self.runner.advance(claimed)
        await self.db.write(lambda store: store.activities.release(claimed.id, "test"))

    async def preview(self, *lines: OrderLine) -> int:
        ids = [line.id for line in lines]
        preview = await self.db.write(lambda store: start_preview(store, self.buyer, ids, {}, self.clock()))
        await self.work()
        return preview.id

    async def confirm(self, preview_id: int) -> None:
        await self.db.write(lambda store: confirm(store, preview_id, self.buyer, self.clock()))
        await self.work()

    async def activity(self) -> Activity:
        found = await self.db.read(lambda store: store.activities.newest(ActivityKind.RESERVE, self.account.id))
        assert found is not None
        return found

    async def statuses(self) -> list[LineStatus]:
        counts = await self.db.read(lambda store: store.lines.counts())
        return [status for status, count in counts.items() for _ in range(count)]

    async def names(self) -> list[str]:
        """Who is in the account's address book."""
        return [one["name"] for one in (await self.market.truth())["addresses"][BUYER]]

    async def sent_to(self) -> list[str]:
        return sorted(order["address"]["name"] for order in await self.market.orders())


@pytest_asyncio.fixture(loop_scope="session")
async def desk(market: Market, provider: TaobaoProvider, data_dir: Path) -> AsyncIterator[Desk]:
    """Taobao's recipient has no name."""
    database = f"sqlite:///{data_dir / 'vykup.db'}"
    db = await open_database(database, Vault([b"k" * 32]))
    clock = Clock()
    values = {"mobile": WAREHOUSE.mobile, "region": WAREHOUSE.region, "zip": WAREHOUSE.zip}
    defaults = {f"taobao.recipient.{k}": v for k, v in (values | {"address": WAREHOUSE.address}).items()}
    await db.write(lambda store: set_defaults(store, defaults, clock()))
    buyer = await db.write(lambda store: store.people.ensure(1001, Role.OWNER, "buyer", "en", "UTC"))
    name, secret = ProviderName.TAOBAO, market.secrets.kept[market.account.id]
    account = await db.write(lambda s: session_restored(s, name, BUYER, secret, None, buyer.id, clock()))
    market.secrets.kept[account.id] = secret
    runner = RunActivities(db, clock, {ActivityKind.RESERVE: Reserve(db, clock, {name: provider})})
    yield Desk(db, clock, market, account, buyer, runner)
    await provider.stop_hands(account.ref)
    await db.close()


async def test_each_customers_goods_go_to_an_entry_of_their_own(desk: Desk) -> None:
    lines = [await desk.line("Иванов Иван Иванович", "1001"), await desk.line("王小明", "1002")]
    preview_id = await desk.preview(*lines)
    plan = ReservePlan.of(await desk.activity())
    assert [(one.recipient, one.new_address) for one in plan.checkouts] == [
        ("Ivanov Ivan I", True),
        ("WangXiaoMing", True),
    ]
    assert all(one.total == 5900 + 800 for one in plan.checkouts), "the same street under another name costs the same"
    before = await desk.names()
    assert "WangXiaoMing" not in before, "a preview changes nothing"

    await desk.confirm(preview_id)
    assert sorted(await desk.names()) == sorted([*before, "Ivanov Ivan I", "WangXiaoMing"])
    assert await desk.sent_to() == ["Ivanov Ivan I", "WangXiaoMing"]
    assert await desk.statuses() == [LineStatus.RESERVED] * 2

    again = await desk.preview(await desk.line("Иванов Иван Иванович", "1003"))
    assert [one.new_address for one in ReservePlan.of(await desk.activity()).checkouts] == [False]
    await desk.confirm(again)
    assert (await desk.names()).count("Ivanov Ivan I") == 1
    assert await desk.sent_to() == ["Ivanov Ivan I", "Ivanov Ivan I", "WangXiaoMing"]


async def test_an_entry_whose_saving_gave_no_answer_is_looked_for_and_not_saved_again(desk: Desk) -> None:
    preview_id = await desk.preview(await desk.line("Пётр", "1001"))
    await desk.market.fault("address_save", "timeout_after", times=1)
    await desk.confirm(preview_id)
    assert (await desk.names()).count("Petr") == 1
    activity = await desk.activity()
    steps = [step.code for step in await desk.db.read(lambda store: store.activities.steps(activity.id))]
    assert steps[-4:] == ["address_unknown", "address_added", "placed", "finished"]
    assert await desk.statuses() == [LineStatus.RESERVED]


async def test_a_full_address_book_is_asked_about(desk: Desk) -> None:
    preview_id = await desk.preview(await desk.line("Анна", "1001"))
    book = desk.market.app[SITE].world.accounts[BUYER].addresses
    book += [replace(book[0], name=f"No {number}", address_id=str(number)) for number in range(MOST - len(book))]
    await desk.confirm(preview_id)
    (asked,) = await desk.db.read(lambda store: store.questions.open())
    assert asked.kind == "address_book_full"
    assert await desk.market.orders() == []


async def test_a_recipient_of_the_settings_is_added_too(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    moved = replace(WAREHOUSE, name="新仓库", address="人民路88号3栋")
    priced = await provider.preview(market.account, replace(checkout(SHIRT), recipient=moved))
    assert priced.new_address
    assert priced.refusals == ()
    await provider.add_address(market.account, moved, gate)
    priced = await provider.preview(market.account, replace(checkout(SHIRT), recipient=moved))
    assert not priced.new_address


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("Ivanov Ivan\t广东省 广州市 白云区\t大源北路1号仓库\t510540\t13800138001", True),
        ("广东省广州市白云区 大源北路1号仓库（Ivanov Ivan 收） 138****8001", True),
        ("寄送至 大源北路1号仓库 Ivanov  Ivan 13800138001", True),
        ("Ivanov Ivan I\t广东省\t大源北路1号仓库\t510540\t13800138001", False),
        ("Ivanov Ivanna\t广东省\t大源北路1号仓库\t510540\t13800138001", False),
        ("Petrivanov Ivan\t广东省\t大源北路1号仓库\t510540\t13800138001", False),
        ("收货仓库\t广东省\t大源北路1号仓库\t510540\t13800138001", False),
    ],
)
async def test_a_customers_entry_is_no_other_customers(shown: str, same: bool) -> None:
    assert fits(IVAN, shown) is same
