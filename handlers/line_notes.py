"""Notes to a line: what staff tell each other, and what the seller is told with the order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.cards import Address
from purchasing.change_goods import CHANGEABLE
from purchasing.errors import BadInput, Stale
from purchasing.line_notes import SELLER_LIMITS, add_note, may_remove, remove_note, set_seller_note
from purchasing.line_ports import LineNote
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store

router = Router(name="line_notes")

PAGE = 5

add_rules(
    {
        "note_500": lazy_text("A note has 1 to 500 characters."),
        "notes_50": lazy_text("This line has 50 notes already: remove one first."),
        "seller_note_taobao": lazy_text("Taobao takes at most 200 characters to the seller."),
        "seller_note_alibaba1688": lazy_text("1688 takes at most 500 characters to the seller."),
    }
)
STALE.update({"note_gone": lazy_text("This note is no longer there.")})


class RemoveNote(CallbackData, prefix="lnrm"):
    note_id: int


@dataclass(frozen=True)
class Notes:
    """`notes`: the page's, newest first."""

    viewer: Person
    line: OrderLine
    notes: list[LineNote]
    names: dict[int, str]
    total: int
    page: int
    wrong: BadInput | None


def load_notes(store: Store, address: Address, viewer: Person, _now: datetime) -> Notes:
    line = store.lines.get(int(address.args[0]))
    if line is None:
        raise Stale("line_gone")
    page = int(address.args[1]) if len(address.args) > 1 else 0
    found = store.line_notes.of_line(line.id)[::-1]
    shown = found[page * PAGE : (page + 1) * PAGE]
    names = {i: person.name for i in {note.person_id for note in shown} if (person := store.people.get(i))}
    return Notes(viewer, line, shown, names, len(found), page, mistake(store, viewer, address))


@screen("line_notes", load=load_notes)
def notes_screen(state: Notes, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Notes, reader: Reader) -> Iterator[object]:
    line = state.line
    yield Html(f"{bold(line.title or line.item_id)} · {code(line.order_number)}")
    yield reader.text("To the seller: {note}", note=line.seller_note or "—")
    yield ""
    for note in state.notes:
        yield Html(f"{reader.when(note.at)} · {bold(state.names.get(note.person_id, '—'))}: {esc(note.text)}")
    if not state.notes:
        yield reader.text("No notes yet. Staff see them on the line; the customer and the seller never do.")


def _rows(state: Notes, reader: Reader) -> Iterator[Row]:
    line_id = state.line.id
    if any(has(state.viewer, right) for right in (Right.BUY, Right.PAY, Right.RECEIVE)):
        yield (Button(reader.text("➕ Note for staff"), Ask.of("line_note", line_id)),)
    if has(state.viewer, Right.BUY) and state.line.status in CHANGEABLE:
        yield (Button(reader.text("✉️ Note to the seller"), Ask.of("seller_note", line_id)),)
    for note in state.notes:
        if may_remove(state.viewer, note):
            yield (Button(reader.text("🗑 Remove: {text}", text=note.text), RemoveNote(note_id=note.id)),)
    yield from pages(reader, lambda n: Address.of("line_notes", line_id, n), state.page, state.total, PAGE)
    yield back_row(reader, Address.of("line", line_id))


@screen("line_note", load=load_notes)
def note_screen(state: Notes, reader: Reader) -> Screen:
    text = reader.text("Type a note for your colleagues, at most 500 characters.")
    return _form(state, reader, text)


@screen("seller_note", load=load_notes)
def seller_note_screen(state: Notes, reader: Reader) -> Screen:
    most = SELLER_LIMITS[state.line.provider]
    text = lines(
        reader.text("Now: {value}", value=code(state.line.seller_note or "—")),
        reader.text("Type what the seller is told with the order, best in Chinese, at most {n} characters.", n=most),
        reader.text("Lines that go into one order share one note. Type - for none."),
    )
    return _form(state, reader, text)


def _form(state: Notes, reader: Reader, text: Html) -> Screen:
    back = back_row(reader, Address.of("line_notes", state.line.id))
    shown = lines(bold(state.line.title or state.line.item_id), text)
    return asking_screen(shown, state.wrong, reader, back)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_note"))
async def take_note(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            add_note(store, turn.person, line_id, message.text or "", turn.clock())
            return Address.of("line_notes", line_id)

        submit(store, turn, save)

    await turn.act(change)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("seller_note"))
async def take_seller_note(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            set_seller_note(store, turn.person, line_id, message.text or "", turn.clock())
            return Address.of("line_notes", line_id)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(RemoveNote.filter())
async def remove(_query: CallbackQuery, callback_data: RemoveNote, turn: Turn) -> None:
    def change(store: Store) -> None:
        found = remove_note(store, turn.person, callback_data.note_id, turn.clock())
        turn.show(store, Address.of("line_notes", found.line_id))

    await turn.act(change, turn.reader.text("Removed. The log of who did what keeps it."))
