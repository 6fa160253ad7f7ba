"""Orders placed on a provider, as last seen there, and the bindings that tie their pieces to our lines."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from purchasing.words import ProviderName, Stage


@dataclass(frozen=True)
class ProviderLine:
    id: int
    provider_order_id: int
    sub_number: str
    item_id: str
    sku_id: str
    choice: str
    title: str
    quantity: int
    unit_price: Decimal
    raw_status: str = ""
    refund_status: str = ""
    refunded: int = 0
    """Fen that the marketplace has paid back for it, as it says; 0 where it doesn't say."""


@dataclass(frozen=True)
class Waybill:
    """`number` as the carrier writes it; `replaced_at` set when the provider or staff have another one now: still
    findable."""

    id: int
    provider_order_id: int
    number: str
    carrier: str = ""
    carrier_name: str = ""
    sub_numbers: tuple[str, ...] = ()
    first_seen_at: datetime | None = None
    replaced_at: datetime | None = None
    received_at: datetime | None = None
    typed_by: int | None = None
    """Who typed it, until the provider shows it too: no sync takes it away."""
    replaced_by: int | None = None
    """Who set it aside: no sync brings it back."""


@dataclass(frozen=True)
class ProviderOrder:
    """Sums are fen. `origin`: placed by us, linked by a person, or seen (made by hand on the provider)."""

    id: int
    account_id: int
    provider: ProviderName
    number: str
    raw_status: str
    stage: Stage | None
    total: int
    freight: int
    seller: str
    origin: str
    created_at: datetime | None = None
    paid_at: datetime | None = None
    closes_at: datetime | None = None
    seen_at: datetime | None = None
    ignored_at: datetime | None = None
    """Since when staff call it private: it is neither to be paid nor to be linked by us."""
    stage_since: datetime | None = None
    """When it was first seen in its stage."""
    lines: tuple[ProviderLine, ...] = ()
    waybills: tuple[Waybill, ...] = ()


@dataclass(frozen=True)
class Binding:
    """How many pieces of a line a provider line covers, and how many of them have reached the warehouse."""

    id: int
    line_id: int
    provider_line_id: int
    quantity: int
    ended_at: datetime | None = None
    received: int = 0


@dataclass(frozen=True)
class LineChange:
    """One thing that happened to a line or order, to be told: `kind` is a code of the texts, `params` its words."""

    order_id: int
    line_id: int | None
    kind: str
    params: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
