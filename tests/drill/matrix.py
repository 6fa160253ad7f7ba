"""A kill at each named crash point, each alone: the life that reaches it dies there, the next one makes it good.

Points that one scene leads to are visited in a chain: each death's next life is armed with the next point."""

import asyncio
import signal
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from purchasing.crash import POINTS
from sandbox.telegram.operator import NotSeen
from tests.drill.figures import say
from tests.drill.rest import Rest
from tests.drill.staff import Person
from tests.drill.world import DEADLINE, STAFF, World

CREATE, CANCEL = "alibaba.trade.fastCreateOrder", "alibaba.trade.cancel"
PREVIEW, READ_TRIES = "alibaba.createOrder.preview", 3
NOT_IN_DRILL = (
    *("inbox.gone", "outbox.retry", "outbox.bury", "unbind.refused", "unbind.stopped"),
    *("taobao.cancel", "link.", "lookup."),
)
"""Beginnings of points that no scene of the drill leads to yet."""
AT_TAOBAO = (
    *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
    *("reserve.prepare.committed", "effect.gate.written", "effect.gate.committed", "reserve.placed.written"),
    *("reserve.placed.committed", "reserve.quoted", "reserve.previewed"),
)
TRIES = 4
"""How often a scene is played for a point that is not reached."""

Scene = Callable[["Scenes"], Awaitable[None]]


def points_of(provider: str) -> list[str]:
    if provider == "taobao":
        return list(AT_TAOBAO)
    return [p for p in POINTS if not p.startswith((*NOT_IN_DRILL, "taobao."))]


def unit_of(point: str) -> str:
    return point.removesuffix(".written").removesuffix(".committed")


class Matrix:
    def __init__(self, world: World, person: Person, other: Person) -> None:
        self._world, self._people = world, [person, other]
        self._scenes = Scenes(world, person, other)

    async def run(self, points: list[str]) -> None:
        chains: dict[tuple[str, str], list[str]] = defaultdict(list)
        for point in points:
            chains[_scene(point).__name__, FAULTS.get(unit_of(point), ("", ""))[0]].append(point)
        thawing = asyncio.ensure_future(self._thaw())  # noqa: TID251 - held until the end of this method
        for chain in chains.values():
            await self._visit(chain)
        thawing.cancel()

    async def _visit(self, chain: list[str]) -> None:
        """Plays the chain's scene until every point of it has ended a life."""
        world, began, scene = self._world, time.monotonic(), _scene(chain[0])
        world.chain.extend(chain)
        await world.next_life(signal.SIGTERM)
        stalled = 0
        while world.life and world.life.point and stalled < TRIES * len(chain):
            before = world.life.point
            await self._scenes.before(before)
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
            async with asyncio.timeout(100):
                await scene(self._scenes)
            async with asyncio.timeout(12):
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


