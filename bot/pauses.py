"""Which chats may not be written to for now, and until when. Held in memory: after a restart Telegram says it anew."""

import asyncio

GROWTH = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
REPEAT_SECONDS = 10.0
"""A second chat told to pause within this time means that the whole bot is meant."""


class Pauses:
    def __init__(self) -> None:
        self._until: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self._all_until = 0.0
        self._last_obeyed: tuple[int, float] = (0, float("-inf"))

    def wait(self, chat_id: int, seconds: float) -> None:
        self._until[chat_id] = max(self._until.get(chat_id, 0.0), _now() + seconds)

    def grow(self, chat_id: int) -> None:
        """After a failure: longer with each one in a row."""
        failures = self._failures.get(chat_id, 0)
        self._failures[chat_id] = failures + 1
        self.wait(chat_id, GROWTH[min(failures, len(GROWTH) - 1)])

    def obey(self, chat_id: int, seconds: float) -> None:
        """Telegram asked for it; when it asks in two chats in a row, everybody waits."""
        self.wait(chat_id, seconds)
        last_chat, last_at = self._last_obeyed
        if last_chat != chat_id and _now() - last_at < REPEAT_SECONDS:
            self._all_until = max(self._all_until, _now() + seconds)
        self._last_obeyed = (chat_id, _now())

    def well(self, chat_id: int) -> None:
        self._failures.pop(chat_id, None)

    @property
    def all_paused(self) -> bool:
        return self._all_until > _now()

    def chats(self) -> set[int]:
        """Those that must wait; forgets the pauses that are over."""
        now = _now()
        self._until = {chat_id: until for chat_id, until in self._until.items() if until > now}
        return set(self._until)

    def soonest(self) -> float | None:
        """Seconds until a pause ends."""
        now = _now()
        if self._all_until > now:
            return self._all_until - now
        return min((until - now for until in self._until.values()), default=None)


def _now() -> float:
    return asyncio.get_running_loop().time()
