"""Lines that a person buys by hand; they become ready again only when nothing was ordered for them."""

from datetime import datetime

from purchasing.errors import Stale
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.order_ports import LineFilter
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.refusals import Refusal
from purchasing.words import LineStatus

BY_HAND = LineFilter(frozenset({LineStatus.BY_HAND}))


def may_be_ready(store: Store, line: OrderLine) -> bool:
    """Tmall goods would only come back here; what is tied is bought already."""
    waits = line.status is LineStatus.BY_HAND and line.why != Refusal.TMALL
    return waits and not store.bindings.of_lines([line.id])


def back_to_ready(store: Store, person: Person, line_id: int, now: datetime) -> OrderLine:
    """The person says that it wasn't ordered and may be reserved. Raises Stale when that is out of date."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line is None or not may_be_ready(store, line):
        raise Stale("line_not_by_hand")
    move(store, [line], LineStatus.READY, Mover.PERSON, now)
    store.audit.add(AuditEntry(now, person.id, "back_to_ready", f"line:{line_id}", line.why))
    return line
