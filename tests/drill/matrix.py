"""A kill at each named crash point, each alone: the life that reaches it dies there, the next one makes it good."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

from purchasing.crash import POINTS
from sandbox.telegram.operator import NotSeen
from tests.drill.figures import say
from tests.drill.lives import Life
from tests.drill.rest import Rest
from tests.drill.staff import Person
from tests.drill.world import DEADLINE, STAFF, World

CREATE = "alibaba.trade.fastCreateOrder"
NOT_IN_DRILL = (
    *("inbox.gone", "outbox.retry", "outbox.bury", "reserve.named", "unbind.", "alibaba1688.cancel"),
    *("taobao.cancel", "activity.trouble"),
)
"""Beginnings of points that no scene of the drill leads to yet."""
AT_TAOBAO = (
    *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
    *("reserve.prepare.committed", "effect.gate.written", "effect.gate.committed", "reserve.placed.written"),
    *("reserve.placed.committed", "reserve.quoted", "reserve.previewed"),
)

Scene = Callable[["Scenes"], Awaitable[None]]


def points_of(provider: str) -> list[str]:
    if provider == "taobao":
        return list(AT_TAOBAO)
    return [p for p in POINTS if not p.startswith((*NOT_IN_DRILL, "taobao."))]


class Matrix:
    def __init__(self, world: World, person: Person, other: Person) -> None:
        self._world, self._person, self._other = world, person, other

    async def at(self, point: str) -> None:
        """One life armed with the point, its scene, and rest."""
        world, began = self._world, time.monotonic()
        scene = SCENES.get(point.rsplit(".", 1)[0], SCENES.get(point, Scenes.job))
        armed = f"alibaba1688.create:1:stop,{point}" if scene is Scenes.late else point
        scenes = Scenes(world, self._person, self._other)
        await scenes.before(point)
        life = await world.next_life(signal.SIGTERM, armed)
        try:
            async with asyncio.timeout(100):
                await self._until_dead(life, scene(scenes))
        except (NotSeen, TimeoutError) as error:
            say(f"{world.name} at {point}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
        if life.alive or life.ended.result() != -signal.SIGKILL:
            world.figures.breach("points_not_reached", f"{world.name}: {point}")
        else:
            world.figures.points.add(f"{world.providers[0]}: {point}")
            world.figures.fault("kill at a crash point")
        await scenes.after()
        await Rest(world, [self._person, self._other]).reach()
        say(f"{world.name}: {point}, {time.monotonic() - began:.0f} s")

    async def _until_dead(self, life: Life, scene: Awaitable[None]) -> None:
        """The scene goes on while lives come and go; what it doesn't reach soon after its end it never will."""
        await scene
        if life.alive:
            await asyncio.wait([life.ended], timeout=15)


class Scenes:
    """What people do so that a point is reached."""

    def __init__(self, world: World, person: Person, other: Person) -> None:
        self.world, self.person, self.other = world, person, other

    async def before(self, point: str) -> None:
        """Faults that must wait for the life."""
        faults = {
            "reserve.refused": ("sold_out", {}),
            "reserve.limit": ("booking_limit", {}),
            "activity.renew": ("slow", {"seconds": "4"}),
        }
        unit = point.rsplit(".", 1)[0]
        unknown = (*("reserve.unknown", "reserve.sleep", "reserve.take_over", "reserve.looked", "reserve.rearm"),)
        if unit in faults:
            name, more = faults[unit]
            await self.world.fault("alibaba1688", CREATE, name, **more)
        elif unit in unknown or point in ("reserve.hands_dead", "reserve.found"):
            await self.world.fault("alibaba1688", CREATE, "drop_connection")
        elif point == "alibaba1688.renewed" or unit == "session.tokens":
            for nick in self.world.nicks:
                await self.world.control("alibaba1688", "expire_access", account=nick.name)

    async def after(self) -> None:
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

    async def login(self) -> None:
        await self.person.log_in(self.world.nicks[-1])

    async def wait(self) -> None:
        """Reached by the start, or by the next background sync."""

    async def late(self) -> None:
        """The life freezes between gate and call, until the deadline is over."""
        going = asyncio.ensure_future(self.job())  # noqa: TID251 - awaited below
        life = self.world.life
        assert life is not None
        await self.world.until(lambda: life.frozen, 60, "the freeze")
        await asyncio.sleep(DEADLINE + 1)
        life.send(signal.SIGCONT)
        await going

    async def poison(self) -> None:
        """An update that nobody can read."""
        bot = self.world.server.newest_bot()
        assert bot is not None
        broken: dict[str, Any] = {"message_id": 1, "from": {"id": STAFF[2]}, "chat": {"id": STAFF[2]}, "text": 5}
        self.world.server.push(bot, "message", broken)

    async def gone(self) -> None:
        """A message that was deleted in the chat is pressed."""
        sent = await self.other.send("/buy")
        card = await self.other.wait_for("To buy", after=sent)
        bot = self.world.server.newest_bot()
        assert bot is not None
        self.world.server.delete(bot, bot.chats[self.other.user_id], card.id)
        await self.other.press_stale(card.id, "buy:none")
        await self.other.press_stale(card.id, "buy:all")

    async def blocked(self) -> None:
        chat = self.other.user_id
        self.world.may_be_buried.add(chat)
        await self.world.fault("telegram", "sendMessage", "blocked", chat_id=chat)
        await self.other.send("/buy")

    async def stopped(self) -> None:
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
    "reserve.late": Scenes.late,
    "reserve.stopped": Scenes.stopped,
    "inbox.failed": Scenes.poison,
    "outbox.forget": Scenes.gone,
    "outbox.lose_chat": Scenes.blocked,
}
