"""Turning pages of To buy and of the orders over 20,000 lines in 2,000 orders, beside the same over 200 lines: what
grows with the desk's work must not slow it down."""

import asyncio
from pathlib import Path
from statistics import median

from benchmarks import bots
from benchmarks.results import Result
from benchmarks.telegram import Chat, at_pace, telegram

MANY, FEW = 20_000, 200
TIMES = 80
PACE = 0.05


async def lists(directory: Path) -> list[Result]:
    many, few = await _turned(directory / "many", MANY), await _turned(directory / "few", FEW)
    return [
        Result(f"lists {name} of {MANY:,} lines", many[name], "ms", f"Vykup with {FEW} lines", few[name])
        for name in many
    ]


async def _turned(data_dir: Path, lines: int) -> dict[str, float]:
    await bots.fill(data_dir, lines)
    async with telegram() as world, bots.vykup(world.url, data_dir):
        chats = [world.at(bots.VYKUP, person_id) for person_id in bots.STAFF]
        return {f"/{name}": await _median(chats, f"/{name}") for name in ("buy", "orders")}


async def _median(chats: list[Chat], command: str) -> float:
    loop, seconds = asyncio.get_running_loop(), []
    for chat in chats:
        await chat.write(command)
    for n in range(TIMES):
        began = loop.time()
        chat = chats[n % len(chats)]
        seconds.append(await chat.press(chat.newest.id, _next_page(chat)))
        await at_pace(PACE, began)
    return round(median(seconds) * 1000, 2)


def _next_page(chat: Chat) -> str:
    buttons = [button for row in (chat.newest.markup or {})["inline_keyboard"] for button in row]
    return str(next(button["callback_data"] for button in buttons if button["text"] == "Next ›"))
