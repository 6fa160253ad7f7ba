"""What is wrong with goods: chosen, described and photographed at the table, shown to the buyer as a card."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Screen, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.receive import take_text
from purchasing.cards import Address
from purchasing.carriers import carriers_of
from purchasing.errors import Stale
from purchasing.find_goods import is_waybill
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.receiving import Defect, DefectKind, LinePhoto
from purchasing.recognise import recognise
from purchasing.report_defect import add_defect_photo, add_note, report_defect, send_defect

router = Router(name="defects")

STALE["defect_told"] = lazy_text("This report was sent already. Make a new one for more.")
add_rules(
    {
        "note_1000": lazy_text("A note has at most 1000 characters."),
        "photos_20": lazy_text("A line has at most 20 photos. Remove some first."),
    }
)

KINDS: dict[str, str] = {
    DefectKind.DAMAGED: lazy_text("💥 Damaged"),
    DefectKind.WRONG: lazy_text("🔀 Wrong goods"),
    DefectKind.MISSING: lazy_text("➖ Pieces missing"),
}


class Report(CallbackData, prefix="bad"):
    line_id: int
    scan_id: int
    kind: DefectKind


class Send(CallbackData, prefix="badsend"):
    defect_id: int


def load_wrong(store: Store, address: Address, viewer: Person, _now: datetime) -> tuple[OrderLine, int]:
    check(viewer, Right.RECEIVE)
    line = store.lines.get(int(address.args[0]))
    if line is None:
        raise Stale("line_gone")
    return line, int(address.args[1])


@screen("wrong", load=load_wrong)
def wrong_screen(state: tuple[OrderLine, int], reader: Reader) -> Screen:
    line, scan_id = state
    rows = [
        (Button(reader.text(KINDS[kind]), Report(line_id=line.id, scan_id=scan_id, kind=kind)),) for kind in DefectKind
    ]
    text = lines(bold(line.title or line.item_id), reader.text("What is wrong with these goods?"))
    return Screen(text, (*rows, back_row(reader, Address.of("scan", scan_id))))


@router.callback_query(Report.filter())
async def report(_query: CallbackQuery, callback_data: Report, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id, scan_id = callback_data.line_id, callback_data.scan_id
        defect = report_defect(store, turn.person, line_id, scan_id, callback_data.kind, turn.clock())
        turn.ask(store, Address.of("defect", defect.id))
        turn.show(store, Address.of("defect", defect.id))

    await turn.act(change)


@dataclass(frozen=True)
class DefectCard:
    defect: Defect
    line: OrderLine
    photos: list[LinePhoto]
    by: str
    receiving_id: int | None
    page: int


def load_defect(store: Store, address: Address, _viewer: Person, _now: datetime) -> DefectCard:
    defect = store.warehouse.defect(int(address.args[0]))
    line = store.lines.get(defect.line_id) if defect else None
    if defect is None or line is None:
        raise Stale("defect_gone")
    person = store.people.get(defect.reported_by)
    scan = store.warehouse.scan(defect.scan_id) if defect.scan_id else None
    photos = store.warehouse.photos(line.id, defect.id)
    page = int(address.args[1]) if len(address.args) > 1 else 0
    return DefectCard(defect, line, photos, person.name if person else "", scan.receiving_id if scan else None, page)


def _about(state: DefectCard, reader: Reader) -> Iterator[object]:
    line = state.line
    yield bold(reader.text(KINDS[state.defect.kind]))
    yield Html(f"{bold(line.title or line.item_id)} · {line.sku or '—'} ×{line.quantity}")
    yield reader.text("Order {number}, {customer}", number=code(line.order_number), customer=line.customer or "—")
    if state.defect.note:
        yield reader.text("Note: {note}", note=state.defect.note)


@screen("defect", load=load_defect)
def defect_form(state: DefectCard, reader: Reader) -> Screen:
    """What the person at the table fills in."""
    back = Address.of("receiving", state.receiving_id) if state.receiving_id else Address.of("line", state.line.id)
    photos = reader.plural("{n} photo", "{n} photos", len(state.photos))
    if state.defect.told_at:
        return Screen(
            lines(*_about(state, reader), photos, reader.text("✅ The buyer has it.")), (back_row(reader, back),)
        )
    ask = reader.text("Type a note and send photos of the goods. Then press Send.")
    send = Button(reader.text("Send to the buyer"), Send(defect_id=state.defect.id), "success")
    return Screen(lines(*_about(state, reader), photos, "", ask), ((send,), back_row(reader, back)))


@screen("defect_card", load=load_defect)
def defect_card(state: DefectCard, reader: Reader) -> Screen:
    """What the buyer gets."""
    by = reader.text("{name}, {when}", name=state.by, when=reader.when(state.defect.at))
    pager = pages(reader, lambda n: Address.of("defect_card", state.defect.id, n), state.page, len(state.photos), 1)
    line = (Button(reader.text("The line"), Address.of("line", state.line.id)),)
    photo = state.photos[min(state.page, len(state.photos) - 1)].file_id if state.photos else None
    return Screen(lines(*_about(state, reader), by), (*pager, line, home_row(reader)), photo=photo)


@router.message(F.photo, AwaitsText("defect"))
async def photo(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        assert message.photo and turn.form  # noqa: S101, PT018  # the filters say so
        best, defect_id = message.photo[-1], int(turn.form.args[0])
        add_defect_photo(store, turn.person, defect_id, best.file_id, best.file_unique_id, turn.clock())

    await turn.act(change)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("defect"))
async def note(message: Message, turn: Turn) -> None:
    """A parcel scanned meanwhile isn't taken for a note: it ends the report, which is sent as it is."""

    def change(store: Store) -> None:
        assert turn.form is not None  # noqa: S101  # the filter says so
        defect_id, text = int(turn.form.args[0]), message.text or ""
        receiving = store.warehouse.open_of(turn.person.id)
        if receiving is None or not _is_scan(store, text):
            add_note(store, turn.person, defect_id, text, turn.clock())
            return
        send_defect(store, turn.person, defect_id, turn.clock())
        turn.end_form(store)
        take_text(store, turn, receiving.id, text)

    await turn.act(change)


def _is_scan(store: Store, text: str) -> bool:
    """Nothing but a track number."""
    asked = recognise(text)
    if len(asked) != 1 or asked[0].kind != "number" or asked[0].typed != text.strip():
        return False
    return bool(carriers_of(asked[0].text)) or is_waybill(store, asked[0].text)


@router.callback_query(Send.filter())
async def send(_query: CallbackQuery, callback_data: Send, turn: Turn) -> None:
    def change(store: Store) -> None:
        send_defect(store, turn.person, callback_data.defect_id, turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("defect", callback_data.defect_id))

    await turn.act(change)
