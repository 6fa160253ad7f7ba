"""What a shop, and through it a customer, may know of an order. These records have no field for a domestic track
number, a seller, an account or a purchase price, and whatever leaves for a shop is made of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from purchasing.consents import Consent, Price
from purchasing.orders import Order, OrderLine
from purchasing.parcels import Parcel, ParcelState
from purchasing.ports import Store
from purchasing.recalculate import Sum, customers_sum
from purchasing.words import ConsentState, LineStatus


class CustomerStatus(StrEnum):
    """`new`: not paid by the customer; `buying`: ordered or being ordered, not paid to the seller yet; `sent`: left
    the warehouse in a parcel."""

    NEW = "new"
    PAID = "paid"
    BUYING = "buying"
    BOUGHT = "bought"
    SHIPPED = "shipped"
    RECEIVED = "received"
    PACKED = "packed"
    SENT = "sent"
    CANCELLED = "cancelled"


_STATUSES: Mapping[LineStatus, CustomerStatus] = {
    LineStatus.NEW: CustomerStatus.NEW,
    LineStatus.READY: CustomerStatus.PAID,
    LineStatus.RESERVING: CustomerStatus.BUYING,
    LineStatus.RESERVED: CustomerStatus.BUYING,
    LineStatus.BY_HAND: CustomerStatus.BUYING,
    LineStatus.BOUGHT: CustomerStatus.BOUGHT,
    LineStatus.SHIPPED: CustomerStatus.SHIPPED,
    LineStatus.RECEIVED: CustomerStatus.RECEIVED,
    LineStatus.PACKED: CustomerStatus.PACKED,
    LineStatus.CANCELLED: CustomerStatus.CANCELLED,
}


@dataclass(frozen=True)
class CustomerLine:
    """`line` is the shop's own id of it, where it gave one; parts of a line that was split share it. Pieces received,
    packed and sent of `quantity`."""

    line: str
    item_id: str
    choice: str
    title: str
    quantity: int
    status: CustomerStatus
    received: int
    packed: int
    sent: int


@dataclass(frozen=True)
class CustomerParcel:
    """`track` is the international number; weight in grams; `lines` are those of this order that are in it."""

    number: str
    state: ParcelState
    track: str
    delivery_mode: str
    weight: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CustomerConsent:
    """A new price that the customer is asked to agree to (`asked`), or agreed to and still has to pay (`owes`). Sums of
    these lines together, in `currency`; `owes` is of the whole question."""

    state: ConsentState
    lines: tuple[str, ...]
    before: Decimal
    after: Decimal
    currency: str
    until: datetime
    owes: Decimal | None = None


@dataclass(frozen=True)
class CustomerOrder:
    order: str
    lines: tuple[CustomerLine, ...]
    parcels: tuple[CustomerParcel, ...]
    consents: tuple[CustomerConsent, ...] = ()


def customer_order(store: Store, order: Order) -> CustomerOrder:
    lines = store.lines.of_order(order.id)
    parcels = store.parcels.of_order(order.id)
    return CustomerOrder(
        order.number,
        tuple(_lines(store, lines, parcels)),
        tuple(_parcel(store, parcel, lines) for parcel in parcels),
        tuple(_consents(store, order, lines)),
    )


def _consents(store: Store, order: Order, lines: Sequence[OrderLine]) -> Iterator[CustomerConsent]:
    by_id = {line.id: line for line in lines}
    of_request: dict[tuple[int, ConsentState], list[Consent]] = defaultdict(list)
    for consent in store.consents.open_of(list(by_id)).values():
        of_request[consent.request_id, consent.state].append(consent)
    for (request_id, state), members in sorted(of_request.items()):
        request = store.consents.get(request_id)
        assert request is not None  # noqa: S101  # its consents are there
        before = _together(order, [(one.change.before, by_id[one.line_id]) for one in members])
        after = _together(order, [(one.change.after, by_id[one.line_id]) for one in members])
        told = tuple(dict.fromkeys(by_id[one.line_id].shop_key for one in members))
        owes = request.owes if state is ConsentState.OWES else None
        yield CustomerConsent(state, told, before.amount, after.amount, after.currency, request.due_at, owes)


def _together(order: Order, prices: Sequence[tuple[Price, OrderLine]]) -> Sum:
    sums = [customers_sum(price, line.quantity, order) for price, line in prices]
    return Sum(sum((one.amount for one in sums), Decimal(0)), sums[0].currency)


def _lines(store: Store, lines: Sequence[OrderLine], parcels: Sequence[Parcel]) -> list[CustomerLine]:
    received: dict[int, int] = defaultdict(int)
    for tie in store.bindings.of_lines([line.id for line in lines]):
        received[tie.line_id] += tie.received
    packed, sent = _pieces(parcels, ParcelState.PACKED, ParcelState.SENT), _pieces(parcels, ParcelState.SENT)
    return [_line(line, received[line.id], packed[line.id], sent[line.id]) for line in lines]


def _pieces(parcels: Sequence[Parcel], *states: ParcelState) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for parcel in parcels:
        if parcel.state in states:
            for item in parcel.items:
                found[item.line_id] += item.quantity
    return found


def _line(line: OrderLine, received: int, packed: int, sent: int) -> CustomerLine:
    status = _STATUSES[line.status]
    if status is CustomerStatus.PACKED and sent >= line.quantity:
        status = CustomerStatus.SENT
    goods = (line.item_id, line.sku, line.title)
    return CustomerLine(line.shop_key, *goods, line.quantity, status, received, packed, sent)


def _parcel(store: Store, parcel: Parcel, lines: Sequence[OrderLine]) -> CustomerParcel:
    inside = {item.line_id for item in parcel.items}
    # typed by people: should one have put a domestic number there, it stays here
    domestic = bool(parcel.track) and bool(store.provider_orders.by_waybill(parcel.track))
    return CustomerParcel(
        parcel.number,
        parcel.state,
        "" if domestic else parcel.track,
        parcel.delivery_mode,
        parcel.weight,
        tuple(dict.fromkeys(line.shop_key for line in lines if line.id in inside)),
    )
