"""One customer's order in its three sections, and what is done with the lines that are ticked there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, Style, back_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from bot.turn import Turn
from handlers import names
from handlers.deep_links import copy_row, link_to
from handlers.link import LinkTo
from handlers.orders import ATTENTION, BOUGHT, READY
from handlers.to_buy import chosen_accounts, show_preview
from handlers.unbind import InBought, TickBound
from purchasing.cards import Address
from purchasing.choose_lines import select_all, toggle
from purchasing.consents import Consent
from purchasing.errors import Stale
from purchasing.money import goods_total
from purchasing.order_ports import LineFilter
from purchasing.orders import Order, OrderLine, Section
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.recalculate import Parts
from purchasing.unbind.start import unbindable
from purchasing.words import LineStatus

router = Router(name="order")

LINES = 7

SECTIONS = {READY: Section.READY, BOUGHT: Section.BOUGHT, ATTENTION: Section.ATTENTION}


class TickInOrder(CallbackData, prefix="otick"):
    line_id: int
    order_id: int
    page: int


class InOrder(CallbackData, prefix="oact"):
    """`what`: all, none, preview."""

    what: str
    order_id: int


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
    assignee: str
    link: str
    asked: Mapping[int, Consent]
    """Of lines whose customer is asked about a new price, or owes."""
    refunds: frozenset[int]
    """Lines with an open refund."""


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
    assignee = store.people.get(order.assignee_id) if order.assignee_id else None
    who = assignee.name if assignee else ""
    link = link_to(store, "order", order.id)
    ids = [line.id for line in whole]
    asked = store.consents.open_of(ids)
    refunds = frozenset(refund.line_id for refund in store.refunds.of_lines(ids) if refund.open)
    about = order, section, page, shown, counts, tickable, ticked, unpaid
    return OneOrder(viewer, *about, who, link, asked, refunds)


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
    yield Html(f"{bold(head)} · {esc((order.customer or '—')[:200])}")
    if state.assignee:
        yield reader.text("👤 {name}", name=state.assignee)
    if order.rate is not None and order.currency:
        rate = reader.number(order.rate)
        yield reader.text("rate {rate} {currency} per yuan", rate=rate, currency=order.currency)
    whole = sum(goods_total(line.price, line.quantity) + line.shipping for line in state.lines)
    if state.lines:
        converted = reader.converted(whole, order.rate, order.currency)
        yield Html(" · ".join(filter(None, (reader.yuan(whole), converted))))
    else:
        yield reader.text("Nothing in this section.")
    if state.asked:
        n = len(state.asked)
        yield reader.plural(
            "🤝 {n} line waits for the customer's answer", "🤝 {n} lines wait for the customer's answer", n
        )


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
        yield (*_recalculate(state, reader), _main_step(state, reader))
    for request_id in sorted({consent.request_id for consent in state.asked.values()})[:2]:
        yield (Button(reader.text("🤝 Customer's answer"), Address.of("consent", request_id)),)
    log = Button(reader.text("What happened"), Address.of("order_log", order_id))
    if has(state.viewer, Right.BUY):
        yield (Button(reader.text("Link with a provider order"), LinkTo(order_id=order_id)),)
        whose = reader.text("Give it to others") if state.assignee else reader.text("Take it or give it")
        yield (log, Button(whose, Address.of("assign", order_id)))
    else:
        yield (log,)
    yield copy_row(reader, state.link)
    yield back_row(reader, Address.of("orders"))


def _recalculate(state: OneOrder, reader: Reader) -> Iterator[Button]:
    if state.section == BOUGHT:
        recalculation = Address.of("recalc", state.order.id, Parts.BOTH, 0)
        yield Button(reader.text("Recalculate · {n}", n=len(state.ticked)), recalculation)


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


def _flags(state: OneOrder, line: OrderLine) -> str:
    return ("🤝" if line.id in state.asked else "") + ("↩️" if line.id in state.refunds else "")


def _line_label(state: OneOrder, reader: Reader, line: OrderLine) -> str:
    price = reader.yuan(goods_total(line.price, line.quantity))
    sign = names.STATUS_SIGNS[line.status] + _flags(state, line)
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
