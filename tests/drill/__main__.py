"""`python -m tests.drill`: kills at every named point, a random soak, then the comparison. Last line: JSON.

DRILL_KILLS (500), DRILL_SEED (random), DRILL_DATABASE (sqlite, postgres), DRILL_ONLY (how the crash points begin;
several are parted by commas), DRILL_SLOW (how many times longer to wait on a busy machine)."""

import asyncio
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.drill.check import Check
from tests.drill.figures import SLOW, Figures, say
from tests.drill.lives import ROOT, Lives, fork_server
from tests.drill.matrix import LONG, Matrix, points_of
from tests.drill.rest import Rest
from tests.drill.soak import Soak
from tests.drill.staff import Person
from tests.drill.ways import unit_of
from tests.drill.world import STAFF, Nick, World, make_world

ALWAYS = (
    *("effect.gate.written", "effect.gate.committed", "alibaba1688.create", "alibaba1688.created"),
    *("reserve.placed.written", "reserve.placed.committed", "outbox.sent", "inbox.accept.committed"),
    *("turn.act.written", "turn.act.committed", "reserve.prepare.committed", "reserve.take_over.committed"),
)
"""Around the effect and every acknowledgement: part of the shortest drill, too."""
SHORT = 100
"""Fewer kills than this are a short drill: not every point, no browser."""
PACE, SLOW_PACE = 1.2, 8.0
"""Mean seconds between two deeds of the nemesis, the longer ones where a life begins with a browser."""
SECONDS_A_KILL = 20
"""How long a soak may take for each of its kills before it ends without the rest."""


@dataclass(frozen=True)
class Options:
    kills: int
    seed: int
    database: str
    only: str

    @classmethod
    def read(cls) -> "Options":
        database = os.environ.get("DRILL_DATABASE", "sqlite")
        if database not in ("sqlite", "postgres"):
            raise SystemExit("DRILL_DATABASE must be sqlite or postgres.")
        seed = int(os.environ.get("DRILL_SEED") or random.SystemRandom().randrange(10**6))
        return cls(int(os.environ.get("DRILL_KILLS", "500")), seed, database, os.environ.get("DRILL_ONLY", ""))

    @property
    def short(self) -> bool:
        return self.kills < SHORT


class Shard:
    """One world with its share of the points and of the soak's kills."""

    def __init__(self, name: str, options: Options, nicks: list[Nick], points: list[str], kills: int) -> None:
        self.name, self._options, self._nicks, self._points, self._kills = name, options, nicks, points, kills

    @property
    def works(self) -> bool:
        return bool(self._points or self._kills)

    async def run(self, lives: Lives, figures: Figures, directory: Path, postgres: str) -> None:
        async with AsyncExitStack() as stack:
            making = make_world(
                self.name, lives, figures, self._options.seed, self._nicks, directory / self.name, postgres
            )
            world = await stack.enter_async_context(making)
            people = [await stack.enter_async_context(Person(world, user_id)) for user_id in STAFF]
            try:
                await self._drill(world, people)
            except Exception as error:  # noqa: BLE001 - the other worlds go on
                figures.breach("other_breaches", f"{self.name}: the drill itself failed: {error!r:.1500}")

    async def _drill(self, world: World, people: list[Person]) -> None:
        first, second, ticker = people
        for person in people:
            await person.begin()
        for nick in self._nicks:
            await first.log_in(nick)
        await ticker.begin_ticking()
        await Rest(world, people).reach()
        matrix = Matrix(world, first, second)
        await matrix.run(self._points)
        if self._kills:
            slow = any(nick.provider == "taobao" for nick in self._nicks)
            soak = Soak(world, [first, second], ticker, pace=SLOW_PACE if slow else PACE)
            await soak.run(self._kills, longest=self._kills * SECONDS_A_KILL * SLOW)
            say(f"{self.name}: {soak.jobs} reservations in the soak, {world.deaths} deaths in all")
        await world.calm()
        for part in world.providers:
            await world.control(part, "list_lag", seconds=0)
        await Rest(world, people).reach(within=180)
        await Check(world, people).all()


def shards(options: Options) -> list[Shard]:
    """How the work is divided: three worlds of 1688, one with a browser, side by side."""
    dice = random.Random(options.seed)  # noqa: S311 - a drill must be repeatable
    only = tuple(options.only.split(","))
    points = [point for point in points_of("alibaba1688", options.database) if point.startswith(only)]
    if options.short and not options.only:
        others = [point for point in points if point not in ALWAYS and unit_of(point) not in LONG]
        points = [*ALWAYS, *dice.sample(others, max(0, options.kills // 2 - len(ALWAYS)))]
    dice.shuffle(points)
    soak = 0 if options.only else max(0, options.kills - len(points))
    wholesale = [Nick("alibaba1688", "vykup1688_01"), Nick("alibaba1688", "vykup1688_02")]
    found = [Shard(f"world {n}", options, wholesale, points[n::3], soak // 3) for n in range(3)]
    retail = [point for point in points_of("taobao", options.database) if point.startswith(only)]
    if not options.short or options.only:
        found.append(Shard("world 3", options, [Nick("taobao", "vykup_buyer_01")], retail, soak // 16))
    return [shard for shard in found if shard.works]


async def drill(options: Options, postgres: str) -> Figures:
    figures, whole = Figures(), asyncio.current_task()
    assert whole is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, whole.cancel)
    directory = Path(tempfile.mkdtemp(prefix="vykup-drill-"))
    async with fork_server() as lives:
        running = [shard.run(lives, figures, directory, postgres) for shard in shards(options)]
        await asyncio.gather(*running)
        say(f"lives: {lives.forked} forked, {lives.cold} cold")
    if figures.held:
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
    return figures


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of a private Postgres, "" for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    script = ROOT / ".ci" / "postgres.sh"
    with ExitStack() as stack:
        directory = tempfile.mkdtemp(prefix="vykup-drill-pg-")  # the script removes it
        started = subprocess.run([script, "start", directory], check=True, stdout=subprocess.PIPE, text=True)
        stack.callback(lambda: subprocess.run([script, "stop", directory], check=False))
        yield started.stdout.strip().splitlines()[-1]


def main() -> int:
    options = Options.read()
    say(f"drill: {options.kills} kills on {options.database}, DRILL_SEED={options.seed}")
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a life that dies while it calls is no news
    began = time.monotonic()
    with database(options.database) as postgres:
        figures = asyncio.run(drill(options, postgres))
    for name, times in sorted(figures.nemeses.items()):
        say(f"  {times:5} × {name}")
    say(json.dumps(figures.line(options.seed, time.monotonic() - began)))
    return 0 if figures.held else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # zxing-cpp would talk after the last line, which is for programs to read
