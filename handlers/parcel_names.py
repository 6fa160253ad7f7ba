"""Names and values of a parcel's fields, for its card, its form and its packing list."""

from collections.abc import Iterator

from bot.texts import Html, Reader, lazy_text
from purchasing.parcels import Addressee, Parcel

NAMES: dict[str, str] = {
    "weight": lazy_text("Weight"),
    "size": lazy_text("Size"),
    "delivery_mode": lazy_text("Delivery"),
    "track": lazy_text("International track number"),
    "external_id": lazy_text("Number at the delivery service"),
    "price": lazy_text("Delivery price"),
    "recipient": lazy_text("Recipient"),
    "phone": lazy_text("Phone"),
    "country": lazy_text("Country"),
    "region": lazy_text("Region"),
    "city": lazy_text("City"),
    "zip": lazy_text("Postal code"),
    "address": lazy_text("Address"),
    "passport": lazy_text("Passport"),
    "registration_address": lazy_text("Registration address"),
    "tax_number": lazy_text("Tax number"),
    "info": lazy_text("More"),
}


def fact_texts(reader: Reader, parcel: Parcel, details: Addressee, currency: str) -> Iterator[tuple[str, str]]:
    """(name, value) of every field; "" for one that is empty."""
    for field, name in NAMES.items():
        yield reader.text(name), value_text(reader, parcel, details, currency, field)


def value_text(reader: Reader, parcel: Parcel, details: Addressee, currency: str, field: str) -> str:
    match field:
        case "weight":
            return reader.text("{grams} g", grams=parcel.weight) if parcel.weight else ""
        case "size":
            sides = (parcel.length, parcel.width, parcel.height)
            return reader.text("{size} cm", size=" × ".join(_cm(side) for side in sides if side)) if all(sides) else ""
        case "price":
            return reader.money(parcel.price, currency) if parcel.price is not None else Html("")
        case "delivery_mode" | "track" | "external_id":
            return str(getattr(parcel, field))
        case _:
            return str(getattr(details, field))


def _cm(millimetres: int) -> str:
    whole, part = divmod(millimetres, 10)
    return f"{whole}.{part}" if part else str(whole)
