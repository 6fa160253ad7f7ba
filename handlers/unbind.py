"""Taking ties off: bound lines are ticked in their order and confirmed. Nothing comes off without a confirmation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from bot.turn import Turn
from handlers import names
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import Order, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.unbind.start import provider_orders_of, start_unbind, tick_bound, ticked_bound, toggle_bound
from purchasing.words import Stage

router = Router(name="unbind")

SHOWN = 12
BOUGHT = "bought"


class TickBound(CallbackData, prefix="btick"):
    line_id: int
    order_id: int
    page: int


class InBought(CallbackData, prefix="bact"):
    """`what`: all, none, unbind."""

    what: str
    order_id: int


@router.callback_query(TickBound.filter())
async def tick(_query: CallbackQuery, callback_data: TickBound, turn: Turn) -> None:
    def change(store: Store) -> None:
        toggle_bound(store, turn.person, callback_data.line_id)
        turn.show(store, Address.of("order", callback_data.order_id, BOUGHT, callback_data.page))

    await turn.act(change)


@router.callback_query(InBought.filter(F.what.in_({"all", "none"})))
async def tick_all(_query: CallbackQuery, callback_data: InBought, turn: Turn) -> None:
    order_id = callback_data.order_id

    def change(store: Store) -> None:
        if callback_data.what == "all":
            tick_bound(store, turn.person, order_id)
        else:
            store.selection.remove(turn.person.id, [line.id for line in store.lines.of_order(order_id)])
        turn.show(store, Address.of("order", order_id, BOUGHT))

    await turn.act(change)


@dataclass(frozen=True)
class Unbinding:
    order: Order
    lines: dict[int, OrderLine]
    ties: list[tuple[ProviderOrder, list[int]]]
    nicks: dict[int, str]


def load_unbind(store: Store, address: Address, viewer: Person, _now: datetime) -> Unbinding:
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    ticked = ticked_bound(store, viewer, order.id)
    nicks = {account.id: account.nick for account in store.accounts.all()}
    return Unbinding(order, {line.id: line for line in ticked}, provider_orders_of(store, ticked), nicks)


@screen("unbind", load=load_unbind)
def unbind_screen(state: Unbinding, reader: Reader) -> Screen:
    rows: list[Row] = []
    if state.lines:
        label = reader.text("Yes, unbind · {n}", n=len(state.lines))
        rows.append((Button(label, InBought(what="unbind", order_id=state.order.id), "danger"),))
    back = back_row(reader, Address.of("order", state.order.id, BOUGHT))
    return Screen(lines(*_text(state, reader)), (*rows, back))


def _text(state: Unbinding, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Unbind lines of order {number}?", number=state.order.number))
    if not state.lines:
        yield reader.text("No line is ticked. Tick bound lines in the order first.")
        return
    yield reader.text(
        "The lines go back to “ready to buy”. Before anything comes off, the bot looks at each provider order and asks "
        "whether an unpaid one is to be cancelled too."
    )
    shown = 0
    for order, line_ids in state.ties:
        yield ""
        paid = reader.text("not paid") if order.stage is Stage.UNPAID else esc(order.raw_status)
        head = f"{esc(names.provider(order.provider))}, {esc(state.nicks.get(order.account_id, ''))}"
        yield Html(f"{head} · {code(order.number)} · {reader.yuan(order.total)} · {paid}")
        for line_id in line_ids[: max(0, SHOWN - shown)]:
            line = state.lines[line_id]
            yield Html(f"  · {esc((line.title or line.item_id)[:40])} ×{line.quantity}")
        shown += len(line_ids)
    if shown > SHOWN:
        yield reader.text("…and {n} more", n=shown - SHOWN)


@router.callback_query(InBought.filter(F.what == "unbind"))
async def unbind(_query: CallbackQuery, callback_data: InBought, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("unbind", callback_data.order_id))
        ticked = ticked_bound(store, turn.person, callback_data.order_id)
        started = start_unbind(store, turn.person, [line.id for line in ticked], turn.clock())
        one = Address.of("activity", started[0].id)
        turn.show(store, one if len(started) == 1 else Address.of("activities", "running"))

    await turn.act(change)
