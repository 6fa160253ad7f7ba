"""Parcels for customers: what is in them and what a delivery service wants to know. Records only, no rules."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ParcelState(StrEnum):
    """`open`: being gathered; `packed`: closed, its lines are packed; `sent`: has left the warehouse."""

    OPEN = "open"
    PACKED = "packed"
    SENT = "sent"


@dataclass(frozen=True)
class Addressee:
    """Who gets the parcel; sealed at rest."""

    recipient: str = ""
    phone: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    zip: str = ""
    address: str = ""
    passport: str = ""
    registration_address: str = ""
    tax_number: str = ""
    info: str = ""


@dataclass(frozen=True)
class ParcelItem:
    line_id: int
    quantity: int


@dataclass(frozen=True)
class Parcel:
    """`order_id`: the order whose customer it is for. Weight in grams, sides in millimetres; `track` is international,
    `price` what the customer pays for the delivery, in the order's currency."""

    id: int
    order_id: int
    state: ParcelState
    made_by: int
    created_at: datetime
    customer: str = ""
    weight: int | None = None
    length: int | None = None
    width: int | None = None
    height: int | None = None
    delivery_mode: str = ""
    track: str = ""
    external_id: str = ""
    price: Decimal | None = None
    packed_at: datetime | None = None
    sent_at: datetime | None = None
    items: tuple[ParcelItem, ...] = field(default=())

    @property
    def number(self) -> str:
        """What its label says; long enough, and with letters that no carrier uses, to be nothing else."""
        return parcel_number(self.id)


_PREFIX = "VYK"


def parcel_number(parcel_id: int) -> str:
    return f"{_PREFIX}{parcel_id:07d}"


def parcel_id_of(number: str) -> int | None:
    """The parcel that a number (normalised) names, None for any other number."""
    digits = number.removeprefix(_PREFIX)
    return int(digits) if number.startswith(_PREFIX) and digits.isdigit() and len(digits) == 7 else None
