"""The approval of a payment above the sum: what it is for, and an owner's yes, or no with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, Url, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.to_pay import approval_text
from purchasing.accounts import Account
from purchasing.approve_payment import Judged, Payable, approve, ask_again, judge, refuse
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.order_pages import order_page
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.to_pay import customers_orders
from purchasing.words import Stage

router = Router(name="approvals")

add_rules({"reason_1_300": lazy_text("Say in 1 to 300 characters why it must not be paid.")})


class Approve(CallbackData, prefix="payok"):
    """`total`: the sum that was shown, fen."""

    provider_order_id: int
    total: int


class AskAgain(CallbackData, prefix="payask"):
    provider_order_id: int


@dataclass(frozen=True)
class ApprovalCard:
    viewer: Person
    order: ProviderOrder
    account: Account
    judged: Judged
    ours: list[str]
    url: str
    wrong: BadInput | None


def load_approval(store: Store, address: Address, viewer: Person, _now: datetime) -> ApprovalCard:
    order = store.provider_orders.get(int(address.args[0]))
    account = store.accounts.get(order.account_id) if order else None
    if order is None or account is None:
        raise Stale("nothing_to_pay")
    return ApprovalCard(
        viewer,
        order,
        account,
        judge(store, [order])[order.id],
        customers_orders(store, order),
        order_page(store, account.provider, account.nick, order.number),
        mistake(store, viewer, address),
    )


@screen("approval", load=load_approval)
def approval_screen(state: ApprovalCard, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: ApprovalCard, reader: Reader) -> Iterator[Html | None]:
    order, account = state.order, state.account
    yield bold(reader.text("💳 Payment of {sum}", sum=reader.yuan(order.total)))
    yield Html(f"{names.provider(account.provider)} · {esc(account.nick)} · {code(order.number)}")
    yield reader.text("Seller: {seller}", seller=order.seller or "—")
    ours = reader.text("for {orders}", orders=", ".join(state.ours[:5]))
    yield ours if state.ours else reader.text("⚠ not linked with any order of ours")
    if order.stage is not Stage.UNPAID:
        yield reader.text("Nothing is to be paid any more: it is paid or closed.")
        return
    if order.closes_at:
        yield reader.text("closes {when}", when=reader.when(order.closes_at))
    yield approval_text(state.judged, reader)


def _rows(state: ApprovalCard, reader: Reader) -> Iterator[Row]:
    order, payable = state.order, state.judged.payable
    unpaid = order.stage is Stage.UNPAID
    if unpaid and has(state.viewer, Right.MANAGE):
        if payable is Payable.WAITING:
            yes = Button(reader.text("Approve"), Approve(provider_order_id=order.id, total=order.total), "success")
            yield (yes, Button(reader.text("Refuse"), Ask.of("refuse_payment", order.id), "danger"))
        elif payable is not Payable.FREE:
            yield (Button(reader.text("Decide anew"), AskAgain(provider_order_id=order.id)),)
    if not unpaid or state.judged.may_be_paid or has(state.viewer, Right.MANAGE):
        yield (Button(reader.text("Open on the marketplace"), Url(state.url)),)
    yield back_row(reader, Address.of("to_pay_at", state.account.id, 0))


@screen("refuse_payment", load=load_approval)
def refuse_screen(state: ApprovalCard, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Refuse the payment of {sum}?", sum=reader.yuan(state.order.total))),
        reader.text("Type why; the payers see it. The order stays on the marketplace until it closes or is unbound."),
    )
    return asking_screen(text, state.wrong, reader, back_row(reader, Address.of("approval", state.order.id)))


@router.callback_query(Approve.filter())
async def press_approve(_query: CallbackQuery, callback_data: Approve, turn: Turn) -> None:
    def change(store: Store) -> None:
        approve(store, turn.person, callback_data.provider_order_id, callback_data.total, turn.clock())
        turn.show(store, Address.of("approval", callback_data.provider_order_id))

    await turn.act(change)


@router.callback_query(AskAgain.filter())
async def press_again(_query: CallbackQuery, callback_data: AskAgain, turn: Turn) -> None:
    def change(store: Store) -> None:
        ask_again(store, turn.person, callback_data.provider_order_id, turn.clock())
        turn.show(store, Address.of("approval", callback_data.provider_order_id))

    await turn.act(change)


@router.message(F.text, AwaitsText("refuse_payment"))
async def take_reason(message: Message, turn: Turn) -> None:
    order_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            refuse(store, turn.person, order_id, message.text or "", turn.clock())
            return Address.of("approval", order_id)

        submit(store, turn, save)

    await turn.act(change)
