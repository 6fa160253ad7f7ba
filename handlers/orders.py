"""Customers' orders: the paged list with its filters and search."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message
from pydantic import BaseModel

from bot.screens import Button, Row, Screen, back_row, home_row, pages, screen
from bot.texts import Reader, bold, lines
from bot.turn import AwaitsText, Turn
from purchasing.cards import Address
from purchasing.orders import OrderSummary
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="orders")

PAGE = 8
FILTER = "orders"
READY, BOUGHT, ATTENTION = "ready", "bought", "attention"


class Filter(BaseModel):
    text: str = ""
    section: str = ""
    mine: bool = False
    """Only those that are assigned to the person."""


class Narrow(CallbackData, prefix="ord"):
    """`what`: section (the next one), mine (on and off), search, unsearch."""

    what: str


def filter_of(store: Store, person: Person) -> Filter:
    return Filter.model_validate_json(store.notes.get(person.id, FILTER) or "{}")


def _keep(store: Store, person: Person, narrowed: Filter) -> None:
    store.notes.put(person.id, FILTER, narrowed.model_dump_json())


@dataclass(frozen=True)
class Orders:
    rows: list[OrderSummary]
    total: int
    page: int
    narrowed: Filter


def load_orders(store: Store, address: Address, viewer: Person, _now: datetime) -> Orders:
    page = int(address.args[0]) if address.args else 0
    narrowed = filter_of(store, viewer)
    mine = viewer.id if narrowed.mine else None
    rows, total = store.orders.page(narrowed.text, narrowed.section, page * PAGE, PAGE, assignee_id=mine)
    return Orders(rows, total, page, narrowed)


@screen("orders", load=load_orders)
def orders(state: Orders, reader: Reader) -> Screen:
    parts: list[object] = [bold(reader.text("Orders"))]
    if state.narrowed.text:
        parts.append(reader.text("Only: {filter}", filter=state.narrowed.text))
    if not state.total:
        narrowed = state.narrowed.text or state.narrowed.section or state.narrowed.mine
        empty = reader.text("No orders yet. Send me an order file to bring them in.")
        parts += ["", reader.text("Nothing fits this filter.") if narrowed else empty]
    else:
        parts += [reader.text("🛒 ready · ✅ bought · ❗ needs attention")]
    return Screen(lines(*parts), tuple(_order_rows(state, reader)))


def _order_rows(state: Orders, reader: Reader) -> Iterator[Row]:
    for row in state.rows:
        label = f"{row.order.number} · {row.order.customer} · 🛒{row.ready} ✅{row.bought} ❗{row.attention}"
        yield (Button(label, Address.of("order", row.order.id)),)
    yield from pages(reader, lambda n: Address.of("orders", n), state.page, state.total, PAGE)
    shown = {"": reader.text("all"), READY: reader.text("Ready"), BOUGHT: reader.text("Bought")}
    name = shown.get(state.narrowed.section, reader.text("Needs attention"))
    searching = Narrow(what="unsearch" if state.narrowed.text else "search")
    yield (
        Button(reader.text("Show: {name}", name=name), Narrow(what="section")),
        Button(reader.text("✖ Search") if state.narrowed.text else reader.text("🔍 Search"), searching),
    )
    whose = reader.text("Whose: mine") if state.narrowed.mine else reader.text("Whose: all")
    yield (Button(whose, Narrow(what="mine")), Button(reader.text("Tables"), Address.of("exports")), *home_row(reader))


@router.callback_query(Narrow.filter(F.what == "section"))
async def next_section(_query: CallbackQuery, turn: Turn) -> None:
    choices = ["", READY, BOUGHT, ATTENTION]

    def change(store: Store) -> None:
        narrowed = filter_of(store, turn.person)
        following = choices[(choices.index(narrowed.section) + 1) % len(choices)]
        _keep(store, turn.person, narrowed.model_copy(update={"section": following}))
        turn.show(store, Address.of("orders"))

    await turn.act(change)


@router.callback_query(Narrow.filter(F.what == "mine"))
async def only_mine(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        narrowed = filter_of(store, turn.person)
        _keep(store, turn.person, narrowed.model_copy(update={"mine": not narrowed.mine}))
        turn.show(store, Address.of("orders"))

    await turn.act(change)


@router.callback_query(Narrow.filter(F.what == "search"))
async def ask_search(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.ask(store, Address.of("orders_search"))
        turn.show(store, Address.of("orders_search"))

    await turn.act(change)


@router.callback_query(Narrow.filter(F.what == "unsearch"))
async def unsearch(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        _keep(store, turn.person, filter_of(store, turn.person).model_copy(update={"text": ""}))
        turn.show(store, Address.of("orders"))

    await turn.act(change)


@router.message(F.text, AwaitsText("orders_search"))
async def search(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        text = (message.text or "").strip()[:60]
        _keep(store, turn.person, filter_of(store, turn.person).model_copy(update={"text": text}))
        turn.end_form(store)
        turn.show(store, Address.of("orders"))

    await turn.act(change)


def load_nothing(_store: Store, _address: Address, _viewer: Person, _now: datetime) -> None:
    return None


@screen("orders_search", load=load_nothing)
def search_screen(_state: None, reader: Reader) -> Screen:
    text = reader.text("Type a part of an order number or of a customer's name.")
    return Screen(text, (back_row(reader, Address.of("orders")),))
