"""What an order file's columns are called on screens, and how a changed cell is told; codes are the contract's."""

import re
from collections.abc import Mapping, Sequence

from bot.texts import Html, Reader, esc, lazy_text
from handlers import names
from purchasing.import_result import Difference
from purchasing.words import LineStatus

COLUMNS: dict[str, str] = {
    "order": lazy_text("order"),
    "line": lazy_text("line id"),
    "customer": lazy_text("customer"),
    "provider": lazy_text("marketplace"),
    "item_url": lazy_text("product link"),
    "item_id": lazy_text("product id"),
    "sku": lazy_text("configuration"),
    "title": lazy_text("title"),
    "image": lazy_text("picture"),
    "seller": lazy_text("seller"),
    "quantity": lazy_text("quantity"),
    "price": lazy_text("price"),
    "shipping": lazy_text("delivery"),
    "customer_price": lazy_text("customer's price"),
    "currency": lazy_text("currency"),
    "rate": lazy_text("rate"),
    "purchase_price": lazy_text("purchase price"),
    "purchase_shipping": lazy_text("purchase delivery"),
    "weight": lazy_text("weight"),
    "product": lazy_text("product"),
    "seller_note": lazy_text("note to the seller"),
    "status": lazy_text("status"),
    "comment": lazy_text("comment"),
    "recipient": lazy_text("recipient"),
    "phone": lazy_text("phone"),
    "address": lazy_text("address"),
    "passport": lazy_text("passport"),
    "tax_number": lazy_text("tax number"),
    "delivery_mode": lazy_text("delivery method"),
    "parcel": lazy_text("parcel"),
    "external_id": lazy_text("number at the delivery service"),
    "track": lazy_text("track number"),
    "size": lazy_text("size"),
    "country": lazy_text("country"),
    "region": lazy_text("region"),
    "city": lazy_text("city"),
    "zip": lazy_text("postal code"),
    "registration_address": lazy_text("registration address"),
    "info": lazy_text("more"),
}
FEN = {"shipping", "purchase_shipping"}
STATUSES = frozenset(status.value for status in LineStatus)


def column_name(reader: Reader, column: str) -> Html:
    return reader.text(COLUMNS[column]) if column in COLUMNS else esc(column)


def column_names(reader: Reader, listed: str) -> str:
    """The names in a sentence-like list of codes, such as `order, item_url or item_id`."""
    return re.sub(r"[a-z_]+", lambda word: str(column_name(reader, word.group())), listed)


def told_differences(params: Mapping[str, str]) -> list[Difference]:
    """From what an event keeps of them: `ours → theirs` under each column."""
    return [Difference(column, *both.split(" → ", 1)) for column, both in params.items() if " → " in both]


def differences_text(reader: Reader, differences: Sequence[Difference]) -> str:
    """What we have → what the file says, for each column."""
    return "; ".join(
        f"{column_name(reader, one.column)}: "
        f"{_value(reader, one.column, one.ours)} → {_value(reader, one.column, one.theirs)}"
        for one in differences
        if one.column in COLUMNS
    )


def _value(reader: Reader, column: str, value: str) -> str:
    if not value:
        return "—"
    if column in FEN and value.isdigit():
        return str(reader.yuan(int(value)))
    if column == "product":
        provider, _, rest = value.partition(" ")
        return f"{names.provider(provider)} {rest}"
    if column == "status" and value in STATUSES:
        return str(names.status(reader, LineStatus(value)))
    return value[:60]
