"""A buyer's word on a line that nothing was ordered for: it may be bought, or isn't wanted. Never one that is tied."""

from datetime import datetime

from purchasing.errors import Conflict, Stale
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.words import LineStatus

STARTS = frozenset({LineStatus.NEW, LineStatus.CANCELLED})
"""From which a line is made ready here; for those bought by hand see `by_hand`."""
UNWANTED = frozenset({LineStatus.NEW, LineStatus.READY})
"""What is bought by hand may have been ordered already: it isn't cancelled here, and so not made ready again."""
BY_BUYER = "by_buyer"
"""Why it was cancelled."""


def may_start(store: Store, line: OrderLine) -> bool:
    """A line with an open refund was paid for, and its customer gets the money back."""
    refunds = any(refund.open for refund in store.refunds.of_lines([line.id]))
    return line.status in STARTS and not refunds and not _tied(store, line)


def may_cancel(store: Store, line: OrderLine) -> bool:
    return line.status in UNWANTED and not _tied(store, line)


def make_ready(store: Store, person: Person, line_id: int, now: datetime) -> OrderLine:
    """Raises Stale when it can't be any more."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line is None or not may_start(store, line):
        raise Stale("line_moved_on")
    return _move(store, person, line, LineStatus.READY, now)


def cancel_line(store: Store, person: Person, line_id: int, now: datetime) -> OrderLine:
    """Raises Stale when it can't be any more, Conflict while a colleague has it in a preview."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line is None or not may_cancel(store, line):
        raise Stale("line_moved_on")
    holder_id = store.lines.holders([line_id], now).get(line_id, person.id)
    if holder_id != person.id:
        holder = store.people.get(holder_id)
        raise Conflict("lines_held", holder.name if holder else "")
    return _move(store, person, line, LineStatus.CANCELLED, now)


def _move(store: Store, person: Person, line: OrderLine, new: LineStatus, now: datetime) -> OrderLine:
    why = BY_BUYER if new is LineStatus.CANCELLED else ""
    move(store, [line], new, Mover.PERSON, now, why=why)
    store.audit.add(AuditEntry(now, person.id, f"line_{new}", f"line:{line.id}", line.status))
    return line


def _tied(store: Store, line: OrderLine) -> bool:
    return bool(store.bindings.of_lines([line.id]))
