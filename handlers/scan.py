"""One scan in detail: pieces counted by hand, what is wrong with the goods, and their photos."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, code, lines
from bot.turn import Turn
from handlers import names
from handlers.running_card import scan_text
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.provider_orders import Binding
from purchasing.receive import set_pieces, ties_of
from purchasing.receiving import Scan, ScanKind

router = Router(name="scan")

TIES = 12


class Pieces(CallbackData, prefix="pcs"):
    scan_id: int
    binding_id: int
    pieces: int


@dataclass(frozen=True)
class ScanCard:
    """`ties`: our lines in the parcel, each with its tie."""

    scan: Scan
    ties: list[tuple[Binding, OrderLine]]


def load_scan(store: Store, address: Address, viewer: Person, _now: datetime) -> ScanCard:
    check(viewer, Right.RECEIVE)
    scan = store.warehouse.scan(int(address.args[0]))
    if scan is None or scan.undone_at is not None:
        raise Stale("scan_gone")
    ties = ties_of(store, scan.number)
    lines_ = {line.id: line for line in store.lines.many({tie.line_id for tie in ties})}
    return ScanCard(scan, [(tie, lines_[tie.line_id]) for tie in ties])


@screen("scan", load=load_scan)
def scan_screen(state: ScanCard, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: ScanCard, reader: Reader) -> Iterator[object]:
    yield bold(scan_text(reader, state.scan))
    if not state.ties:
        yield reader.text("Nothing of ours is linked to it.")
    for number, (tie, line) in enumerate(state.ties[:TIES], 1):
        yield ""
        yield Html(f"{number}. {bold(line.title or line.item_id)} · {code(line.order_number)} · {line.sku or '—'}")
        had = dict(state.scan.pieces).get(tie.id, 0)
        yield reader.text(
            "This parcel: {n}. In the warehouse: {received} of {whole}. {status}",
            n=had,
            received=tie.received,
            whole=tie.quantity,
            status=names.status(reader, line.status),
        )


def _rows(state: ScanCard, reader: Reader) -> Iterator[Row]:
    for number, (tie, line) in enumerate(state.ties[:TIES], 1):
        if state.scan.kind in (ScanKind.RECEIVED, ScanKind.PART):
            yield _pieces(state, number, tie)
        yield (
            Button(reader.text("{n}. ⚠️ Wrong", n=number), Address.of("wrong", line.id, state.scan.id)),
            Button(reader.text("{n}. 📷 Photos", n=number), Address.of("line_photos", line.id, 0, state.scan.id)),
        )
    yield back_row(reader, Address.of("receiving", state.scan.receiving_id))


def _pieces(state: ScanCard, number: int, tie: Binding) -> Row:
    had = dict(state.scan.pieces).get(tie.id, 0)
    most = tie.quantity - tie.received + had
    fewer = Pieces(scan_id=state.scan.id, binding_id=tie.id, pieces=had - 1)
    more = Pieces(scan_id=state.scan.id, binding_id=tie.id, pieces=had + 1)
    return (
        Button(f"{number}. −1", fewer if had else None, disabled=not had),
        Button(f"{had}/{most}", disabled=True),
        Button(f"{number}. +1", more if had < most else None, disabled=had >= most),
    )


@router.callback_query(Pieces.filter())
async def count_pieces(_query: CallbackQuery, callback_data: Pieces, turn: Turn) -> None:
    """The button says how many there will be, so that a double tap counts once."""

    def change(store: Store) -> None:
        wanted = callback_data
        set_pieces(store, turn.person, wanted.scan_id, wanted.binding_id, wanted.pieces, turn.clock())
        turn.show(store, Address.of("scan", wanted.scan_id))

    await turn.act(change)
