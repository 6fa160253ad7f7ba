"""What a person buys on the marketplace by hand: all that is needed to order it, and the way back into the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Copy, Row, Screen, Url, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, code, lines, link
from bot.turn import Turn
from handlers import names, refusals
from handlers.decide_line import certain
from handlers.lines import url_of
from handlers.link import LinkTo
from purchasing.by_hand import BY_HAND, back_to_ready, may_be_ready
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.money import goods_total
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store

router = Router(name="by_hand")

PAGE = 7


class BackToReady(CallbackData, prefix="bhr"):
    line_id: int


@dataclass(frozen=True)
class ByHand:
    rows: list[OrderLine]
    total: int
    page: int


def load_by_hand(store: Store, address: Address, _viewer: Person, _now: datetime) -> ByHand:
    page = int(address.args[0]) if address.args else 0
    rows, total = store.lines.page(BY_HAND, page * PAGE, PAGE)
    return ByHand(rows, total, page)


@screen("by_hand", load=load_by_hand)
def by_hand(state: ByHand, reader: Reader) -> Screen:
    parts: list[object] = [bold(reader.text("By hand"))]
    if not state.total:
        parts.append(
            reader.text("Nothing is to be bought by hand. Tmall goods and what can't be automated appear here.")
        )
    else:
        parts.append(reader.plural("{n} line is bought by hand", "{n} lines are bought by hand", state.total))
    rows: list[Row] = []
    for (number, customer), members in groupby(state.rows, lambda line: (line.order_number, line.customer)):
        parts += ["", Html(f"{code(number)} · {bold(customer or '—')}")]
        for line in members:
            parts.append(_line(line, reader))
            label = f"{line.order_number} · {(line.title or line.item_id)[:30]} ×{line.quantity}"
            rows.append((Button(label, Address.of("by_hand_line", line.id)),))
    rows += pages(reader, lambda n: Address.of("by_hand", n), state.page, state.total, PAGE)
    return Screen(lines(*parts), (*rows, home_row(reader)))


def _line(line: OrderLine, reader: Reader) -> Html:
    title = link((line.title or line.item_id)[:40], url_of(line))
    price = reader.money(line.price, "CNY")
    return reader.text(
        "· {title} · {sku} ×{n}, {price} each", title=title, sku=line.sku or "—", n=line.quantity, price=price
    )


@dataclass(frozen=True)
class OneLine:
    viewer: Person
    line: OrderLine
    may_be_ready: bool
    asking: bool


def load_line(store: Store, address: Address, viewer: Person, _now: datetime) -> OneLine:
    line = store.lines.get(int(address.args[0]))
    if line is None:
        raise Stale("line_gone")
    return OneLine(viewer, line, may_be_ready(store, line), "sure" in address.args)


@screen("by_hand_line", load=load_line)
def by_hand_line(state: OneLine, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: OneLine, reader: Reader) -> Iterator[object]:
    line = state.line
    yield Html(f"{bold(line.title or line.item_id)} · {names.provider(line.provider)}")
    yield names.status(reader, line.status)
    if line.why:
        yield reader.text("Why: {why}", why=refusals.happened(reader, line.why))
    yield reader.text("Order {number}, {customer}", number=code(line.order_number), customer=line.customer or "—")
    if line.sku:
        yield reader.text("Configuration: {sku}", sku=code(line.sku))
    total = reader.yuan(goods_total(line.price, line.quantity))
    yield reader.text("{n} × {price} = {total}", n=line.quantity, price=reader.money(line.price, "CNY"), total=total)
    if state.asking:
        yield ""
        yield certain(reader)


def _rows(state: OneLine, reader: Reader) -> Iterator[Row]:
    line = state.line
    may = has(state.viewer, Right.BUY)
    if state.asking and state.may_be_ready and may:
        sure = Button(reader.text("Yes, back to ready"), BackToReady(line_id=line.id), "danger")
        yield (sure, Button(reader.text("‹ Back"), Address.of("by_hand_line", line.id)))
        return
    url = url_of(line)
    yield (Button(reader.text("Open the product"), Url(url)), Button(reader.text("Copy the link"), Copy(url)))
    copies = [Button(reader.text("Copy the quantity"), Copy(str(line.quantity)))]
    if line.sku:
        copies.insert(0, Button(reader.text("Copy the configuration"), Copy(line.sku)))
    yield tuple(copies)
    if may:
        yield (Button(reader.text("I ordered it: link with its number"), LinkTo(order_id=line.order_id), "success"),)
    if may and state.may_be_ready:
        yield (Button(reader.text("Back to ready"), Address.of("by_hand_line", line.id, "sure")),)
    yield (Button(reader.text("Order"), Address.of("order", line.order_id)),)
    yield back_row(reader, Address.of("by_hand"))


@router.callback_query(BackToReady.filter())
async def ready_again(_query: CallbackQuery, callback_data: BackToReady, turn: Turn) -> None:
    def change(store: Store) -> None:
        back_to_ready(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("by_hand"))

    await turn.act(change)
