"""Refunds: whom money is owed, how far it has come, and what is pressed when it has. Nothing here moves money."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.statuses import status_name
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.orders import Order, OrderLine
from purchasing.owe_refund import (
    REFUNDABLE,
    credited,
    market_refunded,
    nothing_owed,
    open_again,
    open_by_hand,
    set_owed,
    set_pieces,
)
from purchasing.people import Person, Right, check, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderLine, ProviderOrder
from purchasing.refunds import Refund, RefundReason
from purchasing.status_names import CustomNames, custom_names
from purchasing.words import RefundState

router = Router(name="refunds")

Keep = Callable[[Store, Person, int, str, datetime], None]
"""Keeps what was typed into a refund."""

PAGE = 8
PIECES, OWED = "refund_pieces", "refund_owed"

SIGNS: Mapping[RefundState, str] = {
    RefundState.ASKED: "⏳",
    RefundState.REFUNDED: "💴",
    RefundState.CREDITED: "✅",
    RefundState.REFUSED: "✖️",
}
STATES: Mapping[RefundState, str] = {
    RefundState.ASKED: lazy_text("waits for the marketplace"),
    RefundState.REFUNDED: lazy_text("refunded by the marketplace, owed to the customer"),
    RefundState.CREDITED: lazy_text("credited to the customer"),
    RefundState.REFUSED: lazy_text("nothing is owed"),
}
REASONS: Mapping[RefundReason, str] = {
    RefundReason.CLOSED: lazy_text("the provider order was closed after it was paid"),
    RefundReason.MARKETPLACE: lazy_text("the marketplace shows a refund"),
    RefundReason.CUSTOMER: lazy_text("the customer refused what is paid already"),
    RefundReason.BY_HAND: lazy_text("opened by hand"),
}
add_rules({"pieces_of_line": lazy_text("A whole number of pieces, from 1 to those of the line.")})
STALE.update(
    {
        "refund_over": lazy_text("This refund has moved on: the card shows how it stands now."),
        "not_paid": lazy_text("Nothing is paid for this line, so nothing comes back."),
    }
)


class Settle(CallbackData, prefix="refund"):
    """`what`: refunded, credited, refused, again."""

    what: str
    refund_id: int


class NewRefund(CallbackData, prefix="refnew"):
    line_id: int


@dataclass(frozen=True)
class Refunds:
    rows: list[tuple[Refund, OrderLine | None]]
    page: int
    total: int
    open: int


def load_refunds(store: Store, address: Address, _viewer: Person, _now: datetime) -> Refunds:
    page = int(address.args[0]) if address.args else 0
    found, total = store.refunds.page(page * PAGE, PAGE)
    mine = {line.id: line for line in store.lines.many([one.line_id for one in found])}
    return Refunds([(one, mine.get(one.line_id)) for one in found], page, total, store.refunds.open_count())


@screen("refunds", load=load_refunds)
def refunds_screen(state: Refunds, reader: Reader) -> Screen:
    nothing = reader.text(
        "There are no refunds. They open by themselves when a paid order is closed or the marketplace shows a refund, "
        "and by hand from a line."
    )
    told = reader.plural("{n} refund is open", "{n} refunds are open", state.open) if state.rows else nothing
    rows: list[Row] = [(Button(_label(one, line, reader), Address.of("refund", one.id)),) for one, line in state.rows]
    rows += pages(reader, lambda n: Address.of("refunds", n), state.page, state.total, PAGE)
    return Screen(lines(bold(reader.text("Refunds")), told), (*rows, home_row(reader)))


def _label(refund: Refund, line: OrderLine | None, reader: Reader) -> str:
    what = f"{line.order_number} · {(line.title or line.item_id)[:24]}" if line else ""
    owed = reader.money(refund.owed, refund.currency)
    return f"{SIGNS[refund.state]} {what} ×{refund.quantity} · {owed}"


@dataclass(frozen=True)
class OneRefund:
    viewer: Person
    refund: Refund
    line: OrderLine
    order: Order
    provider_order: ProviderOrder | None
    provider_line: ProviderLine | None
    nick: str
    custom: CustomNames
    who: str
    asking: str
    """What is to be confirmed, "" for nothing."""
    error: BadInput | None


def load_refund(store: Store, address: Address, viewer: Person, _now: datetime) -> OneRefund:
    refund = store.refunds.get(int(address.args[0]))
    line = store.lines.get(refund.line_id) if refund else None
    order = store.orders.get(line.order_id) if line else None
    if refund is None or line is None or order is None:
        raise Stale("refund_over")
    provider_line = store.provider_orders.line(refund.provider_line_id) if refund.provider_line_id else None
    provider_order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
    account = store.accounts.get(provider_order.account_id) if provider_order else None
    closed_by = store.people.get(refund.closed_by) if refund.closed_by else None
    return OneRefund(
        viewer,
        refund,
        line,
        order,
        provider_order,
        provider_line,
        account.nick if account else "",
        custom_names(store),
        closed_by.name if closed_by else "",
        address.args[1] if len(address.args) > 1 else "",
        mistake(store, viewer, address),
    )


@screen("refund", load=load_refund)
def refund_screen(state: OneRefund, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: OneRefund, reader: Reader) -> Iterator[object]:
    refund, line = state.refund, state.line
    yield bold(reader.text("↩️ Refund · order {number}", number=code(state.order.number)))
    yield Html(f"{SIGNS[refund.state]} {reader.text(STATES[refund.state])}")
    yield Html(f"{esc((line.title or line.item_id)[:80])} · {esc(line.sku or '—')} ×{refund.quantity}")
    yield reader.text("Why: {why}", why=reader.text(REASONS[refund.reason]))
    if state.provider_order:
        number = code(state.provider_order.number)
        yield reader.text("Provider order {number}, account {nick}", number=number, nick=state.nick)
    if refund.raw:
        said = status_name(reader, line.provider, refund.raw, state.custom)
        yield reader.text("The marketplace says: {raw}", raw=said)
    if state.provider_line and state.provider_line.refunded:
        paid_back = reader.yuan(state.provider_line.refunded)
        yield reader.text("Paid back there: {sum} for ×{n}", sum=paid_back, n=state.provider_line.quantity)
    yield ""
    yield reader.text("The goods cost us {sum}", sum=reader.yuan(refund.total))
    owed = bold(reader.money(refund.owed, refund.currency))
    yield reader.text("Owed to {customer}: {sum}", customer=state.order.customer or "—", sum=owed)
    yield reader.text("Opened {when}", when=reader.when(refund.opened_at))
    if refund.refunded_at:
        yield reader.text("Refunded {when}", when=reader.when(refund.refunded_at))
    if refund.closed_at:
        yield reader.text("Closed {when}, {who}", when=reader.when(refund.closed_at), who=state.who)
    if state.asking == "refused":
        yield from ("", bold(reader.text("The record is closed, and the customer gets nothing?")))


def _rows(state: OneRefund, reader: Reader) -> Iterator[Row]:
    refund = state.refund
    if has(state.viewer, Right.BUY):
        yield from _steps(state, reader)
    if state.asking:
        return
    yield (
        Button(reader.text("Line"), Address.of("line", refund.line_id)),
        Button(reader.text("Order"), Address.of("order", state.order.id)),
    )
    yield back_row(reader, Address.of("refunds"))


def _steps(state: OneRefund, reader: Reader) -> Iterator[Row]:
    refund = state.refund
    if state.asking == "refused" and refund.open:
        yield (Button(reader.text("Yes, nothing is owed"), _press(refund, "refused"), "danger"),)
        yield back_row(reader, Address.of("refund", refund.id))
        return
    if not refund.open:
        yield (Button(reader.text("Open it again"), _press(refund, "again")),)
        return
    if refund.state is RefundState.ASKED:
        yield (Button(reader.text("The marketplace has refunded"), _press(refund, "refunded")),)
    yield (Button(reader.text("The customer is credited"), _press(refund, "credited"), "success"),)
    yield (
        Button(reader.text("Pieces…"), Ask.of(PIECES, refund.id)),
        Button(reader.text("Sum…"), Ask.of(OWED, refund.id)),
    )
    yield (Button(reader.text("Nothing is owed"), Address.of("refund", refund.id, "refused"), "danger"),)


def _press(refund: Refund, what: str) -> Settle:
    return Settle(what=what, refund_id=refund.id)


@router.callback_query(Settle.filter())
async def settle(_query: CallbackQuery, callback_data: Settle, turn: Turn) -> None:
    refund_id = callback_data.refund_id

    def change(store: Store) -> None:
        person, now = turn.person, turn.clock()
        match callback_data.what:
            case "refunded":
                market_refunded(store, person, refund_id, now)
            case "credited":
                credited(store, person, refund_id, now)
            case "refused":
                turn.confirmed(store, Address.of("refund", refund_id, "refused"))
                nothing_owed(store, person, refund_id, now)
            case "again":
                open_again(store, person, refund_id, now)
        turn.show(store, Address.of("refund", refund_id))

    await turn.act(change)


@screen(PIECES, load=load_refund)
def pieces_form(state: OneRefund, reader: Reader) -> Screen:
    rule = reader.text("Type how many of {n} pieces come back. The sums follow.", n=state.line.quantity)
    return _form(state, reader, reader.text("How many pieces?"), rule)


@screen(OWED, load=load_refund)
def owed_form(state: OneRefund, reader: Reader) -> Screen:
    rule = reader.text("Type what the customer gets back, in {currency}.", currency=state.refund.currency)
    return _form(state, reader, reader.text("How much is owed?"), rule)


def _form(state: OneRefund, reader: Reader, head: Html, rule: Html) -> Screen:
    now = reader.text(
        "Now: ×{n}, {sum}", n=state.refund.quantity, sum=reader.money(state.refund.owed, state.refund.currency)
    )
    text = lines(bold(head), now, rule)
    back = back_row(reader, Address.of("refund", state.refund.id))
    return asking_screen(text, state.error, reader, back)


@router.message(F.text, AwaitsText(PIECES))
async def pieces_typed(message: Message, turn: Turn) -> None:
    await _typed(message, turn, set_pieces)


@router.message(F.text, AwaitsText(OWED))
async def owed_typed(message: Message, turn: Turn) -> None:
    await _typed(message, turn, set_owed)


async def _typed(message: Message, turn: Turn, keep: Keep) -> None:
    assert turn.form is not None  # noqa: S101  # the filter let it through
    refund_id = int(turn.form.args[0])

    def change(store: Store) -> None:
        def save() -> Address:
            keep(store, turn.person, refund_id, message.text or "", turn.clock())
            return Address.of("refund", refund_id)

        submit(store, turn, save)

    await turn.act(change)


@dataclass(frozen=True)
class New:
    line: OrderLine
    order: Order


def load_new(store: Store, address: Address, viewer: Person, _now: datetime) -> New:
    check(viewer, Right.BUY)
    line = store.lines.get(int(address.args[0]))
    order = store.orders.get(line.order_id) if line else None
    if line is None or order is None or line.status not in REFUNDABLE:
        raise Stale("not_paid")
    return New(line, order)


@screen("refund_new", load=load_new)
def new_screen(state: New, reader: Reader) -> Screen:
    line = state.line
    text = lines(
        bold(reader.text("Open a refund?")),
        Html(f"{code(state.order.number)} · {esc((line.title or line.item_id)[:80])} ×{line.quantity}"),
        names.status(reader, line.status),
        reader.text("It stays open until the customer has their money. Pieces and sum can be changed in it."),
    )
    press = Button(reader.text("Open a refund"), NewRefund(line_id=line.id), "success")
    return Screen(text, ((press,), back_row(reader, Address.of("line", line.id))))


@router.callback_query(NewRefund.filter())
async def new_refund(_query: CallbackQuery, callback_data: NewRefund, turn: Turn) -> None:
    def change(store: Store) -> None:
        refund = open_by_hand(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("refund", refund.id))

    await turn.act(change)
