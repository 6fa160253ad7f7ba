"""What is to be paid by hand: per account, with the way to the marketplace's own page. Nothing here pays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Copy, Row, Screen, Url, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lines
from bot.turn import Turn
from handlers import names
from purchasing.approve_payment import Judged, Payable, judge
from purchasing.cards import Address
from purchasing.order_pages import order_page, unpaid_page
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.to_pay import Bill, bill, bills, closing_soon, customers_orders, i_paid

router = Router(name="to_pay")

PAGE = 5
ACCOUNTS = 8
SOON = timedelta(hours=6)


class Paid(CallbackData, prefix="paid"):
    account_id: int


@dataclass(frozen=True)
class ToPay:
    bills: list[Bill]
    page: int

    @property
    def total(self) -> int:
        return sum(one.total for one in self.bills)


def load_to_pay(store: Store, address: Address, _viewer: Person, _now: datetime) -> ToPay:
    return ToPay(bills(store), int(address.args[0]) if address.args else 0)


@screen("to_pay", load=load_to_pay)
def to_pay(state: ToPay, reader: Reader) -> Screen:
    if not state.bills:
        nothing = reader.text("Nothing is to be paid. Orders appear here once they are reserved.")
        return Screen(lines(bold(reader.text("To pay")), nothing), (home_row(reader),))
    count = sum(len(one.orders) for one in state.bills)
    whole = reader.plural("{n} provider order", "{n} provider orders", count)
    text = lines(
        bold(reader.text("To pay")),
        Html(f"{whole} · {reader.yuan(state.total)}"),
        reader.text("Paying is done by a person on the marketplace, logged in to the account."),
    )
    rows: list[Row] = []
    for one in state.bills[state.page * ACCOUNTS : (state.page + 1) * ACCOUNTS]:
        account = one.account
        label = f"{names.provider(account.provider)} · {account.nick} · {len(one.orders)} · {reader.yuan(one.total)}"
        rows.append((Button(label, Address.of("to_pay_at", account.id, 0)),))
    rows += pages(reader, lambda n: Address.of("to_pay", n), state.page, len(state.bills), ACCOUNTS)
    return Screen(text, (*rows, home_row(reader)))


@dataclass(frozen=True)
class AtAccount:
    viewer: Person
    bill: Bill
    page: int
    ours: dict[int, list[str]]
    """Of each order shown, the customers' orders that it is for."""
    urls: dict[int, str]
    unpaid_url: str
    """"" when nothing of the page may be paid."""
    judged: Mapping[int, Judged]
    closing: bool
    """Only what closes soon."""

    @property
    def shown(self) -> list[ProviderOrder]:
        return list(self.bill.orders[self.page * PAGE : (self.page + 1) * PAGE])


def load_at_account(store: Store, address: Address, viewer: Person, _now: datetime) -> AtAccount:
    return _at_account(store, address, viewer, bill(store, int(address.args[0])))


def load_closing(store: Store, address: Address, viewer: Person, now: datetime) -> AtAccount:
    return _at_account(store, address, viewer, closing_soon(store, int(address.args[0]), now), closing=True)


