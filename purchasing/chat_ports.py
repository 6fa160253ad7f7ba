"""What use cases ask of storage about chats: what came in, what is to be shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from purchasing.cards import Address, Card, Outgoing
from purchasing.inbox import Incoming
from purchasing.words import (
    Lane,
)


class Cards(Protocol):
    """The outbox. A card with something to send has exactly one pending row, so edits coalesce by themselves."""

    def post(self, chat_id: int, address: Address, lane: Lane, now: datetime, dedupe: str = "") -> int:
        """A new message. A `dedupe` that was used before posts nothing and returns the earlier card."""
        ...

    def show(self, chat_id: int, message_id: int, address: Address, lane: Lane, now: datetime) -> int:
        """Turns an existing message into another screen, in place."""
        ...

    def touch(self, subject: str, lane: Lane, now: datetime) -> int:
        """Every card about `subject` must be rendered anew; the number of them."""
        ...

    def remove(self, card_id: int, now: datetime) -> None:
        """Deletes the message."""
        ...

    def by_message(self, chat_id: int, message_id: int) -> Card | None: ...
    def next(self, now: datetime, skip_chats: Collection[int], limit: int) -> list[Outgoing]:
        """Pending rows by lane and age; of a chat only its first."""
        ...

    def next_due(self, now: datetime) -> datetime | None: ...
    def done(self, sent: Outgoing, message_id: int | None, media: str, digest: str, now: datetime) -> None:
        """Sent as rendered; `sent` as `next` gave it. A touch since then keeps a pending row (`version` moved on)."""
        ...

    def retry(self, outgoing_id: int, not_before: datetime, error: str) -> None: ...
    def bury(self, outgoing_id: int, error: str, now: datetime) -> None:
        """Dead letter: never tried again."""
        ...

    def bury_chat(self, chat_id: int, error: str, now: datetime) -> int: ...
    def forget_message(self, card_id: int) -> None:
        """The message is gone in Telegram: the next sending makes a new one."""
        ...

    def purge(self, buried_before: datetime, keep: int) -> int:
        """Removes dead letters of before then, and all cards with nothing to send but the newest `keep`: their messages
        stay in the chats, and become cards anew when somebody presses them."""
        ...


class Inbox(Protocol):
    def accept(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Stores them (payload sealed) and returns those that are new."""
        ...

    def pending(self) -> list[Incoming]: ...
    def done(self, bot_id: int, update_id: int, now: datetime) -> bool:
        """False when it was done before. Erases the payload."""
        ...

    def failed(self, bot_id: int, update_id: int, error: str) -> int:
        """Counts a failed try and returns how many there are now."""
        ...

    def park(self, bot_id: int, update_id: int, error: str, now: datetime) -> None: ...
    def purge(self, before: datetime) -> int: ...
