"""What leaves in a table: rows of plain values. The customer-safe one can't carry what a customer may not see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from purchasing.money import yuan
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, LineFilter, Store

MOST = 5000
"""Rows of one table, the newest ones: it is made and sent while people wait."""
PAGE = 200

Cell = str | int | Decimal | datetime | None

COLUMNS: dict[str, tuple[str, ...]] = {
    "orders": ("order", "customer", "currency", "rate", "created", "lines", "ready", "bought", "attention"),
    "lines": (
        *(
            "order",
            "line",
            "customer",
            "provider",
            "item_id",
            "sku",
            "title",
            "seller",
            "quantity",
            "price",
            "shipping",
        ),
        *("customer_price", "purchase_price", "purchase_shipping", "weight", "status", "why", "comment"),
    ),
    "purchases": (
        *("provider", "account", "provider_order", "raw_status", "stage", "total", "freight", "seller", "placed_at"),
        *("paid_at", "order", "line", "title", "quantity", "unit_price", "waybills"),
    ),
    "customer": ("order", "line", "title", "choice", "quantity", "customer_price", "currency", "weight", "status"),
    "audit": ("at", "person", "action", "subject", "before", "after"),
}
"""Codes of the columns; the screens have their words."""


@dataclass(frozen=True)
class Table:
    what: str
    rows: Sequence[Sequence[Cell]]


def note_export(store: Store, person: Person, what: str, now: datetime) -> None:
    """Somebody takes a table away. Raises NotAllowed."""
    check_export(person, what)
    store.audit.add(AuditEntry(now, person.id, "export", what))


def check_export(person: Person, what: str) -> None:
    check(person, Right.MANAGE if what == "audit" else Right.SEE)


def table(store: Store, person: Person, what: str) -> Table:
    """Raises NotAllowed, and ValueError for a table that there isn't."""
    check_export(person, what)
    if what not in COLUMNS:
        raise ValueError(what)
    return Table(what, list(_ROWS[what](store)))


def _orders(store: Store) -> Iterator[Sequence[Cell]]:
    for offset in range(0, MOST, PAGE):
        page, _ = store.orders.page("", "", offset, PAGE)
        for row in page:
            order = row.order
            money = (order.currency, order.rate, order.created_at)
            yield (order.number, order.customer, *money, row.lines, row.ready, row.bought, row.attention)
        if len(page) < PAGE:
            return


def _newest_lines(store: Store) -> list[OrderLine]:
    total = store.lines.page(LineFilter(), 0, 1)[1]
    return store.lines.page(LineFilter(), max(0, total - MOST), MOST)[0]


def _lines(store: Store) -> Iterator[Sequence[Cell]]:
    for line in _newest_lines(store):
        yield (
            *(line.order_number, line.key, line.customer, line.provider.value, line.item_id, line.sku, line.title),
            *(line.seller, line.quantity, line.price, yuan(line.shipping), line.customer_price, line.purchase_price),
            None if line.purchase_shipping is None else yuan(line.purchase_shipping),
            *(line.weight, line.status.value, line.why, line.comment),
        )


def _purchases(store: Store) -> Iterator[Sequence[Cell]]:
    """One row for each tie between a line and a provider order."""
    nicks = {account.id: account.nick for account in store.accounts.all()}
    lines = {line.id: line for line in _newest_lines(store)}
    ids = sorted(lines)
    for start in range(0, len(ids), PAGE):
        for binding in store.bindings.of_lines(ids[start : start + PAGE]):
            bought = store.provider_orders.line(binding.provider_line_id)
            order = store.provider_orders.get(bought.provider_order_id) if bought else None
            if bought is None or order is None:
                continue
            line = lines[binding.line_id]
            waybills = ", ".join(waybill.number for waybill in order.waybills if waybill.replaced_at is None)
            yield (
                *(order.provider.value, nicks.get(order.account_id, ""), order.number, order.raw_status),
                *(order.stage.value if order.stage else "", yuan(order.total), yuan(order.freight), order.seller),
                *(order.created_at, order.paid_at, line.order_number, line.key, bought.title or line.title),
                *(binding.quantity, bought.unit_price, waybills),
            )


def _customer(store: Store) -> Iterator[Sequence[Cell]]:
    currencies: dict[int, str] = {}
    for line in _newest_lines(store):
        if line.order_id not in currencies:
            order = store.orders.get(line.order_id)
            currencies[line.order_id] = order.currency if order else ""
        price = (line.customer_price, currencies[line.order_id])
        yield (line.order_number, line.key, line.title, line.sku, line.quantity, *price, line.weight, line.status.value)


def _audit(store: Store) -> Iterator[Sequence[Cell]]:
    names: dict[int | None, str] = {None: ""}
    entries, _ = store.audit.page("", 0, MOST)
    for entry in entries:
        if entry.person_id not in names:
            person = store.people.get(entry.person_id or 0)
            names[entry.person_id] = person.name if person else ""
        yield (entry.at, names[entry.person_id], entry.action, entry.subject, entry.before, entry.after)


_ROWS = {"orders": _orders, "lines": _lines, "purchases": _purchases, "customer": _customer, "audit": _audit}