def _at_account(store: Store, address: Address, viewer: Person, whole: Bill, *, closing: bool = False) -> AtAccount:
    page = min(int(address.args[1]) if len(address.args) > 1 else 0, max(0, len(whole.orders) - 1) // PAGE)
    account = whole.account
    shown = whole.orders[page * PAGE : (page + 1) * PAGE]
    urls = {order.id: order_page(store, account.provider, account.nick, order.number) for order in shown}
    judged = judge(store, shown)
    payable = [order.number for order in shown if judged[order.id].may_be_paid]
    unpaid = unpaid_page(store, account.provider, account.nick, payable) if payable else ""
    ours = {order.id: customers_orders(store, order) for order in shown}
    return AtAccount(viewer, whole, page, ours, urls, unpaid, judged, closing)


@screen("to_pay_at", load=load_at_account)
def at_account(state: AtAccount, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


@screen("closing", load=load_closing)
def closing_screen(state: AtAccount, reader: Reader) -> Screen:
    """The reminder: what the marketplace will close soon when nobody pays."""
    return at_account(state, reader)


def _text(state: AtAccount, reader: Reader) -> Iterator[object]:
    account = state.bill.account
    head = f"{names.provider(account.provider)} · {account.nick}"
    if state.closing:
        yield bold(reader.text("⏰ Closes soon without a payment: {account}", account=head))
    else:
        yield bold(reader.text("To pay: {account}", account=head))
    if not state.bill.orders:
        yield reader.text("Nothing is to be paid on this account.")
        return
    whole = reader.plural("{n} provider order", "{n} provider orders", len(state.bill.orders))
    yield Html(f"{whole} · {reader.yuan(state.bill.total)}")
    for number, order in enumerate(state.shown, state.page * PAGE + 1):
        yield ""
        yield Html(f"{number}. {code(order.number)} · {bold(reader.yuan(order.total))} · {esc(order.seller or '—')}")
        ours = state.ours[order.id]
        if ours:
            yield reader.text("for {orders}", orders=", ".join(ours[:5]))
        else:
            yield reader.text("⚠ not linked with any order of ours")
        yield _times(order, reader)
        yield approval_text(state.judged[order.id], reader)


def approval_text(judged: Judged, reader: Reader) -> Html | None:
    """Whether it may be paid and who said so; None for what needs no approval."""
    when = reader.when(judged.at)
    match judged.payable:
        case Payable.WAITING:
            return reader.text("⏳ waits for an owner's approval: don't pay it yet")
        case Payable.APPROVED:
            return reader.text("✅ approved by {who}, {when}", who=judged.who, when=when)
        case Payable.REFUSED:
            return reader.text("⛔ refused by {who}, {when}: {reason}", who=judged.who, when=when, reason=judged.reason)
        case _:
            return None


def _times(order: ProviderOrder, reader: Reader) -> Html:
    """How old it is, and when the marketplace closes it, where that is known."""
    parts = []
    if order.created_at:
        parts.append(reader.text("made {age} ago", age=age(reader, reader.now - order.created_at)))
    if order.closes_at:
        sign = "⏰" if order.closes_at - reader.now < SOON else ""
        parts.append(reader.text("{sign} closes {when}", sign=sign, when=reader.when(order.closes_at)))
    return Html(" · ".join(part.strip() for part in parts))


def age(reader: Reader, since: timedelta) -> Html:
    hours = int(since.total_seconds() // 3600)
    if hours < 1:
        return reader.plural("{n} minute", "{n} minutes", max(1, int(since.total_seconds() // 60)))
    if hours < 48:
        return reader.plural("{n} hour", "{n} hours", hours)
    return reader.plural("{n} day", "{n} days", hours // 24)


def _rows(state: AtAccount, reader: Reader) -> Iterator[Row]:
    account = state.bill.account
    for number, order in enumerate(state.shown, state.page * PAGE + 1):
        yield tuple(_order_row(state, order, number, reader))
    size, here = len(state.bill.orders), "closing" if state.closing else "to_pay_at"
    yield from pages(reader, lambda n: Address.of(here, account.id, n), state.page, size, PAGE)
    if state.unpaid_url:
        yield (Button(reader.text("Open all of this page on the marketplace"), Url(state.unpaid_url)),)
    if state.bill.orders and has(state.viewer, Right.PAY):
        yield (Button(reader.text("I paid: look again"), Paid(account_id=account.id), "success"),)
    yield back_row(reader, Address.of("to_pay"))


def _order_row(state: AtAccount, order: ProviderOrder, number: int, reader: Reader) -> Iterator[Button]:
    judged = state.judged[order.id]
    if judged.may_be_paid:
        label = reader.text("{n}. Open {sum}", n=number, sum=reader.yuan(order.total))
        yield Button(label, Url(state.urls[order.id]))
    if judged.payable is not Payable.FREE:
        yield Button(reader.text("Approval {n}", n=number), Address.of("approval", order.id))
    yield Button(reader.text("Copy number {n}", n=number), Copy(order.number))


@router.callback_query(Paid.filter())
async def paid(_query: CallbackQuery, callback_data: Paid, turn: Turn) -> None:
    def change(store: Store) -> None:
        activity = i_paid(store, turn.person, callback_data.account_id, turn.clock())
        turn.show(store, Address.of("activity", activity.id))

    await turn.act(change)
