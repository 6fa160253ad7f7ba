"""The sandbox as a process: one JSON line, then a clean stop."""

import asyncio
import os
import signal
import sys

import aiohttp
import pytest

from sandbox.launch import make_part
from sandbox.options import PartOptions
from sandbox.testing import start_part, start_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_part_as_a_process(number: signal.Signals) -> None:
    async with start_process("alibaba1688", flags=("--latency", "1")) as process:
        assert list(process.urls) == ["alibaba1688"]
        async with aiohttp.ClientSession() as http, http.get(process.urls["alibaba1688"] + "/") as page:
            assert page.status == 200
            assert "1688" in await page.text()
        os.kill(process.pid, number)
        assert await process.wait() == 0


async def test_taken_port_is_one_sentence() -> None:
    async with start_part("alibaba1688") as url:
        command = ("-m", "sandbox", "--alibaba1688", "--port-alibaba1688", url.rsplit(":", 1)[1])
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
        _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith("The sandbox can't start")
    assert len(said.decode().splitlines()) == 1


def test_unknown_part() -> None:
    with pytest.raises(ValueError, match="no part"):
        make_part("shop", PartOptions())
