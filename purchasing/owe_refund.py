"""Refund records: opened when a provider order is closed after payment, when the marketplace shows a refund, when a
customer refuses what is paid, or by hand; closed once the customer has their money, or nothing is owed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from purchasing.cards import Address
from purchasing.errors import BadInput, Conflict, Stale
from purchasing.free_lines import REFUNDED
from purchasing.hand_edits import touch_line
from purchasing.line_cost import CLOSED, line_cost
from purchasing.line_status import Mover, may_move
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange, ProviderOrder
from purchasing.recalculate import CENT, Sum, customers_sum, price_of
from purchasing.refunds import Refund, RefundReason, Signal, signal
from purchasing.tell import buyers_of, tell
from purchasing.typed import money, one_line
from purchasing.words import Lane, LineStatus, RefundState, Stage

REFUNDABLE = frozenset(
    {LineStatus.BOUGHT, LineStatus.SHIPPED, LineStatus.RECEIVED, LineStatus.PACKED, LineStatus.BY_HAND}
)
"""What is paid, or may be."""


def see_refunds(store: Store, order: ProviderOrder, activity_id: int | None, now: datetime) -> None:
    """Opens a record for each line whose pieces the marketplace pays back, once, or takes it a step further."""
    of_line = {line.id: line.refund_status for line in order.lines}
    for binding in store.bindings.of_provider_order(order.id):
        line = store.lines.get(binding.line_id)
        raw = of_line.get(binding.provider_line_id, "")
        said = signal(raw)
        if order.stage is Stage.CLOSED_REFUNDED and said is not Signal.ASKED:
            said, raw = Signal.DONE, raw or order.raw_status
        if line is None or said not in (Signal.ASKED, Signal.DONE):
            continue
        known = [one for one in store.refunds.of_lines([line.id]) if _same(one, binding.provider_line_id)]
        if known:
            _follow(store, line, known[-1], said, raw, activity_id, now)
            continue
        reason = RefundReason.CLOSED if order.stage is Stage.CLOSED_REFUNDED else RefundReason.MARKETPLACE
        draft = _draft(store, line, binding.quantity, reason, now)
        draft = replace(draft, provider_line_id=binding.provider_line_id, raw=raw)
        if said is Signal.DONE:
            draft = replace(draft, state=RefundState.REFUNDED, refunded_at=now)
        _open(store, line, draft, activity_id, now)


def _same(refund: Refund, provider_line_id: int) -> bool:
    return refund.provider_line_id == provider_line_id or (refund.provider_line_id is None and refund.open)


def _follow(
    store: Store, line: OrderLine, refund: Refund, said: Signal, raw: str, activity_id: int | None, now: datetime
) -> None:
    if not refund.open or refund.raw == raw:
        return
    refund = replace(refund, raw=raw)
    if said is Signal.DONE and refund.state is RefundState.ASKED:
        refund = replace(refund, state=RefundState.REFUNDED, refunded_at=now)
        _happened(store, line, refund, "", activity_id, now)
        _tell(store, line, refund, now)
    store.refunds.save(refund)
    store.cards.touch(f"refund:{refund.id}", Lane.RESULT, now)


def refused_by_customer(store: Store, person: Person, lines: Sequence[OrderLine], now: datetime) -> None:
    """They are paid for: the money is owed to the customer, whatever becomes of the goods."""
    for line in lines:
        if not any(refund.open for refund in store.refunds.of_lines([line.id])):
            draft = _draft(store, line, line.quantity, RefundReason.CUSTOMER, now)
            _open(store, line, replace(draft, opened_by=person.id), None, now)


def open_by_hand(store: Store, person: Person, line_id: int, now: datetime) -> Refund:
    """For the whole line at first. Raises Stale for a line that nothing was paid for, Conflict when one is open."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line is None or line.status not in REFUNDABLE:
        raise Stale("not_paid")
    if any(refund.open for refund in store.refunds.of_lines([line_id])):
        raise Conflict("refund_open")
    draft = _draft(store, line, line.quantity, RefundReason.BY_HAND, now)
    return _open(store, line, replace(draft, opened_by=person.id), None, now)


def market_refunded(store: Store, person: Person, refund_id: int, now: datetime) -> None:
    """The marketplace has paid back. Raises Stale unless that was awaited."""
    line, refund = _found(store, person, refund_id, RefundState.ASKED)
    _save(store, person, line, replace(refund, state=RefundState.REFUNDED, refunded_at=now), now)


def credited(store: Store, person: Person, refund_id: int, now: datetime) -> None:
    """The customer has their money. A line of which nothing is left and nothing comes any more is cancelled."""
    line, refund = _found(store, person, refund_id, RefundState.ASKED, RefundState.REFUNDED)
    done = replace(refund, state=RefundState.CREDITED, closed_at=now, closed_by=person.id)
    _save(store, person, line, done, now)
    back = sum(one.quantity for one in store.refunds.of_lines([line.id]) if one.state is RefundState.CREDITED)
    over = back >= line.quantity and not _goods_may_come(store, line)
    if over and may_move(Mover.PERSON, line.status, LineStatus.CANCELLED):
        move(store, [line], LineStatus.CANCELLED, Mover.PERSON, now, why=REFUNDED)


