"""Scenes of what is away for long: Telegram, and a database that nobody can write."""

import asyncio
import threading
import time

from purchasing.troubles import TELEGRAM
from tests.drill import past_the_bot
from tests.drill.figures import SLOW
from tests.drill.scenes import Scenes

LONGEST = 150.0
"""Seconds for what is told after a minute."""


async def telegram_away(scenes: Scenes) -> None:
    """Telegram is away, for hours as the books say, and comes back."""
    world, owner = scenes.world, scenes.other
    sent = await owner.send("/buy")
    await world.fault("telegram", "getUpdates", "http_500", times=20)
    await world.until(lambda: past_the_bot.trouble(world, TELEGRAM), 60, "a note that Telegram is away")
    past_the_bot.backdate_trouble(world, TELEGRAM, hours=world.next_number())  # each its own: told once of each
    await world.calm()
    await world.until(lambda: not past_the_bot.trouble(world, TELEGRAM), 90, "Telegram's coming back")
    await owner.wait_for("Telegram could not be reached", after=sent)


async def database_away(scenes: Scenes) -> None:
    """Nobody can write for more than a minute: an owner is told past the database, and again when it is over.

    Nothing of this world's database may be read meanwhile: on Postgres that would wait, too."""
    world, owner = scenes.world, scenes.other
    sent = await owner.send("/buy")
    newest = (await owner.wait_for("To buy", after=sent)).id  # a life that has begun: without a database none can
    world.refused_until = time.monotonic() + LONGEST * SLOW
    released = threading.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(past_the_bot.lock_all, world, released, LONGEST * SLOW))
        try:
            await owner.wait_for("can't be written", LONGEST * SLOW, after=newest)
        finally:
            released.set()
    await owner.wait_for("can be written again", 60 * SLOW, after=newest)
