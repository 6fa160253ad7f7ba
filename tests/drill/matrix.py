"""A kill at each named crash point, each alone: the life that reaches it dies there, the next one makes it good.

Points that one scene leads to are visited in a chain: each death's next life is armed with the next point."""

import asyncio
import signal
import time
from collections import defaultdict

from purchasing.crash import POINTS
from sandbox.telegram.operator import NotSeen
from tests.drill.figures import SLOW, say
from tests.drill.rest import Rest
from tests.drill.scenes import Scene, Scenes, Wrong
from tests.drill.staff import Person
from tests.drill.ways import BEFORE_A_START, FAULTS, scene_of, unit_of
from tests.drill.world import DEADLINE, World

ONLY_TAOBAO = frozenset(
    {
        *("reserve.address", "reserve.address_added", "reserve.address_refused", "reserve.address_stopped"),
        *("reserve.address_unknown", "reserve.address_looked", "taobao.save_address", "taobao.address_saved"),
        *("browser.works", "browser.failed", "page.open", "page.end", "page.done"),
    }
)
"""Of address books, browsers and their pages, which only Taobao's accounts have."""
BACKUPS = frozenset({"backup.plan", "backup.done", "backup.failed", "restore.set_back"})
"""Of SQLite's file; a Postgres is backed up by those who keep it."""
AT_TAOBAO = frozenset(
    {
        *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
        *("taobao.cancel", "taobao.cancelled", "sync.read", "sync.page", "effect.gate"),
        *("reserve.quoted", "reserve.quotes", "reserve.previewed", "reserve.price", "reserve.priced"),
        *("reserve.prepare", "reserve.placed", "reserve.finish", "reserve.unknown"),
        *("reserve.hands_dead", "reserve.take_over", "reserve.found", "reserve.looked", "reserve.rearm"),
        *("unbind.prepare", "unbind.cancelled", "unbind.seen", "unbind.ask", "unbind.finish"),
        *ONLY_TAOBAO,
    }
)
"""What is worth a kill with a browser at work, too: a page's, an effect's, an account's. The rest is the same code; and
a look through a browser takes so long that the next one is due at once: no sleep. When a site's cookies change is the
site's to say: no tokens."""
LONG = frozenset({"watch.telegram_away", "watch.telegram", "watch.database"})
"""What takes a minute and more: for a whole drill."""
TRIES = 6
"""How often a scene is played for a point that is not reached."""


def points_of(provider: str, database: str) -> list[str]:
    if provider == "taobao":
        return [p for p in POINTS if unit_of(p) in AT_TAOBAO]
    elsewhere = ONLY_TAOBAO | (BACKUPS if database == "postgres" else frozenset())
    return [p for p in POINTS if unit_of(p) not in elsewhere and not p.startswith("taobao.")]


class Matrix:
    def __init__(self, world: World, person: Person, other: Person) -> None:
        self._world, self._people = world, [person, other]
        self._scenes = Scenes(world, person, other)
        world.before_a_start = {p: BEFORE_A_START[unit_of(p)] for p in POINTS if unit_of(p) in BEFORE_A_START}

    async def run(self, points: list[str]) -> None:
        chains: dict[tuple[str, Wrong | None], list[str]] = defaultdict(list)
        for point in points:
            chains[scene_of(point).__name__, FAULTS.get(unit_of(point))].append(point)
        thawing = asyncio.ensure_future(self._thaw())  # noqa: TID251 - held until the end of this method
        for (_, wrong), chain in chains.items():
            await self._visit(chain, wrong)
        thawing.cancel()

    async def _visit(self, chain: list[str], wrong: Wrong | None) -> None:
        """Plays the chain's scene until every point of it has ended a life."""
        world, began, scene = self._world, time.monotonic(), scene_of(chain[0])
        world.chain.extend(chain)
        await world.next_life(signal.SIGTERM)
        stalled = 0
        while world.life and world.life.point and stalled < TRIES * len(chain):
            before = world.life.point
            if wrong is not None:
                await self._scenes.before(wrong)
            await self._play(scene)
            stalled = stalled + 1 if world.life.point == before else 0
            if stalled == TRIES:
                world.figures.breach("points_not_reached", f"{world.name}: {before}")
                await world.next_life(signal.SIGTERM)
                stalled = 0
        await self._scenes.after()
        await Rest(world, self._people).reach()
        say(f"{world.name}: {len(chain)} points from {chain[0]} on, {time.monotonic() - began:.0f} s")

    async def _play(self, scene: Scene) -> None:
        """The scene goes on while lives come and go; what it doesn't reach soon after its end it never will."""
        point = self._world.life.point if self._world.life else ""
        try:
            async with asyncio.timeout(150 * SLOW):
                await scene(self._scenes)
            async with asyncio.timeout(12 * SLOW):
                while self._world.life and self._world.life.point == point:  # noqa: ASYNC110 - of other processes
                    await asyncio.sleep(0.1)
        except (NotSeen, TimeoutError) as error:
            if str(error):
                say(f"{self._world.name} at {point}: {str(error).splitlines()[0]}")

    async def _thaw(self) -> None:
        """A life that froze between gate and call goes on when its deadline is over."""
        while True:
            await asyncio.sleep(0.2)
            life = self._world.life
            if life and life.frozen:
                self._world.figures.fault("frozen between gate and call")
                await asyncio.sleep(DEADLINE + 1)
                life.send(signal.SIGCONT)
