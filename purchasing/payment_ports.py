"""Approvals that payments above a sum need: records and the port for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Approval:
    """`total` fen that were asked about; `approved` None while nobody has decided."""

    provider_order_id: int
    total: int
    asked_at: datetime
    approved: bool | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str = ""


class Approvals(Protocol):
    def of(self, provider_order_ids: Collection[int]) -> Mapping[int, Approval]: ...
    def ask(self, provider_order_id: int, total: int, now: datetime) -> None:
        """Asks, or asks anew, about this sum; what was decided before is forgotten."""
        ...

    def decide(self, provider_order_id: int, total: int, approved: bool, by: int, reason: str, now: datetime) -> bool:
        """False when it was decided before, or is about another sum."""
        ...
