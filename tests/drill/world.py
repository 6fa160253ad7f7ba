"""One drilled world: the sandbox's parts in this process, one bot in processes of its own, and a keeper that starts
the next life whenever one ends."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from sandbox.demo import ALIBABA1688_RECIPIENT, TAOBAO_RECIPIENT
from sandbox.launch import PARTS, free_port, make_part, start
from sandbox.market.control import WORLD
from sandbox.market.world import World as Market
from sandbox.options import PartOptions
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.model import CallRecord
from sandbox.telegram.server import Server
from storage.urls import engine_url
from tests.drill.figures import SLOW, Figures, say
from tests.drill.lives import ROOT, Life, Lives
from tests.drill.shop import Shop

TOKEN = "1000001:drill-token-that-must-never-be-logged"
APP_SECRET = "exampleSecret"
SECRET_KEY = "drillkey" * 8
SMALL_DISKS = ("world 2",)
STAFF = (1001, 1002, 1003)
STRANGER = 999
LEASE, DEADLINE = 3, 2
FREEZE = "alibaba1688.create:1:stop"
"""The way to a checkout that comes too late: a freeze between gate and call."""
FROZEN_FOR = LEASE + DEADLINE + 1.0


@dataclass
class Nick:
    """An account to log in, by its marketplace."""

    provider: str
    name: str


@dataclass
class World:
    name: str
    lives: Lives
    figures: Figures
    dice: random.Random
    directory: Path
    database_url: str
    urls: dict[str, str]
    server: Server
    http: aiohttp.ClientSession
    engine: Engine
    nicks: list[Nick]
    markets: dict[str, Market]
    """The sandbox's marketplaces, for what people do there past the bot."""
    shop: Shop
    life: Life | None = None
    chain: deque[str] = field(default_factory=deque)
    """Crash points of the next lives, one each."""
    keep: bool = True
    """Whether an ended life is followed by the next one."""
    deaths: int = 0
    cut_lines: int = 0
    """Faults after which nobody can know whether a message arrived."""
    may_be_buried: set[int] = field(default_factory=set)
    """Chats whose person has blocked the bot for a while."""
    poison: set[int] = field(default_factory=set)
    """Updates that nobody can read."""
    handed_out: dict[int, dict[str, Any]] = field(default_factory=dict)
    refused_until: float = 0
    """Until then a start may be refused: somebody else has the database, or the data directory, for himself."""
    small_disk: bool = False
    """Whether the data directory is a small file system of its own."""
    deleted: set[tuple[int, int]] = field(default_factory=set)
    """Messages that a person took out of the chat."""
    killed: list[Life] = field(default_factory=list)
    """Lives that were ended from outside."""
    below_offset: set[int] = field(default_factory=set)
    """Late updates that the sandbox hands out once only: should that answer get lost, it counts them as confirmed."""
    begun: list[Life] = field(default_factory=list)
    hand_made: set[str] = field(default_factory=set)
    """Numbers of orders that a person made on a marketplace."""
    number: int = 0
    """The last that was given to something of which each must be its own."""
    before_a_start: dict[str, "Callable[[World], None]"] = field(default_factory=dict)
    """What is changed before a life begins that is to reach the point."""

    @property
    def providers(self) -> list[str]:
        return list(dict.fromkeys(nick.provider for nick in self.nicks))

    @property
    def data_dir(self) -> Path:
        return self.directory / "data"

    @property
    def backup(self) -> Path:
        return self.directory / "backup.db"

    @property
    def web(self) -> str:
        """Where the bot's own pages are."""
        return f"http://{self.shop.listen}"

    @property
    def log(self) -> Path:
        return self.directory / "bot.log"

    def environment(self, armed: str) -> dict[str, str]:
        """As an operator would write it, with short leases and looks."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "CHROMIUM_PATH") if name in os.environ}
        env = kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": self.urls["telegram"],
            "OWNER_IDS": ",".join(map(str, STAFF)),
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "LANGUAGE": "en",
            "WEB_LISTEN": self.shop.listen,
            "WEB_URL": self.web,
            "CALLBACK_HOSTS": "127.0.0.1",
            "ALIBABA1688_GATEWAY": self.urls["alibaba1688"],
            "ALIBABA1688_APP_KEY": "1234567",
            "ALIBABA1688_APP_SECRET": APP_SECRET,
            "ALIBABA1688_RECIPIENT": json.dumps(ALIBABA1688_RECIPIENT),
            "TAOBAO_SITE_FILE": str(self.directory / "site.json"),
            "TAOBAO_RECIPIENT": json.dumps(TAOBAO_RECIPIENT | {"name": ""}),
            "BACKGROUND_SYNC": "allowed",
            "SYNC_EVERY": "10",
            "DIGEST_MINUTES": "0",
            "RECONCILE_LOOKS": "0,1,2",
            "EFFECT_DEADLINE": str(DEADLINE),
            "ACTIVITY_LEASE": str(LEASE),
        }
        return env | ({"VYKUP_DRILL": "yes", "VYKUP_CRASH_AT": armed} if armed else {})

    async def begin_life(self, *, cold: bool = False) -> Life:
        point = self.chain.popleft() if self.chain else ""
        if point in self.before_a_start:
            await asyncio.to_thread(self.before_a_start[point], self)
        self.life = await self._started(point, cold=cold)
        self.life.point = point
        self.begun.append(self.life)
        return self.life

    async def _started(self, point: str, *, cold: bool) -> Life:
        armed = f"{FREEZE},{point}" if point.startswith("reserve.late.") else point
        place = self.environment(armed), self.directory, self.log
        if point.startswith("restore."):
            return await self.lives.start_cold(*place, "restore", str(self.backup))
        return await (self.lives.start_cold(*place) if cold else self.lives.fork(*place))

    async def keep_alive(self) -> None:
        """Starts the next life after each end; one in eight is a full cold start."""
        while True:
            life = self.life or await self.begin_life()
            code = await life.ended
            if not self.keep:
                return
            self.figures.endings[str(code)] += 1
            if code == -signal.SIGKILL:
                self.deaths += 1
                self.figures.counts["kills"] += 1
                self._note_point(life)
            elif code == 1 and time.monotonic() < self.refused_until:
                self.figures.nemeses["start refused"] += 1
                await asyncio.sleep(1)
            elif code not in (0, -signal.SIGTERM):
                self.figures.breach("other_breaches", f"{self.name}: a life ended with {code}; see {self.log}")
            if self.life is life:
                await self.begin_life(cold=self.dice.random() < 1 / 8)

    def _note_point(self, life: Life) -> None:
        if life.point and life not in self.killed:
            self.figures.points.add(f"{self.providers[0]}: {life.point}")
            self.figures.fault("kill at a crash point")

    async def next_life(self, how: signal.Signals) -> Life:
        """Ends the life at work and waits for the next one."""
        known, ending = len(self.begun), self.life
        assert ending is not None
        self.killed.append(ending)
        ending.send(how)
        await self.until(lambda: len(self.begun) > known, 40, "the next life")
        return self.begun[known]

    async def start_again(self) -> None:
        """An orderly end; the next life is to die where this one was to."""
        if self.life and self.life.point:
            self.chain.appendleft(self.life.point)
        await self.next_life(signal.SIGTERM)

    async def until(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        try:
            async with asyncio.timeout(seconds * SLOW):
                while not condition():  # noqa: ASYNC110 - the condition is in other processes
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise TimeoutError(f"{self.name}: {what} did not come within {seconds * SLOW:.0f} s") from None

    async def ready(self) -> None:
        """Until the first life has made its tables and asks for updates."""
        await self.until(lambda: self.server.newest_bot() and inspect(self.engine).has_table("inbox"), 180, "a start")

    def rows(self, statement: str, **values: object) -> list[Any]:
        """Reads the bot's database from outside."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def count(self, statement: str, **values: object) -> int:
        return int(self.rows(statement, **values)[0][0])

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def knows(self, user_id: int) -> bool:
        return bool(self.count("SELECT count(*) FROM person WHERE telegram_id = :id", id=user_id))

    async def control(self, part: str, verb: str, **arguments: object) -> None:
        await self._post(f"{self.urls[part]}/_control/world", {"verb": verb, **arguments})

    async def fault(self, part: str, at: str, fault: str, **more: object) -> None:
        self.figures.fault(f"{part}: {fault}", int(str(more.get("times", 1))))
        await self._post(f"{self.urls[part]}/_control", {"at": at, "fault": fault, **more})

    async def calm(self) -> None:
        """No ordered fault is left."""
        for part, url in self.urls.items():
            if part == "telegram":
                await self._post(f"{url}/_control", {"clear": True})
            else:
                async with self.http.delete(f"{url}/_control") as answer:
                    answer.raise_for_status()

    async def orders(self, part: str) -> list[dict[str, Any]]:
        return list((await self.truth(part))["orders"])

    async def truth(self, part: str) -> dict[str, Any]:
        async with self.http.get(f"{self.urls[part]}/_truth/orders") as answer:
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found

    async def _post(self, url: str, body: object) -> None:
        async with self.http.post(url, json=body) as answer:
            if not answer.ok:
                raise RuntimeError(f"{url} refused {body}: {await answer.text()}")


