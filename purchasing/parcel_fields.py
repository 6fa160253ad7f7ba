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
    if field in ADDRESSEE:
        if len(value) > LONGEST:
            raise BadInput(field, "text_300", text)
        store.parcels.save_details(parcel_id, replace(store.parcels.details(parcel_id), **{field: value}))
    else:
        store.parcels.save(_with(parcel, field, value))
    # what it says may be a passport's number: only that it changed is written down
    store.audit.add(AuditEntry(now, person.id, f"parcel_{field}", parcel.number))
    store.cards.touch(f"parcel:{parcel_id}", Lane.PRESS, now)


def _with(parcel: Parcel, field: str, value: str) -> Parcel:
    if field == "size":
        length, width, height = _size(value)
        return replace(parcel, length=length, width=width, height=height)
    rules: dict[str, Callable[[str], Any]] = {
        "weight": _weight,
        "track": _track,
        "price": _price,
        "delivery_mode": _short,
        "external_id": _short,
    }
    return replace(parcel, **{field: rules[field](value)})


def _weight(value: str) -> int | None:
    """A bare whole number is grams here."""
    if not value:
        return None
    grams = int(value) if value.isdecimal() and len(value) < 8 else weight_of(value)
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
