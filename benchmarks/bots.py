"""The bots that are measured, as processes of their own: Vykup and its peers. None outlives its block."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName, Role
from storage.engine import open_database
from storage.migrate import upgrade
from storage.vault import Vault

KEY = b"k" * 32
STAFF = range(5001, 5041)
"""So many that nobody's limit (`bot.flood`) bites at the pace of the presses."""
VYKUP, BARE, SQL = (f"{n}:AAEsandboxsandboxsandboxsandboxsandbox" for n in (900001, 900002, 900003))


def database(data_dir: Path) -> str:
    return f"sqlite:///{data_dir / 'vykup.db'}"


async def fill(data_dir: Path, lines: int) -> None:
    """A database with staff and so many lines that are ready, ten in an order."""
    await asyncio.to_thread(_make, data_dir)
    db = await open_database(database(data_dir), Vault([KEY]))
    await db.write(lambda store: _fill(store, lines))
    await db.close()


def _make(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    upgrade(database(data_dir))


def _fill(store: Store, lines: int) -> None:
    now = datetime.now(UTC)
    for person_id in STAFF:
        store.people.ensure(person_id, Role.BUYER, f"Person {person_id}", "en", "UTC")
    for n in range(lines):
        if n % 10 == 0:
            order = store.orders.ensure(f"A-{n // 10:05}", "benchmark", now)
        goods = {"item_id": str(600000000000 + n), "title": f"Cup with a lid, model {n}", "quantity": 1 + n % 5}
        data = LineData(key=str(n % 10), provider=ProviderName.TAOBAO, price=Decimal(10) + n % 90, **goods)  # type: ignore[arg-type]  # fields of it
        store.lines.add(order.id, data, LineStatus.READY)


@asynccontextmanager
async def vykup(url: str, data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program itself, as `make run` starts it."""
    settings = {
        "BOT_TOKEN": VYKUP,
        "BOT_API_URL": url,
        "OWNER_IDS": str(STAFF[0]),
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": base64.b64encode(KEY).decode(),
        "LANGUAGE": "en",
        "TIMEZONE": "UTC",
        "LOG_LEVEL": "WARNING",
    }
    command = [str(Path(sys.executable).with_name("vykup")), "run"]
    async with _process(command, settings, data_dir) as process:
        yield process


@asynccontextmanager
async def bare(url: str, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    async with _process([sys.executable, "-m", "benchmarks.peers.bare", url, BARE], {}, directory) as process:
        yield process


@asynccontextmanager
async def with_sql(url: str, data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`data_dir` was filled as Vykup's."""
    command = [sys.executable, "-m", "benchmarks.peers.sql", url, SQL, str(data_dir / "vykup.db")]
    async with _process(command, {}, data_dir) as process:
        yield process


@asynccontextmanager
async def _process(
    command: list[str], settings: Mapping[str, str], directory: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    root = str(Path(__file__).parent.parent)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": root, **settings}
    process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=directory)
    try:
        yield process
        if process.returncode is not None:
            raise RuntimeError(f"{' '.join(command[:3])} ended by itself with {process.returncode}")
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()
