"""Customers' orders: the paged list with search, one order in its three sections, and what changed in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message
from pydantic import BaseModel

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.changes import change_text
from handlers.link import LinkTo
from handlers.to_buy import chosen_accounts, show_preview
from handlers.unbind import InBought, TickBound
from purchasing.cards import Address
from purchasing.choose_lines import select_all, toggle
from purchasing.errors import Stale
from purchasing.money import goods_total
from purchasing.orders import Order, OrderLine, OrderSummary, Section
from purchasing.people import Person, Right, has
from purchasing.ports import LineFilter, Store
from purchasing.provider_orders import LineChange
from purchasing.status_names import CustomNames, custom_names
from purchasing.unbind.start import unbindable
from purchasing.words import LineStatus

router = Router(name="orders")

PAGE = 8
LINES = 7
FILTER = "orders"
READY, BOUGHT, ATTENTION = "ready", "bought", "attention"
SECTIONS = {READY: Section.READY, BOUGHT: Section.BOUGHT, ATTENTION: Section.ATTENTION}


class Filter(BaseModel):
    text: str = ""
    section: str = ""


class Narrow(CallbackData, prefix="ord"):
    """`what`: section (the next one), search, unsearch."""

    what: str


class TickInOrder(CallbackData, prefix="otick"):
    line_id: int
    order_id: int
    page: int


class InOrder(CallbackData, prefix="oact"):
    """`what`: all, none, preview."""

    what: str
    order_id: int


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
    rows, total = store.orders.page(narrowed.text, narrowed.section, page * PAGE, PAGE)
    return Orders(rows, total, page, narrowed)


@screen("orders", load=load_orders)
def orders(state: Orders, reader: Reader) -> Screen:
    parts: list[object] = [bold(reader.text("Orders"))]
    if state.narrowed.text:
        parts.append(reader.text("Only: {filter}", filter=state.narrowed.text))
    if not state.total:
        narrowed = state.narrowed.text or state.narrowed.section
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
    yield home_row(reader)


@router.callback_query(Narrow.filter(F.what == "section"))
async def next_section(_query: CallbackQuery, turn: Turn) -> None:
    choices = ["", *SECTIONS]

    def change(store: Store) -> None:
        narrowed = filter_of(store, turn.person)
        following = choices[(choices.index(narrowed.section) + 1) % len(choices)]
        _keep(store, turn.person, Filter(text=narrowed.text, section=following))
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
        _keep(store, turn.person, Filter(section=filter_of(store, turn.person).section))
        turn.show(store, Address.of("orders"))

    await turn.act(change)


@router.message(F.text, AwaitsText("orders_search"))
async def search(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        section = filter_of(store, turn.person).section
        _keep(store, turn.person, Filter(text=(message.text or "").strip()[:60], section=section))
        turn.end_form(store)
        turn.show(store, Address.of("orders"))

    await turn.act(change)


def load_nothing(_store: Store, _address: Address, _viewer: Person, _now: datetime) -> None:
    return None


@screen("orders_search", load=load_nothing)
def search_screen(_state: None, reader: Reader) -> Screen:
    text = reader.text("Type a part of an order number or of a customer's name.")
    return Screen(text, (back_row(reader, Address.of("orders")),))


@dataclass(frozen=True)
class OneOrder:
    viewer: Person
    order: Order
    section: str
    page: int
    lines: list[OrderLine]
    counts: dict[str, int]
    tickable: frozenset[int]
    """Lines of this section that the viewer may tick: to reserve them, or to unbind them."""
    ticked: frozenset[int]
    unpaid: frozenset[int]
    """Bought lines whose provider order isn't paid yet."""


