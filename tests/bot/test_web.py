"""The bot's own web server: one for all its routes, there when WEB_LISTEN says so, however updates come."""

import asyncio
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot.webhook import HEADER
from sandbox.launch import free_port
from tests.support.desk import open_desk
from tests.support.waiting import PATIENCE

SECRET = "s" * 40


async def status(url: str, **headers: str) -> int:
    """Once somebody listens there."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.post(url, json={"update_id": 1}, headers=headers) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)


async def test_it_listens_beside_the_poller_and_serves_nothing_unnamed(data_dir: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    async with open_desk(data_dir, web_listen=listen) as desk:
        assert await status(f"http://{listen}/telegram") == 404
        await desk.owner.send("/start")
        assert desk.owner.screen.labels


async def test_the_webhook_stands_on_it(data_dir: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    where = {"webhook_url": f"http://{listen}/telegram", "webhook_secret": SecretStr(SECRET)}
    async with open_desk(data_dir, web_listen=listen, **where) as desk:
        assert await status(f"http://{listen}/telegram") == 401
        assert await status(f"http://{listen}/telegram", **{HEADER: SECRET}) == 200
        await desk.owner.send("/start")
        assert desk.owner.screen.labels
