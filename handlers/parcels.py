"""Parcels: who has goods to pack, the parcels there are, and one parcel's card with all that can be done to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.explain import STALE
from bot.screens import Button, Copy, Document, Row, Screen, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import Turn
from handlers.parcel_names import fact_texts
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import Order, OrderLine
from purchasing.pack import (
    close_parcel,
    free_to_pack,
    merge,
    orders_of_customer,
    pack_customer,
    remove_parcel,
    reopen_parcel,
    send_parcel,
)
from purchasing.parcels import Addressee, Parcel, ParcelState
from purchasing.people import Person, Right, check
from purchasing.ports import Store

router = Router(name="parcels")

PAGE = 8
ITEMS = 20

STALE.update(
    {
        "nothing_to_pack": lazy_text("All received goods of this customer are in parcels already."),
        "parcel_closed": lazy_text("This parcel is packed, sent or gone: it can't be changed so any more."),
        "other_customer": lazy_text("Only parcels of one customer can be put together."),
    }
)
add_rules(
    {
        "parcel_empty": lazy_text("An empty parcel can't be packed. Put goods into it first."),
        "pieces_received": lazy_text("Only pieces that are in the warehouse and in no other parcel can be packed."),
    }
)

STATES: dict[str, str] = {
    ParcelState.OPEN: lazy_text("🧺 being packed"),
    ParcelState.PACKED: lazy_text("🎁 packed"),
    ParcelState.SENT: lazy_text("✈️ sent"),
}


class Pack(CallbackData, prefix="pack"):
    order_id: int


class Do(CallbackData, prefix="pcl"):
    """`what`: close, reopen, send, remove, merge (with `other_id`), gather."""

    what: str
    parcel_id: int
    other_id: int = 0


@dataclass(frozen=True)
class Parcels:
    waiting: list[tuple[Order, int]]
    waiting_total: int
    parcels: list[Parcel]
    total: int
    page: int


def load_parcels(store: Store, address: Address, viewer: Person, _now: datetime) -> Parcels:
    check(viewer, Right.RECEIVE)
    page = int(address.args[0]) if address.args else 0
    waiting, waiting_total = store.parcels.to_pack(0, PAGE)
    orders = [(store.orders.get(order_id), lines_) for order_id, lines_ in waiting]
    parcels, total = store.parcels.page(page * PAGE, PAGE)
    return Parcels([(order, n) for order, n in orders if order], waiting_total, parcels, total, page)


@screen("parcels", load=load_parcels)
def parcels_screen(state: Parcels, reader: Reader) -> Screen:
    rows: list[Row] = []
    for order, count in state.waiting:
        who = order.customer or order.number
        label = reader.plural(
            "📦 Pack: {who}, {order} · {n} line",
            "📦 Pack: {who}, {order} · {n} lines",
            count,
            who=who,
            order=order.number,
        )
        rows.append((Button(label, Pack(order_id=order.id), "success"),))
    for parcel in state.parcels:
        label = Html(f"{parcel.number} · {esc(parcel.customer or '—')} · {reader.text(STATES[parcel.state])}")
        rows.append((Button(label, Address.of("parcel", parcel.id)),))
    rows += pages(reader, lambda n: Address.of("parcels", n), state.page, state.total, PAGE)
    waiting = reader.plural("{n} order has goods to pack", "{n} orders have goods to pack", state.waiting_total)
    empty = None if state.total or state.waiting else reader.text("Nothing to pack. Goods come here when received.")
    return Screen(lines(bold(reader.text("Parcels")), waiting, empty), (*rows, home_row(reader)))


@router.callback_query(Pack.filter())
async def pack(_query: CallbackQuery, callback_data: Pack, turn: Turn) -> None:
    def change(store: Store) -> None:
        parcel = pack_customer(store, turn.person, callback_data.order_id, turn.clock())
        turn.show(store, Address.of("parcel", parcel.id))

    await turn.act(change)


@dataclass(frozen=True)
class ParcelCard:
    """`free`: lines of this customer that could be put in, too; `others`: their other open parcels."""

    parcel: Parcel
    order: Order
    details: Addressee
    lines: list[tuple[OrderLine, int]]
    free: int
    others: list[Parcel]


def load_parcel(store: Store, address: Address, viewer: Person, _now: datetime) -> ParcelCard:
    check(viewer, Right.RECEIVE)
    parcel = store.parcels.get(int(address.args[0]))
    order = store.orders.get(parcel.order_id) if parcel else None
    if parcel is None or order is None:
        raise Stale("parcel_closed")
    pieces = {item.line_id: item.quantity for item in parcel.items}
    inside = [(line, pieces[line.id]) for line in store.lines.many(pieces)]
    orders = orders_of_customer(store, order.id)
    free = free_to_pack(store, [line for one in orders for line in store.lines.of_order(one.id)])
    others = [one for one in store.parcels.open_for(order.id) if one.id != parcel.id]
    return ParcelCard(parcel, order, store.parcels.details(parcel.id), inside, len(free), others)


@screen("parcel", load=load_parcel)
def parcel_screen(state: ParcelCard, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: ParcelCard, reader: Reader) -> Iterator[object]:
    parcel = state.parcel
    customer = bold(parcel.customer or state.order.number)
    yield bold(reader.text("Parcel {number} for {customer}", number=code(parcel.number), customer=customer))
    yield reader.text(STATES[parcel.state])
    for name, value in fact_texts(reader, parcel, state.details, state.order.currency):
        if value:
            yield Html(f"{esc(name)}: {esc(value)}")
    yield from ("", bold(reader.plural("{n} line of goods", "{n} lines of goods", len(state.lines))))
    for line, pieces in state.lines[:ITEMS]:
        yield Html(
            f"{code(line.order_number)} · {esc((line.title or line.item_id)[:40])} · {esc(line.sku or '—')} ×{pieces}"
        )
    if len(state.lines) > ITEMS:
        yield reader.text("…and {n} more", n=len(state.lines) - ITEMS)


def _rows(state: ParcelCard, reader: Reader) -> Iterator[Row]:
    parcel = state.parcel
    opened, packed = parcel.state is ParcelState.OPEN, parcel.state is ParcelState.PACKED
    if opened:
        if state.free:
            label = reader.plural("➕ Add {n} received line", "➕ Add {n} received lines", state.free)
            yield (Button(label, Do(what="gather", parcel_id=parcel.id)),)
        yield (Button(reader.text("Goods: take out, split"), Address.of("parcel_items", parcel.id)),)
        for other in state.others[:3]:
            merge_it = Do(what="merge", parcel_id=parcel.id, other_id=other.id)
            yield (Button(reader.text("🔗 Put {number} into this one", number=other.number), merge_it),)
    if opened or packed:
        yield (Button(reader.text("✏️ Weight, size, recipient…"), Address.of("parcel_fields", parcel.id)),)
    yield (Button(reader.text("🖨 Packing list and label"), Address.of("packing_list", parcel.id)),)
    if parcel.track:
        yield (Button(reader.text("Copy {number}", number=parcel.track), Copy(parcel.track)),)
    if opened:
        yield (Button(reader.text("🎁 Packed"), Do(what="close", parcel_id=parcel.id), "success"),)
        yield (Button(reader.text("Remove the parcel"), Address.of("parcel_remove", parcel.id), "danger"),)
    if packed:
        yield (Button(reader.text("✈️ Sent"), Do(what="send", parcel_id=parcel.id), "success"),)
        yield (Button(reader.text("Open it again"), Do(what="reopen", parcel_id=parcel.id)),)
    yield back_row(reader, Address.of("parcels"))


@router.callback_query(Do.filter(F.what.in_({"close", "reopen", "send", "merge", "gather"})))
async def do(_query: CallbackQuery, callback_data: Do, turn: Turn) -> None:
    def change(store: Store) -> None:
        parcel_id, now = callback_data.parcel_id, turn.clock()
        match callback_data.what:
            case "close":
                close_parcel(store, turn.person, parcel_id, now)
            case "reopen":
                reopen_parcel(store, turn.person, parcel_id, now)
            case "send":
                send_parcel(store, turn.person, parcel_id, now)
            case "merge":
                merge(store, turn.person, parcel_id, callback_data.other_id, now)
            case _:
                parcel = store.parcels.get(parcel_id)
                if parcel:
                    pack_customer(store, turn.person, parcel.order_id, now)
        turn.show(store, Address.of("parcel", parcel_id))

    await turn.act(change)


@screen("parcel_remove", load=load_parcel)
def remove_screen(state: ParcelCard, reader: Reader) -> Screen:
    text = reader.text("Remove parcel {number}? Its goods can be packed again then.", number=code(state.parcel.number))
    yes = Button(reader.text("Remove the parcel"), Do(what="remove", parcel_id=state.parcel.id), "danger")
    return Screen(text, ((yes,), back_row(reader, Address.of("parcel", state.parcel.id))))


@router.callback_query(Do.filter(F.what == "remove"))
async def remove(_query: CallbackQuery, callback_data: Do, turn: Turn) -> None:
    def change(store: Store) -> None:
        remove_parcel(store, turn.person, callback_data.parcel_id, turn.clock())
        turn.show(store, Address.of("parcels"))

    await turn.act(change)


@screen("packing_list", load=load_parcel, heavy=True)
def packing_list_screen(state: ParcelCard, reader: Reader) -> Screen:
    from handlers.packing_list import PackingList, packing_list  # its library is large: an idle bot does without

    parcel = state.parcel
    facts = list(fact_texts(reader, parcel, state.details, state.order.currency))
    head = ["", reader.text("Order"), reader.text("Goods"), reader.text("Choice"), reader.text("Pieces")]
    rows = [
        (str(n), line.order_number, line.title or line.item_id, line.sku, str(pieces))
        for n, (line, pieces) in enumerate(state.lines, 1)
    ]
    title = reader.text("Packing list")
    content = packing_list(PackingList(title, parcel.number, facts, head, rows))
    text = reader.text("The bot reads the label back: photograph it to find this parcel.")
    back = back_row(reader, Address.of("parcel", parcel.id))
    return Screen(text, (back,), document=Document(f"{parcel.number}.pdf", content))
