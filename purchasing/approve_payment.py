"""Payments above a sum need an owner's word before anybody pays: asked once per order and sum. The bot never pays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.options import option
from purchasing.payment_ports import Approval
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import ProviderOrder
from purchasing.tell import owners, payers, tell
from purchasing.typed import one_line
from purchasing.words import Lane, Stage

LONGEST_REASON = 300


class Payable(StrEnum):
    """`free`: needs no approval."""

    FREE = "free"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Judged:
    """Whether an order may be paid, and who said so."""

    payable: Payable
    who: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def may_be_paid(self) -> bool:
        return self.payable in (Payable.FREE, Payable.APPROVED)


def judge(store: Store, orders: Collection[ProviderOrder]) -> Mapping[int, Judged]:
    """By the order's id."""
    above = int(option(store, "approval.above.fen"))
    known = store.approvals.of([order.id for order in orders]) if above else {}
    return {order.id: _judge(store, order, known.get(order.id), above) for order in orders}


def _judge(store: Store, order: ProviderOrder, known: Approval | None, above: int) -> Judged:
    if not above or order.total <= above:
        return Judged(Payable.FREE)
    if known is None or known.approved is None or order.total > known.total:
        return Judged(Payable.WAITING)
    who = store.people.get(known.decided_by) if known.decided_by else None
    payable = Payable.APPROVED if known.approved else Payable.REFUSED
    return Judged(payable, who.name if who else "", known.decided_at, known.reason)


def ask_for_approvals(store: Store, now: datetime) -> None:
    """Asks the owners about each unpaid order above the sum, and again when its sum has risen."""
    above = int(option(store, "approval.above.fen"))
    dear = [order for order in store.provider_orders.unpaid() if above and order.total > above]
    known = store.approvals.of([order.id for order in dear])
    for order in dear:
        if order.id not in known or order.total > known[order.id].total:
            store.approvals.ask(order.id, order.total, now)
            dedupe = f"approval:{order.id}:{now.isoformat()}"
            tell(store, owners(store), Address.of("approval", order.id), Lane.QUESTION, now, dedupe)
            _touch(store, order, now)


def approve(store: Store, person: Person, provider_order_id: int, total: int, now: datetime) -> None:
    """`total` is the sum that the person saw. Raises NotAllowed, Stale (decided, paid or another sum)."""
    _decide(store, person, provider_order_id, total, "", now, approved=True)


def refuse(store: Store, person: Person, provider_order_id: int, reason: str, now: datetime) -> None:
    """Raises NotAllowed, Stale, BadInput for a reason that is empty or too long."""
    said = one_line(reason)
    if not 1 <= len(said) <= LONGEST_REASON:
        raise BadInput("reason", "reason_1_300", reason)
    order = _open(store, person, provider_order_id)
    _decide(store, person, provider_order_id, order.total, said, now, approved=False)


def ask_again(store: Store, person: Person, provider_order_id: int, now: datetime) -> None:
    """Takes a decision back: the order waits for approval once more."""
    order = _open(store, person, provider_order_id)
    store.approvals.ask(order.id, order.total, now)
    store.audit.add(AuditEntry(now, person.id, "approval.again", f"provider_order:{order.number}"))
    _touch(store, order, now)


def _open(store: Store, person: Person, provider_order_id: int) -> ProviderOrder:
    check(person, Right.MANAGE)
    order = store.provider_orders.get(provider_order_id)
    if order is None or order.stage is not Stage.UNPAID:
        raise Stale("nothing_to_pay")
    return order


def _decide(
    store: Store, person: Person, provider_order_id: int, total: int, reason: str, now: datetime, *, approved: bool
) -> None:
    order = _open(store, person, provider_order_id)
    if order.total > total:
        raise Stale("sum_changed")
    if not store.approvals.decide(order.id, total, approved, person.id, reason, now):
        known = store.approvals.of([order.id]).get(order.id)
        who = store.people.get(known.decided_by) if known and known.decided_by else None
        raise Stale("approval_decided", who.name if who else "")
    action = "approval.yes" if approved else "approval.no"
    store.audit.add(AuditEntry(now, person.id, action, f"provider_order:{order.number}", str(total), reason))
    others = [payer for payer in payers(store, order.account_id) if payer.id != person.id]
    dedupe = f"approval:{order.id}:{action}:{now.isoformat()}"
    tell(store, others, Address.of("approval", order.id), Lane.RESULT, now, dedupe)
    _touch(store, order, now)


def _touch(store: Store, order: ProviderOrder, now: datetime) -> None:
    for subject in (f"approval:{order.id}", f"to_pay_at:{order.account_id}", f"closing:{order.account_id}"):
        store.cards.touch(subject, Lane.PRESS, now)
