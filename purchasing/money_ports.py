"""What use cases of money ask of storage; rules of `purchasing.ports` hold here too."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from purchasing.consents import Consent, ConsentRequest, PriceChange
from purchasing.purchases import Purchase
from purchasing.refunds import Refund
from purchasing.words import ConsentState


class Purchases(Protocol):
    def get(self, line_id: int) -> Purchase | None: ...
    def of_lines(self, line_ids: Collection[int]) -> dict[int, Purchase]: ...
    def put(self, purchase: Purchase) -> None:
        """Replaces what was kept of this line."""
        ...


class Consents(Protocol):
    def ask(
        self, order_id: int, changes: Sequence[PriceChange], asked_by: int, due_at: datetime, now: datetime
    ) -> ConsentRequest:
        """A line has one open consent at most: a unique index says so, the caller has looked."""
        ...

    def get(self, request_id: int) -> ConsentRequest | None: ...
    def page(self, offset: int, limit: int) -> tuple[list[ConsentRequest], int]:
        """Those with something open first, by their deadline; then the newest. With the count of all."""
        ...

    def open_of(self, line_ids: Collection[int]) -> dict[int, Consent]:
        """Line id → what its customer is asked, or owes, now."""
        ...

    def refused(self, line_ids: Collection[int]) -> set[int]:
        """Lines whose newest consent is a refusal."""
        ...

    def answer(self, consent_ids: Collection[int], state: ConsentState, by: int, now: datetime) -> None: ...
    def set_owes(self, request_id: int, owes: Decimal | None) -> None: ...
    def overdue(self, now: datetime) -> list[ConsentRequest]: ...
    def waiting(self) -> int:
        """Requests with something open."""
        ...


class Refunds(Protocol):
    def add(self, draft: Refund) -> Refund:
        """`draft` has id 0."""
        ...

    def get(self, refund_id: int) -> Refund | None: ...
    def of_lines(self, line_ids: Collection[int]) -> list[Refund]:
        """Closed ones too, oldest first."""
        ...

    def of_provider_order(self, provider_order_id: int) -> list[Refund]:
        """Of lines that are tied to it, or were when the refund was opened; closed ones too, oldest first."""
        ...

    def save(self, refund: Refund) -> None:
        """Writes all but the line and how it was opened."""
        ...

    def page(self, offset: int, limit: int) -> tuple[list[Refund], int]:
        """Open ones first, the oldest first; then the newest. With the count of all."""
        ...

    def open_count(self) -> int: ...
