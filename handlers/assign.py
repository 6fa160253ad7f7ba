"""Whose an order is: taking it, giving it to somebody, and the word to whom it was given to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import Turn
from purchasing.assign import assign, assignable
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.orders import Order
from purchasing.people import Person, Right, check
from purchasing.ports import Store

router = Router(name="assign")

PAGE = 8

add_rules({"not_a_buyer": lazy_text("An order can be given only to somebody who buys.")})


class Assign(CallbackData, prefix="asgn"):
    """Ids of people, 0: nobody. `was`: whose it was when the button was made."""

    order_id: int
    to: int
    was: int


@dataclass(frozen=True)
class Assignment:
    viewer: Person
    order: Order
    people: list[Person]
    page: int


def load_assignment(store: Store, address: Address, viewer: Person, _now: datetime) -> Assignment:
    check(viewer, Right.BUY)
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    page = int(address.args[1]) if len(address.args) > 1 else 0
    return Assignment(viewer, order, assignable(store), page)


@screen("assign", load=load_assignment)
def assign_screen(state: Assignment, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Whose is order {number}?", number=state.order.number)),
        reader.text("News and questions about it go to that person; without one, to the buyers on duty."),
    )
    return Screen(text, tuple(_rows(state, reader)))


def _rows(state: Assignment, reader: Reader) -> Iterator[Row]:
    order, viewer = state.order, state.viewer
    if order.assignee_id != viewer.id:
        yield (_give(order, viewer.id, reader.text("Take it"), "success"),)
    others = [person for person in state.people if person.id != viewer.id]
    for person in others[state.page * PAGE : (state.page + 1) * PAGE]:
        chosen: Style | None = "primary" if person.id == order.assignee_id else None
        yield (_give(order, person.id, esc(person.name if person.on_duty else f"{person.name} 💤"), chosen),)
    yield from pages(reader, lambda n: Address.of("assign", order.id, n), state.page, len(others), PAGE)
    if order.assignee_id is not None:
        yield (_give(order, 0, reader.text("Nobody's"), None),)
    yield back_row(reader, Address.of("order", order.id))


def _give(order: Order, to: int, label: Html, style: Style | None) -> Button:
    return Button(label, Assign(order_id=order.id, to=to, was=order.assignee_id or 0), style)


def load_assigned(store: Store, address: Address, _viewer: Person, _now: datetime) -> Order:
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    return order


@screen("assigned", load=load_assigned)
def assigned_screen(order: Order, reader: Reader) -> Screen:
    head = reader.text(
        "👤 Order {number} · {customer} was given to you", number=code(order.number), customer=order.customer or "—"
    )
    return Screen(bold(head), ((Button(reader.text("Order"), Address.of("order", order.id)),), home_row(reader)))


@router.callback_query(Assign.filter())
async def give(_query: CallbackQuery, callback_data: Assign, turn: Turn) -> None:
    def change(store: Store) -> None:
        to, was = callback_data.to or None, callback_data.was or None
        assign(store, turn.person, callback_data.order_id, to, was, turn.clock())
        turn.show(store, Address.of("order", callback_data.order_id))

    await turn.act(change)
