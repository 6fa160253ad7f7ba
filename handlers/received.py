"""The end of a receiving: what came, what didn't, and all of it as a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Document, Row, Screen, back_row, home_row, screen
from bot.texts import Html, Reader, bold, code, lines
from handlers.defects import KINDS as DEFECTS
from handlers.running_card import KINDS, counts_text
from handlers.sheets import Cell, sheet
from purchasing.cards import Address
from purchasing.carriers import BY_CODE, carrier_code
from purchasing.errors import Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.receive import ties_of
from purchasing.receiving import Defect, Receiving, Scan, ScanKind

router = Router(name="received")

SHOWN = 15


@dataclass(frozen=True)
class Received:
    """`lines`: of each scan our lines with the pieces that it brought."""

    receiving: Receiving
    who: str
    counts: dict[ScanKind, int]
    scans: list[Scan]
    lines: dict[int, list[tuple[OrderLine, int]]]
    defects: list[Defect]
    waiting: dict[str, list[int]]
    """Track number → boxes still to come."""


def load_received(store: Store, address: Address, viewer: Person, _now: datetime) -> Received:
    check(viewer, Right.RECEIVE)
    receiving = store.warehouse.get(int(address.args[0]))
    if receiving is None:
        raise Stale("receiving_over")
    scans, person = store.warehouse.scans(receiving.id), store.people.get(receiving.person_id)
    found = {scan.id: _lines(store, scan) for scan in scans}
    counts, defects = store.warehouse.counts(receiving.id), store.warehouse.defects_of(receiving.id)
    return Received(receiving, person.name if person else "", counts, scans, found, defects, _waiting(store, scans))


def _lines(store: Store, scan: Scan) -> list[tuple[OrderLine, int]]:
    pieces = dict(scan.pieces)
    ties = [tie for tie in ties_of(store, scan.number) if tie.id in pieces]
    lines_ = {line.id: line for line in store.lines.many({tie.line_id for tie in ties})}
    return [(lines_[tie.line_id], pieces[tie.id]) for tie in ties]


def _waiting(store: Store, scans: list[Scan]) -> dict[str, list[int]]:
    parts = {scan.number: scan.boxes for scan in scans if scan.kind is ScanKind.PART and scan.boxes}
    waiting = {}
    for number, boxes in parts.items():
        here = {one.box for one in store.warehouse.arrived(number)}
        missing = [n for n in range(1, boxes + 1) if n not in here]
        if missing and 0 not in here:
            waiting[number] = missing
    return waiting


@screen("received", load=load_received)
def received_screen(state: Received, reader: Reader) -> Screen:
    file = (Button(reader.text("All of it as a file"), Address.of("received_file", state.receiving.id)),)
    parcels = (Button(reader.text("Parcels"), Address.of("parcels"), "success"),)
    rows: tuple[Row, ...] = (file, parcels, home_row(reader))
    return Screen(lines(*_text(state, reader)), rows)


def _text(state: Received, reader: Reader) -> Iterator[object]:
    started, ended = state.receiving.started_at, state.receiving.ended_at
    yield bold(
        reader.text(
            "Received: {name}, {start} – {end}", name=state.who, start=reader.when(started), end=reader.when(ended)
        )
    )
    yield counts_text(state.counts, reader)
    pieces = sum(n for lines_ in state.lines.values() for _, n in lines_)
    yield reader.plural("{n} piece of goods", "{n} pieces of goods", pieces)
    weight = sum(scan.weight or 0 for scan in state.scans)
    if weight:
        yield reader.text("⚖️ {grams} g", grams=weight)
    unexpected = [scan.number for scan in state.scans if scan.kind is ScanKind.UNEXPECTED]
    if unexpected:
        yield from ("", bold(reader.text("Nothing of ours in:")), *[code(number) for number in unexpected[:SHOWN]])
    for number, boxes in list(state.waiting.items())[:SHOWN]:
        missing = ", ".join(map(str, boxes))
        yield reader.text("◔ {number}: boxes {boxes} are still to come", number=code(number), boxes=missing)
    if state.defects:
        yield reader.plural("⚠️ {n} report of bad goods", "⚠️ {n} reports of bad goods", len(state.defects))


@screen("received_file", load=load_received)
def received_file(state: Received, reader: Reader) -> Screen:
    text = lines(*_text(state, reader))
    name = f"received-{state.receiving.started_at:%Y-%m-%d}-{state.receiving.id}.xlsx"
    back = back_row(reader, Address.of("received", state.receiving.id))
    return Screen(text, (back,), document=Document(name, _sheet(state, reader)))


def _sheet(state: Received, reader: Reader) -> bytes:
    head = [
        reader.text("Time"),
        reader.text("Number"),
        reader.text("Carrier"),
        reader.text("Result"),
        reader.text("Box"),
        reader.text("Weight, g"),
        reader.text("Order"),
        reader.text("Customer"),
        reader.text("Goods"),
        reader.text("Choice"),
        reader.text("Pieces"),
        reader.text("Remark"),
    ]
    return sheet(head, [row for scan in state.scans for row in _sheet_rows(state, scan, reader)])


def _sheet_rows(state: Received, scan: Scan, reader: Reader) -> Iterator[list[Cell]]:
    carrier = BY_CODE.get(carrier_code(scan.number))
    box = f"{scan.box}/{scan.boxes}" if scan.boxes else ""
    kind = reader.text(KINDS[scan.kind][1])
    name = carrier.name(reader.language) if carrier else ""
    start: list[Cell] = [reader.when(scan.at), scan.number, name, kind, box, scan.weight]
    for line, pieces in state.lines[scan.id]:
        bad = [d for d in state.defects if d.line_id == line.id and d.scan_id == scan.id]
        remark = "; ".join(Html(f"{reader.text(DEFECTS[d.kind])} {d.note}") for d in bad)
        yield [*start, line.order_number, line.customer, line.title or line.item_id, line.sku, pieces, remark]
    if not state.lines[scan.id]:
        yield start
