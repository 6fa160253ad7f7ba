"""What a reservation would do, gathered per line before anybody confirms it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class PreviewLine:
    """`group` numbers the checkout within the preview (-1: none). Freight shares and sums are fen."""

    line_id: int
    account_id: int | None
    group: int = -1
    seller: str = ""
    seller_id: str = ""
    sku_id: str = ""
    choice: str = ""
    title: str = ""
    unit_price: Decimal | None = None
    refusal: str = ""
    detail: str = ""
    quoted_at: datetime | None = None


@dataclass(frozen=True)
class PreviewGroup:
    """One checkout: a future provider order."""

    number: int
    account_id: int
    seller: str
    goods: int
    freight: int
    discount: int
    total: int
    freight_final: bool = True


@dataclass(frozen=True)
class Preview:
    id: int
    person_id: int
    created_at: datetime
    confirmed_at: datetime | None = None
    dropped_at: datetime | None = None
    lines: tuple[PreviewLine, ...] = ()
    groups: tuple[PreviewGroup, ...] = ()
    activity_ids: tuple[int, ...] = ()
