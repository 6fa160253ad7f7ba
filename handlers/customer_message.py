"""The text that a customer gets about new prices. It can't carry what a customer may not see: it is made of the order's
number, the customer's own goods and the customer's sums, and of nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.texts import Html, Reader, plain
from purchasing.consents import ConsentRequest
from purchasing.orders import Order
from purchasing.ports import Store
from purchasing.recalculate import Sum, customers_sum
from purchasing.words import ConsentState

LANGUAGES = ("ru", "en")
LONGEST_PART = 3500
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Goods:
    """One line as its customer knows it."""

    title: str
    choice: str
    quantity: int
    before: Sum
    after: Sum


@dataclass(frozen=True)
class Message:
    number: str
    due_at: datetime
    goods: Sequence[Goods]

    @property
    def before(self) -> Sum:
        return _whole([one.before for one in self.goods])

    @property
    def after(self) -> Sum:
        return _whole([one.after for one in self.goods])


def _whole(sums: Sequence[Sum]) -> Sum:
    return Sum(sum((one.amount for one in sums), start=0 * sums[0].amount), sums[0].currency)


def message_of(store: Store, order: Order, request: ConsentRequest) -> Message:
    """About what is still open; of a request that is answered, about all of it."""
    consents = request.of(ConsentState.ASKED) or list(request.consents)
    lines = {line.id: line for line in store.lines.many([consent.line_id for consent in consents])}
    goods = []
    for consent in consents:
        line = lines[consent.line_id]
        before, after = (
            customers_sum(price, line.quantity, order) for price in (consent.change.before, consent.change.after)
        )
        choice = "" if line.sku.isdigit() else line.sku
        goods.append(Goods(line.title, choice, line.quantity, before, after))
    return Message(order.number, request.due_at, goods)


def written(message: Message, reader: Reader) -> list[str]:
    """In parts that each fit a chat message; nearly always one."""
    head = reader.text("Order {number}: the price has changed.", number=message.number)
    tail = [
        reader.text(
            "In all: {before} before, {after} now.",
            before=shown(message.before, reader),
            after=shown(message.after, reader),
        ),
        reader.text("Please answer by {date} whether you agree.", date=reader.date(message.due_at)),
    ]
    parts, part = [], [head]
    for one in message.goods:
        said = _line(one, reader)
        if sum(map(len, part)) + len(said) > LONGEST_PART:
            parts.append(part)
            part = []
        part.append(said)
    parts.append([*part, *(tail if len(message.goods) > 1 else tail[1:])])
    return [plain("\n".join(one)) for one in parts]


def _line(one: Goods, reader: Reader) -> Html:
    title = (one.title or reader.text("Item"))[:LONGEST_TITLE]
    named = f"{title}, {one.choice[:LONGEST_TITLE]}" if one.choice else title
    return reader.text(
        "• {goods} ×{n}: {before} → {after}",
        goods=named,
        n=one.quantity,
        before=shown(one.before, reader),
        after=shown(one.after, reader),
    )


def shown(told: Sum, reader: Reader) -> Html:
    return reader.money(told.amount, told.currency)


def in_language(reader: Reader, language: str) -> Reader:
    """The same reader's zone and time, in the customer's language."""
    return Reader(language, reader.zone, reader.now)
