"""What telling people asks of storage; rules of `purchasing.ports` hold here too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from purchasing.cards import Address


@dataclass(frozen=True)
class Digest:
    """What one message tells at once: `told` are the addresses, oldest first."""

    id: int
    person_id: int
    at: datetime
    told: tuple[Address, ...] = ()


class Tellings(Protocol):
    def add(self, person_id: int, address: Address, dedupe: str, now: datetime, *, waits: bool) -> bool:
        """False when this was told, or waits, already. `waits`: for the person's next digest."""
        ...

    def waiting(self) -> Mapping[int, datetime]:
        """People for whom something waits, and since when the oldest of it does."""
        ...

    def gather(self, person_id: int, now: datetime) -> Digest:
        """Puts all that waits for the person into a new digest."""
        ...

    def digest(self, digest_id: int) -> Digest | None: ...
    def purge(self, before: datetime) -> int:
        """Forgets what was told before then; what waits stays."""
        ...
