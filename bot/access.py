"""Who may use the bot: default deny for every kind of update. A stranger costs no write, no lock and no answer; the
one exception is somebody who brings an invitation that is good."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem, RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)

KINDS = ("message", "callback_query", "my_chat_member")
"""The kinds of update that we handle; Telegram is asked for no others."""
FLUSH_SECONDS = 60.0
EACH: RateLimitItem = RateLimitItemPerHour(5)
ALL: RateLimitItem = RateLimitItemPerHour(60)
"""At this rate a token of 192 bits is not guessed, and the database isn't bothered."""

Raw = Mapping[str, Any]
"""An update as Telegram's JSON."""


@dataclass(frozen=True)
class Sender:
    user_id: int
    chat_id: int
    name: str = ""


def sender(update: Raw) -> Sender | None:
    """Who sent it from which private chat; None for every other kind of update, chat or sender."""
    for kind in KINDS:
        event = update.get(kind)
        if isinstance(event, dict):
            holder = event.get("message") if kind == "callback_query" else event
            return _private(event.get("from"), holder.get("chat") if isinstance(holder, dict) else None)
    return None


def _private(user: Any, chat: Any) -> Sender | None:
    if not isinstance(user, dict) or not isinstance(chat, dict) or user.get("is_bot"):
        return None
    user_id, chat_id = user.get("id"), chat.get("id")
    if chat.get("type") != "private" or not isinstance(user_id, int) or user_id != chat_id:
        return None
    return Sender(user_id, chat_id, " ".join(str(user[key]) for key in ("first_name", "last_name") if user.get(key)))


_TOKEN = re.compile(r"/start(?:@\w+)? ([A-Za-z0-9_-]{32})")


def invitation_token(update: Raw) -> str | None:
    """What somebody who opened an invitation's link sends; None for everything else."""
    message = update.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    found = _TOKEN.fullmatch(text) if isinstance(text, str) else None
    return found[1] if found else None


class Guesses:
    """How often strangers may try an invitation: few times each, and not many together. Counted in memory."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allowed(self, user_id: int) -> bool:
        return self._limiter.hit(EACH, str(user_id)) and self._limiter.hit(ALL)


class Refusals:
    """Counts refused updates in memory and writes the count to the log at most once a minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._count = 0
        self._flushed_at = float("-inf")

    def count(self) -> None:
        self._count += 1
        if self._monotonic() - self._flushed_at >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._count:
            log.warning("refused %s updates from strangers", self._count)
        self._count, self._flushed_at = 0, self._monotonic()
