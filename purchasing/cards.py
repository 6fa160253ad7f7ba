"""Addresses of what a chat shows. A message is a card: it holds an address and is rendered when it is sent."""

from dataclasses import dataclass
from datetime import datetime

from purchasing.words import Lane


@dataclass(frozen=True)
class Address:
    """A screen and its arguments, e.g. `order:12:bought:0`. As text it stays ≤ 48 bytes, so that it fits a button."""

    screen: str
    args: tuple[str, ...] = ()

    @classmethod
    def of(cls, screen: str, *args: object) -> "Address":
        return cls(screen, tuple(str(arg) for arg in args))

    @classmethod
    def parse(cls, text: str) -> "Address":
        screen, *args = text.split(":")
        return cls(screen, tuple(args))

    def __str__(self) -> str:
        return ":".join((self.screen, *self.args))

    @property
    def subject(self) -> str:
        """What the card is about: the screen and its first argument; touching it renders the card anew."""
        return ":".join((self.screen, *self.args[:1]))


@dataclass(frozen=True)
class Card:
    """One message in one chat; `message_id` None until it is sent first. `digest` tells whether anything changed."""

    id: int
    chat_id: int
    address: Address
    message_id: int | None = None
    media: str = ""
    """"", photo or document: an edit can't turn a text into a picture."""
    digest: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox: a card that must be rendered and sent, edited or deleted."""

    id: int
    card: Card
    lane: Lane
    attempts: int
    created_at: datetime
    delete: bool = False
    version: int = 0
    """Grows with every touch; `Cards.done` compares it."""