class Scenes:
    """What people do so that a point is reached."""

    def __init__(self, world: World, person: Person, other: Person) -> None:
        self.world, self.person, self.other = world, person, other

    async def before(self, point: str) -> None:
        """What must go wrong in this scene."""
        name, seconds = FAULTS.get(unit_of(point), ("", ""))
        if name == "expire_access":
            for nick in self.world.nicks:
                await self.world.control("alibaba1688", "expire_access", account=nick.name)
        elif name:
            await self.world.calm()
            await self.world.control("alibaba1688", "list_lag", looks=3 if name == LATER_SEEN[0] else 0)
            at = CANCEL if point.startswith("unbind.") else PREVIEW if point.startswith("activity.trouble") else CREATE
            await self.world.fault("alibaba1688", at, name, seconds=seconds, times=READ_TRIES if at == PREVIEW else 1)

    async def after(self) -> None:
        await self.world.control("alibaba1688", "list_lag", seconds=0)
        if self._stopped():
            await self.other.send("/resume_buying")
            await self.world.until(lambda: not self._stopped(), 60, "buying to go on")

    def _stopped(self) -> int:
        return self.world.count("SELECT count(*) FROM setting WHERE key = 'buying.stopped' AND value = 'yes'")

    async def job(self) -> None:
        await self.person.bring_orders(self.world.providers[0], 1)
        await self.person.reserve()
        await self.person.done()

    async def double_tap(self) -> None:
        await self.person.bring_orders(self.world.providers[0], 1)
        await self.person.reserve(double_tap=True)
        await self.person.done()

    async def unbind(self) -> None:
        if not self.person.unpaid_order() or self.world.dice.random() < 0.5:
            await self.job()  # some orders hold other people's goods, too, and can't be cancelled
        await self.person.unbind()
        await self.person.done()

    async def login(self) -> None:
        await self.person.log_in(self.world.nicks[-1])

    async def wait(self) -> None:
        """Reached by the start, or by the next background sync."""

    async def poison(self) -> None:
        """An update that nobody can read."""
        bot = self.world.server.newest_bot()
        assert bot is not None
        chat = {"id": STAFF[2], "type": "private"}
        broken: dict[str, Any] = {"message_id": 1, "from": {"id": STAFF[2]}, "chat": chat, "text": 5}
        self.world.server.push(bot, "message", broken)

    async def gone(self) -> None:
        """A message that was deleted in the chat is pressed."""
        sent = await self.other.send("/buy")
        card = await self.other.wait_for("To buy", after=sent)
        bot = self.world.server.newest_bot()
        assert bot is not None
        self.world.deleted.add((self.other.user_id, card.id))
        self.world.server.delete(bot, bot.chats[self.other.user_id], card.id)
        await self.other.press_stale(card.id, "go|activities")
        await self.other.press_stale(card.id, "go|orders")

    async def blocked(self) -> None:
        chat = self.other.user_id
        self.world.may_be_buried.add(chat)
        await self.world.fault("telegram", "sendMessage", "blocked", chat_id=chat)
        await self.other.send("/buy")

    async def stopped(self) -> None:
        await self.after()
        await self.person.bring_orders(self.world.providers[0], 1)
        card = await self.person.preview()
        await self.other.send("/stop_buying")
        await self.world.until(self._stopped, 60, "the stop of buying")
        await self.person.press_decision(card)
        await self.person.done()


SCENES: dict[str, Scene] = {
    "turn.refuse": Scenes.double_tap,
    "login.change": Scenes.login,
    "login.code": Scenes.login,
    "outbox.deleted": Scenes.login,
    "outbox.removed": Scenes.login,
    "start.migrated": Scenes.wait,
    "sync.read": Scenes.wait,
    "sync.page": Scenes.wait,
    "schedule.keep": Scenes.wait,
    "schedule.due": Scenes.wait,
    "reserve.stopped": Scenes.stopped,
    "alibaba1688.cancel": Scenes.unbind,
    "alibaba1688.cancelled": Scenes.unbind,
    "inbox.failed": Scenes.poison,
    "outbox.forget": Scenes.gone,
    "outbox.lose_chat": Scenes.blocked,
}
NO_ANSWER = ("drop_connection", "")
LATER_SEEN = ("drop_after", "")
"""The order is there, but in no list until the looks are over: found again only before it is sent again."""
FAULTS: dict[str, tuple[str, str]] = {
    "reserve.named": LATER_SEEN,
    "reserve.refused": ("sold_out", ""),
    "reserve.limit": ("booking_limit", ""),
    "activity.trouble": ("http_500", ""),
    "activity.renew": ("slow", "4"),
    "reserve.unknown": NO_ANSWER,
    "reserve.sleep": NO_ANSWER,
    "reserve.hands_dead": NO_ANSWER,
    "reserve.take_over": NO_ANSWER,
    "reserve.found": NO_ANSWER,
    "reserve.looked": NO_ANSWER,
    "reserve.rearm": NO_ANSWER,
    "unbind.unknown": NO_ANSWER,
    "unbind.sleep": NO_ANSWER,
    "unbind.take_over": NO_ANSWER,
    "unbind.looked": NO_ANSWER,
    "alibaba1688.renewed": ("expire_access", ""),
    "session.tokens": ("expire_access", ""),
}
"""What goes wrong, and for how many seconds, where the point needs it."""


def _scene(point: str) -> Scene:
    return Scenes.unbind if point.startswith("unbind.") else SCENES.get(unit_of(point), Scenes.job)
