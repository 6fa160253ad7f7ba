"""Money that comes back: what the marketplace owes us for pieces of a line, and what we owe their customer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from purchasing.words import RefundState

OPEN = frozenset({RefundState.ASKED, RefundState.REFUNDED})
"""Somebody still has to get money."""


class RefundReason(StrEnum):
    CLOSED = "closed"
    """The provider order was closed after it was paid."""
    MARKETPLACE = "marketplace"
    """The marketplace shows a refund of the goods."""
    CUSTOMER = "customer"
    """The customer refused what was paid for already."""
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class Refund:
    """`total`: fen that the goods cost us; `owed`: what the customer paid for these pieces, in `currency`. `raw` is the
    marketplace's own word for it."""

    id: int
    line_id: int
    state: RefundState
    reason: RefundReason
    quantity: int
    total: int
    owed: Decimal
    currency: str
    opened_at: datetime
    provider_line_id: int | None = None
    raw: str = ""
    opened_by: int | None = None
    refunded_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN


class Signal(StrEnum):
    """What a marketplace's word for a refund means; "" where it says nothing of one."""

    NONE = ""
    ASKED = "asked"
    DONE = "done"
    CLOSED = "closed"


def signal(refund_status: str) -> Signal:
    """1688: refundsuccess or REFUND_SUCCESS, refundclose or REFUND_CLOSED; Taobao says it in words (inferred)."""
    said = refund_status.strip().lower()
    if not said:
        return Signal.NONE
    if "close" in said or "关闭" in said:
        return Signal.CLOSED
    return Signal.DONE if "success" in said or "成功" in said or "已退款" in said else Signal.ASKED
