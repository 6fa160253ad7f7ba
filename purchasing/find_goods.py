"""Whose goods are these: looks up in our books what was asked for. Reads only; what isn't there is called unknown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from purchasing.carriers import carrier_code
from purchasing.order_ports import LineFilter
from purchasing.orders import Order, OrderLine
from purchasing.parcels import Parcel, parcel_id_of
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder, Waybill
from purchasing.recognise import Asked
from purchasing.refunds import Signal, signal
from purchasing.shipments import Shipment, Tie
from purchasing.words import LineStatus, Stage

MOST_LINES = 50
SHORT = 11
"""Longer numbers are never a part of a title or name, which would have to be looked for in every line there is."""
MOST_ALIKE = 5
"""Track numbers with the same last digits that are told one by one."""
TAIL = re.compile(r"(?=.*\d{3})[A-Z0-9]{4,14}")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class FoundLine:
    """A line and how many of its pieces are meant: those of the parcel or provider order, else all."""

    line: OrderLine
    quantity: int


@dataclass(frozen=True)
class Found:
    """`kind`: waybill, provider_order, order, lines (by product or words), parcel (one of ours), many (more track
    numbers end so than can be told apart; `total` of them) or unknown.

    A waybill or provider order without lines is one that nobody has linked. `total` counts the lines that match, of
    which at most 50 are here. `carrier` is a code of purchasing.carriers."""

    asked: Asked
    kind: str
    lines: tuple[FoundLine, ...] = ()
    total: int = 0
    order: Order | None = None
    provider_order: ProviderOrder | None = None
    waybill: Waybill | None = None
    carrier: str = ""
    parcel: Parcel | None = None

    @property
    def dead(self) -> bool:
        """Something in it was cancelled, closed or is being refunded: whoever holds it must know first of all."""
        order = self.provider_order
        closed = order is not None and order.stage in (Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED)
        refunded = order is not None and any(being_refunded(line.refund_status) for line in order.lines)
        return closed or refunded or any(one.line.status is LineStatus.CANCELLED for one in self.lines)


def being_refunded(refund_status: str) -> bool:
    """Any refund that wasn't closed again."""
    return signal(refund_status) in (Signal.ASKED, Signal.DONE)


def find(store: Store, asked: Sequence[Asked]) -> list[Found]:
    """At least one answer for each thing asked; a number may have several (one parcel of several provider orders)."""
    return [found for one in asked for found in _find(store, one)]


def _find(store: Store, asked: Asked) -> list[Found]:
    for found in _looks(store, asked):
        if found:
            return found
    return [Found(asked, UNKNOWN, carrier=carrier_code(asked.text))]


def _looks(store: Store, asked: Asked) -> Iterator[list[Found]]:
    """What each way of looking finds, in the order in which they count: none is tried after one that found."""
    match asked.kind:
        case "product":
            yield _items(store, asked)
        case "words":
            yield _order(store, asked)
            yield _ending(asked, _shipments(store, asked)) if TAIL.fullmatch(asked.text.upper()) else []
            yield _lines(store, asked)
        case _:
            yield from _of_number(store, asked)


def _of_number(store: Store, asked: Asked) -> Iterator[list[Found]]:
    ending = _shipments(store, asked)
    yield [_shipped(asked, one) for one in ending if one.number == asked.text]
    searches = {"parcel": _parcels, "provider_order": _provider_orders, "order": _order, "item": _items}
    known = store.numbers.known_as(asked.text, _spellings(asked), parcel_id_of(asked.text))
    yield from (search(store, asked) for kind, search in searches.items() if kind in known)
    yield _ending(asked, ending) if TAIL.fullmatch(asked.text) else []
    if len(asked.text) <= SHORT:
        yield _lines(store, asked)


def is_waybill(store: Store, number: str) -> bool:
    """Whether we know it as a track number; `number` normalised."""
    return bool(store.provider_orders.by_waybill(number))


