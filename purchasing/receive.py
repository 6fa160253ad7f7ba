"""Receiving: each scan marks the goods of one parcel as being in the warehouse, once, and can be taken back.

A parcel counts with its last box, and one of several parcels of a provider order (where the marketplace doesn't say
what is in which) with the last of them; until then its pieces are set by hand."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from purchasing.cards import Address
from purchasing.carriers import normalise
from purchasing.errors import BadInput, Stale
from purchasing.line_status import Mover, may_move
from purchasing.moves import move, touch_order
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import Binding, ProviderOrder, Waybill
from purchasing.receiving import Arrivals, Receiving, Scan, ScanKind
from purchasing.words import Lane, LineStatus

EXPECTED_AFTER, OVERDUE_AFTER = timedelta(days=2), timedelta(days=7)
"""Marketplaces tell no date of arrival: parcels inside China mostly take two to seven days (inferred)."""
LOST_AFTER = timedelta(days=45)
"""Nobody waits any longer: it was lost, or came while nobody scanned."""
HEAVIEST = 1_000_000
CARD_MOVES = 6
"""Scans after which the running card is posted anew below them."""
_WEIGHT = re.compile(
    r"(\d{1,4}[.,]\d{1,3})\s*(kg|кг|公斤)?|(\d{1,4})\s*(kg|кг|公斤)|(\d{1,7})\s*(g|г|гр|克)", re.IGNORECASE
)


def start_receiving(store: Store, person: Person, now: datetime) -> Receiving:
    """The person's open receiving, begun when there is none. Raises NotAllowed."""
    check(person, Right.RECEIVE)
    return store.warehouse.open_of(person.id) or store.warehouse.start(person.id, now)


def finish_receiving(store: Store, person: Person, receiving_id: int, now: datetime) -> None:
    """Raises NotAllowed, Stale when it is finished already."""
    receiving = _own(store, person, receiving_id)
    store.warehouse.finish(receiving.id, now)
    _touch(store, receiving.id, now)


def scan(
    store: Store, person: Person, receiving_id: int, typed: str, box_of: tuple[int, int] | None, now: datetime
) -> Scan:
    """Takes in one parcel or box; `typed` is its track number in any spelling. Raises NotAllowed, Stale."""
    receiving, number = _own(store, person, receiving_id), normalise(typed)
    orders = store.provider_orders.by_waybill(number)
    kind = _kind(store, number, box_of, orders)
    made = store.warehouse.add_scan(receiving.id, number, kind, box_of, now)
    if kind is ScanKind.RECEIVED:
        _take_in(store, made, _bindings(store, number, orders), now)
    if kind is ScanKind.RECEIVED or (kind is ScanKind.PART and box_of is None):
        store.provider_orders.set_received(number, now)
    if kind is ScanKind.UNEXPECTED:
        store.warehouse.want(number, person.id, now)
    store.audit.add(AuditEntry(now, person.id, "scan", number, after=kind.value))
    _touch(store, receiving.id, now)
    return made


def undo_last(store: Store, person: Person, receiving_id: int, now: datetime) -> Scan:
    """Takes back the newest scan of this receiving. Raises NotAllowed, Stale, BadInput (its goods are packed)."""
    receiving = _own(store, person, receiving_id)
    newest = store.warehouse.newest(receiving.id, 1)
    if not newest:
        raise Stale("nothing_to_undo")
    scan_ = newest[0]
    _check_not_packed(store, {tie: -pieces for tie, pieces in scan_.pieces})
    store.warehouse.put_pieces(scan_.id, dict.fromkeys(dict(scan_.pieces), 0))
    store.warehouse.undo(scan_.id, now)
    if not store.warehouse.arrived(scan_.number):
        store.provider_orders.set_received(scan_.number, None)
    _settle(store, dict(scan_.pieces), now)
    store.audit.add(AuditEntry(now, person.id, "scan_undone", scan_.number, before=scan_.kind.value))
    _touch(store, receiving.id, now)
    return scan_


def set_pieces(store: Store, person: Person, scan_id: int, binding_id: int, pieces: int, now: datetime) -> None:
    """How many pieces of a tie came with this scan, counted by hand: 0 to what is still missing.
    Raises NotAllowed, Stale, BadInput (also when they are packed)."""
    check(person, Right.RECEIVE)
    scan_ = store.warehouse.scan(scan_id)
    if scan_ is None or scan_.undone_at is not None or scan_.kind not in (ScanKind.RECEIVED, ScanKind.PART):
        raise Stale("scan_gone")
    tie = next((one for one in ties_of(store, scan_.number) if one.id == binding_id), None)
    if tie is None:
        raise Stale("binding_gone")
    had = dict(scan_.pieces).get(binding_id, 0)
    if not 0 <= pieces <= tie.quantity - tie.received + had:
        raise BadInput("pieces", "pieces_of_line", str(pieces))
    _check_not_packed(store, {binding_id: pieces - had})
    store.warehouse.put_pieces(scan_id, {binding_id: pieces})
    _settle(store, [binding_id], now)
    store.audit.add(AuditEntry(now, person.id, "pieces", scan_.number, str(had), str(pieces)))
    _touch(store, scan_.receiving_id, now)
    store.cards.touch(f"scan:{scan_id}", Lane.PRESS, now)


def weigh_last(store: Store, person: Person, receiving_id: int, grams: int, now: datetime) -> Scan:
    """The weight of what was scanned last. Raises NotAllowed, Stale, BadInput."""
    receiving = _own(store, person, receiving_id)
    if not 1 <= grams <= HEAVIEST:
        raise BadInput("weight", "weight_range", str(grams))
    newest = store.warehouse.newest(receiving.id, 1)
    if not newest:
        raise Stale("nothing_scanned")
    store.warehouse.weigh(newest[0].id, grams)
    _touch(store, receiving.id, now)
    return newest[0]