def nothing_owed(store: Store, person: Person, refund_id: int, now: datetime) -> None:
    """It was refused, or settled otherwise: nobody gets money."""
    line, refund = _found(store, person, refund_id, RefundState.ASKED, RefundState.REFUNDED)
    closed = replace(refund, state=RefundState.REFUSED, closed_at=now, closed_by=person.id)
    _save(store, person, line, closed, now)


def open_again(store: Store, person: Person, refund_id: int, now: datetime) -> None:
    """Undoes the end of a record. Raises Conflict when the line has another open one."""
    line, refund = _found(store, person, refund_id, RefundState.CREDITED, RefundState.REFUSED)
    if any(one.open for one in store.refunds.of_lines([line.id])):
        raise Conflict("refund_open")
    state = RefundState.REFUNDED if refund.refunded_at else RefundState.ASKED
    _save(store, person, line, replace(refund, state=state, closed_at=None, closed_by=None), now)


def set_pieces(store: Store, person: Person, refund_id: int, typed: str, now: datetime) -> None:
    """The sums follow. Raises BadInput("pieces", …) unless it is 1 up to the pieces of the line."""
    line, refund = _found(store, person, refund_id, RefundState.ASKED, RefundState.REFUNDED)
    text = one_line(typed)
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= line.quantity:
        raise BadInput("pieces", "pieces_of_line", text)
    draft = _draft(store, line, int(text), refund.reason, now)
    changed = replace(refund, quantity=draft.quantity, total=draft.total, owed=draft.owed)
    _audit(store, person, line, "refund_pieces", str(refund.quantity), text, now)
    _keep(store, line, changed, now)


def set_owed(store: Store, person: Person, refund_id: int, typed: str, now: datetime) -> None:
    """What the customer is owed, as agreed with them. Raises BadInput("owed", …)."""
    line, refund = _found(store, person, refund_id, RefundState.ASKED, RefundState.REFUNDED)
    owed = money(typed)
    if owed is None:
        raise BadInput("owed", "owes_sum", one_line(typed))
    _audit(store, person, line, "refund_owed", str(refund.owed), str(owed), now)
    _keep(store, line, replace(refund, owed=owed), now)


def _draft(store: Store, line: OrderLine, quantity: int, reason: RefundReason, now: datetime) -> Refund:
    cost = line_cost(store, line.id)
    total = cost.total * min(quantity, cost.pieces) // cost.pieces if cost.pieces else 0
    owed = _owed(store, line, quantity)
    return Refund(0, line.id, RefundState.ASKED, reason, quantity, total, owed.amount, owed.currency, now)


def _owed(store: Store, line: OrderLine, quantity: int) -> Sum:
    order = store.orders.get(line.order_id)
    assert order is not None  # noqa: S101  # the line refers to it
    whole = customers_sum(price_of(line), line.quantity, order)
    part = whole.amount * quantity / max(1, line.quantity)
    return Sum(Decimal(part).quantize(CENT, ROUND_HALF_UP), whole.currency)


def _goods_may_come(store: Store, line: OrderLine) -> bool:
    for binding in store.bindings.of_lines([line.id]):
        provider_line = store.provider_orders.line(binding.provider_line_id)
        order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
        if order is None or order.stage not in CLOSED:
            return True
    return False


def _open(store: Store, line: OrderLine, draft: Refund, activity_id: int | None, now: datetime) -> Refund:
    refund = store.refunds.add(draft)
    store.audit.add(AuditEntry(now, draft.opened_by, "refund_opened", f"line:{line.id}", "", str(refund.total)))
    _happened(store, line, refund, "", activity_id, now)
    _tell(store, line, refund, now)
    return refund


def _found(store: Store, person: Person, refund_id: int, *states: RefundState) -> tuple[OrderLine, Refund]:
    check(person, Right.BUY)
    refund = store.refunds.get(refund_id)
    line = store.lines.get(refund.line_id) if refund else None
    if refund is None or line is None or refund.state not in states:
        raise Stale("refund_over")
    return line, refund


def _save(store: Store, person: Person, line: OrderLine, refund: Refund, now: datetime) -> None:
    before = store.refunds.get(refund.id)
    _audit(store, person, line, "refund", before.state if before else "", refund.state, now)
    _happened(store, line, refund, person.name, None, now)
    _keep(store, line, refund, now)


def _keep(store: Store, line: OrderLine, refund: Refund, now: datetime) -> None:
    store.refunds.save(refund)
    store.cards.touch(f"refund:{refund.id}", Lane.PRESS, now)
    touch_line(store, line, now)


def _audit(store: Store, person: Person, line: OrderLine, what: str, before: str, after: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, person.id, what, f"line:{line.id}", before, after))


def _happened(store: Store, line: OrderLine, refund: Refund, who: str, activity_id: int | None, now: datetime) -> None:
    params = (("state", refund.state.value), ("n", str(refund.quantity)), ("who", who))
    store.events.add(LineChange(line.order_id, line.id, "refund", params), activity_id, now)
    touch_line(store, line, now)


def _tell(store: Store, line: OrderLine, refund: Refund, now: datetime) -> None:
    address = Address.of("refund", refund.id)
    tell(store, buyers_of(store, line.order_id), address, Lane.RESULT, now, f"refund:{refund.id}:{refund.state}")