def is_ours(store: Store, number: str) -> bool:
    """Whether it is a track number that we know or is on the label of a parcel of ours."""
    return is_waybill(store, number) or store.parcels.get(parcel_id_of(number) or 0) is not None


def _shipments(store: Store, asked: Asked) -> list[Shipment]:
    return store.shipments.ending(asked.text.upper(), MOST_ALIKE + 1)


def _shipped(asked: Asked, shipment: Shipment) -> Found:
    waybill = shipment.waybill
    lines = _bound(shipment.order, shipment.ties, waybill.sub_numbers)
    carrier = waybill.carrier_name or waybill.carrier or carrier_code(asked.text)
    return Found(asked, "waybill", lines, len(lines), provider_order=shipment.order, waybill=waybill, carrier=carrier)


def _ending(asked: Asked, shipments: Sequence[Shipment]) -> list[Found]:
    """By the last digits of a track number, where few enough end so."""
    alike = len({shipment.number for shipment in shipments})
    if alike > MOST_ALIKE:
        return [Found(asked, "many", total=alike)]
    return [_shipped(Asked("number", one.number, typed=one.number), one) for one in shipments]


def _bound(order: ProviderOrder, ties: Iterable[Tie], sub_numbers: Sequence[str] = ()) -> tuple[FoundLine, ...]:
    """Lines tied to the provider order, or to those of its lines that are in the shipment."""
    wanted = {line.id for line in order.lines if not sub_numbers or line.sub_number in sub_numbers}
    found: dict[int, FoundLine] = {}
    for binding, line in ties:
        if binding.provider_line_id in wanted:
            before = found[line.id].quantity if line.id in found else 0
            found[line.id] = FoundLine(line, before + binding.quantity)
    return tuple(found.values())


def _provider_orders(store: Store, asked: Asked) -> list[Found]:
    return [_bought(store, asked, order) for order in store.provider_orders.find_number(asked.text)]


def _bought(store: Store, asked: Asked, order: ProviderOrder) -> Found:
    lines = _bound(order, store.lines.of_provider_order(order.id))
    return Found(asked, "provider_order", lines, len(lines), provider_order=order)


def _parcels(store: Store, asked: Asked) -> list[Found]:
    """By the number on our own label, or the international track number."""
    own = store.parcels.get(parcel_id_of(asked.text) or 0)
    return [_packed(store, asked, parcel) for parcel in ([own] if own else store.parcels.by_track(asked.text))]


def _packed(store: Store, asked: Asked, parcel: Parcel) -> Found:
    pieces = {item.line_id: item.quantity for item in parcel.items}
    lines = tuple(FoundLine(line, pieces[line.id]) for line in store.lines.many(pieces))
    return Found(asked, "parcel", lines, len(lines), parcel=parcel)


def _spellings(asked: Asked) -> tuple[str, ...]:
    """Of an order's whole number: as typed or in upper case."""
    return asked.typed, asked.typed.upper(), asked.text, asked.text.upper()


def _order(store: Store, asked: Asked) -> list[Found]:
    order = store.orders.by_number(*_spellings(asked))
    if order is None:
        return []
    lines = store.lines.of_order(order.id)
    shown = tuple(FoundLine(line, line.quantity) for line in lines[:MOST_LINES])
    return [Found(asked, "order", shown, len(lines), order=order)]


def _items(store: Store, asked: Asked) -> list[Found]:
    return _matching(store, asked, LineFilter(item_id=asked.text, provider=asked.provider))


def _lines(store: Store, asked: Asked) -> list[Found]:
    """Order number, customer, title, item and sku are searched as text."""
    return _matching(store, asked, LineFilter(text=asked.text))


def _matching(store: Store, asked: Asked, where: LineFilter) -> list[Found]:
    lines, total = store.lines.page(where, 0, MOST_LINES)
    found = tuple(FoundLine(line, line.quantity) for line in lines)
    return [Found(asked, "lines", found, total)] if found else []
