"""What was bought against what the customers' orders had for it, by order, person or month; sums in fen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from purchasing.line_cost import own_total
from purchasing.money import fen, goods_total
from purchasing.order_ports import LineFilter
from purchasing.orders import Order, OrderLine, Section
from purchasing.ports import Store
from purchasing.purchases import Purchase

BY = ("order", "person", "month")
MOST = 5000
"""Lines that a report looks at, the newest."""
UNTOLD = "—"


@dataclass(frozen=True)
class Sums:
    """`ordered`: what the orders have for the lines, delivery included; `cost`: what they really cost. `income` is what
    the customers pay, in yuan at their orders' rates, for as many lines as that is known of; `income_cost` is what
    those cost. `unknown` lines, whose cost isn't known yet, are in no sum."""

    label: str
    lines: int = 0
    ordered: int = 0
    cost: int = 0
    income: int = 0
    income_cost: int = 0
    income_lines: int = 0
    unknown: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.label,
            self.lines + other.lines,
            self.ordered + other.ordered,
            self.cost + other.cost,
            self.income + other.income,
            self.income_cost + other.income_cost,
            self.income_lines + other.income_lines,
            self.unknown + other.unknown,
        )

    @property
    def saved(self) -> int:
        """What is left of the orders' price; below zero, the goods cost more."""
        return self.ordered - self.cost

    @property
    def profit(self) -> int | None:
        return self.income - self.income_cost if self.income_lines else None

    @property
    def margin(self) -> Decimal | None:
        """Percent of the income."""
        return round(Decimal(100 * (self.income - self.income_cost)) / self.income, 1) if self.income else None


def report(store: Store, by: str, zone: str) -> list[Sums]:
    """The newest first; persons by what they have bought for. `zone` decides where a month begins."""
    group = _GROUPS[by]
    found: dict[tuple[object, str], Sums] = {}
    for one in _bought(store):
        key = group(store, one, ZoneInfo(zone))
        found[key] = found.get(key, Sums(key[1])) + one.sums
    if by == "person":
        return sorted(found.values(), key=lambda sums: -sums.ordered)
    return [found[key] for key in sorted(found, key=lambda key: str(key[0]).zfill(20), reverse=True)]


def together(rows: Sequence[Sums]) -> Sums:
    return sum(rows, Sums(""))


@dataclass(frozen=True)
class _Bought:
    line: OrderLine
    order: Order
    purchase: Purchase | None
    sums: Sums


def _bought(store: Store) -> list[_Bought]:
    where = LineFilter(Section.BOUGHT)
    total = store.lines.page(where, 0, 1)[1]
    lines = store.lines.page(where, max(0, total - MOST), MOST)[0]
    purchases = store.purchases.of_lines([line.id for line in lines])
    orders = {order_id: store.orders.get(order_id) for order_id in {line.order_id for line in lines}}
    told = ((line, orders[line.order_id]) for line in lines)
    return [_Bought(line, order, purchases.get(line.id), _sums(line, order)) for line, order in told if order]


def _sums(line: OrderLine, order: Order) -> Sums:
    if line.purchase_price is None:
        return Sums("", unknown=1)
    cost = goods_total(line.purchase_price, line.quantity) + (line.purchase_shipping or 0)
    income = _income(line, order)
    if income is None:
        return Sums("", 1, own_total(line), cost)
    return Sums("", 1, own_total(line), cost, income, cost, 1)


def _income(line: OrderLine, order: Order) -> int | None:
    """Fen; None without a customer's price or a rate."""
    if line.customer_price is None or not order.rate:
        return None
    return fen(line.customer_price * line.quantity / order.rate)


def _by_order(_store: Store, one: _Bought, _zone: ZoneInfo) -> tuple[object, str]:
    return one.order.id, one.order.number


def _by_person(store: Store, one: _Bought, _zone: ZoneInfo) -> tuple[object, str]:
    person_id = one.purchase.person_id if one.purchase else None
    person = store.people.get(person_id) if person_id else None
    return (person.id, person.name) if person else (0, UNTOLD)


def _by_month(_store: Store, one: _Bought, zone: ZoneInfo) -> tuple[object, str]:
    moment: datetime | None = one.purchase.placed_at if one.purchase else one.order.created_at
    month = moment.astimezone(zone).strftime("%Y-%m") if moment else UNTOLD
    return month, month


_GROUPS: dict[str, Callable[[Store, _Bought, ZoneInfo], tuple[object, str]]] = {
    "order": _by_order,
    "person": _by_person,
    "month": _by_month,
}
