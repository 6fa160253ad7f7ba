"""Lets everything finish: answers what is asked, logs in what was logged out, and waits until nothing is under way."""

import asyncio
import signal
import time

from sandbox.telegram.operator import NotSeen
from tests.drill.figures import SLOW, say
from tests.drill.staff import Person
from tests.drill.world import World

PREVIEWS = """SELECT DISTINCT c.message_id FROM activity a JOIN preview_activity p ON p.activity_id = a.id
    JOIN card c ON c.subject = 'preview:' || p.preview_id AND c.chat_id = :me
    WHERE a.state = 'waiting' AND a.failure = 'confirm' AND c.message_id IS NOT NULL"""
LOGINS = """SELECT c.message_id FROM activity a
    JOIN card c ON c.subject = 'login:' || a.id AND c.chat_id = :me
    WHERE a.state = 'waiting' AND a.kind = 'login' AND c.message_id IS NOT NULL"""
"""What waits for a person who has gone on to something else."""
PUT_OFF = """SELECT DISTINCT c.message_id FROM activity a LEFT JOIN preview_activity p ON p.activity_id = a.id
    JOIN card c ON c.subject IN ('preview:' || p.preview_id, 'activity:' || a.id) AND c.chat_id = :me
    WHERE a.state = 'queued' AND a.attempts > 0 AND a.not_before IS NOT NULL AND c.message_id IS NOT NULL"""
"""What met a trouble: after several in a row its next try may be minutes away."""


class Rest:
    def __init__(self, world: World, people: list[Person]) -> None:
        self._world, self._people = world, people
        self._pressed: dict[tuple[int, int], float] = {}

    async def reach(self, within: float = 120) -> None:
        """What isn't at rest by then is left to the check, which tells what it is."""
        await self._world.calm()
        if self._world.life and self._world.life.frozen:
            self._world.life.send(signal.SIGCONT)
        end, quiet = time.monotonic() + within * SLOW, 0
        while time.monotonic() < end:
            quiet = quiet + 1 if self.now() else 0
            if quiet == 3:
                return
            for person in self._people:
                await self._help(person)
            await asyncio.sleep(0.15)
        say(f"{self._world.name}: no rest within {within} s: {self.under_way()}")

    def now(self) -> bool:
        return not any(self.under_way().values())

    def under_way(self) -> dict[str, int]:
        bot = self._world.server.newest_bot()
        return {
            "updates not fetched": len(bot.updates) + len(bot.again) if bot else 1,
            "updates": self._world.count("SELECT count(*) FROM inbox WHERE done_at IS NULL AND parked_at IS NULL"),
            "messages": self._world.count("SELECT count(*) FROM outbox WHERE buried_at IS NULL"),
            "activities": self._world.count(
                "SELECT count(*) FROM activity WHERE state IN ('queued', 'running', 'waiting')"
                " AND started_by IS NOT NULL"
            ),
        }

    async def _help(self, person: Person) -> None:
        try:
            await person.answer_questions()
            await self._press(person, "Cancel", PREVIEWS)
            await self._press(person, "Cancel", LOGINS)
            await self._press(person, "🔁 Try now", PUT_OFF)
            await self._log_in(person)
        except (NotSeen, TimeoutError) as error:
            say(f"{self._world.name}: {str(error).splitlines()[0]}")

    async def _press(self, person: Person, label: str, query: str) -> None:
        """Where the button is to be seen: a card that isn't there yet must not keep the others waiting."""
        wanted = {row.message_id for row in self._world.rows(query, me=person.user_id)}
        shown = [m.id for m in await person.messages() if m.id in wanted and m.button(label)] if wanted else []
        for message_id in shown:
            if time.monotonic() - self._pressed.get((person.user_id, message_id), -99) > 8:
                self._pressed[person.user_id, message_id] = time.monotonic()
                await person.press(label, message_id)

    async def log_in(self) -> None:
        """Whoever keeps an account logs in again where that is wanted."""
        for person in self._people:
            await self._log_in(person)

    async def _log_in(self, person: Person) -> None:
        query = """SELECT a.nick, a.provider FROM account a JOIN person p ON p.id = a.keeper_id
            WHERE a.session IN ('expired', 'needs_human') AND p.telegram_id = :me"""
        lost = {row.nick for row in self._world.rows(query, me=person.user_id)}
        for nick in self._world.nicks:
            if nick.name in lost:
                await person.log_in(nick)
