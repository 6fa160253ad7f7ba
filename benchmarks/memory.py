"""Memory of a bot that has answered its first /start and then idles, Chromium not started. RSS counts shared pages,
USS only what would be free without it."""

import asyncio
from pathlib import Path

import psutil

from benchmarks import bots
from benchmarks.results import Result
from benchmarks.telegram import telegram

SETTLE = 5.0
MIB = 2**20


async def memory(directory: Path) -> list[Result]:
    await bots.fill(directory / "vykup", 200)
    async with telegram() as world:
        async with bots.vykup(world.url, directory / "vykup") as process:
            await world.at(bots.VYKUP, bots.STAFF[0]).write("/start")
            ours = await _idle(process.pid)
        async with bots.bare(world.url, directory) as process:
            await world.at(bots.BARE, bots.STAFF[0]).write("/start")
            theirs = await _idle(process.pid)
    return [
        Result(f"memory {kind}", round(a / MIB, 1), "MiB", "bare aiogram", round(b / MIB, 1), 1.5)
        for kind, a, b in zip(("RSS", "USS"), ours, theirs, strict=True)
    ]


async def _idle(pid: int) -> tuple[int, int]:
    """Of the process and all that it started."""
    await asyncio.sleep(SETTLE)
    process = psutil.Process(pid)
    infos = [one.memory_full_info() for one in (process, *process.children(recursive=True))]
    return sum(info.rss for info in infos), sum(info.uss for info in infos)
