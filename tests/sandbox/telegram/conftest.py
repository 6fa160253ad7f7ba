"""One sandbox Telegram per test, a real aiogram bot on it, a person at the chat, and a raw caller for refusals."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from PIL import Image

from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.telegram.operator import Operator
from sandbox.telegram.server import Server
from sandbox.testing import start_app

T = TypeVar("T")
TOKEN = "424242:sandbox-token"
BUYER = 1002
WAREHOUSE = 1003


def meanwhile(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Runs beside the test, which awaits it."""
    return asyncio.get_running_loop().create_task(work)


class PlainSession(AiohttpSession):
    """Without aiogram's quarter of a second for TLS to close: there is none here."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@dataclass(frozen=True)
class Part:
    """A running server: its address and, to look behind the wire, its world."""

    url: str
    server: Server


@dataclass(frozen=True)
class Api:
    """Plain HTTP as any client could send it."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, token: str = TOKEN, **params: Any) -> dict[str, Any]:
        async with self.http.post(f"{self.url}/bot{token}/{method}", json=params) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] == response.ok
            return body

    async def ok(self, method: str, token: str = TOKEN, **params: Any) -> Any:
        body = await self.call(method, token, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """Code and words of the refusal that must come."""
        body = await self.call(method, **params)
        assert not body["ok"], body
        return f"{body['error_code']} {body['description']}"

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ok("getUpdates", **params)
        return found

    async def control(self, path: str = "", **body: Any) -> Any:
        async with self.http.post(f"{self.url}/_control{path}", json=body) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def truth(self, what: str, **query: str) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.url}/_truth/{what}", params=query) as response:
            found: list[dict[str, Any]] = (await response.json())[what]
            return found

    async def user(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.url}/_user/{path}", json=body) as response:
            return response.status, await response.json()


@pytest.fixture
async def part() -> AsyncIterator[Part]:
    app = make_app(PartOptions())
    async with start_app(app) as url:
        yield Part(url, app[SERVER])


@pytest.fixture
async def api(part: Part) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as http:
        yield Api(part.url, http)


@pytest.fixture
async def bot(part: Part) -> AsyncIterator[Bot]:
    """A real aiogram bot that has called once, without flood limits (they have tests of their own)."""
    session = PlainSession(api=TelegramAPIServer.from_base(part.url))
    bot = Bot(TOKEN, session=session)
    await bot.get_me()
    part.server.flood.change(LimitRules(enabled=False))
    yield bot
    await session.close()


@pytest.fixture
async def buyer(part: Part, bot: Bot) -> AsyncIterator[Operator]:
    """A person who has pressed start; the bot has taken that update."""
    async with Operator(part.url, BUYER) as person:
        await person.start()
        updates = await bot.get_updates()
        await bot.get_updates(offset=updates[-1].update_id + 1)
        yield person


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Makes a picture of one colour."""

    def make(width: int = 640, height: int = 480, kind: str = "JPEG", colour: str = "navy") -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (width, height), colour).save(out, kind)
        return out.getvalue()

    return make
