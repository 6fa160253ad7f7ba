"""Receiving parcel after parcel, in as many chats as Telegram's own limits ask for: from the delivery of a scan until
Telegram has the card that names it. Afterwards the books must have each parcel once, with all of its pieces."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from benchmarks import bots
from benchmarks.results import Result, percentile
from benchmarks.telegram import Chat, at_pace, telegram
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.receiving import ScanKind
from purchasing.words import LineStatus, ProviderName, Stage
from storage.engine import open_database
from storage.vault import Vault

T = TypeVar("T")

SCANS = 500
PACE = 0.1


async def receiving(directory: Path) -> list[Result]:
    data_dir = directory / "vykup"
    await bots.fill(data_dir, 0)
    await _write(data_dir, _ship)
    seconds = []
    async with telegram() as world, bots.vykup(world.url, data_dir):
        chats = [world.at(bots.VYKUP, person_id) for person_id in bots.STAFF]
        for chat in chats:
            await _begin(chat)
        for n in range(SCANS):
            began = asyncio.get_running_loop().time()
            seconds.append(await chats[n % len(chats)].write_until_shown(_number(n)))
            await at_pace(PACE, began)
    once, pieces = await _write(data_dir, _taken_in)
    p95 = round(percentile(seconds, 0.95) * 1000, 2)
    return [
        Result(f"receiving p95 of {SCANS} scans", p95, "ms", limit=150),
        Result("receiving lost or double", SCANS - once + abs(2 * SCANS - pieces), "", limit=0),
    ]


async def _begin(chat: Chat) -> None:
    began = asyncio.get_running_loop().time()
    await chat.write("/receive")
    start = next(button for row in (chat.newest.markup or {})["inline_keyboard"] for button in row)
    await chat.press(chat.newest.id, start["callback_data"])
    await at_pace(PACE, began)


async def _write(data_dir: Path, fn: Callable[[Store], T]) -> T:
    db = await open_database(bots.database(data_dir), Vault([bots.KEY]))
    try:
        return await db.write(fn)
    finally:
        await db.close()


def _number(n: int) -> str:
    return f"YT{2_600_000_000_000 + n}"


def _ship(store: Store) -> None:
    """A parcel of one provider order with two pieces, so many times."""
    now = datetime.now(UTC)
    account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, now)
    for n in range(SCANS):
        order = store.orders.ensure(f"R-{n:04}", "benchmark", now)
        data = LineData("1", ProviderName.TAOBAO, f"64000000{n:04}", "red", title=f"Cup {n}", quantity=2)
        line = store.lines.add(order.id, data, LineStatus.SHIPPED)
        goods = ProviderLineSeen(f"5113222887354{n:06}", data.item_id, "s", "red", data.title, 2, Decimal("9.9"))
        waybills = (WaybillSeen(_number(n), "YTO", "圆通速递"),)
        shipped = Stage.SHIPPED
        seen = ProviderOrderSeen(f"5113222887354{n:06}", "SHIPPED", shipped, 1980, 0, "店", now, (goods,), waybills)
        bought = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", now)
        store.bindings.bind(line.id, bought.lines[0].id, 2, now)


def _taken_in(store: Store) -> tuple[int, int]:
    """Parcels that were scanned exactly once, and the pieces that are in the warehouse."""
    arrived = [store.warehouse.arrived(_number(n)) for n in range(SCANS)]
    once = [scans[0] for scans in arrived if len(scans) == 1 and scans[0].kind is ScanKind.RECEIVED]
    return len(once), sum(pieces for scan in once for _binding, pieces in scan.pieces)
