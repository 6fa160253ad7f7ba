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
from tests.drill.figures import SLOW, say
from tests.drill.rest import Rest
from tests.drill.staff import Person
from tests.drill.world import DEADLINE, STAFF, World

CALLS = {
    "alibaba1688": ("alibaba.trade.fastCreateOrder", "alibaba.trade.cancel", "alibaba.createOrder.preview"),
    "taobao": ("submit", "cancel", "confirm"),
}
"""What faults are ordered for: the order, its cancellation, its preview."""
READ_TRIES = 3
NOT_IN_DRILL: dict[str, str] = {
    "inbox.gone": "somebody leaves the staff between two moments",
    "inbox.join": "tests/handlers/test_staff.py",
    "outbox.unread": "somebody leaves the staff between two moments",
    "outbox.retry": "tests/bot/test_outbox.py",
    "outbox.bury": "tests/bot/test_outbox.py",
    "page.open": "tests/pages/test_links.py",
    "page.end": "tests/pages/test_links.py",
    "page.done": "tests/pages/test_links.py",
    "browser.works": "tests/handlers/test_account_browser.py",
    "browser.failed": "tests/handlers/test_account_browser.py",
    "activity.answers": "a marketplace that is away for an hour",
    "reserve.begin": "tests/flows/test_stop.py",
    "reserve.address": "tests/providers/taobao/test_recipients.py",
    "reserve.address_added": "tests/providers/taobao/test_recipients.py",
    "reserve.address_refused": "tests/providers/taobao/test_recipients.py",
    "reserve.address_stopped": "tests/providers/taobao/test_recipients.py",
    "reserve.address_unknown": "tests/providers/taobao/test_recipients.py",
    "reserve.address_looked": "tests/providers/taobao/test_recipients.py",
    "taobao.save_address": "tests/providers/taobao/test_recipients.py",
    "taobao.address_saved": "tests/providers/taobao/test_recipients.py",
    "unbind.refused": "tests/flows/test_unbind.py",
    "unbind.stopped": "tests/flows/test_unbind.py",
    "link.keep": "tests/flows/test_link.py",
    "link.skip": "tests/flows/test_link.py",
    "link.finish": "tests/flows/test_link.py",
    "check.finish": "tests/flows/test_check.py",
    "photos.kept": "tests/bot/test_photo_files.py",
    "backup.plan": "the first start",
    "backup.done": "once a night",
    "backup.failed": "once a night",
    "watch.telegram": "ten minutes without Telegram",
    "watch.database": "a minute without a database that can be written",
    "start.name": "the first start",
    "shop.push": "tests/bot/test_shop_api.py",
    "callback.prepare": "tests/bot/test_callbacks.py",
    "callback.send": "tests/bot/test_callbacks.py",
    "callback.sent": "tests/bot/test_callbacks.py",
    "callback.outcome": "tests/bot/test_callbacks.py",
    "restore.set_back": "a command of its own, tests/bot/test_keepers.py",
}
"""Points that no scene leads to: what they take, or the test that stands in."""
AT_TAOBAO = frozenset(
    {
        *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
        *("taobao.cancel", "taobao.cancelled", "sync.read", "sync.page", "effect.gate"),
        *("reserve.quoted", "reserve.quotes", "reserve.previewed", "reserve.price", "reserve.priced"),
        *("reserve.prepare", "reserve.placed", "reserve.finish", "reserve.unknown"),
        *("reserve.hands_dead", "reserve.take_over", "reserve.found", "reserve.looked", "reserve.rearm"),
        *("unbind.prepare", "unbind.cancelled", "unbind.seen", "unbind.ask", "unbind.finish"),
    }
)
"""What is worth a kill with a browser at work, too: a page's, an effect's, an account's. The rest is the same code; and
a look through a browser takes so long that the next one is due at once: no sleep. When a site's cookies change is the
site's to say: no tokens."""
TRIES = 6
"""How often a scene is played for a point that is not reached."""

Scene = Callable[["Scenes"], Awaitable[None]]


def points_of(provider: str) -> list[str]:
    if provider == "taobao":
        return [p for p in POINTS if unit_of(p) in AT_TAOBAO]
    return [p for p in POINTS if unit_of(p) not in NOT_IN_DRILL and not p.startswith("taobao.")]


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
            async with asyncio.timeout(100 * SLOW):
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


