"""Updates taken from Telegram and not yet worked off; each is applied once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Incoming:
    """`payload` is the update's JSON; `key` the chat, else the user, in whose order it is handled."""

    bot_id: int
    update_id: int
    key: str
    payload: str
    received_at: datetime
    attempts: int = 0
