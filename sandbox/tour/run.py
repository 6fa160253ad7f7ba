"""Runs the tour: who does what when. Every step says `ok` or `FAILED`. People of one stage work side by side, since
each chat goes at Telegram's pace."""

import asyncio
import time
from collections.abc import Iterator

from sandbox.demo import OWNERS, World, make_world
from sandbox.telegram.operator import Operator
from sandbox.tour.desk import DeskTour
from sandbox.tour.money import MoneyTour
from sandbox.tour.parcels import CUSTOMER, TRACKS, ParcelsTour
from sandbox.tour.purchase import PurchaseTour
from sandbox.tour.staff import StaffTour
from sandbox.tour.steps import Shift, until
from sandbox.tour.warehouse import WarehouseTour
from sandbox.tour.web import WebTour

PATIENCE = 60.0
"""A ceiling for every wait, in seconds; each ends as soon as what it waits for is there."""
GIVE_UP = 3
"""Failures in a row after which the rest makes no sense."""
WORKER = 2001


class Report:
    def __init__(self) -> None:
        self.passed = self.failed = 0
        self.gave_up = False

    async def work(self, shift: Shift) -> None:
        in_a_row = 0
        for name, step in shift:
            at = time.monotonic()
            try:
                await step()
            except Exception as error:  # noqa: BLE001 - whatever went wrong is the step's failure
                in_a_row += 1
                self.failed += 1
                _say(f"FAILED {name} ({_ms(at)} ms): {error!r:.2000}")
            else:
                in_a_row = 0
                self.passed += 1
                _say(f"ok     {name} ({_ms(at)} ms)")
            if in_a_row == GIVE_UP:
                self.gave_up = True
                return


def stages(world: World, owner: Operator, partner: Operator, worker: Operator) -> Iterator[tuple[Shift, ...]]:
    """`owner` and `partner` are both owners, `worker` is invited to the warehouse."""
    purchase = PurchaseTour(world, owner)
    yield (purchase.to_preview(), StaffTour(partner, worker).steps())
    yield (purchase.to_kill(),)
    yield (purchase.to_reserved(), WebTour(world, partner).steps())
    yield (
        MoneyTour(world, owner).steps(),
        DeskTour(world, partner).steps(),
        [*ParcelsTour(world, partner, worker).steps(), *WarehouseTour(worker, TRACKS, CUSTOMER).steps()],
    )
    yield (purchase.at_last(),)


async def run() -> int:
    """The number of failed steps; one line a step, and the count at the end."""
    began, report = time.monotonic(), Report()
    async with make_world() as world:
        url = world.urls["telegram"]
        people = [Operator(url, user_id, patience=PATIENCE) for user_id in (*OWNERS, WORKER)]
        async with people[0] as owner, people[1] as partner, people[2] as worker:
            await _connected(world)
            for shifts in stages(world, owner, partner, worker):
                await asyncio.gather(*(report.work(shift) for shift in shifts))
                if report.gave_up:
                    break
        if report.failed:
            _say(_last_of_log(world))
    _say(f"tour: {report.passed} ok, {report.failed} failed, {time.monotonic() - began:.1f} s")
    return report.failed


async def _connected(world: World) -> None:
    """The bot's first call tells the sandbox that it is there."""
    url = f"{world.urls['telegram']}/_user/{OWNERS[0]}/messages"

    async def known() -> bool:
        async with world.http.get(url) as response:
            return response.ok

    await until(known)


def _ms(since: float) -> int:
    return round((time.monotonic() - since) * 1000)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's output


def _last_of_log(world: World) -> str:
    return "the bot's log ends:\n" + world.bot.log.read_text(encoding="utf-8", errors="replace")[-4000:]
