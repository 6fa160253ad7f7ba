"""Asks a customer for consent to new prices and takes the answer in. A line's price changes only once they agree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from purchasing.consents import Consent, ConsentRequest, PriceChange
from purchasing.errors import BadInput, Conflict, Stale
from purchasing.free_lines import REFUSED
from purchasing.hand_edits import edit_line, touch_line
from purchasing.line_status import Mover, may_move
from purchasing.moves import move
from purchasing.options import option
from purchasing.orders import Order, OrderLine
from purchasing.owe_refund import refused_by_customer
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange
from purchasing.recalculate import Parts, Sum, customers_sum, recalculated
from purchasing.typed import money, one_line
from purchasing.unbind.start import start_unbind, unbindable
from purchasing.words import ConsentState, Lane, LineStatus

CLOSED = frozenset({LineStatus.CANCELLED, LineStatus.RESERVING})
"""Nothing is recalculated for these."""
PAID = frozenset({LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED, LineStatus.RECEIVED, LineStatus.PACKED})
"""Beside what can be unbound."""


def changes_of(store: Store, order: Order, lines: Sequence[OrderLine], parts: Parts) -> list[PriceChange]:
    """New prices of those lines that would get one and whose customer isn't being asked already."""
    asked = store.consents.open_of([line.id for line in lines])
    free = [line for line in lines if line.id not in asked and line.status not in CLOSED]
    return [change for line in free if (change := recalculated(line, order, parts))]


def ask_customer(
    store: Store, person: Person, order_id: int, line_ids: Sequence[int], parts: Parts, now: datetime
) -> ConsentRequest:
    """Opens one request for these lines of the order. Raises Conflict when all of them are being asked about already,
    Stale when nothing would change."""
    check(person, Right.BUY)
    order, lines = _order(store, order_id), _lines(store, order_id, line_ids)
    changes = changes_of(store, order, lines, parts)
    if not changes:
        _raise_why_nothing(store, lines)
    due_at = now + timedelta(days=int(option(store, "consent.days")))
    request = store.consents.ask(order_id, changes, person.id, due_at, now)
    by_id = {line.id: line for line in lines}
    for change in changes:
        line = by_id[change.line_id]
        before, after = change.before.total(line.quantity), change.after.total(line.quantity)
        _note(store, person, line, "consent_asked", str(before), str(after), now)
    return request


def apply_cheaper(
    store: Store, person: Person, order_id: int, line_ids: Sequence[int], parts: Parts, now: datetime
) -> int:
    """Writes new prices that no customer minds: nothing gets dearer. The number of lines. Raises Stale otherwise."""
    check(person, Right.BUY)
    order, lines = _order(store, order_id), _lines(store, order_id, line_ids)
    changes = changes_of(store, order, lines, parts)
    by_id = {line.id: line for line in lines}
    if not changes or any(dearer(by_id[change.line_id], order, change) for change in changes):
        raise Stale("gets_dearer")
    for change in changes:
        _write(store, person, by_id[change.line_id], change, now)
    return len(changes)


def dearer(line: OrderLine, order: Order, change: PriceChange) -> bool:
    """For the customer, in what they pay with."""
    before, after = (customers_sum(price, line.quantity, order) for price in (change.before, change.after))
    return after.amount > before.amount


def difference(store: Store, request: ConsentRequest) -> Sum:
    """What those lines that are still asked about cost the customer more."""
    order = _order(store, request.order_id)
    lines = {line.id: line for line in store.lines.many([one.line_id for one in request.consents])}
    more, currency = Decimal(0), ""
    for consent in request.of(ConsentState.ASKED):
        quantity = lines[consent.line_id].quantity
        before, after = (
            customers_sum(price, quantity, order) for price in (consent.change.before, consent.change.after)
        )
        more, currency = more + after.amount - before.amount, after.currency
    return Sum(more, currency)


def agree(
    store: Store,
    person: Person,
    request_id: int,
    now: datetime,
    *,
    line_id: int | None = None,
    owes: str | None = None,
) -> None:
    """The customer agrees, to one line or to all that are still asked about; `owes` as typed, None when it is paid.
    Raises BadInput("owes", …), Stale when nothing is asked any more."""
    request, asked = _asked(store, person, request_id, line_id)
    sum_owed = None if owes is None else _sum(owes)
    state = ConsentState.AGREED if sum_owed is None else ConsentState.OWES
    for consent in asked:
        line = store.lines.get(consent.line_id)
        if line and line.status is not LineStatus.CANCELLED:
            _write(store, person, line, consent.change, now)
            _note(store, person, line, f"consent_{state}", "", str(sum_owed or ""), now)
    store.consents.answer([consent.id for consent in asked], state, person.id, now)
    if sum_owed is not None:
        store.consents.set_owes(request.id, sum_owed)
    touch_request(store, request.id, now)