def load_order(store: Store, address: Address, viewer: Person, now: datetime) -> OneOrder:
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    whole = store.lines.of_order(order.id)
    counts = {name: sum(line.status in statuses for line in whole) for name, statuses in SECTIONS.items()}
    first = next((name for name, count in counts.items() if count), READY)
    section = address.args[1] if len(address.args) > 1 else first
    page = int(address.args[2]) if len(address.args) > 2 else 0
    shown = [line for line in whole if line.status in SECTIONS.get(section, Section.READY)]
    unpaid = frozenset(line.id for line in whole if line.status is LineStatus.RESERVED)
    tickable = _tickable(store, viewer, section, shown)
    ticked = frozenset(store.selection.of(viewer.id)) & tickable
    return OneOrder(viewer, order, section, page, shown, counts, tickable, ticked, unpaid)


def _tickable(store: Store, viewer: Person, section: str, shown: list[OrderLine]) -> frozenset[int]:
    if not has(viewer, Right.BUY) or section == ATTENTION:
        return frozenset()
    return frozenset(line.id for line in (unbindable(store, shown) if section == BOUGHT else shown))


@screen("order", load=load_order)
def order_screen(state: OneOrder, reader: Reader) -> Screen:
    return Screen(lines(*_order_text(state, reader)), tuple(_order_buttons(state, reader)))


def _order_text(state: OneOrder, reader: Reader) -> Iterator[object]:
    order = state.order
    head = reader.text("Order {number}", number=code(order.number))
    yield Html(f"{bold(head)} · {esc(order.customer or '—')}")
    if order.rate is not None and order.currency:
        rate = reader.number(order.rate)
        yield reader.text("rate {rate} {currency} per yuan", rate=rate, currency=order.currency)
    whole = sum(goods_total(line.price, line.quantity) + line.shipping for line in state.lines)
    if state.lines:
        converted = reader.converted(whole, order.rate, order.currency)
        yield Html(" · ".join(filter(None, (reader.yuan(whole), converted))))
    else:
        yield reader.text("Nothing in this section.")


def _order_buttons(state: OneOrder, reader: Reader) -> Iterator[Row]:
    order_id = state.order.id
    labels = {READY: reader.text("Ready"), BOUGHT: reader.text("Bought"), ATTENTION: reader.text("Needs attention")}
    yield tuple(_tab(state, name, label) for name, label in labels.items())
    for line in state.lines[state.page * LINES : (state.page + 1) * LINES]:
        card = Button(_line_label(state, reader, line), Address.of("line", line.id))
        yield (_box(state, line), card) if line.id in state.tickable else (card,)
    at = state.section
    yield from pages(reader, lambda n: Address.of("order", order_id, at, n), state.page, len(state.lines), LINES)
    if state.tickable:
        press = InBought if state.section == BOUGHT else InOrder
        everything, nothing = press(what="all", order_id=order_id), press(what="none", order_id=order_id)
        yield (Button(reader.text("☑ All"), everything), Button(reader.text("☐ None"), nothing))
    if state.ticked:
        yield (_main_step(state, reader),)
    log = Button(reader.text("What happened"), Address.of("order_log", order_id))
    if has(state.viewer, Right.BUY):
        yield (Button(reader.text("Link with a provider order"), LinkTo(order_id=order_id)),)
    yield (log,)
    yield back_row(reader, Address.of("orders"))


def _tab(state: OneOrder, name: str, label: str) -> Button:
    style: Style | None = "primary" if name == state.section else None
    return Button(f"{label} · {state.counts[name]}", Address.of("order", state.order.id, name), style)


def _main_step(state: OneOrder, reader: Reader) -> Button:
    """What is done with the ticked lines."""
    if state.section == BOUGHT:
        return Button(reader.text("Unbind · {n}", n=len(state.ticked)), Address.of("unbind", state.order.id), "danger")
    preview = InOrder(what="preview", order_id=state.order.id)
    return Button(reader.text("Preview · {n}", n=len(state.ticked)), preview, "success")


def _box(state: OneOrder, line: OrderLine) -> Button:
    tick = TickBound if state.section == BOUGHT else TickInOrder
    press = tick(line_id=line.id, order_id=state.order.id, page=state.page)
    return Button("☑" if line.id in state.ticked else "☐", press)


