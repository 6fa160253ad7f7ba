"""A whole desk for tests: real database, real dispatcher and outbox, the sandbox's Telegram, and people at their chats.

    async def test_it(desk: Desk) -> None:
        owner = desk.owner
        await owner.send("/start")
        await owner.press("Orders")
        assert "12345" in owner.screen.text

`send`, `press` and the like return when everything that follows from them is done: update handled, cards sent.
`desk.write(lambda store: …)` and `desk.read` reach the same database; `await desk.settle()` after a write of your own.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from limits import RateLimitItemPerSecond
from pydantic import SecretStr

from bot.app import App, build_app, make_bot
from bot.flood import Flood
from bot.settings import Settings
from bot.tasks import Nursery
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import Role
from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.telegram.operator import Operator, Seen
from sandbox.telegram.server import Server
from sandbox.testing import start_app
from storage.migrate import upgrade
from tests.support.waiting import PATIENCE, until

T = TypeVar("T")

TOKEN = "424242:AAEsandboxsandboxsandboxsandboxsandbox"
OWNER_ID = 1001


@dataclass
class TestClock:
    """The real time, moved by `advance`."""

    __test__ = False
    moved: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def advance(self, by: timedelta) -> None:
        self.moved += by


class Chatter(Operator):
    """A person at the chat; `screen` is the newest message of the bot, `answer` what the last press was answered."""

    def __init__(self, desk: "Desk", user_id: int) -> None:
        super().__init__(desk.url, user_id, patience=PATIENCE)
        self._desk = desk
        self._newest: Seen | None = None
        self.answer = ""

    async def send(self, text: str) -> int:
        sent = await super().send(text)
        await self.look()
        return sent

    async def send_document(self, name: str, data: bytes, caption: str = "") -> int:
        sent = await super().send_document(name, data, caption)
        await self.look()
        return sent

    async def send_photo(self, data: bytes, caption: str = "") -> int:
        sent = await super().send_photo(data, caption)
        await self.look()
        return sent

    async def send_album(self, photos: list[bytes], caption: str = "") -> list[int]:
        sent = await super().send_album(photos, caption)
        await self.look()
        return sent

    async def press(self, label: str, message: Seen | int | None = None) -> dict[str, Any]:
        return await self._pressed(await super().press(label, message))

    async def press_stale(self, message_id: int, data: str) -> dict[str, Any]:
        return await self._pressed(await super().press_stale(message_id, data))

    async def look(self) -> None:
        """Waits until the desk is at rest and reads the chat anew."""
        await self._desk.settle()
        from_bot = [message for message in await self.messages() if message.from_bot]
        self._newest = from_bot[-1] if from_bot else None

    async def _pressed(self, done: dict[str, Any]) -> dict[str, Any]:
        await self.look()
        if "callback_query_id" in done:
            self.answer = (await self.answer_to(done))["text"] or ""
        return done

    @property
    def screen(self) -> Seen:  # type: ignore[override]  # here it is known without asking: every act ends with a look
        assert self._newest is not None, "the bot has said nothing yet"
        return self._newest


@dataclass
class Desk:
    url: str
    server: Server
    app: App
    clock: TestClock
    stack: AsyncExitStack

    def __post_init__(self) -> None:
        self.owner: Chatter

    async def read(self, fn: Callable[[Store], T]) -> T:
        return await self.app.db.read(fn)

    async def write(self, fn: Callable[[Store], T]) -> T:
        return await self.app.db.write(fn)

    async def person(self, user_id: int, role: Role | None, language: str = "en") -> Chatter:
        """Somebody else at a chat; a stranger without a role."""
        if role is not None:
            await self.write(lambda store: store.people.ensure(user_id, role, f"Person {user_id}", language, "UTC"))
        return await self.stack.enter_async_context(Chatter(self, user_id))

    async def somebody(self, user_id: int = OWNER_ID) -> Person:
        """The person as stored."""
        found = await self.read(lambda store: store.people.by_telegram(user_id))
        assert found is not None
        return found

    async def settle(self) -> None:
        """Until no update waits, none is being handled, and no card is due."""
        await until(self._at_rest)

    async def _at_rest(self) -> bool:
        bot = self.server.newest_bot(None)
        if bot is None or bot.updates or self.app.intake.working or self.app.outbox.sending:
            return False
        return not await self.read(lambda store: store.cards.next(self.clock(), (), 1))


@asynccontextmanager
async def open_desk(data_dir: Path, **overrides: Any) -> AsyncIterator[Desk]:
    """`overrides` are settings. `data_dir` may hold the database of an earlier desk."""
    sandbox = make_app(PartOptions())
    sandbox[SERVER].flood.change(LimitRules(enabled=False))
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(start_app(sandbox))
        desk = await stack.enter_async_context(open_desk_on(url, sandbox[SERVER], data_dir, **overrides))
        yield desk


@asynccontextmanager
async def open_desk_on(url: str, server: Server, data_dir: Path, **overrides: Any) -> AsyncIterator[Desk]:
    """The same on a Telegram that runs already, e.g. for a second life of the bot."""
    settings = desk_settings(url, data_dir, **overrides)
    clock, nursery, stop = TestClock(), Nursery(), asyncio.Event()
    no_limits = Flood(RateLimitItemPerSecond(10_000), RateLimitItemPerSecond(10_000))
    async with AsyncExitStack() as stack:
        app = await build_app(settings, stack, clock=clock, bot=test_bot(settings), flood=no_limits)
        running = nursery.spawn(app.run(stop), "app")
        desk = Desk(url, server, app, clock, stack)
        await _named(app)
        try:
            async with AsyncExitStack() as people:
                desk.stack = people
                desk.owner = await people.enter_async_context(Chatter(desk, OWNER_ID))
                yield desk
        finally:
            stop.set()
            await running


async def _named(app: App) -> None:
    """Until the bot has learnt its own name: no test shall meet that write."""
    await until(lambda: app.db.read(lambda store: store.settings.get("bot.username")))


def desk_settings(url: str, data_dir: Path, **overrides: Any) -> Settings:
    given: dict[str, Any] = {
        "bot_token": SecretStr(TOKEN),
        "bot_api_url": url,
        "owner_ids": (OWNER_ID,),
        "data_dir": data_dir,
        "language": "en",
        "timezone": "UTC",
        "digest_minutes": 0,
    }
    return Settings(_env_file=None, **(given | overrides))


class _PlainSession(AiohttpSession):
    """Without aiogram's quarter of a second for TLS to close: there is none here."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def test_bot(settings: Settings) -> Bot:
    bot = make_bot(settings)
    bot.session = _PlainSession(api=bot.session.api)
    return bot


test_bot.__test__ = False  # type: ignore[attr-defined]  # pytest's own way to say that this is no test


def make_template(folder: Path) -> Path:
    """A migrated, empty database, to be copied for each test."""
    path = folder / "vykup.db"
    upgrade(f"sqlite:///{path}")
    return path


def copy_template(template: Path, data_dir: Path) -> Path:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(template, data_dir / "vykup.db")
    return data_dir
