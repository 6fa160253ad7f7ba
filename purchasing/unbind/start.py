"""From ticked bound lines to an unbinding: what people press before anything is taken off."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from purchasing.activities import Activity
from purchasing.errors import Conflict, Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import ProviderOrder
from purchasing.unbind.plan import Target, UnbindPlan
from purchasing.words import ActivityKind, ActivityState, LineStatus, Priority

UNBINDABLE = frozenset({LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED})
"""What the warehouse has in its hands keeps its tie."""


def unbindable(store: Store, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Those that have a tie which may be taken off."""
    movable = [line for line in lines if line.status in UNBINDABLE]
    tied = {binding.line_id for binding in store.bindings.of_lines([line.id for line in movable])}
    return [line for line in movable if line.id in tied]


def toggle_bound(store: Store, person: Person, line_id: int) -> bool:
    """Ticks a bound line, or unticks it; True when it is ticked now. Raises Stale when it can't be unbound."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line_id not in store.selection.of(person.id) and (line is None or not unbindable(store, [line])):
        raise Stale("line_not_bound")
    return store.selection.toggle(person.id, line_id)


def tick_bound(store: Store, person: Person, order_id: int) -> None:
    """Ticks every line of the order that can be unbound."""
    check(person, Right.BUY)
    store.selection.add(person.id, [line.id for line in unbindable(store, store.lines.of_order(order_id))])


def ticked_bound(store: Store, person: Person, order_id: int) -> list[OrderLine]:
    """Ticked lines of the order that can still be unbound."""
    ticked = set(store.selection.of(person.id))
    return unbindable(store, [line for line in store.lines.of_order(order_id) if line.id in ticked])


def provider_orders_of(store: Store, lines: Iterable[OrderLine]) -> list[tuple[ProviderOrder, list[int]]]:
    """The provider orders that these lines are tied to, each with the ids of those lines."""
    found: dict[int, set[int]] = {}
    for binding in store.bindings.of_lines([line.id for line in lines]):
        provider_line = store.provider_orders.line(binding.provider_line_id)
        if provider_line:
            found.setdefault(provider_line.provider_order_id, set()).add(binding.line_id)
    return [(order, sorted(found[order.id])) for order in store.provider_orders.many(list(found))]


def start_unbind(
    store: Store, person: Person, line_ids: Sequence[int], now: datetime, *, cancel: bool = False
) -> list[Activity]:
    """One activity per account that the lines are tied to. `cancel`: unpaid orders with nothing else on them are
    cancelled without being asked about. Raises Stale when nothing is left to take off, Conflict with the person who is
    unbinding one of these lines already."""
    check(person, Right.BUY)
    lines = unbindable(store, store.lines.many(line_ids))
    targets: dict[int, list[Target]] = {}
    for order, tied in provider_orders_of(store, lines):
        target = Target(order_id=order.id, number=order.number, line_ids=tied)
        targets.setdefault(order.account_id, []).append(target)
    if not targets:
        raise Stale("nothing_bound")
    for account_id in targets:
        check_account(person, account_id)
        _check_alone(store, account_id, {line.id for line in lines})
    store.selection.remove(person.id, line_ids)
    for line in lines:
        store.audit.add(AuditEntry(now, person.id, "unbind", f"line:{line.id}", line.status))
    title = ", ".join(sorted({line.order_number for line in lines}))[:120]
    plans = {account_id: UnbindPlan(targets=mine, cancel=cancel) for account_id, mine in targets.items()}
    return [_start(store, person, account_id, plan, title, now) for account_id, plan in plans.items()]


def _check_alone(store: Store, account_id: int, line_ids: set[int]) -> None:
    for activity in store.activities.unfinished(ActivityKind.UNBIND, account_id):
        if UnbindPlan.of(activity).line_ids & line_ids:
            starter = store.people.get(activity.started_by) if activity.started_by else None
            raise Conflict("being_unbound", starter.name if starter else "")


def _start(store: Store, person: Person, account_id: int, plan: UnbindPlan, title: str, now: datetime) -> Activity:
    account = store.accounts.get(account_id)
    assert account is not None  # noqa: S101  # accounts are never deleted
    draft = Activity(
        0,
        ActivityKind.UNBIND,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON,
        account_id=account_id,
        provider=account.provider,
        started_by=person.id,
        title=title,
        lines_found=len(plan.line_ids),
        orders_found=len(plan.targets),
    )
    return store.activities.add(draft, now)
