"""What use cases of rates ask of storage; rules of `purchasing.ports` hold here too."""

from datetime import datetime
from typing import Protocol

from purchasing.orders import Order
from purchasing.rates import Rate


class Rates(Protocol):
    def add(self, draft: Rate) -> Rate:
        """`draft` has id 0."""
        ...

    def get(self, rate_id: int) -> Rate | None: ...
    def remove(self, rate_id: int) -> None: ...
    def at(self, currency: str, moment: datetime) -> Rate | None:
        """The one in force then: it began last, and of those of one day was added last."""
        ...

    def currencies(self) -> list[str]: ...
    def page(self, offset: int, limit: int) -> tuple[list[Rate], int]:
        """By currency, newest first, with the count of all."""
        ...

    def orders_without(self, currency: str) -> list[Order]:
        """Orders in this currency that have no rate."""
        ...
