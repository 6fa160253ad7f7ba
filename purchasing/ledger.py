"""The ledger's records: an intent is one effect on a provider, committed before it is tried and never tried twice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from purchasing.words import IntentState


class Effect(StrEnum):
    PLACE = "place"
    CANCEL = "cancel"
    ADD_ADDRESS = "add_address"


class LineOutcome(StrEnum):
    PENDING = "pending"
    PLACED = "placed"
    REFUSED = "refused"
    ABSENT = "absent"


@dataclass(frozen=True)
class IntentLine:
    line_id: int
    quantity: int
    item_id: str
    sku_id: str
    outcome: LineOutcome = LineOutcome.PENDING


@dataclass(frozen=True)
class Intent:
    """`checkout` is the checkout as JSON, so that whoever finds the intent can look for it. Sums are fen.

    `fence` grows each time somebody takes the intent over; a hand with an older fence is refused at the gate."""

    id: int
    key: str
    effect: Effect
    activity_id: int
    account_id: int
    state: IntentState
    checkout: str
    expected_total: int
    fence: int = 0
    deadline: datetime | None = None
    sent_at: datetime | None = None
    looks: int = 0
    evidence: str = ""
    lines: tuple[IntentLine, ...] = ()
    provider_orders: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """While live, no other intent may hold the same lines."""
        return self.state in (IntentState.PREPARED, IntentState.SENDING, IntentState.UNKNOWN)
