"""What customers are asked about new prices: the list, one request with the text to send, and what they said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Copy, Row, Screen, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.customer_message import LANGUAGES, in_language, message_of, shown, written
from handlers.customer_message import Message as ToCustomer
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.ask_customer import agree, difference, paid_rest, refuse, withdraw
from purchasing.cards import Address
from purchasing.consents import Consent, ConsentRequest
from purchasing.errors import BadInput, Stale
from purchasing.orders import Order, OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.recalculate import Sum, customers_sum
from purchasing.words import ConsentState, Lane

router = Router(name="consents")

PAGE = 8
LINES = 8
COPIED = 256
FORM = "consent_owes"

SIGNS: Mapping[ConsentState, str] = {
    ConsentState.ASKED: "⏳",
    ConsentState.AGREED: "✅",
    ConsentState.OWES: "💰",
    ConsentState.REFUSED: "✖️",
    ConsentState.WITHDRAWN: "▫️",
}
STATES: Mapping[ConsentState, str] = {
    ConsentState.ASKED: lazy_text("waits for the customer"),
    ConsentState.AGREED: lazy_text("agreed and paid"),
    ConsentState.OWES: lazy_text("agreed, owes"),
    ConsentState.REFUSED: lazy_text("refused"),
    ConsentState.WITHDRAWN: lazy_text("taken back"),
}
add_rules({"owes_sum": lazy_text("A sum of money above 0 with up to 2 decimals, like 12.50.")})
STALE.update({"consent_over": lazy_text("This was answered already: the card shows what the customer said.")})


class Said(CallbackData, prefix="said"):
    """`what`: agreed, refused, paid, withdraw, owes (the computed difference); `line_id` 0: all that is asked."""

    what: str
    request_id: int
    line_id: int


class ToForward(CallbackData, prefix="cmsg"):
    """Posts the text for the customer as a message of its own."""

    request_id: int
    language: str


@dataclass(frozen=True)
class Requests:
    rows: list[tuple[ConsentRequest, Order | None]]
    page: int
    total: int


def load_requests(store: Store, address: Address, _viewer: Person, _now: datetime) -> Requests:
    page = int(address.args[0]) if address.args else 0
    found, total = store.consents.page(page * PAGE, PAGE)
    return Requests([(one, store.orders.get(one.order_id)) for one in found], page, total)


@screen("consents", load=load_requests)
def requests_screen(state: Requests, reader: Reader) -> Screen:
    nothing = reader.text("No customer was asked yet. Tick bought lines in an order and press Recalculate.")
    text = lines(bold(reader.text("Customers' answers")), None if state.rows else nothing)
    rows: list[Row] = [
        (Button(_label(request, order, reader), Address.of("consent", request.id)),) for request, order in state.rows
    ]
    rows += pages(reader, lambda n: Address.of("consents", n), state.page, state.total, PAGE)
    return Screen(text, (*rows, home_row(reader)))


def _label(request: ConsentRequest, order: Order | None, reader: Reader) -> str:
    state = next(s for s in SIGNS if request.of(s) or s is ConsentState.WITHDRAWN)
    late = "⏰" if request.overdue(reader.now) else ""
    who = f"{order.number} · {order.customer}" if order else ""
    return " · ".join(filter(None, (f"{late}{SIGNS[state]} {who}", str(len(request.consents)), _due(request, reader))))


def _due(request: ConsentRequest, reader: Reader) -> str:
    return reader.text("until {date}", date=reader.date(request.due_at)) if request.of(ConsentState.ASKED) else ""


@dataclass(frozen=True)
class OneRequest:
    viewer: Person
    request: ConsentRequest
    order: Order
    lines: dict[int, OrderLine]
    message: ToCustomer
    who: str
    asking: str
    """The answer that is to be confirmed, "" for none."""
    page: int
    """On the screen of one line its id."""
    error: BadInput | None = None
    difference: Sum | None = None


def load_request(store: Store, address: Address, viewer: Person, _now: datetime) -> OneRequest:
    request = store.consents.get(int(address.args[0]))
    order = store.orders.get(request.order_id) if request else None
    if request is None or order is None:
        raise Stale("consent_over")
    mine = store.lines.many([consent.line_id for consent in request.consents])
    who = store.people.get(request.asked_by)
    more = address.args[1] if len(address.args) > 1 else ""
    return OneRequest(
        viewer,
        request,
        order,
        {line.id: line for line in mine},
        message_of(store, order, request),
        who.name if who else "",
        "" if more.isdigit() else more,
        int(more) if more.isdigit() else 0,
        mistake(store, viewer, address),
        difference(store, request),
    )


@screen("consent", load=load_request)
def request_screen(state: OneRequest, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: OneRequest, reader: Reader) -> Iterator[object]:
    request, order = state.request, state.order
    head = reader.text("Customer's answer · order {number}", number=code(order.number))
    yield Html(f"{bold(head)} · {esc(order.customer or '—')}")
    asked = reader.text("Asked {when} by {who}", when=reader.when(request.asked_at), who=state.who)
    yield asked
    if request.overdue(reader.now):
        yield reader.text("⏰ No answer came by {date}.", date=reader.date(request.due_at))
    elif request.of(ConsentState.ASKED):
        yield reader.text("An answer is expected by {date}.", date=reader.date(request.due_at))
    if request.owes is not None and request.of(ConsentState.OWES):
        yield bold(reader.text("💰 The customer owes {sum}", sum=shown(_owed(state), reader)))
    yield ""
    for consent in request.consents[state.page * LINES : (state.page + 1) * LINES]:
        yield _line(state, consent, reader)
    yield ""
    yield reader.text(
        "In all for the customer: {before} → {after}",
        before=shown(state.message.before, reader),
        after=bold(shown(state.message.after, reader)),
    )
    if request.of(ConsentState.ASKED):
        yield reader.text("The price in the order changes once the customer agrees.")


def _line(state: OneRequest, consent: Consent, reader: Reader) -> Html:
    line = state.lines[consent.line_id]
    before, after = (
        customers_sum(price, line.quantity, state.order) for price in (consent.change.before, consent.change.after)
    )
    title = esc((line.title or line.item_id)[:40])
    sums = f"{shown(before, reader)} → {shown(after, reader)}"
    return Html(f"{SIGNS[consent.state]} {title} ×{line.quantity}: {sums} · {reader.text(STATES[consent.state])}")


def _owed(state: OneRequest) -> Sum:
    return Sum(state.request.owes or state.message.after.amount, state.message.after.currency)


def _rows(state: OneRequest, reader: Reader) -> Iterator[Row]:
    request = state.request
    size = len(request.consents)
    yield from pages(reader, lambda n: Address.of("consent", request.id, n), state.page, size, LINES)
    buys = has(state.viewer, Right.BUY)
    if state.asking == "refused":
        yield (Button(reader.text("Yes, the customer refuses"), _said(state, "refused"), "danger"),)
        yield back_row(reader, Address.of("consent", request.id))
        return
    if request.of(ConsentState.ASKED):
        yield from _message_rows(state, reader)
        if buys:
            yield from _answers(state, reader)
    elif request.of(ConsentState.OWES) and buys:
        yield (Button(reader.text("The customer has paid the rest"), _said(state, "paid"), "success"),)
    yield (Button(reader.text("Order"), Address.of("order", state.order.id)),)
    yield back_row(reader, Address.of("consents"))


def _message_rows(state: OneRequest, reader: Reader) -> Iterator[Row]:
    """The text for the customer in either language: to copy when it is short enough, and to forward."""
    for language in LANGUAGES:
        parts = written(state.message, in_language(reader, language))
        copied = Button(reader.text("📋 Copy the text · {language}", language=language), Copy(parts[0]))
        forward = reader.text("✉️ Text to forward · {language}", language=language)
        sent = Button(forward, ToForward(request_id=state.request.id, language=language))
        yield (copied, sent) if len(parts) == 1 and len(parts[0]) <= COPIED else (sent,)


def _answers(state: OneRequest, reader: Reader) -> Iterator[Row]:
    request_id = state.request.id
    yield (Button(reader.text("Agreed and paid"), _said(state, "agreed"), "success"),)
    yield (Button(reader.text("Agreed, owes…"), Ask.of(FORM, request_id)),)
    yield (Button(reader.text("Refused"), Address.of("consent", request_id, "refused"), "danger"),)
    if len(state.request.of(ConsentState.ASKED)) > 1:
        yield (Button(reader.text("One by one"), Address.of("consent_lines", request_id, 0)),)
    yield (Button(reader.text("Take the question back"), _said(state, "withdraw")),)


def _said(state: OneRequest, what: str, line_id: int = 0) -> Said:
    return Said(what=what, request_id=state.request.id, line_id=line_id)


@router.callback_query(Said.filter())
async def said(_query: CallbackQuery, callback_data: Said, turn: Turn) -> None:
    request_id, line_id = callback_data.request_id, callback_data.line_id or None

    def change(store: Store) -> None:
        person, now = turn.person, turn.clock()
        match callback_data.what:
            case "agreed":
                agree(store, person, request_id, now, line_id=line_id)
            case "owes":
                owed = difference(store, _request(store, request_id))
                agree(store, person, request_id, now, owes=str(owed.amount))
                turn.end_form(store)
            case "refused":
                asked = ("consent_line", request_id, line_id) if line_id else ("consent", request_id, "refused")
                turn.confirmed(store, Address.of(*asked))
                refuse(store, person, request_id, now, line_id=line_id)
            case "paid":
                paid_rest(store, person, request_id, now)
            case "withdraw":
                withdraw(store, person, request_id, now)
        turn.show(store, Address.of("consent", request_id))

    await turn.act(change)


def _request(store: Store, request_id: int) -> ConsentRequest:
    request = store.consents.get(request_id)
    if request is None:
        raise Stale("consent_over")
    return request


@screen(FORM, load=load_request)
def owes_form(state: OneRequest, reader: Reader) -> Screen:
    owed = state.difference
    text = lines(
        bold(reader.text("How much does the customer owe?")),
        Html(f"{code(state.order.number)} · {esc(state.order.customer or '—')}"),
        reader.text("Type the sum in {currency}.", currency=state.message.after.currency),
    )
    rows: list[Row] = []
    if owed and owed.amount > 0:
        whole = reader.text("The whole difference: {sum}", sum=shown(owed, reader))
        rows.append((Button(whole, _said(state, "owes"), "success"),))
    return asking_screen(text, state.error, reader, *rows, back_row(reader, Address.of("consent", state.request.id)))


@router.message(F.text, AwaitsText(FORM))
async def owes_typed(message: Message, turn: Turn) -> None:
    assert turn.form is not None  # noqa: S101  # the filter let it through
    request_id = int(turn.form.args[0])

    def change(store: Store) -> None:
        def save() -> Address:
            agree(store, turn.person, request_id, turn.clock(), owes=message.text or "")
            return Address.of("consent", request_id)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(ToForward.filter())
async def to_forward(_query: CallbackQuery, callback_data: ToForward, turn: Turn) -> None:
    """As many messages as the text needs, with nothing else in them."""

    def change(store: Store) -> None:
        request = _request(store, callback_data.request_id)
        order = store.orders.get(request.order_id)
        if order is None or callback_data.language not in LANGUAGES:
            raise Stale("consent_over")
        parts = written(message_of(store, order, request), in_language(turn.reader, callback_data.language))
        for number in range(len(parts)):
            address = Address.of("customer_text", request.id, callback_data.language, number)
            turn.post(store, address, Lane.RESULT)

    await turn.act(change, turn.reader.text("Forward the message below to the customer."))


@dataclass(frozen=True)
class CustomerText:
    message: ToCustomer
    language: str
    part: int


def load_customer_text(store: Store, address: Address, viewer: Person, now: datetime) -> CustomerText:
    return CustomerText(load_request(store, address, viewer, now).message, address.args[1], int(address.args[2]))


@screen("customer_text", load=load_customer_text)
def customer_text(state: CustomerText, reader: Reader) -> Screen:
    parts = written(state.message, in_language(reader, state.language))
    return Screen(esc(parts[min(state.part, len(parts) - 1)]))


@screen("consent_lines", load=load_request)
def one_by_one(state: OneRequest, reader: Reader) -> Screen:
    asked = state.request.of(ConsentState.ASKED)
    rows: list[Row] = []
    for consent in asked[state.page * LINES : (state.page + 1) * LINES]:
        line = state.lines[consent.line_id]
        label = f"{line.title or line.item_id} ×{line.quantity}"
        rows.append((Button(label, Address.of("consent_line", state.request.id, line.id)),))
    rows += pages(reader, lambda n: Address.of("consent_lines", state.request.id, n), state.page, len(asked), LINES)
    back = back_row(reader, Address.of("consent", state.request.id))
    return Screen(bold(reader.text("About which item did the customer answer?")), (*rows, back))


@screen("consent_line", load=load_request)
def one_line(state: OneRequest, reader: Reader) -> Screen:
    consent = next((one for one in state.request.of(ConsentState.ASKED) if one.line_id == state.page), None)
    back = back_row(reader, Address.of("consent", state.request.id))
    if consent is None:
        return Screen(reader.text("This was answered already: the card shows what the customer said."), (back,))
    agreed = Button(reader.text("Agreed and paid"), _said(state, "agreed", consent.line_id), "success")
    refused = Button(reader.text("Refused"), _said(state, "refused", consent.line_id), "danger")
    return Screen(_line(state, consent, reader), ((agreed,), (refused,), back))
