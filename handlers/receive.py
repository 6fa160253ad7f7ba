"""Receiving at the warehouse's table: every text, code or photo is a scan; one running card says how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.explain import STALE
from bot.screens import Button, Row, Screen, home_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import Turn
from handlers.find import look_for
from handlers.found import ReceiveThis, all_found_text, carrier_name, dead_text
from purchasing.cards import Address
from purchasing.carriers import box_of
from purchasing.errors import Stale
from purchasing.find_goods import UNKNOWN, Found, find
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.receive import (
    arrivals,
    finish_receiving,
    scan,
    show_card,
    start_receiving,
    undo_last,
    weigh_last,
    weight_of,
)
from purchasing.receiving import Arrivals, Receiving, Scan, ScanKind
from purchasing.recognise import Asked, recognise
from purchasing.words import Lane

router = Router(name="receive")

EARLIER = 5
"""Scans told on the running card beside the newest one."""

STALE.update(
    {
        "receiving_over": lazy_text("This receiving is finished. Start a new one with /receive."),
        "nothing_to_undo": lazy_text("Nothing was scanned yet, so there is nothing to undo."),
        "nothing_scanned": lazy_text("Scan a parcel first, then type its weight."),
        "scan_gone": lazy_text("This scan was taken back."),
    }
)
add_rules(
    {
        "weight_range": lazy_text("A weight is from 1 g to 1000 kg, like 1.24 or 850 g."),
        "pieces_of_line": lazy_text("There are no more pieces than were bought, and no fewer than none."),
        "in_parcel": lazy_text("Goods of order {value} are in a parcel already. Take them out of it first."),
    }
)

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


class WhileReceiving(Filter):
    """Passes messages of a person who is receiving and wasn't asked for something else; gives `receiving`."""

    async def __call__(self, _event: TelegramObject, turn: Turn, **_data: Any) -> bool | dict[str, Receiving]:
        if turn.form is not None:
            return False
        receiving = await turn.read(lambda store: store.warehouse.open_of(turn.person.id))
        return {"receiving": receiving} if receiving else False


@router.callback_query(Press.filter(F.what == "start"))
async def start(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        receiving = start_receiving(store, turn.person, turn.clock())
        turn.end_form(store)
        if turn.message_id is not None:
            address = Address.of("receiving", receiving.id)
            card = store.cards.show(turn.chat_id, turn.message_id, address, Lane.PRESS, turn.clock())
            store.warehouse.set_card(receiving.id, card, 0)

    await turn.act(change, turn.reader.text("Scan, type or photograph the labels now."))


@router.message(F.text, ~F.text.startswith("/"), WhileReceiving())
async def scanned(message: Message, turn: Turn, receiving: Receiving) -> None:
    await turn.act(lambda store: take_text(store, turn, receiving.id, message.text or ""))


def take_text(store: Store, turn: Turn, receiving_id: int, text: str) -> None:
    """A weight for the last parcel, one or more scans, or else a search."""
    grams, now = weight_of(text), turn.clock()
    if grams is not None:
        weigh_last(store, turn.person, receiving_id, grams, now)
    else:
        numbers = [asked for asked in recognise(text) if _is_scan(asked, find(store, [asked], now))]
        if not numbers:
            look_for(store, turn, text)
            return
        for asked in numbers:
            scan(store, turn.person, receiving_id, _whole(store, asked, now), box_of(asked.typed), now)
    show_card(store, turn.chat_id, receiving_id, now)


def _is_scan(asked: Asked, found: list[Found]) -> bool:
    """A track number, known or not; last digits only where they can mean but one parcel."""
    if all(one.kind == UNKNOWN for one in found):
        return asked.kind == "number"
    return {one.kind for one in found} == {"waybill"} and len({one.asked.text for one in found}) == 1


def _whole(store: Store, asked: Asked, now: datetime) -> str:
    found = find(store, [asked], now)[0]
    return found.asked.text


@router.callback_query(ReceiveThis.filter())
async def receive_this(_query: CallbackQuery, callback_data: ReceiveThis, turn: Turn) -> None:
    def change(store: Store) -> None:
        check(turn.person, Right.RECEIVE)
        receiving = store.warehouse.open_of(turn.person.id)
        if receiving is None:
            raise Stale("receiving_over")
        made = scan(store, turn.person, receiving.id, callback_data.number, None, turn.clock())
        turn.notice(scan_text(turn.reader, made))
        show_card(store, turn.chat_id, receiving.id, turn.clock())

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "undo"))
async def undo(_query: CallbackQuery, callback_data: Press, turn: Turn) -> None:
    def change(store: Store) -> None:
        undone = undo_last(store, turn.person, callback_data.receiving_id, turn.clock())
        turn.notice(turn.reader.text("Taken back: {number}", number=undone.number))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "finish"))
async def finish(_query: CallbackQuery, callback_data: Press, turn: Turn) -> None:
    def change(store: Store) -> None:
        finish_receiving(store, turn.person, callback_data.receiving_id, turn.clock())
        turn.show(store, Address.of("received", callback_data.receiving_id))
        turn.post(store, Address.of("received_file", callback_data.receiving_id))

    await turn.act(change)


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
    found = find(store, [Asked("number", last.number, typed=last.number)], now) if last else []
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
