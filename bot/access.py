"""Who may use the bot: default deny for every kind of update. A stranger costs no write, no lock and no answer."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

KINDS = ("message", "callback_query", "my_chat_member")
"""The kinds of update that we handle; Telegram is asked for no others."""
FLUSH_SECONDS = 60.0

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
