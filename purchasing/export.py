"""What leaves in a table: rows of plain values. The customer-safe one can't carry what a customer may not see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from purchasing.customer_view import customer_order
from purchasing.money import yuan
from purchasing.order_ports import LineFilter
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.report import BY, report

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
    "refunds": (
        *("order", "line", "customer", "title", "quantity", "provider", "account", "provider_order", "refund_state"),
        *("reason", "raw_status", "cost", "owed", "currency", "opened_at", "refunded_at", "closed_at"),
    ),
    "customer": ("order", "line", "title", "choice", "quantity", "customer_price", "currency", "weight", "status"),
    "statuses": (
        *("order", "line", "item_id", "choice", "title", "quantity", "status", "received", "packed", "sent"),
        *("parcel", "track", "delivery_mode"),
    ),
    "audit": ("at", "person", "action", "subject", "before", "after"),
}
"""Codes of the columns; the screens have their words."""
_COST = ("group", "lines", "ordered", "cost", "left")
COLUMNS |= {f"cost_{by}": _COST for by in BY}
COLUMNS |= {f"profit_{by}": (*_COST, "income", "profit", "margin") for by in BY}
REPORTS = frozenset(what for what in COLUMNS if what.startswith(("cost_", "profit_")))
FOR_OWNERS = frozenset({"audit", *(f"profit_{by}" for by in BY)})


@dataclass(frozen=True)
class Table:
    what: str
    rows: Sequence[Sequence[Cell]]


def note_export(store: Store, person: Person, what: str, now: datetime) -> None:
    """Somebody takes a table away. Raises NotAllowed."""
    check_export(person, what)
    store.audit.add(AuditEntry(now, person.id, "export", what))


def check_export(person: Person, what: str) -> None:
    check(person, Right.MANAGE if what in FOR_OWNERS else Right.SEE)


def table(store: Store, person: Person, what: str) -> Table:
    """Raises NotAllowed, and ValueError for a table that there isn't."""
    check_export(person, what)
    if what not in COLUMNS:
        raise ValueError(what)
    rows = _report(store, person, what) if what in REPORTS else _ROWS[what](store)
    return Table(what, list(rows))


def _report(store: Store, person: Person, what: str) -> Iterator[Sequence[Cell]]:
    kind, _, by = what.partition("_")
    for sums in report(store, by, person.zone):
        row = (sums.label, sums.lines, yuan(sums.ordered), yuan(sums.cost), yuan(sums.saved))
        profit = None if sums.profit is None else yuan(sums.profit)
        yield (*row, yuan(sums.income), profit, sums.margin) if kind == "profit" else row


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
            *(line.order_number, line.shop_key, line.customer, line.provider.value, line.item_id, line.sku, line.title),
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
                *(order.created_at, order.paid_at, line.order_number, line.shop_key, bought.title or line.title),
                *(binding.quantity, bought.unit_price, waybills),
            )


def _refunds(store: Store) -> Iterator[Sequence[Cell]]:
    """Open ones first."""
    nicks = {account.id: account.nick for account in store.accounts.all()}
    for offset in range(0, MOST, PAGE):
        page, _ = store.refunds.page(offset, PAGE)
        lines = {line.id: line for line in store.lines.many([refund.line_id for refund in page])}
        for refund in page:
            line = lines[refund.line_id]
            bought = store.provider_orders.line(refund.provider_line_id) if refund.provider_line_id else None
            order = store.provider_orders.get(bought.provider_order_id) if bought else None
            where = (nicks.get(order.account_id, ""), order.number) if order else ("", "")
            yield (
                *(line.order_number, line.shop_key, line.customer, line.title),
                *(refund.quantity, line.provider.value, *where),
                *(refund.state.value, refund.reason.value, refund.raw, yuan(refund.total), refund.owed),
                *(refund.currency, refund.opened_at, refund.refunded_at, refund.closed_at),
            )
        if len(page) < PAGE:
            return


def _customer(store: Store) -> Iterator[Sequence[Cell]]:
    currencies: dict[int, str] = {}
    for line in _newest_lines(store):
        if line.order_id not in currencies:
            order = store.orders.get(line.order_id)
            currencies[line.order_id] = order.currency if order else ""
        price = (line.customer_price, currencies[line.order_id])
        yield (
            *(line.order_number, line.shop_key, line.title, line.sku, line.quantity),
            *(*price, line.weight, line.status.value),
        )


def _statuses(store: Store) -> Iterator[Sequence[Cell]]:
    """For a shop to read in: what it may know of each line, as it is told over HTTP."""
    for order_id in dict.fromkeys(line.order_id for line in _newest_lines(store)):
        order = store.orders.get(order_id)
        view = customer_order(store, order) if order else None
        for line in view.lines if view else ():
            inside = [parcel for parcel in view.parcels if line.line in parcel.lines] if view else []
            goods = (line.item_id, line.choice, line.title, line.quantity)
            yield (
                *(view.order if view else "", line.line, *goods, line.status.value),
                *(line.received, line.packed, line.sent),
                *(_joined(getattr(parcel, name) for parcel in inside) for name in ("number", "track", "delivery_mode")),
            )


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, words)))


def _audit(store: Store) -> Iterator[Sequence[Cell]]:
    names: dict[int | None, str] = {None: ""}
    entries, _ = store.audit.page("", 0, MOST)
    for entry in entries:
        if entry.person_id not in names:
            person = store.people.get(entry.person_id or 0)
            names[entry.person_id] = person.name if person else ""
        yield (entry.at, names[entry.person_id], entry.action, entry.subject, entry.before, entry.after)


_ROWS = {
    "orders": _orders,
    "lines": _lines,
    "purchases": _purchases,
    "refunds": _refunds,
    "customer": _customer,
    "statuses": _statuses,
    "audit": _audit,
}
