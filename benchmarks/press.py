"""A press that reads and changes something: a line is ticked in To buy. From the update's delivery until Telegram has
both the answer to the press and the edited message.

The three bots run at the same time and are pressed in turns, round by round, so that a busy machine hits all alike.
People press one after the other, at most 20 times a second and each every few seconds: Vykup keeps Telegram's limits by
itself (25/s overall, a few per chat), and a press that waits for them would say nothing of its speed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks import bots
from benchmarks.results import Result, percentile
from benchmarks.telegram import Chat, Telegram, at_pace, telegram

LINES = 200
ROUNDS = 12
PACE = 0.05
NAMES = {bots.VYKUP: "Vykup", bots.BARE: "bare aiogram", bots.SQL: "aiogram, SQLAlchemy, aiosqlite"}


async def press(directory: Path) -> list[Result]:
    async with telegram() as world, _running(world, directory):
        chats = {token: [world.at(token, person_id) for person_id in bots.STAFF] for token in NAMES}
        for token in NAMES:
            await _open_lists(chats[token])
            await _round(chats[token], 0)
        seconds: dict[str, list[float]] = {token: [] for token in NAMES}
        for n in range(1, ROUNDS + 1):
            for token in NAMES:
                seconds[token] += await _round(chats[token], n)
    ours = seconds.pop(bots.VYKUP)
    return [_compared(ours, share, NAMES[token], theirs) for share in (0.5, 0.95) for token, theirs in seconds.items()]


@asynccontextmanager
async def _running(world: Telegram, directory: Path) -> AsyncIterator[None]:
    for name in ("vykup", "sql"):
        await bots.fill(directory / name, LINES)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(bots.bare(world.url, directory))
        await stack.enter_async_context(bots.with_sql(world.url, directory / "sql"))
        await stack.enter_async_context(bots.vykup(world.url, directory / "vykup"))
        yield


async def _open_lists(chats: list[Chat]) -> None:
    loop = asyncio.get_running_loop()
    for chat in chats:
        began = loop.time()
        await chat.write("/buy")
        await at_pace(PACE, began)


async def _round(chats: list[Chat], n: int) -> list[float]:
    """One press in each chat."""
    loop, seconds = asyncio.get_running_loop(), []
    for chat in chats:
        began = loop.time()
        message = chat.newest
        rows = (message.markup or {})["inline_keyboard"]
        seconds.append(await chat.press(message.id, rows[n % 8][0]["callback_data"]))
        await at_pace(PACE, began)
    return seconds


def _compared(ours: list[float], share: float, peer: str, theirs: list[float]) -> Result:
    value, peer_value = (round(percentile(s, share) * 1000, 2) for s in (ours, theirs))
    target = 2.0 if share == 0.95 and peer == NAMES[bots.SQL] else None
    return Result(f"press p{share * 100:.0f}", value, "ms", peer, peer_value, target)
