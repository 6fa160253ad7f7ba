"""Photos of a line's goods, as sent from here they can be forwarded to the customer: nothing internal is on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, bold, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.receiving import LinePhoto
from purchasing.report_defect import add_photo, remove_photo

router = Router(name="line_photos")

STALE["photo_gone"] = lazy_text("This photo was removed already.")


class Remove(CallbackData, prefix="rmphoto"):
    line_id: int
    photo_id: int


@dataclass(frozen=True)
class Photos:
    """`scan_id`: where the person came from, 0 for the line's own card."""

    line: OrderLine
    photos: list[LinePhoto]
    page: int
    scan_id: int
    may_change: bool


def load_photos(store: Store, address: Address, viewer: Person, _now: datetime) -> Photos:
    line_id, page, scan_id = (*map(int, address.args), 0, 0)[:3]
    line = store.lines.get(line_id)
    if line is None:
        raise Stale("line_gone")
    photos = store.warehouse.photos(line_id)
    page = max(0, min(page, len(photos) - 1))
    return Photos(line, photos, page, scan_id, has(viewer, Right.RECEIVE))


@screen("line_photos", load=load_photos)
def photos_screen(state: Photos, reader: Reader) -> Screen:
    """The caption is fit for the customer: order and goods, nothing of where they were bought."""
    line = state.line
    text = Html(f"{bold(line.order_number)} · {lines((line.title or line.item_id)[:200])} · {lines(line.sku or '—')}")
    rows = tuple(_rows(state, reader))
    if not state.photos:
        return Screen(lines(text, reader.text("There are no photos of these goods yet.")), rows)
    return Screen(text, rows, photo=state.photos[state.page].file_id)


def _rows(state: Photos, reader: Reader) -> Iterator[Row]:
    line_id, at = state.line.id, state.page
    yield from pages(reader, lambda n: Address.of("line_photos", line_id, n, state.scan_id), at, len(state.photos), 1)
    if state.may_change:
        add = Button(reader.text("📷 Add photos"), Ask.of("add_photos", line_id, 0, state.scan_id), "primary")
        yield (add,)
        if state.photos:
            remove = Remove(line_id=line_id, photo_id=state.photos[at].id)
            yield (Button(reader.text("Remove this photo"), remove, "danger"),)
    back = Address.of("scan", state.scan_id) if state.scan_id else Address.of("line", line_id)
    yield back_row(reader, back)


@screen("add_photos", load=load_photos)
def add_screen(state: Photos, reader: Reader) -> Screen:
    count = reader.plural("{n} photo", "{n} photos", len(state.photos))
    text = lines(bold(state.line.title or state.line.item_id), count, reader.text("Send photos of the goods now."))
    return Screen(text, (back_row(reader, Address.of("line_photos", state.line.id, 0, state.scan_id)),))


@router.message(F.photo, AwaitsText("add_photos"))
async def add(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        assert message.photo and turn.form  # noqa: S101, PT018  # the filters say so
        best, line_id = message.photo[-1], int(turn.form.args[0])
        add_photo(store, turn.person, line_id, best.file_id, best.file_unique_id, turn.clock())
        turn.post(store, Address.of("add_photos", *turn.form.args))

    await turn.act(change)


@router.callback_query(Remove.filter())
async def remove(_query: CallbackQuery, callback_data: Remove, turn: Turn) -> None:
    def change(store: Store) -> None:
        remove_photo(store, turn.person, callback_data.line_id, callback_data.photo_id, turn.clock())
        turn.show(store, Address.of("line_photos", callback_data.line_id))

    await turn.act(change)
