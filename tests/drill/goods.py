"""Order files that a shop might export: made-up orders of goods that the sandbox sells, with canaries in them."""

import csv
import io
import random
from dataclasses import dataclass

HEAD = ("order", "customer", "provider", "item_id", "sku", "title", "quantity", "price", "shipping", "status",
        "recipient", "phone", "passport")  # fmt: skip
CANARY_PASSPORT = "7700 919191"
CANARY_PHONE = "+79990001122"

# item, sku, fewest pieces, most pieces, price: nothing that a marketplace would ask about, unless a fault is ordered
WHOLESALE = (
    ("730000000008", "5700000000081", 5, 30, "2.60"),
    ("730000000008", "5700000000082", 5, 30, "2.60"),
    ("730000000001", "5700000000011", 10, 20, "18.00"),
    ("730000000005", "5700000000051", 2, 6, "32.50"),
    ("730000000010", "", 2, 5, "28.90"),
    ("730000000007", "5700000000071", 3, 9, "12.80"),
)
RETAIL = (
    ("640000000001", "5400000000011", 1, 3, "39.90"),
    ("640000000003", "", 1, 2, "59.00"),
    ("640000000008", "5400000000083", 1, 3, "15.80"),
    ("640000000009", "", 1, 2, "128.00"),
)


@dataclass(frozen=True)
class Row:
    order: str
    provider: str
    item_id: str
    sku: str
    quantity: int
    price: str
    customer: str


def make_orders(
    dice: random.Random, provider: str, numbers: list[str], most_lines: int = 3, customer: str = ""
) -> list[Row]:
    """A few lines in each order, no goods twice in one. All of Taobao's are for one customer where none is given: each
    new one needs an entry in the account's address book."""
    customer = customer or ("Guest" if provider == "taobao" else "")
    shelf = RETAIL if provider == "taobao" else WHOLESALE
    rows = []
    for number in numbers:
        for item_id, sku, fewest, most, price in dice.sample(shelf, dice.randint(1, most_lines)):
            whose = customer or f"Customer {number}"
            rows.append(Row(number, provider, item_id, sku, dice.randint(fewest, most), price, whose))
    return rows


def as_csv(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for row in rows:
        customer, shipping = row.customer, 0
        private = ("Получатель", CANARY_PHONE, CANARY_PASSPORT)
        goods = (row.item_id, row.sku, f"Goods {row.item_id}", row.quantity, row.price, shipping)
        writer.writerow((row.order, customer, row.provider, *goods, "paid", *private))
    return text.getvalue().encode()
