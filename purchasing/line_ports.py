"""What use cases of a line's data ask of storage; rules of `purchasing.ports` hold here too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from purchasing.provider_orders import Waybill


class Waybills(Protocol):
    """Track numbers that staff type. What a provider shows comes in by `ProviderOrders.upsert`."""

    def get(self, waybill_id: int) -> Waybill | None: ...
    def put(self, provider_order_id: int, number: str, sub_numbers: Collection[str], by: int, now: datetime) -> Waybill:
        """`number` normalised. One that the order has already is current (again), and in these provider lines too."""
        ...

    def set_aside(self, waybill_id: int, by: int, now: datetime) -> None:
        """Replaced by a person: still findable, and no sync brings it back."""
        ...


@dataclass(frozen=True)
class LineNote:
    """What staff wrote for each other about a line."""

    id: int
    line_id: int
    person_id: int
    text: str
    at: datetime


class LineNotes(Protocol):
    def add(self, line_id: int, person_id: int, text: str, now: datetime) -> None: ...
    def get(self, note_id: int) -> LineNote | None: ...
    def of_line(self, line_id: int) -> list[LineNote]:
        """Oldest first."""
        ...

    def remove(self, note_id: int) -> None: ...
