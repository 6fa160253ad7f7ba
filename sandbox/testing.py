"""Parts of the sandbox for tests: in this process on a free port, or as a process of their own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from sandbox.launch import make_part, start
from sandbox.options import PartOptions


@asynccontextmanager
async def start_part(name: str, *, latency_ms: int = 0, seed: int = 1) -> AsyncIterator[str]:
    """Run `telegram`, `taobao` or `alibaba1688` in this process; gives its address without a final slash."""
    app = make_part(name, PartOptions(latency_ms, seed))
    async with start_app(app) as url:
        yield url


@asynccontextmanager
async def start_app(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """The same for an application that the test made itself, to look into its world."""
    runner, url = await start(app, port)
    try:
        yield url
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """`urls` maps a part's name to its address; the process leads a group of its own."""

    process: asyncio.subprocess.Process
    urls: dict[str, str]

    @property
    def pid(self) -> int:
        return self.process.pid

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await self.process.wait()


@asynccontextmanager
async def start_process(*parts: str, flags: Sequence[str] = ()) -> AsyncIterator[SandboxProcess]:
    """Run `python -m sandbox` with these parts (none: all) until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *(f"--{part}" for part in parts),
        *flags,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        yield SandboxProcess(process, json.loads(line))
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask it to stop; after ten seconds make it."""
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()