class Scenes:
    """What people do so that a point is reached."""

    def __init__(self, world: World, person: Person, other: Person) -> None:
        self.world, self.person, self.other = world, person, other

    async def before(self, point: str) -> None:
        """What must go wrong in this scene."""
        name, seconds = FAULTS.get(unit_of(point), ("", ""))
        part = self.world.providers[0]
        if name == "expire_access" and part == "alibaba1688":
            for nick in self.world.nicks:
                await self.world.control(part, "expire_access", account=nick.name)
        elif name and name != "expire_access":
            await self.world.calm()
            await self.world.control(part, "list_lag", looks=3 if name == LATER_SEEN[0] else 0)
            create, cancel, preview = CALLS[part]
            name = UNANSWERED.get(part, name) if name == NO_ANSWER[0] else name
            at = cancel if point.startswith("unbind.") else preview if point.startswith("activity.trouble") else create
            await self.world.fault(part, at, name, seconds=seconds, times=READ_TRIES if at == preview else 1)

    async def after(self) -> None:
        await self.world.control(self.world.providers[0], "list_lag", seconds=0)
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
        while not self.person.unpaid_order():
            await self.job()
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
        self.world.poison.add(bot.next_update_id)

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

    async def back(self) -> None:
        """Somebody blocks the bot, then writes to it again."""
        await self.blocked()
        lost = "SELECT count(*) FROM person WHERE telegram_id = :me AND blocked_at IS NOT NULL"
        await self.world.until(lambda: self.world.count(lost, me=self.other.user_id), 30, "a chat that is given up")
        await self.other.send("/buy")

    async def photo(self) -> None:
        from sandbox.pictures import label  # heavy, and wanted by one scene

        await self.other.send_photo(await asyncio.to_thread(label, "YT1234567890123", "EXPRESS"))

    async def stopped(self) -> None:
        await self.after()
        await self.person.bring_orders(self.world.providers[0], 1)
        card = await self.person.preview()
        await self.other.send("/stop_buying")
        await self.world.until(self._stopped, 60, "the stop of buying")
        await self.person.press_decision(card)
        await self.person.done()


BY_A_JOB = frozenset(
    {
        *("inbox.accept", "inbox.offset", "turn.act", "turn.answered", "outbox.send", "outbox.sent", "outbox.done"),
        *("activity.claim", "activity.release", "import.read", "import.change", "effect.gate"),
        *("reserve.quoted", "reserve.quotes", "reserve.previewed", "reserve.price", "reserve.priced"),
        *("reserve.prepare", "reserve.placed", "reserve.finish", "reserve.late"),
        *("alibaba1688.create", "alibaba1688.created", "alibaba1688.read_back"),
        *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
    }
)
"""Orders come in, are previewed and reserved."""
UNBINDING = frozenset(
    {
        *("unbind.prepare", "unbind.cancelled", "unbind.unknown", "unbind.seen", "unbind.ask", "unbind.sleep"),
        *("unbind.take_over", "unbind.looked", "unbind.finish"),
        *("alibaba1688.cancel", "alibaba1688.cancelled", "taobao.cancel", "taobao.cancelled"),
    }
)
SCENES: dict[str, Scene] = {
    "turn.refuse": Scenes.double_tap,
    "login.change": Scenes.login,
    "login.code": Scenes.login,
    "outbox.deleted": Scenes.login,
    "outbox.removed": Scenes.login,
    "start.migrated": Scenes.wait,
    "start.staff": Scenes.wait,
    "schedule.purge": Scenes.wait,
    "schedule.arrivals": Scenes.wait,
    "schedule.consents": Scenes.wait,
    "schedule.previews": Scenes.wait,
    "lookup.change": Scenes.photo,
    "inbox.welcome": Scenes.back,
    "sync.read": Scenes.wait,
    "sync.page": Scenes.wait,
    "schedule.keep": Scenes.wait,
    "schedule.due": Scenes.wait,
    "tell.stuck": Scenes.wait,
    "tell.approvals": Scenes.wait,
    "tell.escalate": Scenes.wait,
    "tell.digests": Scenes.wait,
    "reserve.stopped": Scenes.stopped,
    "inbox.failed": Scenes.poison,
    "outbox.forget": Scenes.gone,
    "outbox.lose_chat": Scenes.blocked,
}
NO_ANSWER = ("drop_connection", "")
UNANSWERED = {"taobao": "http_500"}
"""Where a browser would quietly ask again over a connection that was cut."""
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
    return Scenes.unbind if unit_of(point) in UNBINDING else SCENES.get(unit_of(point), Scenes.job)
