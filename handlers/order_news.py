"""What changed in an order: the push after a sync, and the order's whole history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Screen, back_row, home_row, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from handlers.changes import change_text
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.money import goods_total
from purchasing.orders import Order, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider_orders import LineChange
from purchasing.status_names import CustomNames, custom_names

router = Router(name="order_news")


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
    text = lines(bold(head), *_by_change(state, reader), _sum(state, reader) if state.fresh else None)
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


def _sum(state: News, reader: Reader) -> Html | None:
    """What the lines that it is about cost in the order, in yuan and in its currency."""
    about = [state.lines[i] for i in {change.line_id or 0 for change in state.changes} if i in state.lines]
    if not about:
        return None
    whole = sum(goods_total(line.price, line.quantity) + line.shipping for line in about)
    sums = (reader.yuan(whole), reader.converted(whole, state.order.rate, state.order.currency))
    return reader.text("These lines in the order: {sums}", sums=Html(" · ".join(filter(None, sums))))


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
