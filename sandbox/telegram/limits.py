"""Telegram's flood limits as strict sliding windows; a call too many must never get through, whatever came before."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


@dataclass(frozen=True)
class LimitRules:
    """``count`` calls in any ``seconds``; Telegram's FAQ names 30/s overall, 1/s per chat, 20/min per group.

    A chat may send a burst: ``chat_burst`` messages in any ``chat_burst`` seconds. How Telegram really counts is not
    published; the numbers are its FAQ's, the burst is an assumption.
    """

    enabled: bool = True
    overall: int = 30
    overall_seconds: float = 1.0
    chat_burst: int = 10
    chat_seconds: float = 1.0
    group: int = 20
    group_seconds: float = 60.0


@dataclass
class Window:
    count: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        if len(self.taken) < self.count:
            return 0.0
        return self.taken[len(self.taken) - self.count] + self.seconds - now


class FloodControl:
    """Asks all windows of a call first and takes from them only when every one has room."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rules = LimitRules()
        self._windows: dict[tuple[object, ...], Window] = {}

    def change(self, rules: LimitRules) -> None:
        self.rules = rules
        self._windows.clear()

    def retry_after(self, bot_id: int, chat_id: int | None) -> int | None:
        """Whole seconds to wait, or None when the call may go (and is then counted)."""
        if not self.rules.enabled:
            return None
        now = self._clock()
        windows = self._of(bot_id, chat_id)
        longest = max(window.wait(now) for window in windows)
        if longest > 0:
            return max(1, math.ceil(longest))
        for window in windows:
            window.taken.append(now)
        return None

    def _of(self, bot_id: int, chat_id: int | None) -> list[Window]:
        rules = self.rules
        windows = [self._window((bot_id,), rules.overall, rules.overall_seconds)]
        if chat_id is not None:
            burst_seconds = rules.chat_burst * rules.chat_seconds
            windows.append(self._window((bot_id, chat_id, "chat"), rules.chat_burst, burst_seconds))
        if chat_id is not None and chat_id < 0:
            windows.append(self._window((bot_id, chat_id, "group"), rules.group, rules.group_seconds))
        return windows

    def _window(self, key: tuple[object, ...], count: int, seconds: float) -> Window:
        return self._windows.setdefault(key, Window(count, seconds))
