"""The shops whose orders we buy: how each may push orders, and where it wants to be told of changes. Records only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Pushed(StrEnum):
    """What a shop may send."""

    ORDERS = "orders"
    PARCELS = "parcels"


@dataclass(frozen=True)
class Shop:
    """`code` names it on screens and in requests; `source` is what its orders say (`Order.shop`).

    `secret_seen_at` None: its maker may still look at the secret. `failing_since`: since when its address takes no
    callback; `paused_until`: it isn't bothered before then. `test_asked_at`: somebody wants to see a test event."""

    id: int
    code: str
    source: str
    created_at: datetime
    intake: bool = False
    callback_url: str = ""
    secret_made_at: datetime | None = None
    secret_made_by: int | None = None
    secret_seen_at: datetime | None = None
    callback_at: datetime | None = None
    callback_result: str = ""
    failing_since: datetime | None = None
    paused_until: datetime | None = None
    test_asked_at: datetime | None = None


FILES = "files"
"""The source of the first shop: order files sent to the chat are its own, so that a file and a push of one order meet
in one order."""


@dataclass(frozen=True)
class ShopRequest:
    """Something that a shop pushed: `key` is its own id of the request, `digest` the body's. Counts of rows once it has
    `ended_at`; `rule` says why all of it was refused."""

    id: int
    shop_id: int
    key: str
    digest: str
    kind: Pushed
    activity_id: int
    at: datetime
    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    asked: int = 0
    rule: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class ShopDay:
    """What a shop pushed on one day, UTC, summed."""

    requests: int = 0
    taken: int = 0
    updated: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Callback:
    """What an order's shop has to be told, one row an order: `waiting_since` None when it knows all.

    `sequence` counts its events; `digest` is of what it knows, `event_digest` of what is being sent under `event_id`.
    `version` grows with every change, so that one during a sending is not taken for told."""

    order_id: int
    shop_id: int
    version: int
    sequence: int = 0
    digest: str = ""
    waiting_since: datetime | None = None
    event_id: str = ""
    event_digest: str = ""
    event_at: datetime | None = None
    attempts: int = 0
    not_before: datetime | None = None
    error: str = ""
    buried_at: datetime | None = None


@dataclass(frozen=True)
class CallbackCounts:
    """Orders whose shop is still to be told, and those that were given up."""

    waiting: int = 0
    buried: int = 0
