"""People at work while all goes wrong at random: deaths, freezes, faults of both sides, a locked or full disk."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from sandbox.telegram.operator import NotSeen, Operator
from tests.drill import past_the_bot
from tests.drill.figures import say
from tests.drill.forkserver import CLOCK
from tests.drill.rest import Rest
from tests.drill.staff import Person
from tests.drill.world import FROZEN_FOR, STRANGER, World

MARKET_FAULTS = (
    *("timeout_after", "timeout_before", "drop_connection", "drop_after", "http_500", "http_500_after", "http_429"),
    *("bad_json", "slow", "sold_out", "below_minimum", "booking_limit", "partial", "unknown_status", "price_changed"),
    *("session_expired", "captcha", "page_changed"),
)
EFFECTS = {"alibaba1688": "alibaba.trade.fastCreateOrder", "taobao": "submit"}
READS = {
    "alibaba1688": ("*", "product.search.queryProductDetail", "alibaba.createOrder.preview", "alibaba.trade.*"),
    "taobao": ("*", "item", "cart", "confirm", "bought", "detail"),
}
TELEGRAM_FAULTS = (
    *("http_500", "http_502", "http_429", "drop_connection", "timeout_after", "timeout_before", "bad_json", "slow"),
    *("duplicate_updates", "reorder_updates", "late_updates"),
)
UNSURE = {"drop_connection", "timeout_after", "timeout_before", "bad_json"}


class Soak:
    """`pace`: mean seconds between two deeds of the nemesis."""

    def __init__(self, world: World, buyers: list[Person], ticker: Person, pace: float) -> None:
        self._world, self._buyers, self._ticker, self._pace = world, buyers, ticker, pace
        self._over = False
        self.jobs = 0

    async def run(self, kills: int, longest: float) -> None:
        """Until so many lives were killed, or the time is over."""
        goal = self._world.deaths + kills
        end = time.monotonic() + longest
        work = [self._buy(person) for person in self._buyers]
        async with asyncio.TaskGroup() as group:
            for one in (*work, self._tick(), self._intrude()):
                group.create_task(one)
            while self._world.deaths < goal and time.monotonic() < end:
                await asyncio.sleep(self._world.dice.expovariate(1 / self._pace))
                await self._deed()
            self._over = True

    # people

    async def _buy(self, person: Person) -> None:
        while not self._over:
            with self._patiently(person.prefix):
                await Rest(self._world, [person]).log_in()
                provider = self._world.dice.choice(self._world.providers)
                if not person.ready_lines():
                    await person.bring_orders(provider, self._world.dice.randint(1, 3))
                await person.reserve(double_tap=self._world.dice.random() < 0.3)
                await person.done(within=60)
                self.jobs += 1

    async def _tick(self) -> None:
        while not self._over:
            with self._patiently("ticks"):
                await self._ticker.tick()
                if self._world.dice.random() < 0.1:
                    await self._ticker.start_again()
            await asyncio.sleep(self._world.dice.uniform(0.2, 1.5))

    async def _intrude(self) -> None:
        """Somebody who is no member of the staff writes, and presses buttons of others."""
        async with Operator(self._world.urls["telegram"], STRANGER) as stranger:
            while not self._over:
                with self._patiently("stranger"):
                    await stranger.start()
                    for data in ("pre|reserve|1", "pre:reserve:1", "buy:all", "go|orders", "ans:1:0:0:1"):
                        await stranger.press_stale(1, data)
                await asyncio.sleep(2)

    @contextlib.contextmanager
    def _patiently(self, who: str) -> Iterator[None]:
        """What a person waited for in vain is tried anew; the check at the end tells what is really lost."""
        try:
            yield
        except (NotSeen, TimeoutError) as error:
            self._world.figures.counts["tried_again"] += 1
            if self._world.figures.counts["tried_again"] < 5:
                say(f"{self._world.name} {who}: {(str(error) or type(error).__name__).splitlines()[0]}")

    # the nemesis

    async def _deed(self) -> None:
        deeds: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (24, self._kill),
            (2, self._terminate),
            (2, self._freeze),
            (4, self._market_fault),
            (4, self._telegram_fault),
            (1, self._lock),
            (1, self._lag),
            (1, self._expire),
            (1, self._fill_disk),
            (1, self._second_hand),
            (2, self._move_clock),
            (1, self._block),
        ]
        weights = [weight for weight, _ in deeds]
        await self._world.dice.choices([deed for _, deed in deeds], weights)[0]()

    async def _kill(self) -> None:
        self._world.figures.fault("kill -9")
        await self._world.next_life(signal.SIGKILL)

    async def _terminate(self) -> None:
        """A stop takes 15 s at most, whatever is under way."""
        self._world.figures.fault("SIGTERM")
        began = time.monotonic()
        life = self._world.life
        await self._world.next_life(signal.SIGTERM)
        if life and life.ended.result() == 0 and time.monotonic() - began > 16:
            self._world.figures.breach(
                "other_breaches", f"{self._world.name}: a stop took {time.monotonic() - began:.1f} s"
            )

    async def _freeze(self) -> None:
        """Longer than any lease and deadline; then it goes on, or dies."""
        self._world.figures.fault("SIGSTOP")
        life = self._world.life
        if life is None:
            return
        life.send(signal.SIGSTOP)
        await asyncio.sleep(FROZEN_FOR)
        if self._world.dice.random() < 0.3:
            await self._kill()
        life.send(signal.SIGCONT)

    async def _second_hand(self) -> None:
        """A frozen life whose lock somebody took away: another one works in its place, then both are awake."""
        world, frozen = self._world, self._world.life
        if frozen is None or not frozen.alive:
            return
        world.figures.fault("two lives on the same data")
        frozen.send(signal.SIGSTOP)
        world.refused_until = time.monotonic() + FROZEN_FOR + 12  # it may not have had its lock yet
        (world.data_dir / "vykup.lock").unlink(missing_ok=True)
        other = await world.lives.fork(world.environment(""), world.directory, world.log)
        await asyncio.sleep(FROZEN_FOR + 2)
        frozen.send(signal.SIGCONT)
        await asyncio.sleep(3)
        other.send(signal.SIGKILL)
        await other.ended
        world.deaths += 1
        world.cut_lines += 5
        world.figures.counts["kills"] += 1

    async def _move_clock(self) -> None:
        """Further than leases and deadlines, and back: as a machine whose clock is set right."""
        life = self._world.life
        if life is None or life.cold or not life.alive:
            return
        self._world.figures.fault("clock jump")
        for seconds in self._world.dice.choice([(20,), (-20,), (8, -8)]):
            clock = self._world.directory / CLOCK
            await asyncio.to_thread(clock.write_text, str(seconds), encoding="ascii")
            life.send(signal.SIGUSR1)
            await asyncio.sleep(2)

    async def _block(self) -> None:
        """Somebody blocks the bot, and goes on using it a little later."""
        chat = self._ticker.user_id
        self._world.may_be_buried.add(chat)
        await self._world.fault("telegram", "*", "blocked", chat_id=chat)

    async def _market_fault(self) -> None:
        part = self._world.dice.choice(self._world.providers)
        at = EFFECTS[part] if self._world.dice.random() < 0.5 else self._world.dice.choice(READS[part])
        fault = self._world.dice.choice(MARKET_FAULTS)
        await self._world.fault(part, at, fault, times=self._world.dice.randint(1, 3), seconds="2")

    async def _telegram_fault(self) -> None:
        fault = self._world.dice.choice(TELEGRAM_FAULTS)
        at = "getUpdates" if fault.endswith("_updates") or self._world.dice.random() < 0.3 else "*"
        times = self._world.dice.randint(1, 4)
        if fault in UNSURE:
            self._world.cut_lines += times
        await self._world.fault("telegram", at, fault, times=times, retry_after=2, seconds=1)

    async def _lag(self) -> None:
        """New orders stay out of lists and searches for a while, sometimes for longer than the bot looks."""
        part = self._world.dice.choice(self._world.providers)
        self._world.figures.fault("list lag")
        await self._world.control(part, "list_lag", seconds=self._world.dice.choice([0, 1, 3, 8]))

    async def _expire(self) -> None:
        nick = self._world.dice.choice(self._world.nicks)
        if nick.provider == "alibaba1688":
            self._world.figures.fault("access token expired")
            await self._world.control(nick.provider, "expire_access", account=nick.name)

    async def _lock(self) -> None:
        self._world.figures.fault("database locked by somebody else")
        seconds = self._world.dice.choice([1.0, 3.0, 12.0])
        self._world.refused_until = time.monotonic() + seconds + 5
        await asyncio.to_thread(past_the_bot.lock_some, self._world, seconds)

    async def _fill_disk(self) -> None:
        """Only on a small file system of its own."""
        if not self._world.small_disk:
            return
        self._world.figures.fault("disk full")
        filler = self._world.data_dir / "filler"
        await asyncio.to_thread(_fill, filler)
        await asyncio.sleep(self._world.dice.uniform(1, 6))
        filler.unlink(missing_ok=True)


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))
