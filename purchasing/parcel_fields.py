"""What is typed about a parcel, field by field, each checked by its rule before it is kept."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from purchasing.carriers import normalise
from purchasing.errors import BadInput
from purchasing.pack import open_parcel
from purchasing.parcels import Addressee, Parcel
from purchasing.people import Person
from purchasing.ports import AuditEntry, Store
from purchasing.receive import HEAVIEST, weight_of
from purchasing.shop_news import parcel_changed
from purchasing.typed import one_line
from purchasing.words import Lane

LONGEST = 300
MOST_CENTIMETRES = 500
ADDRESSEE = tuple(field.name for field in fields(Addressee))
OWN = ("weight", "size", "delivery_mode", "track", "external_id", "price")
FIELDS = (*OWN, *ADDRESSEE)

_SIZE = re.compile(
    r"(\d+(?:[.,]\d)?)\s*[xх×*/ ]\s*(\d+(?:[.,]\d)?)\s*[xх×*/ ]\s*(\d+(?:[.,]\d)?)\s*(?:cm|см|厘米)?", re.IGNORECASE
)


def set_field(store: Store, person: Person, parcel_id: int, field: str, text: str, now: datetime) -> None:
    """ "-" empties a field. Raises NotAllowed, Stale, BadInput(field, rule, text)."""
    parcel = open_parcel(store, person, parcel_id)
    text = one_line(text)
    value = "" if text in ("-", "—") else text
    details = store.parcels.details(parcel_id)
    changed, told = with_field(parcel, details, field, value)
    check_track(store, changed)
    store.parcels.save(changed)
    if told != details:
        store.parcels.save_details(parcel_id, told)
    # what it says may be a passport's number: only that it changed is written down
    store.audit.add(AuditEntry(now, person.id, f"parcel_{field}", parcel.number))
    store.cards.touch(f"parcel:{parcel_id}", Lane.PRESS, now)
    parcel_changed(store, changed, now)


def with_field(parcel: Parcel, details: Addressee, field: str, value: str) -> tuple[Parcel, Addressee]:
    """Both with what the field says now, "" emptying it. Raises BadInput(field, rule, value)."""
    if field not in ADDRESSEE:
        return _with(parcel, field, value), details
    if len(value) > LONGEST:
        raise BadInput(field, "text_300", value)
    return parcel, replace(details, **{field: value})


def check_track(store: Store, parcel: Parcel) -> None:
    """The customer is told this number: raises BadInput when it is a domestic one, or another customer's parcel's."""
    if not parcel.track:
        return
    if store.provider_orders.by_waybill(parcel.track):
        raise BadInput("track", "domestic_track", parcel.track)
    others = [one for one in store.parcels.by_track(parcel.track) if one.id != parcel.id]
    if any((one.customer or one.order_id) != (parcel.customer or parcel.order_id) for one in others):
        raise BadInput("track", "track_elsewhere", parcel.track)


def _with(parcel: Parcel, field: str, value: str) -> Parcel:
    if field == "size":
        length, width, height = _size(value)
        return replace(parcel, length=length, width=width, height=height)
    rules: dict[str, Callable[[str], Any]] = {
        "weight": grams,
        "track": _track,
        "price": _price,
        "delivery_mode": _short,
        "external_id": _short,
    }
    return replace(parcel, **{field: rules[field](value)})


def grams(value: str) -> int | None:
    """A bare whole number is grams here; None for an empty text. Raises BadInput."""
    if not value:
        return None
    grams = int(value) if value.isascii() and value.isdecimal() and len(value) < 8 else weight_of(value)
    if grams is None or not 1 <= grams <= HEAVIEST:
        raise BadInput("weight", "weight_range", value)
    return grams


def _size(value: str) -> tuple[int | None, int | None, int | None]:
    """Centimetres, kept as millimetres."""
    if not value:
        return None, None, None
    found = _SIZE.fullmatch(value)
    sides = [round(Decimal(side.replace(",", ".")) * 10) for side in found.groups()] if found else []
    if not sides or not all(1 <= side <= MOST_CENTIMETRES * 10 for side in sides):
        raise BadInput("size", "size_cm", value)
    return sides[0], sides[1], sides[2]


def _track(value: str) -> str:
    number = normalise(value)
    if value and not re.fullmatch(r"[A-Z0-9]{6,40}", number):
        raise BadInput("track", "track_6_40", value)
    return number


def _price(value: str) -> Decimal | None:
    if not value:
        return None
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,2})?", value):
        raise BadInput("price", "price_number", value)
    return Decimal(value.replace(",", "."))


def _short(value: str) -> str:
    if len(value) > 100:
        raise BadInput("text", "text_100", value)
    return value
