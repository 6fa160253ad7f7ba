"""Provider orders that nothing of ours is tied to: per account, linked one by one or all certain ones, or ignored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Copy, Row, Screen, Url, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.accounts import Account
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.order_pages import order_page
from purchasing.orders import Order
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.unlinked import (
    counts,
    ignore,
    ignore_all,
    link_certain,
    link_with,
    notice_again,
    orders_for,
    unlinked_order,
)

router = Router(name="unlinked")

PAGE = 7
LINES = 10
FORM = "unlinked_link"
UNLINKED, IGNORED = "unlinked_at", "ignored_at"

add_rules(
    {
        "customer_order_unknown": lazy_text("There is no customer's order with this number."),
        "customer_order_covered": lazy_text("No line of that order is still open on this marketplace."),
    }
)


class AtAccount(CallbackData, prefix="unla"):
    """`what`: certain, ignore_all, ignore_sure."""

    what: str
    account_id: int


class OnOrder(CallbackData, prefix="unlo"):
    """`what`: ignore, notice, link (with the customer's order `order_id`)."""

    what: str
    provider_order_id: int
    order_id: int


@dataclass(frozen=True)
class Overview:
    accounts: list[tuple[Account, int]]
    page: int


def load_unlinked(store: Store, address: Address, _viewer: Person, _now: datetime) -> Overview:
    found = counts(store)
    rows = [(account, found[account.id]) for account in store.accounts.all() if account.id in found]
    return Overview(rows, int(address.args[0]) if address.args else 0)


@screen("unlinked", load=load_unlinked)
def unlinked(state: Overview, reader: Reader) -> Screen:
    head = bold(reader.text("Not linked"))
    if not state.accounts:
        nothing = reader.text("Every provider order that a sync has seen is linked or ignored.")
        return Screen(lines(head, nothing), (home_row(reader),))
    text = lines(
        head, reader.text("Orders that were made on the marketplace by hand, and no order of ours is tied to.")
    )
    rows: list[Row] = []
    for account, count in state.accounts[state.page * PAGE : (state.page + 1) * PAGE]:
        label = f"{names.provider(account.provider)} · {account.nick} · {count}"
        rows.append((Button(label, Address.of(UNLINKED, account.id, 0)),))
    rows += pages(reader, lambda n: Address.of("unlinked", n), state.page, len(state.accounts), PAGE)
    return Screen(text, (*rows, home_row(reader)))


@dataclass(frozen=True)
class OfAccount:
    viewer: Person
    account: Account
    which: str
    rows: list[ProviderOrder]
    total: int
    page: int
    ignored: int
    asking: bool
    """Whether ignoring all of them is to be confirmed."""


def load_of_account(store: Store, address: Address, viewer: Person, _now: datetime) -> OfAccount:
    account = store.accounts.get(int(address.args[0]))
    if account is None:
        raise Stale("account_gone")
    page = int(address.args[1]) if len(address.args) > 1 else 0
    which = address.screen
    rows, total = store.provider_orders.unlinked(account.id, page * PAGE, PAGE, ignored=which == IGNORED)
    ignored = store.provider_orders.unlinked(account.id, 0, 1, ignored=True)[1]
    return OfAccount(viewer, account, which, rows, total, page, ignored, "sure" in address.args)


@screen(IGNORED, load=load_of_account)
@screen(UNLINKED, load=load_of_account)
def of_account(state: OfAccount, reader: Reader) -> Screen:
    account = f"{names.provider(state.account.provider)} · {state.account.nick}"
    if state.which == IGNORED:
        head = reader.text("Ignored orders: {account}", account=account)
        about = reader.text("They are private: nobody is asked to pay or link them.")
    else:
        head = reader.text("Not linked: {account}", account=account)
        about = reader.text(
            "“Link all certain ones” ties only what fits one order by product, configuration, pieces and price."
        )
    empty = None if state.rows else reader.text("Nothing is left here.")
    if state.asking:
        about = reader.text("Ignore all {n} orders? Each can be taken back from the ignored ones.", n=state.total)
    return Screen(lines(bold(head), empty or about), tuple(_account_rows(state, reader)))


def _account_rows(state: OfAccount, reader: Reader) -> Iterator[Row]:
    account_id = state.account.id
    may = has(state.viewer, Right.BUY)
    if state.asking and may:
        sure = Button(reader.text("Yes, ignore all"), AtAccount(what="ignore_sure", account_id=account_id), "danger")
        yield (sure, Button(reader.text("‹ Back"), Address.of(UNLINKED, account_id, 0)))
        return
    for order in state.rows:
        title = order.lines[0].title[:24] if order.lines else ""
        label = f"{order.number} · {reader.yuan(order.total)} · {title or order.seller}"
        yield (Button(label, Address.of("unlinked_order", order.id)),)
    yield from pages(reader, lambda n: Address.of(state.which, account_id, n), state.page, state.total, PAGE)
    if state.rows and may and state.which == UNLINKED:
        certain = AtAccount(what="certain", account_id=account_id)
        yield (Button(reader.text("Link all certain ones"), certain, "success"),)
        everything = AtAccount(what="ignore_all", account_id=account_id)
        yield (Button(reader.text("Ignore all {n}", n=state.total), everything),)
    if state.ignored and state.which == UNLINKED:
        yield (Button(reader.text("Ignored · {n}", n=state.ignored), Address.of(IGNORED, account_id, 0)),)
    back = Address.of("unlinked") if state.which == UNLINKED else Address.of(UNLINKED, account_id, 0)
    yield back_row(reader, back)


@router.callback_query(AtAccount.filter())
async def at_account(_query: CallbackQuery, callback_data: AtAccount, turn: Turn) -> None:
    account_id = callback_data.account_id

    def change(store: Store) -> None:
        if callback_data.what == "certain":
            activity = link_certain(store, turn.person, account_id, turn.clock())
            turn.show(store, Address.of("activity", activity.id))
        elif callback_data.what == "ignore_sure":
            ignore_all(store, turn.person, account_id, turn.clock())
            turn.show(store, Address.of(UNLINKED, account_id, 0))
        else:
            turn.show(store, Address.of(UNLINKED, account_id, 0, "sure"))

    await turn.act(change)


@dataclass(frozen=True)
class OneOrder:
    viewer: Person
    order: ProviderOrder
    nick: str
    candidates: list[Order]
    url: str


def load_one(store: Store, address: Address, viewer: Person, _now: datetime) -> OneOrder:
    order = unlinked_order(store, int(address.args[0]))
    account = store.accounts.get(order.account_id)
    nick = account.nick if account else ""
    url = order_page(store, order.provider, nick, order.number)
    return OneOrder(viewer, order, nick, orders_for(store, order), url)


@screen("unlinked_order", load=load_one)
def one_order(state: OneOrder, reader: Reader) -> Screen:
    return Screen(lines(*_order_text(state, reader)), tuple(_order_rows(state, reader)))


def _order_text(state: OneOrder, reader: Reader) -> Iterator[object]:
    order = state.order
    yield Html(f"{bold(names.provider(order.provider))} · {esc(state.nick)} · {code(order.number)}")
    yield Html(f"{reader.yuan(order.total)} · {esc(order.seller or '—')} · {reader.when(order.created_at)}")
    yield reader.text("The marketplace says: {raw}", raw=order.raw_status)
    for line in order.lines[:LINES]:
        choice = line.choice or line.sku_id or "—"
        price = reader.money(line.unit_price, "CNY")
        yield Html(f"· {esc((line.title or line.item_id)[:40])} · {esc(choice[:40])} ×{line.quantity}, {price}")
    if len(order.lines) > LINES:
        yield reader.text("…and {n} more", n=len(order.lines) - LINES)
    if order.ignored_at:
        yield from ("", reader.text("Ignored since {when}.", when=reader.when(order.ignored_at)))
    elif state.candidates:
        yield from ("", reader.text("These orders still want goods that are in it:"))


def _order_rows(state: OneOrder, reader: Reader) -> Iterator[Row]:
    order = state.order
    if has(state.viewer, Right.BUY):
        for ours in state.candidates:
            press = OnOrder(what="link", provider_order_id=order.id, order_id=ours.id)
            label = reader.text("Link with {number} · {customer}", number=ours.number, customer=ours.customer or "—")
            yield (Button(label, press, "success"),)
        yield (Button(reader.text("Link with another order"), Ask.of(FORM, order.id)),)
        what = "notice" if order.ignored_at else "ignore"
        label = reader.text("Don't ignore it any more") if order.ignored_at else reader.text("Ignore: it is private")
        yield (Button(label, OnOrder(what=what, provider_order_id=order.id, order_id=0)),)
    opened = Button(reader.text("Open on the marketplace"), Url(state.url))
    yield (opened, Button(reader.text("Copy the number"), Copy(order.number)))
    yield back_row(reader, Address.of(IGNORED if order.ignored_at else UNLINKED, order.account_id, 0))


@router.callback_query(OnOrder.filter(F.what.in_({"ignore", "notice"})))
async def put_aside(_query: CallbackQuery, callback_data: OnOrder, turn: Turn) -> None:
    verb = ignore if callback_data.what == "ignore" else notice_again

    def change(store: Store) -> None:
        order = verb(store, turn.person, callback_data.provider_order_id, turn.clock())
        turn.show(store, Address.of(UNLINKED, order.account_id, 0))

    await turn.act(change)


@router.callback_query(OnOrder.filter(F.what == "link"))
async def link(_query: CallbackQuery, callback_data: OnOrder, turn: Turn) -> None:
    def change(store: Store) -> None:
        ours = store.orders.get(callback_data.order_id)
        if ours is None:
            raise Stale("order_gone")
        activity = link_with(store, turn.person, callback_data.provider_order_id, ours.number, turn.clock())
        turn.show(store, Address.of("activity", activity.id))

    await turn.act(change)


@dataclass(frozen=True)
class Form:
    order: ProviderOrder
    error: BadInput | None


def load_form(store: Store, address: Address, viewer: Person, _now: datetime) -> Form:
    return Form(unlinked_order(store, int(address.args[0])), mistake(store, viewer, address))


@screen(FORM, load=load_form)
def form_screen(state: Form, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Link provider order {number}", number=state.order.number)),
        reader.text("Type the number of the customer's order that it is for."),
    )
    return asking_screen(text, state.error, reader, back_row(reader, Address.of("unlinked_order", state.order.id)))


@router.message(F.text, AwaitsText(FORM))
async def number_typed(message: Message, turn: Turn) -> None:
    assert turn.form is not None  # noqa: S101  # the filter let it through
    provider_order_id = int(turn.form.args[0])

    def change(store: Store) -> None:
        def save() -> Address:
            activity = link_with(store, turn.person, provider_order_id, message.text or "", turn.clock())
            return Address.of("activity", activity.id)

        submit(store, turn, save)

    await turn.act(change)
