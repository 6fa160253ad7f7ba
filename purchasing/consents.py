"""What customers are asked about new prices, and what they said: beside a line's status, never instead of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from purchasing.money import goods_total
from purchasing.words import ConsentState

OPEN = frozenset({ConsentState.ASKED, ConsentState.OWES})
"""The customer has still something to say or to pay."""


@dataclass(frozen=True)
class Price:
    """What a line costs the customer: yuan per piece, delivery in fen for the whole line, and per piece in the order's
    currency (None where the shop told none)."""

    price: Decimal
    shipping: int
    customer_price: Decimal | None = None

    def total(self, quantity: int) -> int:
        """Fen for the whole line."""
        return goods_total(self.price, quantity) + self.shipping


@dataclass(frozen=True)
class PriceChange:
    line_id: int
    before: Price
    after: Price


@dataclass(frozen=True)
class Consent:
    """One line's part of what the customer is asked."""

    id: int
    request_id: int
    line_id: int
    state: ConsentState
    change: PriceChange
    answered_by: int | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class ConsentRequest:
    """One message to the customer of an order. `owes` is in the order's currency, in yuan where it has none."""

    id: int
    order_id: int
    asked_by: int
    asked_at: datetime
    due_at: datetime
    owes: Decimal | None = None
    consents: tuple[Consent, ...] = ()

    def of(self, *states: ConsentState) -> list[Consent]:
        return [consent for consent in self.consents if consent.state in states]

    @property
    def open(self) -> list[Consent]:
        return self.of(*OPEN)

    def overdue(self, now: datetime) -> bool:
        return self.due_at <= now and bool(self.of(ConsentState.ASKED))