@asynccontextmanager
async def make_world(
    name: str, lives: Lives, figures: Figures, seed: int, nicks: list[Nick], directory: Path, postgres: str = ""
) -> AsyncIterator[World]:
    """A world with its first life at work; ended with the block, its directory kept only after a breach."""
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(directory.mkdir, parents=True)
        urls, markets, server = await _parts(seed, stack)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await _write_site_file(http, urls["taobao"], directory)
        small = not postgres and name in SMALL_DISKS and await _small_disk(directory / "data", stack)
        url = _new_database(postgres) if postgres else f"sqlite:///{directory / 'data' / 'vykup.db'}"
        engine = create_engine(engine_url(url), connect_args={} if postgres else {"timeout": 30})
        stack.callback(engine.dispose)
        dice = random.Random(f"{seed}/{name}")  # noqa: S311 - a drill must be repeatable
        shop = Shop(f"127.0.0.1:{free_port()}")
        shop.hook = f"{await _run(shop.app(), stack)}/hook"
        world = World(name, lives, figures, dice, directory, url, urls, server, http, engine, nicks, markets, shop)
        server.calls = Calls(world.handed_out, world.below_offset)
        world.small_disk = small
        breaches = len(figures.breaches)
        await world.begin_life(cold=True)
        keeping = asyncio.ensure_future(world.keep_alive())  # noqa: TID251 - held until the block ends
        try:
            await world.ready()
            yield world
        finally:
            world.keep = False
            if world.life and world.life.alive:
                world.life.send(signal.SIGCONT)
                world.life.send(signal.SIGKILL)
                await world.life.ended
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        if len(figures.breaches) == breaches:
            await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        else:
            if small:
                await asyncio.to_thread(shutil.copytree, directory / "data", directory / "kept")
            say(f"{name}: kept for a look: {directory}")


