"""Things that are stuck: found again and again from the tables, told once. Records and the ports for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class StuckKind(StrEnum):
    """Each with what its subject is: a provider order, an account, a question, an activity or a customer's order."""

    CLOSING = "closing"
    CLOSED_PAID = "closed_paid"
    NOT_SHIPPED = "not_shipped"
    NO_MOVEMENT = "no_movement"
    AUTO_CONFIRM = "auto_confirm"
    NOT_SCANNED = "not_scanned"
    QUESTION = "question"
    SESSION = "session"
    FAILED = "failed"
    READY = "ready"


@dataclass(frozen=True)
class Finding:
    """What a look finds: `subject_id` is a row of the kind's table; `state` changes when the thing has changed, and is
    then told anew. `since` it is so, or in the future: when it will happen."""

    kind: StuckKind
    subject_id: int
    state: str
    since: datetime
    account_id: int | None = None
    order_id: int | None = None
    """A customer's order that it is about."""


@dataclass(frozen=True)
class StuckThing(Finding):
    """`rounds`: how often it was told. `put_aside_by`: who snoozed or ignored it."""

    id: int = 0
    found_at: datetime | None = None
    gone_at: datetime | None = None
    snoozed_until: datetime | None = None
    ignored: bool = False
    put_aside_by: int | None = None
    rounds: int = 0

    def shown(self, now: datetime) -> bool:
        return self.gone_at is None and not self.ignored and (self.snoozed_until is None or self.snoozed_until <= now)


class Stuck(Protocol):
    """`before`: only what has been so since before then, by kind; for what is going to happen, what happens before
    then. A kind that isn't in it isn't looked for."""

    def find(self, before: Mapping[StuckKind, datetime], now: datetime) -> list[Finding]: ...
    def all(self) -> list[StuckThing]:
        """Those not gone, the oldest first."""
        ...

    def get(self, stuck_id: int) -> StuckThing | None: ...
    def put(self, finding: Finding, now: datetime) -> StuckThing:
        """New, changed or there again: no longer put aside, and one round more."""
        ...

    def gone(self, ids: Collection[int], now: datetime) -> None: ...
    def put_aside(self, stuck_id: int, by: int, until: datetime | None) -> None:
        """`until` None: ignored until it changes."""
        ...

    def bring_back(self, stuck_id: int) -> None: ...
    def purge(self, gone_before: datetime) -> None: ...
