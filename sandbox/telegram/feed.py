"""All that people can see, in order, by one counter for all chats; nothing is told before it is true."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Literal

from sandbox.telegram.model import Json
from sandbox.telegram.signals import Signal

EventKind = Literal["message", "edit", "delete", "answer", "action", "commands", "read", "bot", "pin", "block"]
KEPT_EVENTS = 20_000


@dataclass(frozen=True)
class Event:
    version: int
    kind: EventKind
    bot_id: int
    chat_id: int | None
    body: Json


class Feed:
    def __init__(self) -> None:
        self.version = 0
        self.run = f"{time.time_ns():x}"  # tells a reader who comes back that this is another server
        self.signal = Signal()
        self._events: deque[Event] = deque(maxlen=KEPT_EVENTS)

    def publish(self, kind: EventKind, bot_id: int, chat_id: int | None, body: Json) -> None:
        self.version += 1
        self._events.append(Event(self.version, kind, bot_id, chat_id, body))
        self.signal.fire()

    def since(self, version: int) -> list[Event]:
        """Events after ``version``, oldest first."""
        newer: list[Event] = []
        for event in reversed(self._events):
            if event.version <= version:
                break
            newer.append(event)
        return newer[::-1]
