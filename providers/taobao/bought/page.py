"""One page of the bought list, whatever shape it was read from."""

from dataclasses import dataclass

from purchasing.provider import ProviderOrderSeen


@dataclass(frozen=True)
class BoughtPage:
    """Newest first. `has_more` is None where the shape does not tell."""

    orders: tuple[ProviderOrderSeen, ...]
    has_more: bool | None = None
    total: int | None = None
