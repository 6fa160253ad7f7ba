"""Seconds from starting the process until a /start that was waiting is answered; the database is there already."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from statistics import median

from benchmarks import bots
from benchmarks.results import Result
from benchmarks.telegram import Chat, telegram

TIMES = 5


async def start(directory: Path) -> list[Result]:
    await bots.fill(directory / "vykup", 200)
    ours, theirs = [], []
    async with telegram() as world:
        for _ in range(TIMES):
            chat = world.at(bots.VYKUP, bots.STAFF[0])
            ours.append(await _seconds(chat, bots.vykup(world.url, directory / "vykup")))
            chat = world.at(bots.BARE, bots.STAFF[0])
            theirs.append(await _seconds(chat, bots.bare(world.url, directory)))
    return [Result("start", round(median(ours), 2), "s", "bare aiogram", round(median(theirs), 2))]


async def _seconds(chat: Chat, bot: AbstractAsyncContextManager[object]) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        answered = group.create_task(_answered(chat))
        async with bot:
            return await answered - began


async def _answered(chat: Chat) -> float:
    await chat.write("/start")
    return asyncio.get_running_loop().time()
