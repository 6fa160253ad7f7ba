"""A desk set back to a backup that knows less than the marketplace: what was ordered meanwhile isn't ordered again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from purchasing.after_restore import set_back
from purchasing.reserve.start import confirm
from purchasing.words import LineStatus, ProviderName
from storage.backup import copy_database
from storage.engine import open_database
from storage.vault import Vault
from tests.flows.conftest import Desk
from tests.flows.test_reserve import PLAIN, PRICE, previewed


@asynccontextmanager
async def as_of(desk: Desk, backup: Path) -> AsyncIterator[Desk]:
    """The same desk on the restored copy; its providers and pump know nothing but what that holds."""
    db = await open_database(f"sqlite:///{backup}", Vault([b"k" * 32]))
    await db.write(lambda store: set_back(store, datetime.now(UTC), desk.clock()))
    again = await replace(desk, db=db).life()
    yield again
    await again.providers[ProviderName.ALIBABA1688].close()
    await db.close()


async def test_an_order_placed_after_the_backup_is_shown_and_not_placed_again(desk: Desk, data_dir: Path) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    preview = await previewed(desk, lines)
    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    copy_database(data_dir / "vykup.db", data_dir / "copy.db", desk.clock())
    await desk.work()
    assert len((await desk.truth())["orders"]) == 1

    async with as_of(desk, data_dir / "copy.db") as again:
        await again.work()
        assert len((await again.truth())["orders"]) == 1
        assert await again.statuses(lines) == [LineStatus.READY]
        unlinked, _ = await again.db.read(lambda store: store.provider_orders.unlinked(None, 0, 9))
        assert [order.number for order in unlinked] == [(await again.truth())["orders"][0]["id"]]


async def test_what_was_being_sent_in_the_backup_is_looked_for_and_bound(desk: Desk, data_dir: Path) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    preview = await previewed(desk, lines)
    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    await desk.control(at="alibaba.trade.fastCreateOrder", fault="drop_after", times=1)
    while not await desk.db.read(lambda store: store.ledger.live()):
        await desk.piece()
    copy_database(data_dir / "vykup.db", data_dir / "copy.db", desk.clock())

    async with as_of(desk, data_dir / "copy.db") as again:
        await again.work()
        assert len((await again.truth())["orders"]) == 1
        assert await again.statuses(lines) == [LineStatus.RESERVED]