def paid_rest(store: Store, person: Person, request_id: int, now: datetime) -> None:
    """What the customer owed has come. Raises Stale when nothing is owed."""
    check(person, Right.BUY)
    request = store.consents.get(request_id)
    owing = request.of(ConsentState.OWES) if request else []
    if request is None or not owing:
        raise Stale("consent_over")
    store.consents.answer([consent.id for consent in owing], ConsentState.AGREED, person.id, now)
    for line in store.lines.many([consent.line_id for consent in owing]):
        _note(store, person, line, "consent_agreed", "", "", now)
    touch_request(store, request_id, now)


def refuse(store: Store, person: Person, request_id: int, now: datetime, *, line_id: int | None = None) -> None:
    """The customer doesn't want one line, or all that are still asked about: a reserved one is unbound and its unpaid
    order cancelled, what isn't bought is cancelled, a paid one is owed to the customer. Raises Stale, Conflict."""
    request, asked = _asked(store, person, request_id, line_id)
    lines = store.lines.many([consent.line_id for consent in asked])
    if any(line.status is LineStatus.RESERVING for line in lines):
        raise Conflict("lines_held")
    store.consents.answer([consent.id for consent in asked], ConsentState.REFUSED, person.id, now)
    for line in lines:
        _note(store, person, line, "consent_refused", "", "", now)
    _let_go(store, person, lines, now)
    touch_request(store, request.id, now)


def withdraw(store: Store, person: Person, request_id: int, now: datetime) -> None:
    """The customer needn't answer any more; prices stay as they are. Raises Stale."""
    request, asked = _asked(store, person, request_id, None)
    store.consents.answer([consent.id for consent in asked], ConsentState.WITHDRAWN, person.id, now)
    for line in store.lines.many([consent.line_id for consent in asked]):
        _note(store, person, line, "consent_withdrawn", "", "", now)
    touch_request(store, request.id, now)


def _let_go(store: Store, person: Person, lines: Sequence[OrderLine], now: datetime) -> None:
    reserved = unbindable(store, [line for line in lines if line.status is LineStatus.RESERVED])
    if reserved:
        start_unbind(store, person, [line.id for line in reserved], now, cancel=True)
    rest = [line for line in lines if line not in reserved]
    refused_by_customer(store, person, [line for line in rest if line.status in PAID], now)
    unbought = [line for line in rest if line.status in (LineStatus.NEW, LineStatus.READY, LineStatus.BY_HAND)]
    movable = [line for line in unbought if may_move(Mover.PERSON, line.status, LineStatus.CANCELLED)]
    move(store, movable, LineStatus.CANCELLED, Mover.PERSON, now, why=REFUSED)


def _asked(store: Store, person: Person, request_id: int, line_id: int | None) -> tuple[ConsentRequest, list[Consent]]:
    check(person, Right.BUY)
    request = store.consents.get(request_id)
    asked = request.of(ConsentState.ASKED) if request else []
    asked = [consent for consent in asked if line_id in (None, consent.line_id)]
    if request is None or not asked:
        raise Stale("consent_over")
    return request, asked


def _write(store: Store, person: Person, line: OrderLine, change: PriceChange, now: datetime) -> None:
    after = change.after
    values = {"price": after.price, "shipping": after.shipping, "customer_price": after.customer_price}
    edit_line(store, person, line, values, now)


def _note(store: Store, person: Person, line: OrderLine, what: str, before: str, after: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, person.id, what, f"line:{line.id}", before, after))
    store.events.add(LineChange(line.order_id, line.id, what, (("who", person.name),)), None, now)
    touch_line(store, line, now)


def touch_request(store: Store, request_id: int, now: datetime) -> None:
    store.cards.touch(f"consent:{request_id}", Lane.PRESS, now)


def _order(store: Store, order_id: int) -> Order:
    order = store.orders.get(order_id)
    if order is None:
        raise Stale("order_gone")
    return order


def _lines(store: Store, order_id: int, line_ids: Sequence[int]) -> list[OrderLine]:
    return [line for line in store.lines.many(line_ids) if line.order_id == order_id]


def _raise_why_nothing(store: Store, lines: Sequence[OrderLine]) -> None:
    asked = store.consents.open_of([line.id for line in lines])
    if asked:
        request = store.consents.get(next(iter(asked.values())).request_id)
        who = store.people.get(request.asked_by) if request else None
        raise Conflict("consent_open", who.name if who else "")
    raise Stale("nothing_to_recalculate")


def _sum(typed: str) -> Decimal:
    owed = money(typed)
    if owed is None:
        raise BadInput("owes", "owes_sum", one_line(typed))
    return owed
