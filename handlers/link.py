"""Linking an order with a provider order that exists: account, number, then an activity. Here nothing is tied yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import TYPED, Ask, asking_screen, mistake, submit
from purchasing.accounts import Account
from purchasing.activities import Question
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.link.number import LENGTHS
from purchasing.link.start import accounts_for, start_link
from purchasing.orders import Order
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.words import ProviderName

router = Router(name="link")

FORM = "link_number"

add_rules(
    {
        f"{ProviderName.TAOBAO}_number": lazy_text("A Taobao order number is 15 to 20 digits, nothing else."),
        f"{ProviderName.ALIBABA1688}_number": lazy_text("A 1688 order number is 10 to 19 digits, nothing else."),
        "number_other_provider": lazy_text(
            "This order is on another marketplace (account {field}). Go back and choose that account."
        ),
        "number_other_account": lazy_text(
            "This order was made from the account {field}. Go back and choose that account."
        ),
    }
)


class LinkTo(CallbackData, prefix="lnk"):
    """Begins linking: straight to the number where there is one account to choose from."""

    order_id: int


@router.callback_query(LinkTo.filter())
async def begin(_query: CallbackQuery, callback_data: LinkTo, turn: Turn) -> None:
    def change(store: Store) -> None:
        check(turn.person, Right.BUY)
        open_link(store, turn, callback_data.order_id)

    await turn.act(change)


def open_link(store: Store, turn: Turn, order_id: int) -> None:
    accounts = accounts_for(store, order_id)
    if len(accounts) != 1:
        turn.show(store, Address.of("link", order_id))
        return
    form = Address.of(FORM, order_id, accounts[0].id)
    store.notes.remove(turn.person.id, TYPED)
    turn.ask(store, form)
    turn.show(store, form)


@dataclass(frozen=True)
class Linking:
    order: Order
    accounts: list[Account]


def load_link(store: Store, address: Address, _viewer: Person, _now: datetime) -> Linking:
    return Linking(_order(store, address), accounts_for(store, int(address.args[0])))


def _order(store: Store, address: Address) -> Order:
    order = store.orders.get(int(address.args[0]))
    if order is None:
        raise Stale("order_gone")
    return order


@screen("link", load=load_link)
def link_screen(state: Linking, reader: Reader) -> Screen:
    rows: list[Row] = []
    for account in state.accounts:
        label = f"{names.provider(account.provider)} · {account.nick}"
        rows.append((Button(label, Ask.of(FORM, state.order.id, account.id)),))
    head = bold(reader.text("Link order {number} with a provider order", number=state.order.number))
    if rows:
        text = lines(head, reader.text("On which account was it ordered?"))
    else:
        text = lines(
            head,
            reader.text(
                "There is nothing to link: either no line of this order is still open, or no session is added for its "
                "marketplace."
            ),
        )
    return Screen(text, (*rows, back_row(reader, Address.of("order", state.order.id))))


@dataclass(frozen=True)
class NumberForm:
    order: Order
    account: Account
    error: BadInput | None
    back: Address


def load_number(store: Store, address: Address, viewer: Person, _now: datetime) -> NumberForm:
    order, account = _order(store, address), store.accounts.get(int(address.args[1]))
    if account is None:
        raise Stale("account_gone")
    choice = len(accounts_for(store, order.id)) > 1
    back = Address.of("link" if choice else "order", order.id)
    return NumberForm(order, account, mistake(store, viewer, address), back)


@screen(FORM, load=load_number)
def number_screen(state: NumberForm, reader: Reader) -> Screen:
    least, most = LENGTHS[state.account.provider]
    text = lines(
        bold(reader.text("Link order {number} with a provider order", number=state.order.number)),
        Html(f"{names.provider(state.account.provider)} · {code(state.account.nick)}"),
        "",
        reader.text("Type the provider order's number: {least} to {most} digits.", least=least, most=most),
        reader.text("All goods of this order that are in it get linked; what is doubtful is asked."),
    )
    return asking_screen(text, state.error, reader, back_row(reader, state.back))


@router.message(F.text, AwaitsText(FORM))
async def number_typed(message: Message, turn: Turn) -> None:
    assert turn.form is not None  # noqa: S101  # the filter let it through
    order_id, account_id = map(int, turn.form.args)

    def change(store: Store) -> None:
        def save() -> Address:
            activity = start_link(store, turn.person, order_id, account_id, message.text or "", turn.clock())
            return Address.of("activity", activity.id)

        submit(store, turn, save)

    await turn.act(change)


def which_line(question: Question, reader: Reader) -> Iterator[object]:
    """The head of the question to which line some goods belong."""
    words = dict(question.params)
    yield bold(reader.text("❓ Which line is this for?"))
    yield reader.text(
        "Provider order {number}: {title} · {choice} ×{quantity}, ¥{price} each",
        number=code(words["number"]),
        title=words["title"],
        choice=words["choice"] or "—",
        quantity=words["quantity"],
        price=words["price"],
    )
    yield reader.text("Lines of the order that are still open:")
