"""What use cases ask of storage about customers' orders, provider orders and what ties them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from purchasing.orders import LineData, Order, OrderLine, OrderSummary, ParcelDetails
from purchasing.provider import ProviderOrderSeen
from purchasing.provider_orders import Binding, LineChange, ProviderLine, ProviderOrder
from purchasing.shipments import Shipment, Tie
from purchasing.words import (
    LineStatus,
    ProviderName,
)


@dataclass(frozen=True)
class LineFilter:
    """Empty fields don't filter. `text` matches order number, customer, title, item id and sku."""

    statuses: frozenset[LineStatus] = frozenset()
    provider: ProviderName | None = None
    order_id: int | None = None
    text: str = ""
    item_id: str = ""
    ids: frozenset[int] | None = None
    without: frozenset[ProviderName] = frozenset()
    """Providers whose lines are left out."""
    free_for: int | None = None
    """Only lines that nobody else than this person holds; needs `now`."""
    assignee_id: int | None = None
    """Only lines of orders that are assigned to this person."""
    now: datetime | None = None
    """When holds are judged. With it, `Lines.page` also fills `holder_id`."""


class Orders(Protocol):
    def get(self, order_id: int) -> Order | None: ...
    def by_number(self, *spellings: str) -> Order | None:
        """The newest one of the first spelling that there is."""
        ...

    def numbered(self, number: str, shop: str | None = None) -> list[Order]:
        """All of this number, of every shop or of one: several shops may use the same numbers."""
        ...

    def find(self, text: str, limit: int = 10) -> list[Order]: ...
    def ensure(self, number: str, shop: str, now: datetime) -> Order: ...
    def save(self, order: Order) -> None: ...
    def page(
        self, text: str, section: str, offset: int, limit: int, *, assignee_id: int | None = None
    ) -> tuple[list[OrderSummary], int]:
        """Newest first, with the count of all. `section`: "", ready, bought or attention (orders having such lines);
        `assignee_id`: only those of this person."""
        ...

    def parcel(self, order_id: int) -> ParcelDetails: ...


class Lines(Protocol):
    def get(self, line_id: int) -> OrderLine | None: ...
    def many(self, line_ids: Collection[int]) -> list[OrderLine]:
        """In the order of their ids."""
        ...

    def of_order(self, order_id: int) -> list[OrderLine]: ...
    def of_provider_order(self, provider_order_id: int) -> list[Tie]:
        """In the order of our lines."""
        ...

    def page(self, where: LineFilter, offset: int, limit: int) -> tuple[list[OrderLine], int]:
        """Oldest order first, then by line, with the count of all that match."""
        ...

    def ids(self, where: LineFilter) -> list[int]: ...
    def counts(self) -> dict[LineStatus, int]: ...
    def add(self, order_id: int, data: LineData, status: LineStatus, split_from: int | None = None) -> OrderLine: ...
    def save(self, line_id: int, data: LineData) -> None: ...
    def set_told(self, line_id: int, told: Mapping[str, str]) -> None: ...
    def set_seller_note(self, line_id: int, note: str) -> None: ...
    def set_status(self, line_ids: Collection[int], status: LineStatus, why: str = "") -> None:
        """Writes without judging: callers go through `purchasing.moves`, which checks the transition table."""
        ...

    def hold(self, line_ids: Collection[int], person_id: int, until: datetime) -> None: ...
    def release(self, line_ids: Collection[int], until: datetime) -> None:
        """Ends holds that last until then or less; longer ones are somebody else's."""
        ...

    def holders(self, line_ids: Collection[int], now: datetime) -> dict[int, int]:
        """Line id → the person who holds it now."""
        ...


class ProviderOrders(Protocol):
    def get(self, provider_order_id: int) -> ProviderOrder | None: ...
    def by_number(self, provider: ProviderName, number: str) -> ProviderOrder | None: ...
    def find_number(self, number: str) -> list[ProviderOrder]: ...
    def many(self, ids: Collection[int]) -> list[ProviderOrder]: ...
    def open_numbers(self, account_id: int) -> list[str]:
        """Those that can still change and have at least one live binding, oldest first."""
        ...

    def taken_numbers(self, account_id: int, since: datetime) -> list[str]:
        """Numbers of orders first seen since then that already cover something: have a live binding or an intent."""
        ...

    def upsert(
        self, account_id: int, provider: ProviderName, seen: ProviderOrderSeen, origin: str, now: datetime
    ) -> ProviderOrder:
        """Writes what was seen: lines by sub number, waybills (those gone get `replaced_at`). `origin` only when new.
        `waybills` None in `seen` leaves the known ones."""
        ...

    def line(self, provider_line_id: int) -> ProviderLine | None: ...
    def by_waybill(self, number: str) -> list[ProviderOrder]:
        """Oldest first, by any of its track numbers, replaced ones too; `number` in upper case without spaces."""
        ...

    def set_received(self, number: str, at: datetime | None) -> None:
        """Marks the parcel of this track number as being in the warehouse, or takes that back."""
        ...

    def unpaid(self, account_id: int | None = None) -> list[ProviderOrder]:
        """Those that close first come first; without ignored ones."""
        ...

    def unlinked(
        self, account_id: int | None, offset: int, limit: int, *, ignored: bool = False
    ) -> tuple[list[ProviderOrder], int]:
        """Open ones that cover nothing, newest first, with the count of all; the ignored ones are a list of their
        own."""
        ...

    def set_ignored(self, ids: Collection[int], at: datetime | None) -> None: ...


class Shipments(Protocol):
    def ending(self, tail: str, limit: int) -> list[Shipment]:
        """Those whose track numbers, replaced ones too, end in `tail` (upper case letters and digits): of this very
        number first, then the newest. Of at least `limit` numbers if there are so many; a number that several provider
        orders have comes with each."""
        ...


class Numbers(Protocol):
    def known_as(self, number: str, spellings: Collection[str], parcel_id: int | None) -> frozenset[str]:
        """Kinds of what has this whole number: parcel (its track number, or the parcel `parcel_id`), provider_order,
        order (in one of the spellings), item."""
        ...


class Bindings(Protocol):
    def bind(self, line_id: int, provider_line_id: int, quantity: int, now: datetime) -> Binding:
        """Idempotent for a pair that is already bound."""
        ...

    def of_lines(self, line_ids: Collection[int]) -> list[Binding]:
        """Live ones."""
        ...

    def many(self, ids: Collection[int]) -> list[Binding]:
        """Ended ones too."""
        ...

    def of_provider_order(self, provider_order_id: int) -> list[Binding]: ...
    def end(self, binding_id: int, now: datetime) -> None:
        """Takes the tie off and remembers the pair as unbound."""
        ...

    def was_unbound(self, line_id: int, provider_line_id: int) -> bool: ...


class Events(Protocol):
    """What happened to orders and lines: told in pushes, shown in histories."""

    def add(self, change: LineChange, activity_id: int | None, now: datetime) -> None: ...
    def of_order(self, order_id: int, activity_id: int | None = None, limit: int = 100) -> list[LineChange]: ...
    def of_line(self, line: OrderLine, kinds: Collection[str], limit: int) -> list[LineChange]:
        """The newest of these kinds, oldest first."""
        ...
