"""New prices from what the goods really cost: before and after are shown, then the customer is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, esc, lazy_text, lines
from bot.turn import Turn
from handlers.customer_message import shown
from purchasing.ask_customer import apply_cheaper, ask_customer, changes_of, dearer
from purchasing.cards import Address
from purchasing.consents import PriceChange
from purchasing.errors import Stale
from purchasing.orders import Order, OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.recalculate import Parts, customers_sum
from purchasing.unbind.start import ticked_bound

router = Router(name="recalculation")

SHOWN = 15

STALE.update(
    {
        "nothing_to_recalculate": lazy_text(
            "Nothing would change: the purchase price isn't known yet, or it is what the customer pays already."
        ),
        "gets_dearer": lazy_text("Something gets dearer for the customer: ask them first."),
    }
)


class Recalculate(CallbackData, prefix="recalc"):
    """`what`: ask, apply; `line_id` 0: the lines that are ticked."""

    what: str
    order_id: int
    parts: Parts
    line_id: int


@dataclass(frozen=True)
class Recalculation:
    order: Order
    parts: Parts
    line_id: int
    lines: dict[int, OrderLine]
    changes: list[PriceChange]
    """Of those lines that would get a new price."""

    @property
    def dearer(self) -> bool:
        return any(dearer(self.lines[change.line_id], self.order, change) for change in self.changes)


def load_recalculation(store: Store, address: Address, viewer: Person, _now: datetime) -> Recalculation:
    check(viewer, Right.BUY)
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    parts, line_id = Parts(address.args[1]), int(address.args[2])
    chosen = _chosen(store, viewer, order.id, line_id)
    changes = changes_of(store, order, chosen, parts)
    return Recalculation(order, parts, line_id, {line.id: line for line in chosen}, changes)


def _chosen(store: Store, viewer: Person, order_id: int, line_id: int) -> list[OrderLine]:
    return store.lines.many([line_id]) if line_id else ticked_bound(store, viewer, order_id)


@screen("recalc", load=load_recalculation)
def recalculation_screen(state: Recalculation, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Recalculation, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Recalculate order {number}", number=state.order.number))
    yield reader.text("From the purchase price and delivery; the delivery goes into the price of the goods.")
    left_out = len(state.lines) - len(state.changes)
    for change in state.changes[:SHOWN]:
        line = state.lines[change.line_id]
        yield ""
        yield Html(f"{esc((line.title or line.item_id)[:40])} ×{line.quantity}")
        yield _before_after(state, change, line, reader)
    if len(state.changes) > SHOWN:
        yield reader.text("…and {n} more", n=len(state.changes) - SHOWN)
    if state.changes:
        yield ""
        yield _whole(state, reader)
    if left_out:
        yield reader.plural(
            "{n} line stays as it is: nothing changes, its purchase price isn't known, or its customer is being asked.",
            "{n} lines stay as they are: nothing changes, the purchase price isn't known, or the customer is being "
            "asked.",
            left_out,
        )


def _before_after(state: Recalculation, change: PriceChange, line: OrderLine, reader: Reader) -> Html:
    """In yuan, and as the customer pays it."""
    before, after = (price.total(line.quantity) for price in (change.before, change.after))
    told = Html(f"{reader.yuan(before)} → {bold(reader.yuan(after))}")
    was, now = (customers_sum(price, line.quantity, state.order) for price in (change.before, change.after))
    if was.currency == "CNY":
        return told
    return Html(f"{told} · {shown(was, reader)} → {bold(shown(now, reader))}")


def _whole(state: Recalculation, reader: Reader) -> Html:
    quantities = {line.id: line.quantity for line in state.lines.values()}
    before = sum(change.before.total(quantities[change.line_id]) for change in state.changes)
    after = sum(change.after.total(quantities[change.line_id]) for change in state.changes)
    return reader.text("In all: {before} → {after}", before=reader.yuan(before), after=bold(reader.yuan(after)))


def _rows(state: Recalculation, reader: Reader) -> Iterator[Row]:
    yield (_part(state, Parts.PRICE, reader.text("Price")), _part(state, Parts.DELIVERY, reader.text("Delivery")))
    if state.changes:
        n = len(state.changes)
        if not state.dearer:
            yield (Button(reader.text("Save without asking · {n}", n=n), _press(state, "apply")),)
        yield (Button(reader.text("Ask the customer · {n}", n=n), _press(state, "ask"), "success"),)
    back = Address.of("line", state.line_id) if state.line_id else Address.of("order", state.order.id, "bought")
    yield back_row(reader, back)


def _part(state: Recalculation, part: Parts, label: Html) -> Button:
    """Ticks one part on or off; the last one stays on."""
    other = Parts.DELIVERY if part is Parts.PRICE else Parts.PRICE
    if state.parts is part:
        return Button(f"☑ {label}", disabled=True)
    then = other if state.parts is Parts.BOTH else Parts.BOTH
    sign = "☑" if state.parts is Parts.BOTH else "☐"
    return Button(f"{sign} {label}", Address.of("recalc", state.order.id, then, state.line_id))


def _press(state: Recalculation, what: str) -> Recalculate:
    return Recalculate(what=what, order_id=state.order.id, parts=state.parts, line_id=state.line_id)


@router.callback_query(Recalculate.filter())
async def recalculate(_query: CallbackQuery, callback_data: Recalculate, turn: Turn) -> None:
    order_id, parts, line_id = callback_data.order_id, callback_data.parts, callback_data.line_id

    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("recalc", order_id, parts, line_id))
        now = turn.clock()
        chosen = [line.id for line in _chosen(store, turn.person, order_id, line_id)]
        if callback_data.what == "apply":
            apply_cheaper(store, turn.person, order_id, chosen, parts, now)
            turn.show(store, Address.of("line", line_id) if line_id else Address.of("order", order_id, "bought"))
            return
        request = ask_customer(store, turn.person, order_id, chosen, parts, now)
        store.selection.remove(turn.person.id, chosen)
        turn.show(store, Address.of("consent", request.id))

    await turn.act(change)
