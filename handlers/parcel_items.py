"""The goods in a parcel: taken out piece by piece, moved to another parcel or split off into a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from bot.turn import Turn
from handlers.parcels import ITEMS, ParcelCard, load_parcel
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import OrderLine
from purchasing.pack import free_to_pack, move_to, pieces_in, put_pieces
from purchasing.parcels import Parcel
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="parcel_items")


class Put(CallbackData, prefix="pput"):
    parcel_id: int
    line_id: int
    pieces: int


class Move(CallbackData, prefix="pmov"):
    """`other_id` 0: a new parcel."""

    parcel_id: int
    line_id: int
    other_id: int


@screen("parcel_items", load=load_parcel)
def items_screen(state: ParcelCard, reader: Reader) -> Screen:
    rows = [
        (Button(f"{line.order_number} · {line.title or line.item_id} ×{n}", _item(state.parcel, line)),)
        for line, n in state.lines[:ITEMS]
    ]
    text = reader.text("Choose goods to take out, or to move to another parcel.")
    return Screen(text, (*rows, back_row(reader, Address.of("parcel", state.parcel.id))))


def _item(parcel: Parcel, line: OrderLine) -> Address:
    return Address.of("parcel_item", parcel.id, line.id)


@dataclass(frozen=True)
class ItemCard:
    card: ParcelCard
    line: OrderLine
    pieces: int
    free: int


def load_item(store: Store, address: Address, viewer: Person, now: datetime) -> ItemCard:
    card = load_parcel(store, address, viewer, now)
    line = store.lines.get(int(address.args[1]))
    if line is None:
        raise Stale("line_gone")
    return ItemCard(card, line, pieces_in(card.parcel, line.id), free_to_pack(store, [line]).get(line.id, 0))


@screen("parcel_item", load=load_item)
def item_screen(state: ItemCard, reader: Reader) -> Screen:
    parcel, line = state.card.parcel, state.line
    text = lines(
        Html(f"{bold(line.title or line.item_id)} · {esc(line.sku or '—')} · {code(line.order_number)}"),
        reader.text("In this parcel: {n}. Could be added: {free}", n=state.pieces, free=state.free),
    )
    return Screen(text, (*_item_rows(state, reader), back_row(reader, Address.of("parcel", parcel.id))))


def _item_rows(state: ItemCard, reader: Reader) -> Iterator[Row]:
    parcel_id, line_id, pieces = state.card.parcel.id, state.line.id, state.pieces
    fewer = Put(parcel_id=parcel_id, line_id=line_id, pieces=max(0, pieces - 1))
    more = Put(parcel_id=parcel_id, line_id=line_id, pieces=pieces + 1)
    yield Button("−1", fewer, disabled=not pieces), Button("+1", more, disabled=not state.free)
    if not pieces:
        return
    yield (Button(reader.text("Take it out"), Put(parcel_id=parcel_id, line_id=line_id, pieces=0)),)
    new = Move(parcel_id=parcel_id, line_id=line_id, other_id=0)
    yield (Button(reader.text("✂️ Into a new parcel"), new),)
    for other in state.card.others[:3]:
        to = Move(parcel_id=parcel_id, line_id=line_id, other_id=other.id)
        yield (Button(reader.text("Into {number}", number=other.number), to),)


@router.callback_query(Put.filter())
async def put(_query: CallbackQuery, callback_data: Put, turn: Turn) -> None:
    def change(store: Store) -> None:
        parcel_id, line_id = callback_data.parcel_id, callback_data.line_id
        put_pieces(store, turn.person, parcel_id, line_id, callback_data.pieces, turn.clock())
        turn.show(store, Address.of("parcel_item", parcel_id, line_id))

    await turn.act(change)


@router.callback_query(Move.filter())
async def move(_query: CallbackQuery, callback_data: Move, turn: Turn) -> None:
    def change(store: Store) -> None:
        wanted = callback_data
        other = move_to(store, turn.person, wanted.parcel_id, wanted.line_id, wanted.other_id or None, turn.clock())
        turn.notice(turn.reader.text("It is in {number} now.", number=other.number))
        turn.show(store, Address.of("parcel", wanted.parcel_id))

    await turn.act(change)