def show_card(store: Store, chat: int, receiving_id: int, now: datetime) -> None:
    """Keeps the running card near the end of the chat: anew when it is gone or the scans have pushed it up."""
    receiving = store.warehouse.get(receiving_id)
    if receiving is None:
        return
    scans = sum(store.warehouse.counts(receiving_id).values())
    address = Address.of("receiving", receiving_id)
    shown = store.cards.touch(address.subject, Lane.PRESS, now) if receiving.card_id else 0
    if shown and 0 <= scans - receiving.card_scans < CARD_MOVES:
        return
    store.warehouse.set_card(receiving_id, store.cards.post(chat, address, Lane.PRESS, now), scans)
    if shown and receiving.card_id:
        store.cards.remove(receiving.card_id, now)


def weight_of(text: str) -> int | None:
    """Grams of "1.24", "1,24 kg" or "850 g"; None for what is no weight. A bare whole number is none."""
    found = _WEIGHT.fullmatch(text.strip())
    if found is None:
        return None
    kilos, grams = found.group(1) or found.group(3), found.group(5)
    return int(grams) if grams else round(Decimal(kilos.replace(",", ".")) * 1000)


def ties_of(store: Store, number: str) -> list[Binding]:
    """The live ties of our lines to what is in the parcel of this track number."""
    return _bindings(store, number, store.provider_orders.by_waybill(number))


def arrivals(store: Store, now: datetime) -> Arrivals:
    return store.warehouse.arrivals(now - EXPECTED_AFTER, now - OVERDUE_AFTER, now - LOST_AFTER)


def _own(store: Store, person: Person, receiving_id: int) -> Receiving:
    check(person, Right.RECEIVE)
    receiving = store.warehouse.get(receiving_id)
    if receiving is None or receiving.person_id != person.id or receiving.ended_at is not None:
        raise Stale("receiving_over")
    return receiving


def _kind(store: Store, number: str, box_of: tuple[int, int] | None, orders: list[ProviderOrder]) -> ScanKind:
    earlier = store.warehouse.arrived(number)
    box, boxes = box_of or (0, 0)
    if any(one.kind is ScanKind.RECEIVED or one.box == box for one in earlier):
        return ScanKind.AGAIN
    if not _bindings(store, number, orders):
        return ScanKind.UNEXPECTED
    if boxes and len({one.box for one in earlier if one.box} | {box}) < boxes:
        return ScanKind.PART
    return ScanKind.PART if _others_to_come(store, number, orders) else ScanKind.RECEIVED


def _others_to_come(store: Store, number: str, orders: list[ProviderOrder]) -> bool:
    """Whether goods of these orders may be in parcels not scanned yet, as far as the marketplace tells."""
    for order in orders:
        others = [w for w in order.waybills if normalise(w.number) != number and not w.replaced_at]
        if _parts_known(order, number) or not others:
            continue
        if not all(store.warehouse.arrived(normalise(waybill.number)) for waybill in others):
            return True
    return False


def _parts_known(order: ProviderOrder, number: str) -> bool:
    return any(waybill.sub_numbers for waybill in _of_number(order, number))


def _of_number(order: ProviderOrder, number: str) -> list[Waybill]:
    return [waybill for waybill in order.waybills if normalise(waybill.number) == number]


def _bindings(store: Store, number: str, orders: Iterable[ProviderOrder]) -> list[Binding]:
    found = []
    for order in orders:
        inside = {sub for waybill in _of_number(order, number) for sub in waybill.sub_numbers}
        wanted = {line.id for line in order.lines if not inside or line.sub_number in inside}
        found += [tie for tie in store.bindings.of_provider_order(order.id) if tie.provider_line_id in wanted]
    return found


def _take_in(store: Store, scan_: Scan, ties: list[Binding], now: datetime) -> None:
    """All pieces that are still missing."""
    store.warehouse.put_pieces(scan_.id, {tie.id: tie.quantity - tie.received for tie in ties})
    _settle(store, [tie.id for tie in ties], now)


def _lines(store: Store, binding_ids: Iterable[int]) -> list[OrderLine]:
    return store.lines.many({tie.line_id for tie in store.bindings.many(list(binding_ids))})


def _settle(store: Store, binding_ids: Iterable[int], now: datetime) -> None:
    """A line is in the warehouse when all of its pieces are."""
    for line in _lines(store, binding_ids):
        ties = store.bindings.of_lines([line.id])
        whole = sum(tie.received for tie in ties) >= line.quantity
        if whole and may_move(Mover.WAREHOUSE, line.status, LineStatus.RECEIVED):
            move(store, [line], LineStatus.RECEIVED, Mover.WAREHOUSE, now)
        elif not whole and line.status is LineStatus.RECEIVED:
            move(store, [line], LineStatus.SHIPPED, Mover.WAREHOUSE, now)
        else:
            touch_order(store, line.order_id, now)


def _check_not_packed(store: Store, changes: dict[int, int]) -> None:
    """Raises BadInput when pieces that would be given back (`changes`: tie → more or fewer) are in a parcel."""
    lines = _lines(store, changes)
    packed = store.parcels.in_parcels([line.id for line in lines])
    for line in lines:
        ties = store.bindings.of_lines([line.id])
        left = sum(tie.received + changes.get(tie.id, 0) for tie in ties)
        if left < packed.get(line.id, 0):
            raise BadInput("pieces", "in_parcel", line.order_number)


def _touch(store: Store, receiving_id: int, now: datetime) -> None:
    store.cards.touch(f"receiving:{receiving_id}", Lane.PRESS, now)
