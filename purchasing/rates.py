"""Rates of customers' currencies: what a yuan costs them from a day on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Rate:
    """From `since` on: `source` units of `currency` per yuan, and what the agency puts on it, in percent."""

    id: int
    currency: str
    since: datetime
    source: Decimal
    markup: Decimal
    set_by: int
    set_at: datetime

    @property
    def value(self) -> Decimal:
        """Units of the currency per yuan that a customer pays."""
        return (self.source * (1 + self.markup / 100)).quantize(Decimal("0.000001")).normalize()
