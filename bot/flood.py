"""Keeps the bot under Telegram's limits by moving windows; a leaky bucket would let twice the rate through.

The limits are those of Telegram's FAQ (30/s overall, 1/s per chat with "short bursts", 20/min per group) with some room
left: somebody who presses quickly is answered at once, only a longer row of messages is slowed. How Telegram really
counts is not published: `retry_after` is obeyed whatever is counted here.
"""

import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

OVERALL: RateLimitItem = RateLimitItemPerSecond(25)
CHAT: RateLimitItem = RateLimitItemPerSecond(9, 10)
GROUP: RateLimitItem = RateLimitItemPerMinute(18)


class Flood:
    def __init__(self, overall: RateLimitItem = OVERALL, chat: RateLimitItem = CHAT) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._overall, self._chat = overall, chat

    def take(self, chat_id: int) -> float:
        """0 when a message to this chat may go now (and is counted), else the seconds until it may."""
        windows = [(self._overall, "all"), (self._chat, str(chat_id))]
        if chat_id < 0:
            windows.append((GROUP, str(chat_id)))
        full = [window for window in windows if not self._limiter.test(*window)]
        if full:
            free_at = max(self._limiter.get_window_stats(*window).reset_time for window in full)
            return max(0.02, free_at - time.time())
        for window in windows:
            self._limiter.hit(*window)
        return 0.0
