"""Takes in a provider order as it looks now: moves the lines tied to it and remembers what changed, once each."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from purchasing.accounts import Account
from purchasing.check.compare import check_order
from purchasing.free_lines import free_lines
from purchasing.line_cost import learn_costs
from purchasing.line_status import Mover, may_move
from purchasing.moves import move, touch_order
from purchasing.orders import OrderLine
from purchasing.owe_refund import see_refunds
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen
from purchasing.provider_orders import Binding, LineChange, ProviderLine, ProviderOrder
from purchasing.wanted_numbers import tell_wanted
from purchasing.words import LineStatus, Stage

STATUS_OF: dict[Stage, LineStatus] = {
    Stage.UNPAID: LineStatus.RESERVED,
    Stage.PAID: LineStatus.BOUGHT,
    Stage.PART_SHIPPED: LineStatus.BOUGHT,
    Stage.SHIPPED: LineStatus.SHIPPED,
    Stage.SIGNED: LineStatus.SHIPPED,
    Stage.DONE: LineStatus.SHIPPED,
}
_ORDER = [LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED]


def see_order(
    store: Store, account: Account, seen: ProviderOrderSeen, now: datetime, activity_id: int | None = None
) -> set[int]:
    """Writes the order down and returns the ids of our orders of which something is to be told."""
    before = store.provider_orders.by_number(account.provider, seen.number)
    order = store.provider_orders.upsert(account.id, account.provider, seen, "seen", now)
    tell_wanted(store, before, order, now)
    bindings = store.bindings.of_provider_order(order.id)
    if not bindings:
        return set()
    lines = store.lines.many({binding.line_id for binding in bindings})
    changes = [*_waybill_changes(before, order, bindings, lines), *_status_changes(before, order, lines)]
    for change in changes:
        store.events.add(change, activity_id, now)
    moved = _move_lines(store, order, bindings, lines, now, activity_id)
    learn_costs(store, before, order)
    check_order(store, before, order, seen.address_seen, activity_id, now)
    see_refunds(store, order, activity_id, now)
    told = {change.order_id for change in changes} | moved
    for order_id in told:
        touch_order(store, order_id, now)
    return told


def _waybill_changes(
    before: ProviderOrder | None, order: ProviderOrder, bindings: Iterable[Binding], lines: list[OrderLine]
) -> list[LineChange]:
    known = {w.number for w in before.waybills if w.replaced_at is None} if before else set()
    subs = {p.id: p.sub_number for p in order.lines}
    of_line = {b.line_id: subs.get(b.provider_line_id, "") for b in bindings}
    changes = []
    for waybill in order.waybills:
        if waybill.number in known or waybill.replaced_at is not None:
            continue
        params = (("number", waybill.number), ("carrier", waybill.carrier_name or waybill.carrier))
        inside = [x for x in lines if not waybill.sub_numbers or of_line.get(x.id) in waybill.sub_numbers]
        changes += [LineChange(line.order_id, line.id, "waybill", params) for line in inside]
    return changes


def _status_changes(before: ProviderOrder | None, order: ProviderOrder, lines: list[OrderLine]) -> list[LineChange]:
    """Raw statuses that move no line, or that we don't know, are told all the same."""
    if before is None or before.raw_status == order.raw_status:
        return []
    if order.stage is not None and STATUS_OF.get(order.stage) not in (None, _status(before)):
        return []  # the line's own move tells it
    params = (("number", order.number), ("raw", order.raw_status), ("provider", order.provider.value))
    return [LineChange(order_id, None, "raw_status", params) for order_id in {line.order_id for line in lines}]


def _status(order: ProviderOrder) -> LineStatus | None:
    return STATUS_OF.get(order.stage) if order.stage else None


def _move_lines(
    store: Store,
    order: ProviderOrder,
    bindings: list[Binding],
    lines: list[OrderLine],
    now: datetime,
    activity_id: int | None,
) -> set[int]:
    if order.stage is Stage.CLOSED_UNPAID:
        return _reopen(store, order, bindings, lines, now, activity_id)
    return _follow(store, lines, now, activity_id)


def _follow(store: Store, lines: list[OrderLine], now: datetime, activity_id: int | None) -> set[int]:
    """Moves lines to where the pieces that cover them are."""
    moved = set()
    for line in lines:
        status = least_advanced(store, line)
        if status and status is not line.status and may_move(Mover.SYNC, line.status, status):
            move(store, [line], status, Mover.SYNC, now, activity_id=activity_id)
            moved.add(line.order_id)
    return moved


def _reopen(
    store: Store,
    order: ProviderOrder,
    bindings: list[Binding],
    lines: list[OrderLine],
    now: datetime,
    activity_id: int | None,
) -> set[int]:
    """Closed before it was paid: its lines can be reserved again. One that another order covers in part can't: it would
    be bought whole once more; that it lacks pieces now is told."""
    back = [line for line in lines if line.status is LineStatus.RESERVED]
    for binding in bindings:
        if binding.line_id in {line.id for line in back}:
            store.bindings.end(binding.id, now)
    covered: Counter[int] = Counter()
    for binding in store.bindings.of_lines([line.id for line in back]):
        covered[binding.line_id] += binding.quantity
    bare, partly = [x for x in back if x.id not in covered], [x for x in back if x.id in covered]
    free_lines(store, bare, Mover.SYNC, now, why="closed_unpaid", activity_id=activity_id)
    for line in partly:
        params = (("number", order.number), ("n", str(covered[line.id])), ("whole", str(line.quantity)))
        store.events.add(LineChange(line.order_id, line.id, "pieces_lost", params), activity_id, now)
    _follow(store, partly, now, activity_id)
    return {line.order_id for line in back}


def least_advanced(store: Store, line: OrderLine) -> LineStatus | None:
    """A line is as far as the least advanced of the pieces that cover it."""
    statuses = [_piece_status(store, binding) for binding in store.bindings.of_lines([line.id])]
    known = [status for status in statuses if status is not None]
    return min(known, key=_ORDER.index) if known and len(known) == len(statuses) else None


def _piece_status(store: Store, binding: Binding) -> LineStatus | None:
    provider_line = store.provider_orders.line(binding.provider_line_id)
    order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
    if provider_line is None or order is None or order.stage is None:
        return None
    if order.stage is Stage.PART_SHIPPED and _has_waybill(order, provider_line):
        return LineStatus.SHIPPED
    return STATUS_OF.get(order.stage)


def _has_waybill(order: ProviderOrder, provider_line: ProviderLine) -> bool:
    return any(provider_line.sub_number in waybill.sub_numbers for waybill in order.waybills if not waybill.replaced_at)