def _line_label(state: OneOrder, reader: Reader, line: OrderLine) -> str:
    price = reader.yuan(goods_total(line.price, line.quantity))
    sign = names.STATUS_SIGNS[line.status]
    unpaid = reader.text("to pay") if line.id in state.unpaid else ""
    return " · ".join(filter(None, (f"{sign} {(line.title or line.item_id)[:30]} ×{line.quantity}", price, unpaid)))


@router.callback_query(TickInOrder.filter())
async def tick(_query: CallbackQuery, callback_data: TickInOrder, turn: Turn) -> None:
    def change(store: Store) -> None:
        toggle(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("order", callback_data.order_id, READY, callback_data.page))

    await turn.act(change)


@router.callback_query(InOrder.filter())
async def in_order(_query: CallbackQuery, callback_data: InOrder, turn: Turn) -> None:
    order_id = callback_data.order_id

    def change(store: Store) -> None:
        if callback_data.what == "preview":
            show_preview(store, turn, chosen_accounts(store, turn.person))
            return
        mine = [line.id for line in store.lines.of_order(order_id)]
        if callback_data.what == "all":
            ready = frozenset({LineStatus.READY})
            now = turn.clock()
            select_all(store, turn.person, LineFilter(ready, order_id=order_id, free_for=turn.person.id, now=now))
        else:
            store.selection.remove(turn.person.id, mine)
        turn.show(store, Address.of("order", order_id, READY))

    await turn.act(change)


@dataclass(frozen=True)
class News:
    """What one sync, or all of time, changed in an order."""

    order: Order
    changes: list[LineChange]
    lines: dict[int, OrderLine]
    fresh: bool
    custom: CustomNames


def load_news(store: Store, address: Address, _viewer: Person, _now: datetime) -> News:
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    activity_id = int(address.args[1]) if len(address.args) > 1 else None
    changes = store.events.of_order(order.id, activity_id)
    rows = {line.id: line for line in store.lines.of_order(order.id)}
    return News(order, changes, rows, activity_id is not None, custom_names(store))


@screen("order_news", load=load_news)
def order_news(state: News, reader: Reader) -> Screen:
    head = reader.text("🔔 Order {number} · {customer}", number=code(state.order.number), customer=state.order.customer)
    text = lines(bold(head), *_by_change(state, reader))
    return Screen(text, ((Button(reader.text("Order"), Address.of("order", state.order.id)),), home_row(reader)))


def _by_change(state: News, reader: Reader) -> Iterator[Html]:
    """What happened, with the lines that it happened to under it: those that share all of it are named once."""
    happened: dict[Html, list[str]] = {}
    for change in state.changes:
        line = state.lines.get(change.line_id or 0)
        what = change_text(reader, change, state.custom)
        happened.setdefault(what, []).append(f"{line.title or line.item_id} ×{line.quantity}" if line else "")
    groups: dict[tuple[str, ...], list[Html]] = {}
    for what, titles in happened.items():
        groups.setdefault(tuple(titles), []).append(what)
    for members, said in groups.items():
        yield from said
        yield from [Html(f"  · {esc(title)}") for title in members[:6] if title]
        if len(members) > 6:
            yield reader.text("…and {n} more", n=len(members) - 6)


@screen("order_log", load=load_news)
def order_log(state: News, reader: Reader) -> Screen:
    rows = [_logged(state, change, reader) for change in state.changes[-40:]]
    text = lines(
        bold(reader.text("Order {number}: what happened", number=state.order.number)),
        *(rows or [reader.text("Nothing has happened yet.")]),
    )
    return Screen(text, (back_row(reader, Address.of("order", state.order.id)),))


def _logged(state: News, change: LineChange, reader: Reader) -> Html:
    what = change_text(reader, change, state.custom)
    return Html(f"{reader.when(change.at)} · {what} {_title(state, change)}")


def _title(state: News, change: LineChange) -> Html:
    line = state.lines.get(change.line_id or 0)
    return esc(f"· {(line.title or line.item_id)[:24]}") if line else Html("")
