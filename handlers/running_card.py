"""The running card of a receiving: how far it is, what the newest scan was, and what can be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram.filters.callback_data import CallbackData

from bot.screens import Button, Row, Screen, home_row, screen
from bot.texts import Html, Reader, bold, code, lazy_text, lines
from handlers.found import all_found_text, carrier_name, dead_text
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.find_goods import Found, find
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.receive import arrivals
from purchasing.receiving import Arrivals, Receiving, Scan, ScanKind
from purchasing.recognise import Asked

EARLIER = 5
"""Scans told beside the newest one."""

KINDS: dict[str, tuple[str, str]] = {
    ScanKind.RECEIVED: ("✅", lazy_text("received")),
    ScanKind.PART: ("◔", lazy_text("others still to come")),
    ScanKind.AGAIN: ("🔁", lazy_text("scanned before")),
    ScanKind.UNEXPECTED: ("❔", lazy_text("nothing of ours")),
}


class Press(CallbackData, prefix="rcv"):
    """`what`: start, undo, finish. `receiving_id` 0 for start."""

    what: str
    receiving_id: int


@dataclass(frozen=True)
class Running:
    """`last`: what the newest scan found; `earlier`: who had scanned it before, with the time."""

    receiving: Receiving | None
    counts: dict[ScanKind, int]
    newest: list[Scan]
    last: list[Found]
    before: tuple[str, datetime] | None
    boxes: list[int]
    coming: Arrivals


def load_receive(store: Store, _address: Address, viewer: Person, now: datetime) -> Running:
    check(viewer, Right.RECEIVE)
    return _running(store, store.warehouse.open_of(viewer.id), now)


def load_receiving(store: Store, address: Address, viewer: Person, now: datetime) -> Running:
    check(viewer, Right.RECEIVE)
    receiving = store.warehouse.get(int(address.args[0]))
    if receiving is None:
        raise Stale("receiving_over")
    return _running(store, receiving, now)


def _running(store: Store, receiving: Receiving | None, now: datetime) -> Running:
    coming = arrivals(store, now)
    if receiving is None:
        return Running(None, {}, [], [], None, [], coming)
    newest = store.warehouse.newest(receiving.id, EARLIER + 1)
    last = newest[0] if newest else None
    found = find(store, [Asked("number", last.number, typed=last.number)]) if last else []
    boxes = sorted({one.box for one in store.warehouse.arrived(last.number)}) if last and last.boxes else []
    counts = store.warehouse.counts(receiving.id)
    return Running(receiving, counts, newest, found, _before(store, last), boxes, coming)


def _before(store: Store, last: Scan | None) -> tuple[str, datetime] | None:
    if last is None or last.kind is not ScanKind.AGAIN:
        return None
    first = next(iter(store.warehouse.arrived(last.number)), None)
    receiving = store.warehouse.get(first.receiving_id) if first else None
    person = store.people.get(receiving.person_id) if receiving else None
    return (person.name, first.at) if first and person else None


@screen("receive", load=load_receive)
def receive_screen(state: Running, reader: Reader) -> Screen:
    return running_screen(state, reader) if state.receiving else _begin(state, reader)


def _begin(state: Running, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Receiving")),
        reader.text(
            "Scan labels into the chat with a scanner, type track numbers or their last digits, or send photos. Each "
            "scan marks the goods of that parcel as being in the warehouse."
        ),
        "",
        *arrivals_text(state.coming, reader),
    )
    start = Button(reader.text("📥 Start receiving"), Press(what="start", receiving_id=0), "success")
    return Screen(text, ((start,), (Button(reader.text("Parcels"), Address.of("parcels")),), home_row(reader)))


def arrivals_text(coming: Arrivals, reader: Reader) -> Iterator[object]:
    expected, overdue = sum(n for _, n in coming.expected), sum(n for _, n in coming.overdue)
    yield reader.plural("🚚 {n} parcel may arrive now", "🚚 {n} parcels may arrive now", expected)
    yield from _carriers(coming.expected, reader)
    if overdue:
        text = reader.plural("⏰ {n} parcel is overdue", "⏰ {n} parcels are overdue", overdue)
        yield bold(text)
        yield from _carriers(coming.overdue, reader)


def _carriers(counts: tuple[tuple[str, int], ...], reader: Reader) -> Iterator[object]:
    if counts:
        yield Html(" · ".join(f"{carrier_name(reader, name) or '—'}: {n}" for name, n in counts[:8]))


@screen("receiving", load=load_receiving)
def running_screen(state: Running, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Running, reader: Reader) -> Iterator[object]:
    assert state.receiving is not None  # noqa: S101  # its screens see to it
    if any(found.dead for found in state.last):
        yield dead_text(reader)
    yield bold(reader.text("📥 Receiving since {when}", when=reader.when(state.receiving.started_at)))
    if state.receiving.ended_at:
        yield reader.text("Finished {when}", when=reader.when(state.receiving.ended_at))
    yield counts_text(state.counts, reader)
    expected, overdue = sum(n for _, n in state.coming.expected), sum(n for _, n in state.coming.overdue)
    yield reader.text("Expected now: {n}, overdue: {overdue}", n=expected, overdue=overdue)
    if not state.newest:
        yield from ("", reader.text("Scan, type or photograph the first label."))
        return
    yield from ("", *_last(state, state.newest[0], reader))
    if state.newest[1:]:
        yield from ("", *[scan_text(reader, one) for one in state.newest[1:]])


def counts_text(counts: dict[ScanKind, int], reader: Reader) -> Html:
    told = [f"{KINDS[kind][0]} {reader.text(KINDS[kind][1])}: {counts[kind]}" for kind in ScanKind if counts[kind]]
    return Html(" · ".join(told)) if told else reader.text("Nothing scanned yet.")


def _last(state: Running, last: Scan, reader: Reader) -> Iterator[object]:
    yield bold(scan_text(reader, last))
    if state.before:
        name, at = state.before
        yield bold(reader.text("⚠️ {name} scanned it {when} already.", name=name, when=reader.when(at)))
    if last.kind is ScanKind.PART and not last.boxes:
        yield reader.text(
            "The provider order has other parcels, and the marketplace doesn't say what is in which: the goods count "
            "with the last one. Or set the pieces by hand."
        )
    if last.boxes:
        missing = [str(n) for n in range(1, last.boxes + 1) if n not in state.boxes]
        if missing:
            yield bold(reader.text("Boxes still to come: {boxes} of {n}", boxes=", ".join(missing), n=last.boxes))
    if last.weight:
        yield reader.text("⚖️ {grams} g", grams=last.weight)
    yield from all_found_text(reader, state.last)
    if not last.weight and last.kind in (ScanKind.RECEIVED, ScanKind.PART):
        yield reader.text("Its weight can be typed now, like 1.24")


def scan_text(reader: Reader, one: Scan) -> Html:
    sign, kind = KINDS[one.kind]
    box = reader.text("box {n} of {whole}", n=one.box, whole=one.boxes) if one.boxes else Html("")
    parts = [code(one.number), reader.text(kind), *([box] if box else [])]
    return Html(f"{sign} {' · '.join(parts)}")


def _rows(state: Running, reader: Reader) -> Iterator[Row]:
    receiving = state.receiving
    assert receiving is not None  # noqa: S101  # its screens see to it
    if receiving.ended_at is None:
        if state.newest:
            last = state.newest[0]
            undo = Press(what="undo", receiving_id=receiving.id)
            details = Button(reader.text("🔢 Pieces, damage, photos"), Address.of("scan", last.id))
            yield (Button(reader.text("↩️ Undo {number}", number=last.number), undo), details)
        finish = Press(what="finish", receiving_id=receiving.id)
        yield (Button(reader.text("🏁 Finish"), finish, "success"),)
    else:
        yield (Button(reader.text("Summary"), Address.of("received", receiving.id)),)
    yield home_row(reader)
