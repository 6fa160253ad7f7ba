"""The demo's world: the sandbox's parts in this process and the real bot in one of its own. Nothing leaves loopback.

The bot gets only addresses and its own settings by the environment, as an operator would write them."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from sandbox.launch import HOST, PARTS, free_port, make_part, start
from sandbox.options import PartOptions

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "orders.xlsx"
TOKEN = "1000001:sandbox-token-for-the-demo-world"
OWNERS = (1001, 1002)
CHAT_PORT = 8765

TAOBAO_RECIPIENT = {
    "name": "收货仓库",
    "mobile": "13800138001",
    "region": "440111",
    "zip": "510540",
    "address": "太和镇大源北路1号仓库",
}
ALIBABA1688_RECIPIENT = {
    "name": "收货仓库",
    "mobile": "13800138001",
    "phone": "020-88990077",
    "zip": "510540",
    "province": "广东省",
    "city": "广州市",
    "district": "白云区",
    "address": "太和镇大源北路1号仓库",
}


class Bot:
    """The real bot as a process that can be started, killed and started again on the same data."""

    def __init__(self, environment: Mapping[str, str], data_dir: Path) -> None:
        self._environment, self._data_dir = dict(environment), data_dir
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        return self._data_dir / "bot.log"

    async def start(self) -> None:
        """Started from the data's folder, so that no settings.env of the checkout is read."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self._data_dir,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def wait(self) -> int:
        """Its exit code, once it ends."""
        assert self._process is not None  # noqa: S101 - started before
        return await self._process.wait()

    async def kill(self) -> None:
        """As a power cut would: only the bot's own process, and at once."""
        assert self._process is not None  # noqa: S101 - started before
        self._process.kill()
        await self._process.wait()

    async def stop(self, seconds: float = 20) -> None:
        """Asked to end; made to when it doesn't."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            await self.kill()


@dataclass(frozen=True)
class World:
    """Addresses of the parts, the bot that runs among them, and where its own pages are."""

    urls: Mapping[str, str]
    web: str
    bot: Bot
    data_dir: Path
    http: aiohttp.ClientSession

    async def control(self, part: str, verb: str, **arguments: object) -> None:
        """A marketplace's `POST /_control/world`."""
        await self._post(f"{self.urls[part]}/_control/world", {"verb": verb, **arguments})

    async def fault(self, part: str, at: str, fault: str, **more: object) -> None:
        await self._post(f"{self.urls[part]}/_control", {"at": at, "fault": fault, **more})

    async def truth(self, part: str, what: str = "orders") -> dict[str, list[dict[str, object]]]:
        async with self.http.get(f"{self.urls[part]}/_truth/{what}") as response:
            response.raise_for_status()
            found: dict[str, list[dict[str, object]]] = await response.json()
            return found

    async def _post(self, url: str, body: Mapping[str, object]) -> None:
        async with self.http.post(url, json=body) as response:
            if not response.ok:
                raise RuntimeError(f"{url} refused {body}: {await response.text()}")


@asynccontextmanager
async def make_world(*, latency_ms: int = 0, chat_port: int = 0, sync_every: int = 5) -> AsyncIterator[World]:
    """Everything started; cleaned up at the end, the bot first."""
    async with AsyncExitStack() as stack:
        urls = {}
        for name in PARTS:
            port = chat_port if name == "telegram" else 0
            latency = 0 if name == "telegram" else latency_ms
            runner, urls[name] = await start(make_part(name, PartOptions(latency, 1)), port)
            stack.push_async_callback(runner.cleanup)
        data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vykup-sandbox-")))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await _write_site_file(http, urls["taobao"], data_dir)
        web = f"{HOST}:{free_port()}"
        bot = Bot(_environment(urls, web, data_dir, sync_every), data_dir)
        stack.push_async_callback(bot.stop)
        await bot.start()
        yield World(urls, f"http://{web}", bot, data_dir, http)


async def _write_site_file(http: aiohttp.ClientSession, taobao: str, data_dir: Path) -> None:
    async with http.get(f"{taobao}/_site") as response:
        hosts = (await response.json())["hosts"]
    pace = {"between_pages": 0.1, "before_press": 0.1, "between_looks": 1}
    (data_dir / "site.json").write_text(json.dumps({"hosts": hosts, "pace": pace}), encoding="utf-8")


def _environment(urls: Mapping[str, str], web: str, data_dir: Path, sync_every: int) -> dict[str, str]:
    """Only what a process needs of ours, and the bot's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "CHROMIUM_PATH") if name in os.environ}
    return kept | {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": urls["telegram"],
        "OWNER_IDS": ",".join(map(str, OWNERS)),
        "DATA_DIR": str(data_dir / "data"),
        "LANGUAGE": os.environ.get("DEMO_LANGUAGE", "ru"),
        "TAOBAO_SITE_FILE": str(data_dir / "site.json"),
        "TAOBAO_RECIPIENT": json.dumps(TAOBAO_RECIPIENT, ensure_ascii=False),
        "ALIBABA1688_GATEWAY": urls["alibaba1688"],
        "ALIBABA1688_APP_KEY": "1234567",
        "ALIBABA1688_APP_SECRET": "exampleSecret",
        "ALIBABA1688_RECIPIENT": json.dumps(ALIBABA1688_RECIPIENT, ensure_ascii=False),
        "WEB_LISTEN": web,
        "WEB_URL": f"http://{web}",
        "BACKGROUND_SYNC": "allowed",
        "SYNC_EVERY": str(sync_every),
        "RECONCILE_LOOKS": "0,2,4",
        "ACTIVITY_LEASE": "10",
        "DIGEST_MINUTES": "0",
        "PYTHONUNBUFFERED": "1",
    }


async def demo(latency_ms: int) -> None:
    """Runs until interrupted; says where to look, and where the bot's log is when the bot ends early."""
    try:
        world = make_world(latency_ms=latency_ms, chat_port=CHAT_PORT, sync_every=15)
        async with world as running:
            print(_invitation(running), flush=True)  # noqa: T201 - the command's output
            code = await running.bot.wait()
            log = running.bot.log.read_text(encoding="utf-8", errors="replace")[-3000:]
            print(f"The bot has ended with code {code}. The end of its log:\n{log}", flush=True)  # noqa: T201
    except OSError as error:
        print(f"The demo can't start: {error.strerror} (is another demo running?)", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from error


def _invitation(world: World) -> str:
    taobao, alibaba = world.urls["taobao"], world.urls["alibaba1688"]
    return f"""
Vykup's demo is running. Open the chat:

    {world.urls["telegram"]}/

Press START, then send it the example order file (drop it into the chat):

    {EXAMPLE}

What stands in for the world around it:
    the phone that scans Taobao's QR code   {taobao}/phone/vykup_buyer_01
    1688 authorises by a link in the chat   {alibaba}/
    paying on Taobao, on 1688               {taobao}/person/vykup_buyer_01/orders   {alibaba}/person/vykup1688_01/orders
    the sellers, who ship                   {taobao}/seller   {alibaba}/seller

Ctrl-C ends all of it.
"""


def run_demo(latency_ms: int) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(demo(latency_ms))