async def _small_disk(directory: Path, stack: AsyncExitStack) -> bool:
    """A file system of a few megabytes, where this may be mounted."""
    await asyncio.to_thread(directory.mkdir)
    mount = ("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "vykup-drill", str(directory))
    if os.geteuid() or (await asyncio.to_thread(subprocess.run, mount, check=False)).returncode:
        return False
    stack.callback(subprocess.run, ("umount", "--lazy", str(directory)), check=False)
    return True


async def _parts(seed: int, stack: AsyncExitStack) -> tuple[dict[str, str], dict[str, Market], Server]:
    """The sandbox's parts at work: their addresses, marketplaces and Telegram."""
    apps = {part: make_part(part, PartOptions(0, seed)) for part in PARTS}
    urls = {part: await _run(app, stack) for part, app in apps.items()}
    return urls, {part: app[WORLD] for part, app in apps.items() if part != "telegram"}, apps["telegram"][SERVER]


async def _run(app: web.Application, stack: AsyncExitStack) -> str:
    runner, url = await start(app)
    stack.push_async_callback(runner.cleanup)
    return url


async def _write_site_file(http: aiohttp.ClientSession, taobao: str, directory: Path) -> None:
    async with http.get(f"{taobao}/_site") as response:
        hosts = (await response.json())["hosts"]
    pace = {"between_pages": 0.05, "before_press": 0.05, "between_looks": 0.5, "outcome_timeout": 5}
    (directory / "site.json").write_text(json.dumps({"hosts": hosts, "pace": pace}), encoding="utf-8")


def _new_database(server: str) -> str:
    name = f"drill_{uuid4().hex}"
    engine = create_engine(engine_url(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


class Calls(deque[CallRecord]):
    """The sandbox's record of calls, which also keeps every update that was handed out."""

    def __init__(self, handed_out: dict[int, dict[str, Any]], below_offset: set[int]) -> None:
        super().__init__(maxlen=2000)
        self._handed_out, self._below_offset = handed_out, below_offset

    def append(self, call: CallRecord) -> None:
        super().append(call)
        if call.method.lower() == "getupdates" and call.status == 200:
            for update in json.loads(call.answer)["result"]:
                self._handed_out[update["update_id"]] = update
                if update["update_id"] < int(call.params.get("offset") or 0):
                    self._below_offset.add(update["update_id"])
