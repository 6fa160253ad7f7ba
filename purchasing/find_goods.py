"""Whose goods are these: looks up in our books what was asked for. Reads only; what isn't there is called unknown."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from purchasing.carriers import carrier_code, normalise
from purchasing.order_ports import LineFilter
from purchasing.orders import Order, OrderLine
from purchasing.parcels import Parcel, parcel_id_of
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder, Waybill
from purchasing.recognise import Asked
from purchasing.refunds import Signal, signal
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
    for search in _searches(store, asked):
        found = list(search(store, asked))
        if found:
            return found
    return [Found(asked, UNKNOWN, carrier=carrier_code(asked.text))]


Search = Callable[[Store, Asked], Iterator[Found]]


def _searches(store: Store, asked: Asked) -> Iterator[Search]:
    """Those that may find something, in the order in which they count."""
    match asked.kind:
        case "product":
            yield _items
        case "words":
            yield from (_order, _tails, _lines)
        case _:
            yield _waybills
            yield from _numbered(store, asked)
            yield _tails
            if len(asked.text) <= SHORT:
                yield _lines


def _numbered(store: Store, asked: Asked) -> Iterator[Search]:
    """What else it is the number of is asked at once: nearly always it is nothing of these."""
    searches = {"parcel": _parcels, "provider_order": _provider_orders, "order": _order, "item": _items}
    known = store.numbers.known_as(asked.text, _spellings(asked), parcel_id_of(asked.text))
    yield from (search for kind, search in searches.items() if kind in known)


def is_waybill(store: Store, number: str) -> bool:
    """Whether we know it as a track number; `number` normalised."""
    return bool(store.provider_orders.by_waybill(number))


def is_ours(store: Store, number: str) -> bool:
    """Whether it is a track number that we know or is on the label of a parcel of ours."""
    return is_waybill(store, number) or store.parcels.get(parcel_id_of(number) or 0) is not None


def _waybills(store: Store, asked: Asked) -> Iterator[Found]:
    for order in store.provider_orders.by_waybill(asked.text):
        yield _shipped(store, asked, order)


def _shipped(store: Store, asked: Asked, order: ProviderOrder) -> Found:
    """What of the order is in the shipment of the number that was asked for."""
    waybill = _of_number(order.waybills, asked.text)
    lines = _bound(store, order, waybill.sub_numbers if waybill else ())
    carrier = (waybill.carrier_name or waybill.carrier) if waybill else ""
    return Found(
        asked,
        "waybill",
        lines,
        len(lines),
        provider_order=order,
        waybill=waybill,
        carrier=carrier or carrier_code(asked.text),
    )


def _of_number(waybills: Iterable[Waybill], number: str) -> Waybill | None:
    """The one that the provider shows now wins over a replaced one of the same number."""
    same = [waybill for waybill in waybills if number in (normalise(waybill.number), waybill.number.upper())]
    return min(same, key=lambda waybill: waybill.replaced_at is not None, default=None)


def _bound(store: Store, order: ProviderOrder, sub_numbers: Sequence[str]) -> tuple[FoundLine, ...]:
    """Lines tied to the provider order, or to those of its lines that are in the shipment."""
    wanted = {p.id for p in order.lines if not sub_numbers or p.sub_number in sub_numbers}
    found: dict[int, FoundLine] = {}
    for binding, line in store.lines.of_provider_order(order.id):
        if binding.provider_line_id in wanted:
            before = found[line.id].quantity if line.id in found else 0
            found[line.id] = FoundLine(line, before + binding.quantity)
    return tuple(found.values())


def _provider_orders(store: Store, asked: Asked) -> Iterator[Found]:
    for order in store.provider_orders.find_number(asked.text):
        lines = _bound(store, order, ())
        yield Found(asked, "provider_order", lines, len(lines), provider_order=order)


def _parcels(store: Store, asked: Asked) -> Iterator[Found]:
    """By the number on our own label, or the international track number."""
    own = store.parcels.get(parcel_id_of(asked.text) or 0)
    for parcel in [own] if own else store.parcels.by_track(asked.text):
        pieces = {item.line_id: item.quantity for item in parcel.items}
        lines = tuple(FoundLine(line, pieces[line.id]) for line in store.lines.many(pieces))
        yield Found(asked, "parcel", lines, len(lines), parcel=parcel)


def _tails(store: Store, asked: Asked) -> Iterator[Found]:
    """By the last digits of a track number, where few enough end so."""
    if not TAIL.fullmatch(asked.text.upper()):
        return
    found = store.provider_orders.by_tail(asked.text.upper(), MOST_ALIKE + 1)
    alike = len({number for number, _order in found})
    if alike > MOST_ALIKE:
        yield Found(asked, "many", total=alike)
        return
    for number, order in found:
        yield _shipped(store, Asked("number", number, typed=number), order)


def _spellings(asked: Asked) -> tuple[str, ...]:
    """Of an order's whole number: as typed or in upper case."""
    return asked.typed, asked.typed.upper(), asked.text, asked.text.upper()


def _order(store: Store, asked: Asked) -> Iterator[Found]:
    order = store.orders.by_number(*_spellings(asked))
    if order:
        lines = store.lines.of_order(order.id)
        shown = tuple(FoundLine(line, line.quantity) for line in lines[:MOST_LINES])
        yield Found(asked, "order", shown, len(lines), order=order)


def _items(store: Store, asked: Asked) -> Iterator[Found]:
    yield from _matching(store, asked, LineFilter(item_id=asked.text, provider=asked.provider))


def _lines(store: Store, asked: Asked) -> Iterator[Found]:
    """Order number, customer, title, item and sku are searched as text."""
    yield from _matching(store, asked, LineFilter(text=asked.text))


def _matching(store: Store, asked: Asked, where: LineFilter) -> Iterator[Found]:
    lines, total = store.lines.page(where, 0, MOST_LINES)
    if lines:
        yield Found(asked, "lines", tuple(FoundLine(line, line.quantity) for line in lines), total)
